"""Where sentences begin and end: rules over full stops, with the abbreviations of each language.

A sentence ends at . ! ? or … with the quotation marks that close there, where what follows does
not begin in lower case. A full stop after an abbreviation or an initial ends nothing, and the end
of a paragraph always ends a sentence. A library would know more languages and cost more than all
other measures together.
"""

from __future__ import annotations

import re

# Possessive, and only where a row of stops begins: time in proportion to any text.
_END = re.compile(r"(?<![.!?…])[.!?…]++[—–]?+(?:[ \u00a0\u202f]?»|[\"'”’)»\]])*+(?=\s)")
_NEXT = re.compile(r"\s+[\"'“”‘’«»„(\[—–¿¡*_ \u00a0-]*(\w)")
_BEFORE = re.compile(r"[\w.’']+\Z")

_TITLES = "mr mrs ms messrs dr st prof rev hon capt col gen lieut lt maj sgt sen gov sr jr"
_ABBREVIATIONS = {
    "en": f"{_TITLES} no vol fig vs viz esq co cf e.g i.e",
    "fr": "m mm mme mlle mgr dr me st ste cf vol p n",
    "de": "dr prof hr fr nr bzw z.b d.h u.a usw ca st",
    "es": "sr sra srta dr dra d dña ud uds núm p",
    "it": "sig sigg sig.ra dott prof avv on s p",
    "pt": "sr sra dr dra d prof st sto",
    "nl": "dhr mevr mr dr prof ir drs jhr",
}
_EVERYWHERE = frozenset(f"{_TITLES} st".split())

#: A sentence is looked for within this many characters before a full stop.
_LONGEST_WORD = 24


def sentences(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Return the sentences of one paragraph as (start, end) in `text`."""
    known = frozenset(_ABBREVIATIONS.get(language, "").split()) | _EVERYWHERE
    found, begun = [], start
    for stop in _END.finditer(text, start, end):
        following = _NEXT.match(text, stop.end(), end)
        if following is None or following[1].islower():
            continue
        if stop[0] == "." and _is_abbreviation(text[begun : stop.start()], known):
            continue
        found.append((begun, stop.end()))
        begun = following.start()
        while text[begun].isspace():
            begun += 1
    if begun < end:
        found.append((begun, end))
    return found


def _is_abbreviation(before: str, known: frozenset[str]) -> bool:
    last = _BEFORE.search(before[-_LONGEST_WORD:])
    if last is None:
        return False
    word = last[0].lstrip("'’.")
    # An initial; "I" is more often the pronoun at the end of a sentence.
    return word.lower() in known or (len(word) == 1 and word.isupper() and word != "I")
