"""A manuscript cut into the passages that are looked up: about 200 words each, by paragraphs."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from components.evidence import Index, sentences
from components.manuscripts import paragraphs_of

#: Words of a passage: a page, about; the question's words are seldom further from the answer.
WORDS = 200
#: A paragraph of more words is cut by sentences; a scene or a rest of fewer joins its neighbour.
_MOST, _LEAST = 300, 50

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a manuscript, by characters of its text.

    `number` counts from 0 in the order of the text, `chapter` is `Chapter.index`, None where there
    are no chapters; `words` counts as `Index` does, each Chinese or Japanese character as one.
    """

    number: int
    start: int
    end: int
    chapter: int | None
    words: int


def passages_of(index: Index, words: int = WORDS) -> tuple[Passage, ...]:
    """Return the passages of a manuscript; none crosses the end of a chapter or a scene break.

    Every word is in exactly one. A scene of less than 50 words belongs to the next one.
    """
    cut = _Cut(index, words)
    found: list[Passage] = []
    for chapter, start, end in _stretches(cut):
        for first, last in cut.groups(start, end):
            found.append(Passage(len(found), first, last, chapter, cut.count(first, last)))
    return tuple(found)


def _stretches(cut: "_Cut") -> Iterator[tuple[int | None, int, int]]:
    """Yield what no passage crosses: scenes, each with its chapter."""
    if not cut.index.chapters:
        yield None, 0, len(cut.index.text)
    for chapter in cut.index.chapters:
        begun = chapter.start
        for break_ in chapter.scenes:
            if min(cut.count(begun, break_), cut.count(break_, chapter.end)) >= _LEAST:
                yield chapter.index, begun, break_
                begun = break_
        yield chapter.index, begun, chapter.end


class _Cut:
    def __init__(self, index: Index, words: int) -> None:
        self.index = index
        self._words = words

    def count(self, start: int, end: int) -> int:
        """Return the number of words that begin between two offsets."""
        return bisect_left(self.index.starts, end) - bisect_left(self.index.starts, start)

    def groups(self, start: int, end: int) -> Iterator[Span]:
        """Yield neighbouring paragraphs that have about as many words together as wanted."""
        groups: list[Span] = []
        size = 0
        for first, last in self._pieces(start, end):
            length = self.count(first, last)
            if groups and abs(size + length - self._words) <= abs(size - self._words):
                groups[-1] = (groups[-1][0], last)
                size += length
            else:
                groups.append((first, last))
                size = length
        if len(groups) > 1 and size < _LEAST:
            (first, _), (_, last) = groups[-2:]
            groups[-2:] = [(first, last)]
        yield from groups

    def _pieces(self, start: int, end: int) -> Iterator[Span]:
        """Yield paragraphs, long ones by sentences, and what has no sentences by words."""
        text, starts = self.index.text, self.index.starts
        for first, last in paragraphs_of(text, start, end):
            is_long = self.count(first, last) > _MOST
            for begun, stop in sentences(text, first, last) if is_long else [(first, last)]:
                at = begun
                while self.count(at, stop) > _MOST:
                    following = starts[bisect_left(starts, at) + self._words]
                    yield at, at + len(text[at:following].rstrip())
                    at = following
                yield at, stop
