"""The passage around a place: the sentence that holds it, and some text before and after."""

from __future__ import annotations

import sys
from bisect import bisect_right
from dataclasses import dataclass

from components.manuscripts import Manuscript
from components.measures.glance import Glance
from components.measures.measured_text import MeasuredText
from components.measures.occurrences import Occurrence

#: Characters shown on either side of the sentence, at most.
_AROUND = 420


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text around a place, in five pieces that follow one another.

    `before` and `after` surround the sentence, which is `opening`, `marked` (the place itself, the
    whole sentence where the place is one) and `closing`. `cut_before` and `cut_after` say whether
    the chapter goes on beyond.
    """

    stretch: MeasuredText
    before: str
    opening: str
    marked: str
    closing: str
    after: str
    cut_before: bool
    cut_after: bool


def stretch_at(glance: Glance, at: int) -> int:
    """Return the number, from 0, of the stretch that holds the character `at`."""
    starts = [stretch.start for stretch in glance.stretches]
    return max(bisect_right(starts, at) - 1, 0)


def sentence_at(glance: Glance, at: int) -> int:
    """Return the number, from 0, of the sentence that holds the character `at`."""
    return max(bisect_right(glance.sentences, (at, sys.maxsize)) - 1, 0)


def excerpt(manuscript: Manuscript, glance: Glance, place: Occurrence) -> Excerpt:
    """Return the passage around `place`, within its chapter."""
    text = manuscript.text
    start, end = place
    stretch = glance.stretches[stretch_at(glance, start)]
    first, last = place
    if glance.sentences:
        sentence = glance.sentences[sentence_at(glance, start)]
        if sentence[0] <= start < sentence[1]:
            first, last = sentence[0], max(sentence[1], end)
    low = _whole(text, max(stretch.start, first - _AROUND), stretch.start, first)
    high = _until(text, min(stretch.end, last + _AROUND), last, stretch.end)
    return Excerpt(
        stretch,
        text[low:first],
        text[first:start],
        text[start:end],
        text[end:last],
        text[last:high].rstrip(),
        cut_before=low > stretch.start,
        cut_after=bool(text[high : stretch.end].strip()),
    )


def _whole(text: str, at: int, lowest: int, highest: int) -> int:
    """Return the beginning of a word at `at` or after it."""
    if at > lowest:
        while at < highest and not text[at - 1].isspace():
            at += 1
    return at


def _until(text: str, at: int, lowest: int, highest: int) -> int:
    """Return the end of a word at `at` or before it."""
    if at < highest:
        while at > lowest and not text[at].isspace():
            at -= 1
    return at
