"""What is said aloud: the stretches between quotation marks, or after a dash.

One pair of marks is a book's own, the one that opens most often: “ ”, ‘ ’, « », „ “, or straight
ones. Speech never goes beyond its paragraph: where the mark does not close there, the speech ends
with the paragraph, and by convention the next one opens again. Where paragraphs begin with a dash,
as in French and Spanish, they are speech to their end, the narrator's "said he" included.

A whole book may be told inside quotation marks. Then most of its words stand in paragraphs that
open and do not close; there the teller's own words are narrative, and speech is what stands in the
other kind of marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """A pair of quotation marks: what opens and what closes, as patterns, and the pair to show."""

    shown: str
    opening: re.Pattern[str]
    closing: re.Pattern[str]


def _marks(shown: str, opening: str, closing: str) -> Marks:
    return Marks(shown, re.compile(opening), re.compile(closing))


_EDGE = r"(?:(?<=[\s(\[—–“\"-])|(?<![\s\S]))"
DOUBLE = _marks("“ ”", "“", "”")
SINGLE = _marks("‘ ’", _EDGE + r"‘(?=[\w“—¡¿…])", r"(?<=[.,!?;:…—–)”-])’(?!\w)")
STRAIGHT = _marks('" "', '"', '"')
STRAIGHT_SINGLE = _marks("' '", _EDGE + r"'(?=\w)", r"(?<=[.,!?;:…—–)\"-])'(?!\w)")
GUILLEMETS = _marks("« »", r"(?<![\w.,;!?…])«", "»")
INWARD = _marks("» «", r"(?<![\w.,;!?…])»(?=[\w…])", "«")
LOW = _marks("„ “", "„", "[“”]")

_ALL = (DOUBLE, SINGLE, STRAIGHT, STRAIGHT_SINGLE, GUILLEMETS, INWARD, LOW)
_INNER = {DOUBLE.shown: SINGLE, SINGLE.shown: DOUBLE, STRAIGHT.shown: STRAIGHT_SINGLE}

_DASH = re.compile(r"[—–―-]{1,2}[ \u00a0]?(?=[\w¡¿«“…])")

#: Share of paragraphs that begin with a dash, from which on they are speech.
_DASHES = 0.03
#: Share of the characters in paragraphs that open and do not close, from which on a book is told.
_TOLD = 0.5


@dataclass(frozen=True, slots=True)
class Speech:
    """Where there is speech, in the order of the text.

    `marks` are shown to the editor, empty where there are none. `told` is whether the book is told
    inside quotation marks; `quoted_share` is then the share of its characters inside the outer
    ones.
    """

    spans: tuple[Span, ...]
    marks: str
    told: bool = False
    quoted_share: float = 0.0


def speech(text: str, paragraphs: Sequence[Span]) -> Speech:
    """Return the speech in `paragraphs` of `text`."""
    pair = _own(text, paragraphs)
    dashes = [paragraph for paragraph in paragraphs if _DASH.match(text, paragraph[0])]
    by_dash = set(dashes) if len(dashes) > _DASHES * len(paragraphs) else set()
    spans: list[Span] = []
    opened: list[Span] = []
    for paragraph in paragraphs:
        if paragraph in by_dash:
            spans.append(paragraph)
        elif pair is not None:
            found, is_open = _between(text, paragraph, pair)
            spans += found
            if is_open:
                opened.append(found[-1])
    shown = " and ".join([pair.shown] * (pair is not None) + ["—"] * bool(by_dash)) if pair else ""
    shown = shown or ("—" if by_dash else "")
    whole = max(sum(end - start for start, end in paragraphs), 1)
    if pair is None or _length(opened) < _TOLD * whole:
        return Speech(tuple(spans), shown)
    inner = _INNER.get(pair.shown, DOUBLE)
    told, told_spans = set(opened), []
    for span in spans:
        told_spans += _between(text, span, inner)[0] if span in told else [span]
    return Speech(tuple(told_spans), shown, told=True, quoted_share=_length(spans) / whole)


def _own(text: str, paragraphs: Sequence[Span]) -> Marks | None:
    """Return the pair that opens most often; straight marks open and close alike."""
    if not paragraphs:
        return None
    start, end = paragraphs[0][0], paragraphs[-1][1]
    counts = {
        pair.shown: sum(1 for _ in pair.opening.finditer(text, start, end))
        / (2 if pair is STRAIGHT else 1)
        for pair in _ALL
    }
    if counts[LOW.shown]:  # Its closing mark opens elsewhere.
        counts[DOUBLE.shown] -= counts[LOW.shown]
    best = max(_ALL, key=lambda pair: counts[pair.shown])
    return best if counts[best.shown] > 0 else None


def _between(text: str, span: Span, pair: Marks) -> tuple[list[Span], bool]:
    """Return what stands between the marks within `span`, and whether the last is not closed."""
    found: list[Span] = []
    at, end = span
    while opening := pair.opening.search(text, at, end):
        closing = pair.closing.search(text, opening.end(), end)
        if closing is None:
            return [*found, (opening.start(), end)], True
        found.append((opening.start(), closing.end()))
        at = closing.end()
    return found, False


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)
