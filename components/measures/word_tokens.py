"""The words of a book in a row, each with its place, its sentence and its chapter.

All measures read this row; it is made once. A word is a run of letters, with the apostrophes and
hyphens inside it; in French and Italian what is elided ("l’", "qu’") is a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.manuscripts import paragraphs_of
from components.measures.dialogue import Speech, speech
from components.measures.measured_text import MeasuredText
from components.measures.sentences import sentences

Numbers = NDArray[np.int64]

_WORD = r"[^\W\d_]+(?:['’\-\u2010\u2011][^\W\d_]+)*"
_ELIDED = r"(?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|un|all|dall|dell|nell|sull|quell)['’]"
_PATTERN = re.compile(_WORD)
#: "dit-il", "a-t-elle", "celui-ci" are two words and more.
_FRENCH = (
    r"[^\W\d_]+(?:['’][^\W\d_]+|[\-\u2010\u2011]"
    r"(?!(?i:t|ils?|elles?|on|je|tu|nous|vous|les?|la|lui|leur|moi|toi|ce|y|en|là|ci)\b)[^\W\d_]+)*"
)
_PATTERNS = {
    code: re.compile(rf"{_ELIDED}(?=[^\W\d_])|{word}")
    for code, word in (("fr", _FRENCH), ("it", _WORD), ("ca", _WORD))
}


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words of a text, and their sentences.

    `starts`, `ends` are characters of `text`; `forms` the words in lower case with straight
    apostrophes; `capitals` numbers those written with a capital; `sentence` and `stretch` number,
    from 0, what each stands in; `spoken` is whether it is inside speech. `sentence_starts`,
    `sentence_ends`, `lengths` (words), `sentence_stretch` are the sentences that hold a word.
    """

    text: str
    starts: Numbers
    ends: Numbers
    forms: tuple[str, ...]
    capitals: frozenset[int]
    sentence: Numbers
    stretch: Numbers
    spoken: NDArray[np.bool_]
    sentence_starts: Numbers
    sentence_ends: Numbers
    lengths: Numbers
    sentence_stretch: Numbers
    speech: Speech

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.forms)

    def place(self, first: int, last: int | None = None) -> tuple[int, int]:
        """Return where the words from `first` to `last`, included, stand in the text."""
        return int(self.starts[first]), int(self.ends[first if last is None else last])

    def surface(self, index: int) -> str:
        """Return a word as it is written."""
        return self.text[self.starts[index] : self.ends[index]]


def tokens(text: str, parts: Sequence[MeasuredText], language: str) -> Tokens:
    """Return the words of the stretches `parts` of `text`."""
    pattern = _PATTERNS.get(language, _PATTERN)
    starts: list[int] = []
    ends: list[int] = []
    forms: list[str] = []
    capitals: list[int] = []
    blocks: list[tuple[int, int]] = []
    found: list[tuple[int, int]] = []
    for part in parts:
        for word in pattern.finditer(text, part.start, part.end):
            starts.append(word.start())
            ends.append(word.end())
            written = word[0]
            if written[0].isupper():
                capitals.append(len(forms))
            forms.append(written.lower())
        here = paragraphs_of(text, part.start, part.end)
        blocks += here
        for start, end in here:
            found += sentences(text, start, end, language)
    at = np.array(starts, dtype=np.int64)
    bounds = np.array(found, dtype=np.int64).reshape(-1, 2)
    counts = np.searchsorted(at, bounds[:, 1]) - np.searchsorted(at, bounds[:, 0])
    bounds, counts = bounds[counts > 0], counts[counts > 0]
    part_starts = np.array([part.start for part in parts], dtype=np.int64)
    said = speech(text, blocks)
    return Tokens(
        text,
        at,
        np.array(ends, dtype=np.int64),
        tuple(form.replace("’", "'") if "’" in form else form for form in forms),
        frozenset(capitals),
        np.searchsorted(bounds[:, 0], at, side="right") - 1,
        np.searchsorted(part_starts, at, side="right") - 1,
        inside(at, said.spans),
        bounds[:, 0],
        bounds[:, 1],
        counts.astype(np.int64),
        np.searchsorted(part_starts, bounds[:, 0], side="right") - 1,
        said,
    )


def inside(at: Numbers, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Return for each offset in `at` whether one of `spans`, which are in order, holds it."""
    if not spans:
        return np.zeros(len(at), dtype=np.bool_)
    bounds = np.array(spans, dtype=np.int64)
    before = np.searchsorted(bounds[:, 0], at, side="right") - 1
    found: NDArray[np.bool_] = (before >= 0) & (at < bounds[np.maximum(before, 0), 1])
    return found
