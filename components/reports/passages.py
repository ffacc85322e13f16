"""The passages in which a book is read: chapters, and of long chapters scenes.

Every character of the chapters that are read is in exactly one passage. A chapter is never joined
with another, so that a revised manuscript leaves the passages of its other chapters as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from components.analysis import pieces
from components.manuscripts import Chapter, Manuscript

#: Characters of the longest name of a chapter.
LONGEST_NAME = 90

#: Kinds of chapters that are not the author's story; they are read only if chosen.
MATTER = frozenset({"front", "back"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that is read in one call; `number` counts from 1.

    `name` is what lists and the model call it ("Chapter 4, passage 2 of 3"); `chapters` are the
    indexes of those that stand in it; `start` and `end` are characters of the manuscript's text,
    `tokens` the server's count of them, or an estimate.
    """

    number: int
    name: str
    chapters: tuple[int, ...]
    start: int
    end: int
    words: int
    tokens: int


def story_chapters(manuscript: Manuscript) -> tuple[int, ...]:
    """Return the indexes of the chapters that are the story: all but front and back matter.

    A book that has nothing else is read whole.
    """
    indexes = tuple(chapter.index for chapter in manuscript.chapters if chapter.kind not in MATTER)
    return indexes or tuple(chapter.index for chapter in manuscript.chapters)


def whole(
    manuscript: Manuscript, chapters: Collection[int], count: Callable[[str], int]
) -> Passage:
    """Return what is read where all of it fits one context."""
    chosen = _chosen(manuscript, chapters)
    start = chosen[0].start if chosen else 0
    end = chosen[-1].end if chosen else len(manuscript.text)
    text = manuscript.text[start:end]
    indexes = tuple(one.index for one in chosen)
    return Passage(1, "the whole manuscript", indexes, start, end, _words(text), count(text))


def is_run(chapters: Collection[int]) -> bool:
    """Whether the chapters follow each other, so that they are one stretch of the text."""
    indexes = sorted(chapters)
    return indexes == list(range(indexes[0], indexes[-1] + 1)) if indexes else True


def passages_of(
    manuscript: Manuscript,
    chapters: Collection[int],
    *,
    room: int,
    count: Callable[[str], int],
) -> list[Passage]:
    """Return the passages of `chapters`, each of at most `room` tokens by `count`, in order.

    A manuscript without chapters is cut where paragraphs end.
    """
    found: list[Passage] = []
    names = names_of(manuscript)
    spans: list[tuple[tuple[int, ...], str, list[tuple[int, int]]]] = [
        ((one.index,), names[one.index], list(_parts(manuscript, one, room=room, count=count)))
        for one in _chosen(manuscript, chapters)
    ]
    if not manuscript.chapters:
        stretch = pieces(manuscript.text, 0, len(manuscript.text), room=room, count=count)
        spans = [((), "", list(stretch))]
    for indexes, name, parts in spans:
        for number, (start, end) in enumerate(parts, 1):
            if not manuscript.text[start:end].strip():
                continue  # Nothing to read, and nothing to be asked of it.
            part = f"passage {number} of {len(parts)}" if len(parts) > 1 else ""
            text = manuscript.text[start:end]
            said = ", ".join(filter(None, (name, part))) or "the whole text"
            place = (indexes, start, end, _words(text), count(text))
            found.append(Passage(len(found) + 1, said, *place))
    return found


def names_of(manuscript: Manuscript) -> dict[int, str]:
    """Return what each chapter is called, by index; those of one name are told apart by part."""
    plain = {chapter.index: chapter.name for chapter in manuscript.chapters}
    often = Counter(plain.values())
    names = {}
    for chapter in manuscript.chapters:
        name = plain[chapter.index]
        twice = often[name] > 1
        names[chapter.index] = f"{chapter.part}, {name}" if twice and chapter.part else name
    still = Counter(names.values())
    return {
        index: f"{_short(name)} ({index}. in the book)" if still[name] > 1 else _short(name)
        for index, name in names.items()
    }


def _short(name: str) -> str:
    """Return the name of a chapter, a long heading cut: a model is told it at every question."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _chosen(manuscript: Manuscript, chapters: Collection[int]) -> list[Chapter]:
    wanted = frozenset(chapters)
    return [chapter for chapter in manuscript.chapters if chapter.index in wanted]


def _parts(
    manuscript: Manuscript, chapter: Chapter, *, room: int, count: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    """Yield the whole chapter if it fits, else as many scenes together as do, else pieces."""
    text = manuscript.text
    if count(text[chapter.start : chapter.end]) <= room:
        yield chapter.start, chapter.end
        return
    cuts = [at for at in chapter.scenes if chapter.start < at < chapter.end]
    begun = chapter.start
    for at, following in pairwise([*cuts, chapter.end]):
        # The scene from `at` begins a passage of its own where it does not fit to those before.
        if count(text[begun:following]) > room:
            yield from pieces(text, begun, at, room=room, count=count)
            begun = at
    yield from pieces(text, begun, chapter.end, room=room, count=count)


def _words(text: str) -> int:
    return len(text.split())
