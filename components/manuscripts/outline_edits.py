"""Changing the outline of a manuscript by hand: every change gives a new manuscript.

The text and its offsets never change, only where chapters begin and what they are called. The
chapters always tile the text. A manuscript without chapters is changed as one chapter of it all.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from components.languages import count_words
from components.manuscripts.chapters.headings import Heading, parse
from components.manuscripts.manuscript import FRONT_HEADING, Chapter, ChapterKind, Manuscript
from components.manuscripts.text.ornaments import MAX_LINE

#: Kinds that an editor may choose, in the order of a book.
KINDS: tuple[ChapterKind, ...] = (
    "front", "introduction", "prologue", "part", "chapter", "letter", "interlude", "epilogue",
    "back",
)  # fmt: skip

#: Kinds whose headings count.
_COUNTED = {"part", "chapter", "letter", "passage"}
#: What stands before a story or around it: merged with a chapter, it becomes the chapter's page.
_PAGES = {"front", "part"}

#: Words and characters of a line in ordinary letters that may be a heading.
_HEADING_WORDS = 9
_HEADING_LENGTH = 70

_AT = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


def outline(manuscript: Manuscript) -> tuple[Chapter, ...]:
    """Return the chapters of `manuscript`; one of the whole text where none were found."""
    if manuscript.chapters:
        return manuscript.chapters
    end = len(manuscript.text)
    return (Chapter(1, manuscript.title, "chapter", 0, end, manuscript.words),)


def located(manuscript: Manuscript, at: str) -> tuple[Chapter, tuple[int, int] | None] | None:
    """Return the chapter and the characters that "12345" or "12345-12400" names, if it does.

    A chapter's own start names the chapter, any other start alone the paragraph around it.
    """
    match = _AT.fullmatch(at)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2]) if match[2] else None
    chapters = outline(manuscript)
    chapter = next((chapter for chapter in chapters if chapter.start <= start < chapter.end), None)
    if chapter is None or (end is not None and end < start):
        return None
    if end is not None:
        return chapter, (start, min(end, len(manuscript.text)))
    paragraphs = manuscript.paragraphs(chapter.start, chapter.end)
    if start == chapter.start or not paragraphs:
        return chapter, None
    return chapter, next((pair for pair in paragraphs if start < pair[1]), paragraphs[-1])


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
        line = _line(manuscript, left, right)
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
    short = len(line) <= _HEADING_LENGTH and count_words(line) <= _HEADING_WORDS
    return short and (line[0].isupper() or line[0].isdigit()) and line[-1].isalnum()


def rename(manuscript: Manuscript, index: int, heading: str) -> Manuscript:
    """Give the chapter with this `index` another heading.

    A number in the new heading is taken over; without one the chapter keeps its own.
    Raises: ValueError where the heading is empty or no chapter has that index.
    """
    line = " ".join(heading.split())[:MAX_LINE]
    if not line:
        raise ValueError("a heading needs a word")
    chapters, at = _chapters(manuscript, index)
    old, parsed = chapters[at], parse(line)
    chapters[at] = replace(
        old,
        heading=line,
        number=(_number(parsed) if old.kind in _COUNTED else None) or old.number,
        title=line if parsed is None else parsed.title,
        part=line if old.kind == "part" and old.part == old.heading else old.part,
    )
    return _edited(manuscript, chapters)


def merge(manuscript: Manuscript, index: int) -> Manuscript:
    """Merge the chapter with this `index` with the one before it, whose heading stays.

    Front matter or a part's page before it becomes the page before this chapter's heading instead.
    Raises: ValueError for the first chapter.
    """
    chapters, at = _chapters(manuscript, index)
    if at == 0:
        raise ValueError("the first chapter has none before it")
    before, after = chapters[at - 1], chapters[at]
    if before.kind in _PAGES and after.kind not in _PAGES | {"back"}:
        heading, body = heading_start(after), body_start(after)
        merged = replace(after, start=before.start, heading_start=heading, body_start=body)
    else:
        merged = replace(before, end=after.end, scenes=before.scenes + after.scenes)
    chapters[at - 1 : at + 1] = [_counted(manuscript, merged)]
    return _edited(manuscript, chapters)


def breaks(manuscript: Manuscript, index: int) -> list[tuple[int, int]]:
    """Return the paragraphs, as (start, end), at which the chapter with this `index` can be split.

    Raises: ValueError where no chapter has that index.
    """
    chapters, at = _chapters(manuscript, index)
    return manuscript.paragraphs(chapters[at].start, chapters[at].end)[1:]


def split(manuscript: Manuscript, index: int, at: int) -> Manuscript:
    """Let another chapter begin at the paragraph that starts at `at`, a character of the text.

    A paragraph that looks like a heading becomes the new chapter's; else it is called after the one
    that it was in. What stands before a heading is split off as front matter or as a part's page.
    Raises: ValueError where no such paragraph starts at `at`.
    """
    ends = dict(breaks(manuscript, index))
    if at not in ends:
        raise ValueError("no paragraph of the chapter starts there")
    chapters, position = _chapters(manuscript, index)
    whole = chapters[position]
    if at <= heading_start(whole):
        first, second = _page(manuscript, whole, at), replace(whole, start=at)
    else:
        first = replace(
            whole,
            end=at,
            heading_start=heading_start(whole),
            body_start=min(body_start(whole), at),
            scenes=tuple(scene for scene in whole.scenes if scene < at),
        )
        second = _rest(manuscript, whole, (at, ends[at]))
        if not second.heading:  # "The Storm (2)", or the first number that is free
            stem, _, tail = whole.heading.rpartition(" (")
            base = stem if stem and tail[:-1].isdecimal() and tail.endswith(")") else whole.heading
            taken = {chapter.heading for chapter in chapters}
            names = (f"{base} ({number})" for number in count(2))
            second = replace(second, heading=next(name for name in names if name not in taken))
    halves = [_counted(manuscript, first), _counted(manuscript, second)]
    chapters[position : position + 1] = halves
    return _edited(manuscript, chapters)


def mark(manuscript: Manuscript, index: int, kind: ChapterKind) -> Manuscript:
    """Say what the chapter with this `index` is: front matter, a part, a chapter, ...

    What follows a part stands in it, until the next one. Raises: ValueError.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is not for an editor to choose")
    chapters, at = _chapters(manuscript, index)
    old = chapters[at]
    number = None
    if kind in _COUNTED:
        number = _number(parse(old.heading)) if old.number is None else old.number
    part = "" if "part" in (kind, old.kind) and kind != old.kind else old.part
    chapters[at] = replace(old, kind=kind, number=number, part=part)
    return _edited(manuscript, chapters)


def _chapters(manuscript: Manuscript, index: int) -> tuple[list[Chapter], int]:
    """Return the chapters, and where among them the one with this `index` is."""
    chapters = list(outline(manuscript))
    if not 1 <= index <= len(chapters):
        raise ValueError("no chapter has that index")
    return chapters, index - 1


def _line(manuscript: Manuscript, start: int, end: int) -> str:
    return " ".join(manuscript.text[start:end].split())


def _number(heading: Heading | None) -> int | None:
    return (heading.number or None) if heading is not None else None


def _page(manuscript: Manuscript, whole: Chapter, at: int) -> Chapter:
    """Return what stands before the heading of `whole`, as a section of its own."""
    left, right = manuscript.paragraphs(whole.start, at)[0]
    line = _line(manuscript, left, right)
    is_front = whole.index == 1
    return Chapter(
        index=whole.index,
        heading=FRONT_HEADING if is_front or not looks_like_heading(line) else line,
        kind="front" if is_front else "part",
        start=whole.start,
        end=at,
        words=0,
        heading_start=whole.start,
        body_start=whole.start if is_front else min(right, at),
    )


def _rest(manuscript: Manuscript, whole: Chapter, paragraph: tuple[int, int]) -> Chapter:
    """Return the chapter that begins at `paragraph`; without a heading where that is none."""
    at, end = paragraph
    line = _line(manuscript, at, end)
    new = replace(
        whole,
        # Under a part's page stands what is in the part.
        kind="chapter" if whole.kind == "part" else whole.kind,
        start=at,
        heading="",
        heading_start=at,
        body_start=at,
        number=None,
        title="",
        scenes=tuple(scene for scene in whole.scenes if scene > at),
    )
    if not looks_like_heading(line):
        return new
    parsed = parse(line)
    below = manuscript.paragraphs(end, whole.end)
    body = below[0][0] if below else whole.end
    return replace(
        new,
        heading=line,
        kind=new.kind if parsed is None else parsed.kind,
        number=_number(parsed),
        title=line if parsed is None else parsed.title,
        body_start=body,
        scenes=tuple(scene for scene in new.scenes if not below or scene >= body),
    )


def _counted(manuscript: Manuscript, chapter: Chapter) -> Chapter:
    words = count_words(manuscript.text[body_start(chapter) : chapter.end])
    return replace(chapter, words=words)


def _edited(manuscript: Manuscript, chapters: Sequence[Chapter]) -> Manuscript:
    """Return `manuscript` with these chapters, numbered anew and each in its part."""
    begun = _parts_without_page(outline(manuscript))
    part = ""
    numbered = []
    for index, chapter in enumerate(chapters, 1):
        while begun and begun[0][0] <= heading_start(chapter):
            part = begun.popleft()[1]
        if chapter.kind == "part":
            part = chapter.heading
        else:
            chapter = replace(chapter, part=part)
        numbered.append(replace(chapter, index=index))
    return replace(manuscript, chapters=tuple(numbered), basis="editor", confidence=1.0)


def _parts_without_page(chapters: Iterable[Chapter]) -> deque[tuple[int, str]]:
    """Return where a part begins, or ends, that has no section of its own, and its heading."""
    begun: deque[tuple[int, str]] = deque()
    part = ""
    for chapter in chapters:
        if chapter.kind == "part":
            part = chapter.heading
        elif chapter.part != part:
            part = chapter.part
            begun.append((heading_start(chapter), part))
    return begun
