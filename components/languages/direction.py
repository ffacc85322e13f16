"""Which way a text runs: Hebrew, Arabic and their relatives from right to left.

Whole paragraphs get the direction of their first letter, which browsers find by themselves
(`dir="auto"`, `unicode-bidi: plaintext`) and Word is told. A name or a title inside a line of the
page's own language is isolated, or the figures beside it would change places (Unicode, UAX #9).
"""

import re
import unicodedata

#: A letter that is written from right to left, in its forms for print too.
RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

#: From the first of all other letters to the last, as a pattern.
LTR_RUN = rf"(?!{RTL.pattern})[^\W\d_](?:(?:(?!{RTL.pattern}).)*(?!{RTL.pattern})\w)?"

#: From the first of such letters to the last, and from the first of all others to the last.
_TO_THE_LEFT = re.compile(rf"({RTL.pattern}(?:[\W\d_]*{RTL.pattern})*)")
_TO_THE_RIGHT = re.compile(f"({LTR_RUN})", re.DOTALL)

#: First strong isolate, and the end of one.
_BEGIN, _END = "\u2068", "\u2069"


def runs_left(text: str) -> bool:
    """Whether `text` runs from right to left: whether its first letter does."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def pieces(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of a paragraph, and of each whether it runs from right to left.

    Signs and figures go with the letters around them, at a change with the paragraph.
    """
    is_left = runs_left(text)
    cut = (_TO_THE_RIGHT if is_left else _TO_THE_LEFT).split(text)
    return [(piece, is_left != bool(at % 2)) for at, piece in enumerate(cut) if piece]


def isolated(text: str) -> str:
    """Return `text` so that a line of another direction can hold it; unchanged in other scripts."""
    return f"{_BEGIN}{text}{_END}" if RTL.search(text) else text
