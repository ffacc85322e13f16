"""The quotations in a stretch of plain text.

Quotation marks are told from apostrophes by the characters beside them, and an opening mark needs
its closing one. Everything between them is one quotation, quotations within it included. A block
quotation is one as a whole, unless it is the model's own note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.evidence.comparable_words import has_word

#: Opening mark to what may close it. German closes with the English opening marks.
_CLOSING = {
    "“": '”"',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "”": "”",
    '"': '"',
    "＂": "＂",
    "「": "」",
    "『": "』",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
_SINGLE = {"‘", "‚", "'"}
#: The same mark may open and close, or close in another country: only its place tells.
_BY_PLACE = {'"', "'", "”", "»", "›", "＂"}
#: These say by themselves that they open, so that one without its closing mark is no inch.
_ALWAYS_OPENS = {"“", "„", "«"}

_BEFORE_OPENING = "([{—–-/“‘„«\"'¿¡\u2014>:="
_NARROW = "\u00a0\u202f\u2009"
_ENDS_SENTENCE = '.,!?;:…—–)]”"'
#: Words whose last letter is left out, or that own: after them a mark is rather an apostrophe.
_ELIDED = re.compile(r"(?:s|in|o|th|an|ol|t|wi|d|em|i)$", re.IGNORECASE)
#: Words whose first letter is left out.
_ELIDES = re.compile(
    r"['‘](?:tis|twas|twere|twill|em|til|till|cause|bout|round|n|[0-9])\b", re.IGNORECASE
)

_ATTRIBUTION = re.compile(r"\n\s*[—–-]{1,3}\s*[^\n]{1,100}\s*$|\s*\([^()\n]{1,60}\)\s*$")
_SAYS_WHERE = re.compile(
    r"\s*(?:[—–(-]|,\s*(?:chapter|chapitre|kapitel|letter)).{0,100}$", re.IGNORECASE
)
_OWN_NOTE = re.compile(r"\s*[^\n:]{1,40}:")


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """What is between a pair of marks, from `start` to `end`; `is_open` where none closes it."""

    start: int
    end: int
    is_open: bool = False


def quoted(text: str, carried: str = "") -> tuple[list[QuotedSpan], str]:
    """Return the quotations of `text`, a paragraph, and the mark that it leaves open.

    `carried` is the mark that the paragraph before left open.
    """
    spans: list[QuotedSpan] = []
    here = 0
    if carried and (end := _orphan(text, carried)) is not None:
        spans.append(QuotedSpan(0, end))
        here = end + 1
    while here < len(text):
        if text[here] in _CLOSING and _opens(text, here):
            end = _close(text, here)
            if end is not None:
                spans.append(QuotedSpan(here + 1, end))
                here = end
            elif text[here] in _ALWAYS_OPENS and not text[:here].strip():
                # A quotation of several paragraphs opens at each and closes at the last.
                spans.append(QuotedSpan(here + 1, len(text), is_open=True))
                return _trimmed(text, spans), text[here]
        here += 1
    return _trimmed(text, spans), ""


def quoted_block(text: str, emphasised: tuple[tuple[int, int], ...]) -> list[QuotedSpan]:
    """Return what is quoted by a paragraph that is set apart as a quotation."""
    inside, _ = quoted(text)
    label = _OWN_NOTE.match(text)
    if label and any(start <= 1 and end >= label.end() - 1 for start, end in emphasised):
        return inside  # "**Note:** ..." is the model's own.
    end = len(text)
    attribution = _ATTRIBUTION.search(text)
    if attribution is not None and attribution.start() > 0:
        end = attribution.start()
    if len(inside) == 1 and not has_word(text[: inside[0].start]):
        rest = text[inside[0].end + 1 : end]
        if _SAYS_WHERE.match(rest) or not has_word(rest):
            return inside
    return _trimmed(text, [QuotedSpan(0, end)])


def whole_block(text: str) -> list[QuotedSpan]:
    """Return all of a paragraph as one quotation; nothing where it has no word."""
    return _trimmed(text, [QuotedSpan(0, len(text))])


def _trimmed(text: str, spans: list[QuotedSpan]) -> list[QuotedSpan]:
    """Leave out white space at both ends, and spans that have no word."""
    trimmed = []
    for span in spans:
        inside = text[span.start : span.end]
        start = span.start + len(inside) - len(inside.lstrip())
        end = span.end - (len(inside) - len(inside.rstrip()))
        if has_word(inside):
            trimmed.append(QuotedSpan(start, end, span.is_open))
    return trimmed


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at` may open a quotation."""
    mark, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if not after or (after.isspace() and not (mark in '«»"“' and after in _NARROW + " ")):
        return False
    starts = not before or before.isspace() or before in _BEFORE_OPENING
    if mark in {"'", "‘", "‚"}:
        return (
            starts and not after.isspace() and (mark != "'" or after.isalnum() or after in '“"[…')
        )
    if mark in _BY_PLACE:
        return starts and (not after.isspace() or (mark == '"' and after in _NARROW))
    return True


def _closes(text: str, at: int) -> bool:
    """Whether the mark at `at` may close one."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in {"»", "”", "›", "」", "』", "“"}:
        return True
    return (not before.isspace() or before in _NARROW) and not after.isalnum()


def _close(text: str, opening: int) -> int | None:
    """Return where the quotation that opens at `opening` is closed, if it is."""
    mark = text[opening]
    if mark in _SINGLE:
        return _close_single(text, opening)
    closing = _CLOSING[mark]
    depth = 1
    for at in range(opening + 1, len(text)):
        sign = text[at]
        if sign == mark and mark not in closing:
            depth += 1
        elif sign in closing and _closes(text, at):
            depth -= 1
            if depth == 0:
                return at
        elif sign == mark:
            if not has_word(text[opening + 1 : at]):
                depth += 1  # Two at once: a speech that is quoted.
            elif _opens(text, at):
                return None  # The first was none, such as an inch.
    return None


def _close_single(text: str, opening: int) -> int | None:
    """Return where single marks close: not at what is rather an apostrophe."""
    mark = text[opening]
    candidates = list(_single_candidates(text, opening))
    sure = [at for at in candidates if not _rather_apostrophe(text, at)]
    if _ELIDES.match(text, opening) and mark in {"'", "‘"}:
        return next((at for at in sure if text[at - 1] in _ENDS_SENTENCE), None)
    return next(iter(sure or candidates), None)


def _single_candidates(text: str, opening: int) -> Iterator[int]:
    closing = _CLOSING[text[opening]]
    for at in range(opening + 1, len(text)):
        if text[at] in closing:
            if _closes(text, at) and has_word(text[opening + 1 : at]):
                yield at
        elif text[at] == text[opening] and _opens(text, at):
            return


def _rather_apostrophe(text: str, at: int) -> bool:
    before, after = text[:at], text[at + 1 : at + 3]
    if before[-1:] in _ENDS_SENTENCE or not after[:1].isspace() or not after[1:].islower():
        return False
    return bool(_ELIDED.search(before[-4:]))


def _orphan(text: str, carried: str) -> int | None:
    """Return where the mark stands that closes what the paragraph before began."""
    for at, sign in enumerate(text):
        if sign in _CLOSING[carried] and _closes(text, at) and text[:at].strip():
            return at
        if sign in _CLOSING and _opens(text, at):
            return None
    return None
