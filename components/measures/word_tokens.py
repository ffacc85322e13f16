"""The words of a book in a row, each with its position, its sentence and its chapter.

A word is a run of letters, with the apostrophes and hyphens inside it; in French and Italian what
is elided ("l’", "qu’") is a word of its own. A sentence ends with its paragraph, or at a stop
where what follows does not begin in lower case, but not after an abbreviation or an initial. In
Chinese, Japanese and Thai each character is a word. A library would know more languages and cost
more than all other measures together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.languages import SPACED_STOPS, WIDE_STOPS, languages
from components.manuscripts import paragraphs_of
from components.measures.dialogue import Speech, speech
from components.measures.measured_text import MeasuredText

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

#: Where the trade counts characters, each is a word here.
_SCRIPTS = "".join(one.script for one in languages().values() if one.unit == "characters")
_CHARACTERS = re.compile(rf"[{_SCRIPTS}]|(?:(?![{_SCRIPTS}])[^\W\d_])+")
_PATTERNS |= {one.tag: _CHARACTERS for one in languages().values() if one.unit == "characters"}

# Possessive, and only where a row of stops begins: time in proportion to any text.
_END = re.compile(
    rf"(?<![{SPACED_STOPS}])[{SPACED_STOPS}]++[—–]?+(?:[ \u00a0\u202f]?»|[\"'”’)»\]])*+(?=\s)"
    rf"|[{WIDE_STOPS}]++[」』”’）]*+"
)
_NEXT = re.compile(r"\s+[\"'“”‘’«»„(\[—–¿¡*_ \u00a0-]*(\w)")
_BEFORE = re.compile(r"[\w.’']+\Z")

_TITLES = "mr mrs ms messrs dr st prof rev hon capt col gen lieut lt maj sgt sen gov sr jr"
_ABBREVIATIONS = {
    "en": "no vol fig vs viz esq co cf e.g i.e",
    "fr": "m mm mme mlle mgr dr me st ste cf vol p n",
    "de": "dr prof hr fr nr bzw z.b d.h u.a usw ca st",
    "es": "sr sra srta dr dra d dña ud uds núm p",
    "it": "sig sigg sig.ra dott prof avv on s p",
    "pt": "sr sra dr dra d prof st sto",
    "nl": "dhr mevr mr dr prof ir drs jhr",
}

#: An abbreviation is looked for within this many characters before a full stop.
_LONGEST_WORD = 24


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words of a text, and the sentences that hold a word.

    `starts`, `ends` are characters of `text`; `forms` the words in lower case with straight
    apostrophes; `capitals` numbers those written with a capital; `sentence` and `stretch` number,
    from 0, what each stands in; `spoken` is whether it is inside speech. `lengths` of sentences
    are words.
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
        """Return start and end of the words from `first` to `last`, included, in the text."""
        return int(self.starts[first]), int(self.ends[first if last is None else last])


def tokens(text: str, parts: Sequence[MeasuredText], language: str) -> Tokens:
    """Return the words of the stretches `parts` of `text`."""
    pattern = _PATTERNS.get(language, _PATTERN)
    offsets = [
        word.span() for part in parts for word in pattern.finditer(text, part.start, part.end)
    ]
    words = [text[start:end] for start, end in offsets]
    starts, ends = np.array(offsets, dtype=np.int64).reshape(-1, 2).T.copy()
    paragraphs = [span for part in parts for span in paragraphs_of(text, part.start, part.end)]
    spans = [span for start, end in paragraphs for span in sentences(text, start, end, language)]
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    lengths = np.diff(np.searchsorted(starts, bounds), axis=1).ravel().astype(np.int64)
    bounds, lengths = bounds[lengths > 0], lengths[lengths > 0]
    part_starts = np.array([part.start for part in parts], dtype=np.int64)
    spoken = speech(text, paragraphs)
    return Tokens(
        text,
        starts,
        ends,
        tuple(word.lower().replace("’", "'") for word in words),
        frozenset(index for index, word in enumerate(words) if word[0].isupper()),
        np.searchsorted(bounds[:, 0], starts, side="right") - 1,
        np.searchsorted(part_starts, starts, side="right") - 1,
        _inside(starts, spoken.spans),
        bounds[:, 0],
        bounds[:, 1],
        lengths,
        np.searchsorted(part_starts, bounds[:, 0], side="right") - 1,
        spoken,
    )


def _inside(at: Numbers, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Return for each offset in `at` whether one of `spans`, which are in order, holds it."""
    if not spans:
        return np.zeros(len(at), dtype=np.bool_)
    bounds = np.array(spans, dtype=np.int64)
    before = np.searchsorted(bounds[:, 0], at, side="right") - 1
    is_inside: NDArray[np.bool_] = (before >= 0) & (at < bounds[np.maximum(before, 0), 1])
    return is_inside


def sentences(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Return the sentences of one paragraph as (start, end) in `text`."""
    known = frozenset(f"{_TITLES} {_ABBREVIATIONS.get(language, '')}".split())
    spans, begun = [], start
    for stop in _END.finditer(text, start, end):
        if stop[0][0] in WIDE_STOPS:  # no space follows
            spans.append((begun, stop.end()))
            begun = stop.end()
            while begun < end and text[begun].isspace():
                begun += 1
            continue
        following = _NEXT.match(text, stop.end(), end)
        if following is None or following[1].islower():
            continue
        if stop[0] == "." and _is_abbreviation(text[begun : stop.start()], known):
            continue
        spans.append((begun, stop.end()))
        begun = following.start()
        while text[begun].isspace():
            begun += 1
    if begun < end:
        spans.append((begun, end))
    return spans


def _is_abbreviation(before: str, known: frozenset[str]) -> bool:
    last = _BEFORE.search(before[-_LONGEST_WORD:])
    if last is None:
        return False
    word = last[0].lstrip("'’.")
    # An initial; "I" is more often the pronoun at the end of a sentence.
    return word.lower() in known or (len(word) == 1 and word.isupper() and word != "I")
