"""One page of a PDF to lines with their positions, by pypdf.

pypdf tells a visitor where each piece of text stands while it extracts it, at no measurable cost.
It may raise anything on a broken page: every exception becomes the page's `state`.
"""

import math
from collections import Counter
from typing import Any

from pypdf import PageObject
from pypdf.errors import LimitReachedError

from components.manuscripts.formats.pdf.printed_page import PrintedPage, TextLine
from components.manuscripts.text.ligatures import as_letters

#: A piece of text as pypdf's visitor gets it: text, two matrices, the font, its size.
_Piece = tuple[str, list[float], list[float], Any, float]

#: Characters on a page, below which it is searched for a picture of text.
_FEW = 200
#: Forms within forms that are searched for a picture, and objects of one page that are.
_DEPTH = 2
_OBJECTS = 200
_BOLD_NAMES = ("bold", "black", "heavy", "demi")


def read_page(page: PageObject) -> PrintedPage:
    """Return the lines of one page; empty, with its `state`, where it cannot be read."""
    pieces: list[_Piece] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text:
            pieces.append((text, cm, tm, font, size))

    try:
        page.extract_text(visitor_text=visit)
        lines = tuple(_lines(pieces))
    except MemoryError:
        raise
    except LimitReachedError:
        return PrintedPage(state="over_limit")
    except Exception:  # noqa: BLE001 - pypdf raises anything; the page is named in a warning
        return PrintedPage(state="failed")
    few = sum(len(line.text) for line in lines) < _FEW
    return PrintedPage(lines, picture=few and _has_picture(page))


def _has_picture(page: PageObject) -> bool:
    """Return whether a page shows a picture, without decoding any."""
    try:
        return _shows_picture(page["/Resources"].get_object(), _DEPTH)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - no resources, or broken ones: no picture to name
        return False


def _shows_picture(resources: Any, depth: int) -> bool:
    objects = resources.get("/XObject")
    if objects is None:
        return False
    objects = objects.get_object()
    forms = []
    for name in list(objects)[:_OBJECTS]:
        shown = objects[name].get_object()
        if shown.get("/Subtype") == "/Image":
            return True
        if shown.get("/Subtype") == "/Form" and "/Resources" in shown:
            forms.append(shown["/Resources"].get_object())
    return depth > 0 and any(_shows_picture(form, depth - 1) for form in forms)


def _lines(pieces: list[_Piece]) -> list[TextLine]:
    """Return `pieces` as lines: a piece that ends with a newline ends one."""
    lines: list[TextLine | None] = []
    bold: dict[int, bool] = {}
    line: list[_Piece] = []
    for piece in pieces:
        ends = piece[0].endswith("\n")
        if piece[0].strip() or (line and not ends):
            line.append(piece)
        if ends:
            lines.append(_line(line, bold))
            line = []
    lines.append(_line(line, bold))
    return [line for line in lines if line is not None]


def _line(pieces: list[_Piece], bold: dict[int, bool]) -> TextLine | None:
    """Return the line that `pieces` make, where it says anything; `bold` are fonts known so far."""
    text = ""
    starts: list[tuple[float, int]] = []
    sizes: Counter[float] = Counter()
    heavy = 0
    y = 0.0
    for said, cm, tm, font, size in pieces:
        shown = as_letters(said)
        letters = len(shown.strip())
        if not letters:
            text += " " if text and not text.endswith(" ") else ""
            continue
        x, height, scale = _position(cm, tm)
        if not starts:
            y = height
            shown = shown.lstrip()
        if not starts or x != starts[-1][0]:
            starts.append((x, len(text)))
        text += shown
        sizes[round(size * scale, 1)] += letters
        if font is not None:
            heavy += letters if _is_bold(font, bold) else -letters
    text = text.replace("\n", " ").rstrip()
    if not text:
        return None
    return TextLine(
        text,
        round(starts[0][0], 1),
        round(y, 1),
        sizes.most_common(1)[0][0],
        heavy > 0,
        tuple(starts) if len(starts) > 1 else (),
    )


def _position(cm: list[float], tm: list[float]) -> tuple[float, float, float]:
    """Return x, y and the scale of letters under the two matrices; a page on its side is turned."""
    a = tm[0] * cm[0] + tm[1] * cm[2]
    b = tm[0] * cm[1] + tm[1] * cm[3]
    c = tm[2] * cm[0] + tm[3] * cm[2]
    d = tm[2] * cm[1] + tm[3] * cm[3]
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    if not (math.isfinite(x) and math.isfinite(y)):
        x = y = 0.0
    if abs(a) < abs(b):  # letters that stand on their side: read as if the page were turned
        x, y = (y, -x) if b > 0 else (-y, x)
    elif d < 0 and a < 0:
        x, y = -x, -y
    return x, y, math.hypot(c, d)


def _is_bold(font: Any, known: dict[int, bool]) -> bool:
    key = id(font)
    if key not in known:
        name = str(font.get("/BaseFont", "")).casefold()
        known[key] = any(word in name for word in _BOLD_NAMES)
    return known[key]
