"""What is said aloud: the stretches between quotation marks, or after a dash.

A book's own marks are the pair that opens most often. Speech ends with its paragraph where the mark
does not close there, for the next one opens again. Paragraphs that begin with a dash, as in French
and Spanish, are speech to their end, the narrator's "said he" included. Where a whole book is told
inside quotation marks, most of its words stand in paragraphs that open and do not close: those are
narrative, and speech is what stands in the other kind of marks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.languages import languages

Span = tuple[int, int]

DOUBLE, SINGLE, STRAIGHT, STRAIGHT_SINGLE, LOW = "“ ”", "‘ ’", '" "', "' '", "„ “"

_EDGE = r"(?:(?<=[\s(\[—–“\"-])|(?<![\s\S]))"

#: What opens and what closes speech, by the pair as it is shown.
_MARKS = {
    shown: (re.compile(opening), re.compile(closing))
    for shown, opening, closing in (
        (DOUBLE, "“", "”"),
        (SINGLE, _EDGE + r"‘(?=[\w“—¡¿…])", r"(?<=[.,!?;:…—–)”-])’(?!\w)"),
        (STRAIGHT, '"', '"'),
        (STRAIGHT_SINGLE, _EDGE + r"'(?=\w)", r"(?<=[.,!?;:…—–)\"-])'(?!\w)"),
        ("« »", r"(?<![\w.,;!?…])«", "»"),
        ("» «", r"(?<![\w.,;!?…])»(?=[\w…])", "«"),
        (LOW, "„", "[“”]"),
    )
}
#: Marks that are no letters of another pair, as languages have them: 「」.
_MARKS |= {
    pair: (re.compile(re.escape(pair[0])), re.compile(re.escape(pair[-1])))
    for language in languages().values()
    for pair in language.quotation
    if not any(mark in shown for shown in tuple(_MARKS) for mark in pair.split())
}
_INNER = {DOUBLE: SINGLE, SINGLE: DOUBLE, STRAIGHT: STRAIGHT_SINGLE, "「 」": "『 』"}

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
    marks = _own_marks(text, paragraphs)
    dashed = {paragraph for paragraph in paragraphs if _DASH.match(text, paragraph[0])}
    if len(dashed) <= _DASHES * len(paragraphs):
        dashed = set()
    spans: list[Span] = []
    unclosed: set[Span] = set()
    for paragraph in paragraphs:
        if paragraph in dashed:
            spans.append(paragraph)
        elif marks:
            between, is_open = _between(text, paragraph, marks)
            spans += between
            if is_open:
                unclosed.add(between[-1])
    shown = " and ".join([marks] * bool(marks) + ["—"] * bool(dashed))
    whole = max(_length(paragraphs), 1)
    if not marks or _length(unclosed) < _TOLD * whole:
        return Speech(tuple(spans), shown)
    inner: list[Span] = []
    for span in spans:
        is_narrative = span in unclosed
        inner += _between(text, span, _INNER.get(marks, DOUBLE))[0] if is_narrative else [span]
    return Speech(tuple(inner), shown, told=True, quoted_share=_length(spans) / whole)


def _own_marks(text: str, paragraphs: Sequence[Span]) -> str:
    """Return the pair that opens most often; empty where there is none."""
    if not paragraphs:
        return ""
    start, end = paragraphs[0][0], paragraphs[-1][1]
    counts: dict[str, float] = {
        shown: sum(1 for _ in opening.finditer(text, start, end))
        for shown, (opening, _) in _MARKS.items()
    }
    counts[STRAIGHT] /= 2  # They open and close alike.
    counts[DOUBLE] -= counts[LOW]  # The closing mark of the one opens the other.
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] > 0 else ""


def _between(text: str, span: Span, marks: str) -> tuple[list[Span], bool]:
    """Return what stands between the marks within `span`, and whether the last is not closed."""
    opening, closing = _MARKS[marks]
    spans: list[Span] = []
    at, end = span
    while opened := opening.search(text, at, end):
        closed = closing.search(text, opened.end(), end)
        if closed is None:
            return [*spans, (opened.start(), end)], True
        at = closed.end()
        spans.append((opened.start(), at))
    return spans, False


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
