"""Changing the outline of a manuscript by hand: every change gives a new manuscript.

The text and its offsets never change, so what was said about characters of it stays right; only
where chapters begin and what they are called does. The chapters always tile the text, and after
any change the outline's basis is the editor. A manuscript without chapters is changed as one
chapter of the whole text.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from components.manuscripts.chapters.headings import parse
from components.manuscripts.manuscript import FRONT_HEADING, Chapter, ChapterKind
from components.manuscripts.text.ornaments import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from components.manuscripts.manuscript import Manuscript

#: Kinds that an editor may choose, in the order of a book.
KINDS: tuple[ChapterKind, ...] = (
    "front",
    "introduction",
    "prologue",
    "part",
    "chapter",
    "letter",
    "interlude",
    "epilogue",
    "back",
)

#: Kinds whose headings count.
_COUNTED = {"part", "chapter", "letter", "passage"}
#: What stands before a story or around it: merged with a chapter, it becomes the chapter's page.
_PAGES = {"front", "part"}

#: Words and characters of a line in ordinary letters that may be a heading.
_HEADING_WORDS = 9
_HEADING_LENGTH = 70


def outline(manuscript: Manuscript) -> tuple[Chapter, ...]:
    """Return the chapters of `manuscript`; one of the whole text where none were found."""
    if manuscript.chapters:
        return manuscript.chapters
    end = len(manuscript.text)
    return (Chapter(1, manuscript.title, "chapter", 0, end, manuscript.words),)


def heading_start(chapter: Chapter) -> int:
    """Return where the heading of `chapter` begins; its start where that is not known."""
    return max(chapter.start, chapter.heading_start)


def body_start(chapter: Chapter) -> int:
    """Return where the text under the heading begins; the heading's start if that is not known."""
    return max(heading_start(chapter), chapter.body_start)


def opening(manuscript: Manuscript, chapter: Chapter, length: int = 120) -> str:
    """Return the beginning of the body of `chapter`, on one line of at most `length` characters."""
    start = body_start(chapter)
    for left, right in manuscript.paragraphs(start, min(start + 20 * length, chapter.end)):
        line = " ".join(manuscript.text[left:right].split())
        # Where it is not known where the body begins, the heading is still before it.
        if start > chapter.start or not looks_like_heading(line):
            return line if len(line) <= length else line[: length - 1].rstrip() + "…"
    return ""


def looks_like_heading(line: str) -> bool:
    """Return whether `line` may be a heading: numbered, named, in capitals, or a short title."""
    if not line or len(line) > MAX_LINE:
        return False
    if parse(line) is not None:
        return True
    letters = [char for char in line if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return True
    return (
        len(line) <= _HEADING_LENGTH
        and len(line.split()) <= _HEADING_WORDS
        and (line[0].isupper() or line[0].isdigit())
        and line[-1].isalnum()
    )


def rename(manuscript: Manuscript, index: int, heading: str) -> Manuscript:
    """Give the chapter with this `index` another heading.

    A number in the new heading is taken over; without one the chapter keeps its own.
    Raises: ValueError where the heading is empty or no chapter has that index.
    """
    line = " ".join(heading.split())[:MAX_LINE]
    if not line:
        raise ValueError("a heading needs a word")
    chapters = list(outline(manuscript))
    at = _place(chapters, index)
    old, said = chapters[at], parse(line)
    number = old.number
    if said is not None and said.number and old.kind in _COUNTED:
        number = said.number
    title = said.title if said is not None else line
    part = line if old.kind == "part" and old.part == old.heading else old.part
    chapters[at] = replace(old, heading=line, number=number, title=title, part=part)
    return _edited(manuscript, chapters)


def merge(manuscript: Manuscript, index: int) -> Manuscript:
    """Merge the chapter with this `index` with the one before it, whose heading stays.

    Where the one before is front matter or a part's page, it becomes the page before this
    chapter's heading instead, as reading would have it. Raises: ValueError for the first chapter.
    """
    chapters = list(outline(manuscript))
    at = _place(chapters, index)
    if at == 0:
        raise ValueError("the first chapter has none before it")
    before, after = chapters[at - 1], chapters[at]
    if before.kind in _PAGES and after.kind not in _PAGES | {"back"}:
        merged = replace(
            after, start=before.start, heading_start=heading_start(after),
            body_start=body_start(after),
        )  # fmt: skip
    else:
        merged = replace(before, end=after.end, scenes=before.scenes + after.scenes)
    chapters[at - 1 : at + 1] = [_counted(manuscript, merged)]
    return _edited(manuscript, chapters)


def breaks(manuscript: Manuscript, index: int) -> list[tuple[int, int]]:
    """Return the paragraphs at which the chapter with this `index` can be split.

    Each is its (start, end) in the text; the chapter's first is not among them.
    Raises: ValueError where no chapter has that index.
    """
    chapters = outline(manuscript)
    one = chapters[_place(chapters, index)]
    return manuscript.paragraphs(one.start, one.end)[1:]


def split(manuscript: Manuscript, index: int, at: int) -> Manuscript:
    """Let another chapter begin at the paragraph that starts at `at`, a character of the text.

    A paragraph that looks like a heading becomes the new chapter's. Where none does, it is called
    after the chapter that it was in. What stands before a chapter's heading is split off as front
    matter or as a part's page. Raises: ValueError where no such paragraph starts at `at`.
    """
    found = next((pair for pair in breaks(manuscript, index) if pair[0] == at), None)
    if found is None:
        raise ValueError("no paragraph of the chapter starts there")
    chapters = list(outline(manuscript))
    place = _place(chapters, index)
    whole = chapters[place]
    first = _until(whole, at)
    if whole.start < at <= heading_start(whole):
        first, second = _page(manuscript, whole, at), replace(whole, start=at)
    else:
        second = _begun(manuscript, whole, found, {chapter.heading for chapter in chapters})
    chapters[place : place + 1] = [_counted(manuscript, first), _counted(manuscript, second)]
    return _edited(manuscript, chapters)


def mark(manuscript: Manuscript, index: int, kind: ChapterKind) -> Manuscript:
    """Say what the chapter with this `index` is: front matter, a part, a chapter, ...

    What follows a part stands in it, until the next one. Raises: ValueError.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is not for an editor to choose")
    chapters = list(outline(manuscript))
    at = _place(chapters, index)
    old = chapters[at]
    number = old.number
    if kind not in _COUNTED:
        number = None
    elif number is None:
        said = parse(old.heading)
        number = (said.number or None) if said is not None else None
    part = "" if "part" in (kind, old.kind) and kind != old.kind else old.part
    chapters[at] = replace(old, kind=kind, number=number, part=part)
    return _edited(manuscript, chapters)


def _until(whole: Chapter, at: int) -> Chapter:
    return replace(
        whole,
        end=at,
        heading_start=heading_start(whole),
        body_start=min(body_start(whole), at),
        scenes=tuple(scene for scene in whole.scenes if scene < at),
    )


def _page(manuscript: Manuscript, whole: Chapter, at: int) -> Chapter:
    """Return what stands before the heading of `whole`, as a section of its own."""
    left, right = manuscript.paragraphs(whole.start, at)[0]
    line = " ".join(manuscript.text[left:right].split())
    first = whole.index == 1
    return Chapter(
        index=whole.index,
        heading=FRONT_HEADING if first or not looks_like_heading(line) else line,
        kind="front" if first else "part",
        start=whole.start,
        end=at,
        words=0,
        heading_start=whole.start,
        body_start=whole.start if first else min(right, at),
    )


def _begun(
    manuscript: Manuscript, whole: Chapter, paragraph: tuple[int, int], taken: set[str]
) -> Chapter:
    """Return the chapter that begins at `paragraph` and ends where `whole` does."""
    at, end = paragraph
    line = " ".join(manuscript.text[at:end].split())
    scenes = tuple(scene for scene in whole.scenes if scene > at)
    new = replace(
        whole,
        # Under a part's page stands what is in the part.
        kind="chapter" if whole.kind == "part" else whole.kind,
        start=at,
        heading_start=at,
        body_start=at,
        number=None,
        scenes=scenes,
    )
    if not looks_like_heading(line):
        return replace(new, heading=_free(whole.heading, taken), title="")
    said = parse(line)
    below = manuscript.paragraphs(end, whole.end)
    return replace(
        new,
        heading=line,
        kind=said.kind if said is not None else new.kind,
        number=(said.number or None) if said is not None else None,
        title=said.title if said is not None else line,
        body_start=below[0][0] if below else whole.end,
        scenes=tuple(scene for scene in scenes if not below or scene >= below[0][0]),
    )


def _free(heading: str, taken: set[str]) -> str:
    """Return a heading after `heading` that no other chapter has: "The Storm (2)"."""
    stem, _, tail = heading.rpartition(" (")
    base = stem if stem and tail[:-1].isdecimal() and tail.endswith(")") else heading
    return next(name for number in count(2) if (name := f"{base} ({number})") not in taken)


def _counted(manuscript: Manuscript, chapter: Chapter) -> Chapter:
    words = len(manuscript.text[body_start(chapter) : chapter.end].split())
    return replace(chapter, words=words)


def _edited(manuscript: Manuscript, chapters: Sequence[Chapter]) -> Manuscript:
    parted = _in_parts(chapters, _parts_without_page(outline(manuscript)))
    numbered = tuple(replace(one, index=index) for index, one in enumerate(parted, 1))
    return replace(manuscript, chapters=numbered, basis="editor", confidence=1.0)


def _parts_without_page(chapters: Iterable[Chapter]) -> deque[tuple[int, str]]:
    """Return where a part begins, or ends, that has no section of its own, and its heading."""
    found: deque[tuple[int, str]] = deque()
    running = ""
    for chapter in chapters:
        if chapter.kind == "part":
            running = chapter.heading
        elif chapter.part != running:
            running = chapter.part
            found.append((heading_start(chapter), running))
    return found


def _in_parts(chapters: Iterable[Chapter], begun: deque[tuple[int, str]]) -> list[Chapter]:
    """Return `chapters`, each in the part whose page or beginning is the last before it."""
    running = ""
    parted = []
    for chapter in chapters:
        while begun and begun[0][0] <= heading_start(chapter):
            running = begun.popleft()[1]
        if chapter.kind == "part":
            running = chapter.heading
            parted.append(chapter)
        else:
            parted.append(replace(chapter, part=running))
    return parted


def _place(chapters: Sequence[Chapter], index: int) -> int:
    if not 1 <= index <= len(chapters):
        raise ValueError("no chapter has that index")
    return index - 1
