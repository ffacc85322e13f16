"""The sentences of a manuscript as spans of its text.

They are what is shown as evidence: a sentence keeps its closing quotation mark and the "he said"
after a speech, and never runs from one paragraph into the next.
"""

import re
from collections.abc import Iterator

from components.languages import SPACED_STOPS, WIDE_STOPS, count_words, languages
from components.manuscripts import paragraphs_of
from components.manuscripts.chapters.numerals import any_number, roman
from components.manuscripts.text.personal_names import word_set

Span = tuple[int, int]

#: Words above which a sentence is cut at a semicolon, a colon or a line's end; words that are left
#: on each side of a cut.
_LONG, _PIECE = 80, 12
#: Words of the longest heading.
_HEADING = 14

_CLOSING = "\"”“’‘»«'›‹)\\]*_」』）＂"
_END = re.compile(
    rf"(?:\.(?:[ \u00a0]\.)+|[{SPACED_STOPS}])+"
    rf"(?:[{_CLOSING}]|[ \u00a0\u202f][»”](?=\s|$))*(?=\s|$)"
    rf"|[{WIDE_STOPS}]+[”’」』）》〉]*"
)
_OPENING = re.compile(r"[\s\"“„”«»‹›'‘’(\[¿¡—–*_「『-]*")
_CUT = re.compile(r"[;:][\"”’»'›)]*(?=\s)|\n|[；：]")
_LAST_WORD = re.compile(r"[^\W_]+$")
#: Words after a speech up to the one that says who speaks: "Mr. Tolland said".
_SAID = 4

_ABBREVIATIONS = word_set(
    """
    mr mrs ms dr st ste prof rev revd capt col gen lt sgt maj hon gov sen mme mlle mm messrs mgr
    fr sr sra srta dra don hr frl dipl ing mt vs viz cf al jun ca bzw vgl
    """
)
#: They end no sentence before a number only.
_BEFORE_NUMBER = word_set(
    """
    no nos nr vol vols p pp fig ch chap kap cap art sec n núm pág
    """
)
_MONTHS = frozenset({*languages()["de"].months[:12], "jahrhundert"})
_SPEECH = word_set(
    """
    said says say cried cries asked asks replied replies answered answers whispered shouted
    exclaimed called murmured muttered screamed sighed returned repeated added began continued
    interrupted observed remarked thought
    """
)
_HEADING_START = re.compile(
    r"(?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|book|part|letter|volume)\s+([^\W_]+)",
    re.IGNORECASE,
)


def sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the sentences of `text` between two offsets, in characters, without white space.

    Every other character of the stretch is in exactly one. A heading is one sentence. A sentence of
    more than 80 words is cut where a semicolon or a colon allows it.
    """
    found: list[Span] = []
    for first, last in paragraphs_of(text, start, end):
        for span in _paragraph(text, first, last):
            found += _shortened(text, *span)
    return tuple(found)


def _paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    if _is_heading(text[start:end]):
        yield start, end
        return
    begun = start
    for match in _END.finditer(text, start, end):
        if match.start() < begun or not _ends(text, begun, match, end):
            continue
        yield begun, match.end()
        begun = match.end() + _white(text, match.end(), end)
    if begun < end:
        yield begun, end


def _white(text: str, start: int, end: int) -> int:
    piece = text[start:end]
    return len(piece) - len(piece.lstrip())


def _is_heading(paragraph: str) -> bool:
    """Whether a paragraph is a heading in which a full stop may stand: a number, capitals."""
    if count_words(paragraph) > _HEADING:
        return False
    numbered_heading = _HEADING_START.match(paragraph)
    return paragraph.isupper() or bool(numbered_heading and any_number(numbered_heading[1]))


def _ends(text: str, begun: int, match: re.Match[str], end: int) -> bool:
    """Whether a sentence that began at `begun` ends with the signs that `match` found."""
    after = match.end()
    following = _OPENING.match(text, after, end)
    at = following.end() if following else after
    if at >= end:
        # What is left is signs alone, and belongs to the sentence.
        return not text[after:end].strip()
    if match[0][0] in WIDE_STOPS:
        return True
    if text[at].islower():
        return False
    piece = text[begun : match.start()]
    before = word[0] if (word := _LAST_WORD.search(piece)) else ""
    if match[0] == ".":
        is_number = not any(map(str.isalpha, piece)) or roman(piece.strip()) is not None
        return not is_number and not _is_abbreviation(piece, before, text[at:end])
    if match[0][0] != "." and match[0][-1] in _CLOSING:
        said = text[at : at + 80].split()[:_SAID]
        return all(word.rstrip(",.;:") not in _SPEECH for word in said)
    return True


def _is_abbreviation(piece: str, before: str, following: str) -> bool:
    """Whether the full stop after the word `before` only shortens it."""
    folded = before.casefold()
    if folded in _ABBREVIATIONS and (before[0].isupper() or len(before) > 1):
        return True
    if following[0].isdigit() and folded in _BEFORE_NUMBER:
        return True
    if before.isdigit() and len(before) < 3:
        return bool(following.split()) and following.split()[0].strip(".,;").casefold() in _MONTHS
    if len(before) == 1 and before.isupper():
        words = piece.split()
        return before != "I" or (len(words) > 1 and words[-2][:1].isupper())
    return False


def _shortened(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence, cut nearest to its middle as often as it is too long."""
    if count_words(text[start:end]) > _LONG:
        cuts = [
            match.end()
            for match in _CUT.finditer(text, start, end)
            if count_words(text[start : match.end()]) >= _PIECE
            and count_words(text[match.end() : end]) >= _PIECE
        ]
        if cuts:
            middle = (start + end) // 2
            cut = min(cuts, key=lambda at: abs(at - middle))
            yield from _shortened(text, start, len(text[:cut].rstrip()))
            yield from _shortened(text, cut + _white(text, cut, end), end)
            return
    yield start, end
