"""What of a manuscript can be read in one call: all of it, chapters, or passages that fit.

Nothing is cut to fit. A chapter that is too long for the model is offered as passages that end
where a paragraph ends, and every character of the manuscript is in exactly one section.
"""

from __future__ import annotations

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
    if manuscript.chapters:
        spans = [(c.name, c.start, c.end) for c in manuscript.chapters]
    else:
        spans = [("", 0, len(manuscript.text))]
    found: list[ManuscriptSection] = []
    for heading, start, end in spans:
        parts = [(start, end)]
        if room > 0:
            parts = list(pieces(manuscript.text, start, end, room=room, count=count))
        for number, (left, right) in enumerate(parts, 1):
            found.append(
                ManuscriptSection(
                    label=_label(heading, number, len(parts)),
                    start=left,
                    end=right,
                    words=len(manuscript.text[left:right].split()),
                    tokens=count(manuscript.text[left:right]),
                )
            )
    return found


def passages(manuscript: Manuscript, ranges: Iterable[tuple[int, int]]) -> str:
    """Return the characters of `ranges` (start, end), in the manuscript's order."""
    return "\n\n".join(manuscript.text[start:end].strip() for start, end in sorted(ranges))


def _label(heading: str, number: int, of: int) -> str:
    if of == 1:
        return heading or "Whole text"
    return f"{heading}, passage {number} of {of}" if heading else f"Passage {number} of {of}"


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
    """Return the best place at or before `near` to end a piece that begins at `start`."""
    if near >= end:
        return end
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, start + (near - start) // 2, near)
        if found > start:
            return found + len(mark)
    return max(near, start + 1)
