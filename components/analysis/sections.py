"""What of a manuscript can be read in one call: all of it, chapters, or passages that fit.

Nothing is cut to fit. A chapter that is too long for the model is offered as passages that end
where a paragraph ends, and every character of the manuscript is in exactly one section.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from components.manuscripts import Manuscript


@dataclass(frozen=True, slots=True)
class ManuscriptSection:
    """A stretch of a manuscript; offsets in characters of its text, tokens estimated."""

    label: str
    start: int
    end: int
    words: int
    tokens: int


def sections(
    manuscript: Manuscript, *, room: int, count: Callable[[str], int]
) -> list[ManuscriptSection]:
    """Return the sections of `manuscript`, in order, each of at most `room` tokens by `count`.

    A manuscript without chapters is one stretch, and so offered as passages. Where `room` is below
    one nothing fits, and nothing is split: the server will refuse it.
    """
    text = manuscript.text
    spans = [(chapter.name, chapter.start, chapter.end) for chapter in manuscript.chapters]
    result: list[ManuscriptSection] = []
    for name, start, end in spans or [("", 0, len(text))]:
        parts = [(start, end)]
        if room > 0:
            parts = list(pieces(text, start, end, room=room, count=count))
        for number, (left, right) in enumerate(parts, 1):
            label = _label(name, number, len(parts))
            words, tokens = manuscript.words_in([(left, right)]), count(text[left:right])
            result.append(ManuscriptSection(label, left, right, words, tokens))
    return result


def passages(
    manuscript: Manuscript, ranges: Iterable[tuple[int, int]], *, between: str = "\n\n"
) -> str:
    """Return the characters of `ranges` (start, end), in the manuscript's order."""
    return between.join(manuscript.text[start:end].strip() for start, end in sorted(ranges))


def _label(name: str, number: int, of: int) -> str:
    if of == 1:
        return name or "Whole text"
    return f"{name}, passage {number} of {of}" if name else f"Passage {number} of {of}"


def pieces(
    text: str, start: int, end: int, *, room: int, count: Callable[[str], int]
) -> Iterator[tuple[int, int]]:
    """Yield stretches from `start` to `end` of `text`, each of at most `room` tokens by `count`.

    They end where a paragraph does, else a line, else a word, as evenly as `room` asks.
    """
    total = count(text[start:end])
    if total <= room:
        yield start, end
        return
    number = -(-total // room)
    while start < end:
        size = -(-(end - start) // number)
        cut = end if number <= 1 else _cut(text, start, min(start + size, end), end)
        while cut - start > 1 and count(text[start:cut]) > room:
            # Denser than the average: take less, and so one more piece.
            cut = _cut(text, start, start + (cut - start) * 9 // 10, end)
            number += 1
        yield start, cut
        start, number = cut, max(number - 1, 1)


def _cut(text: str, start: int, near: int, end: int) -> int:
    """Return the best offset at or before `near` to end a piece that begins at `start`."""
    if near >= end:
        return end
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, start + (near - start) // 2, near)
        if at > start:
            return at + len(mark)
    return max(near, start + 1)
