"""What a page of a PDF shows: each string, where it stands, and in what letters.

pypdf unpacks the page and its fonts; its operators are read here, because pypdf's reader of
operators takes 80 ms for a page that places each letter by itself, and this one a fifth of that.
"""

import math
import re
from collections.abc import Iterator
from copy import copy
from typing import Any, NamedTuple

from pypdf import PageObject
from pypdf.errors import LimitReachedError

from components.languages import RTL
from components.manuscripts.formats.pdf.fonts import PrintedFont, turned
from components.manuscripts.formats.pdf.printed_page import DamageForgiven

#: Operators of a page. A page that places each letter by itself has some 10,000.
_OPERATORS = 2_000_000
#: Forms within forms.
_DEPTH = 10
_MAX_NESTING = 50
#: States saved by `q`.
_MAX_SAVED = 1000
#: What operators with one number set.
_SETS = {b"Tc": "spacing", b"Tw": "words", b"TL": "leading", b"Ts": "rise"}
#: Accents that a font may set over or under a letter, as signs by themselves, and what they become.
MARKS = {
    "`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306",
    "˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327",
    "˛": "\u0328",
}  # fmt: skip

_TOKEN = re.compile(
    rb"""[\s\0]*+(?:
    ([-+]?(?:\d+\.?\d*|\.\d+))                         # 1: a number
    |<((?:[0-9A-Fa-f]|\s)*+)>                               # 2: a string in hexadecimal digits
    |\(((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))*+)\)  # 3: a string
    |/([^\s\0()<>\[\]{}/%]*+)                               # 4: a name
    |(<<|\[)|(>>|\])                                        # 5, 6: an array or dictionary
    |(?:BI\s.*?\sEI(?=\s|$)|%[^\r\n]*+)                     # a picture, a comment
    |([A-Za-z'"][A-Za-z0-9*]*+))                            # 7: an operator
    """,
    re.DOTALL | re.VERBOSE,
)
_NUMBER, _HEX, _STRING, _NAME, _OPENS, _CLOSES, _OPERATOR = range(1, 8)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n?|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")

_Matrix = tuple[float, float, float, float, float, float]
_NO_FONT: dict[str, Any] = {}
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


#: Fonts that are known, by the identity of their resources, which stand beside them.
Fonts = dict[int, tuple[Any, PrintedFont]]


class Piece(NamedTuple):
    """A string as it is shown: from `x` to `end` on the baseline `y`, in points.

    `turn` is in how many quarters the page must be turned to read it; the places are those on the
    turned page. `text` stands as it is seen, from left to right.
    """

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False
    turn: int = 0


class _State:
    """What `q` saves and `Q` brings back."""

    __slots__ = (
        "font",
        "leading",
        "matrix",
        "rise",
        "scale",
        "size",
        "spacing",
        "stroked",
        "words",
    )

    def __init__(self, matrix: _Matrix) -> None:
        self.matrix = matrix
        self.font: PrintedFont | None = None
        self.size = self.spacing = self.words = self.leading = self.rise = 0.0
        self.scale = 1.0
        self.stroked = False


def pieces_of(page: PageObject, fonts: Fonts) -> list[Piece]:
    """Return what a page shows, in the order of the file; `fonts` are those known so far.

    Raises: LimitReachedError, and whatever pypdf raises on a broken page.
    """
    contents = page.get_contents()
    shown = _Shown(fonts)
    if contents is not None:
        shown.run(contents.get_data(), page.get("/Resources"), _State(_IDENTITY), ())
    return shown.pieces


def _operations(data: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Yield each operator with its operands: numbers, strings as bytes, names as text, lists."""
    operands: list[Any] = []
    outer: list[list[Any]] = []
    for token in _TOKEN.finditer(data):
        kind = token.lastindex
        if kind == _NUMBER:
            operands.append(float(token[1]))
        elif kind == _OPERATOR:
            if token[7] in (b"true", b"false", b"null"):
                operands.append(None)
                continue
            yield token[7], operands
            operands, outer = [], []
        elif kind == _HEX:
            digits = token[2]
            try:
                operands.append(bytes.fromhex(digits.decode()))
            except ValueError:  # a last zero may be left out
                operands.append(bytes.fromhex(b"".join(digits.split()).decode() + "0"))
        elif kind == _STRING:
            text = token[3]
            operands.append(_ESCAPE.sub(_unescaped, text) if b"\\" in text else text)
        elif kind == _NAME:
            name = _NAME_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), token[4])
            operands.append("/" + name.decode("utf-8", "replace"))
        elif kind == _OPENS and len(outer) < _MAX_NESTING:
            outer.append(operands)
            operands.append([])
            operands = operands[-1]
        elif kind == _CLOSES and outer:
            operands = outer.pop()


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1].isdigit() and code < b"8":
        return bytes([int(code, 8) & 255])
    return b"" if code[:1] in b"\r\n" else _ESCAPED.get(code, code)


class _Shown:
    """Reads operators and gathers what they show."""

    def __init__(self, fonts: Fonts) -> None:
        self.pieces: list[Piece] = []
        self._fonts = fonts
        self._operators = 0
        self._marked = False  # an accent was shown last, and its letter may come

    def run(self, data: bytes, resources: Any, state: _State, forms: tuple[int, ...]) -> None:
        """Read the operators of a page, or of a form within `forms` on it."""
        resources = {} if resources is None else resources.get_object()
        stack: list[_State] = []
        named: dict[str, PrintedFont] = {}
        line = text = _IDENTITY  # the text matrices: of the line, of the pen
        spans: list[tuple[str, int]] = []  # marked content: the text it says it is, where it began
        for operator, operands in _operations(data):
            self._operators += 1
            if self._operators > _OPERATORS:
                raise LimitReachedError("A page shows too much.")
            try:
                if operator == b"Tj":
                    text = self._show(operands[-1:], state, text)
                elif operator == b"TJ":
                    text = self._show(operands[-1], state, text)
                elif operator == b"ET":
                    continue
                elif operator == b"BT":
                    line = text = _IDENTITY
                elif operator == b"Tm":
                    line = text = _matrix(operands)
                elif operator == b"Td" or operator == b"TD":
                    x, y = operands[-2:]
                    if operator == b"TD":
                        state.leading = -y
                    line = text = _moved(line, x, y)
                elif operator == b"Tf":
                    name, size = operands[-2:]
                    if name not in named:
                        named[name] = self._font(resources, name)
                    state.font, state.size = named[name], size + 0.0
                elif operator in (b"T*", b"'", b'"'):
                    if operator == b'"':
                        state.words, state.spacing = operands[:2]
                    line = text = _moved(line, 0.0, -state.leading)
                    text = self._show(operands[-1:], state, text)
                elif operator == b"q":
                    if len(stack) < _MAX_SAVED:
                        stack.append(copy(state))
                elif operator == b"Q":
                    state = stack.pop() if stack else state
                elif operator == b"cm":
                    state.matrix = _multiplied(_matrix(operands), state.matrix)
                elif operator in _SETS:
                    setattr(state, _SETS[operator], operands[-1] + 0.0)
                elif operator == b"Tz":
                    state.scale = operands[-1] / 100
                elif operator == b"Tr":
                    state.stroked = operands[-1] == 2
                elif operator == b"BDC" or operator == b"BMC":
                    spans.append((_actual_text(operands), len(self.pieces)))
                elif operator == b"EMC" and spans:
                    self._say(*spans.pop())
                elif operator == b"Do":
                    self._form(resources, operands[-1], state, forms)
            except (TypeError, ValueError, IndexError, KeyError):
                continue  # an operator without what it needs

    def _form(self, resources: Any, name: str, state: _State, forms: tuple[int, ...]) -> None:
        form = resources["/XObject"].get_object()[name].get_object()
        known = id(form) in forms or len(forms) >= _DEPTH
        if known or form.get("/Subtype") != "/Form":
            return
        state = copy(state)
        if "/Matrix" in form:
            moved = _matrix([float(value) for value in form["/Matrix"].get_object()])
            state.matrix = _multiplied(moved, state.matrix)
        own = form.get("/Resources")
        self.run(form.get_data(), resources if own is None else own, state, (*forms, id(form)))

    def _font(self, resources: Any, name: str) -> PrintedFont:
        resource: Any = _NO_FONT
        with DamageForgiven():
            resource = resources["/Font"].get_object()[name].get_object()
        known = self._fonts.get(id(resource))
        if known is None:
            known = self._fonts[id(resource)] = resource, PrintedFont(resource)
        return known[1]

    def _show(self, shown: list[Any], state: _State, text: _Matrix) -> _Matrix:
        """Add the strings of an operator; return where the pen is then."""
        font = state.font or self._font({}, "")
        a, b, c, d, e, f = _multiplied(text, state.matrix)
        across, up = math.hypot(a, b), math.hypot(c, d)
        turn = 0
        if across and up:
            x, y = e + state.rise * c, f + state.rise * d
            if abs(a) < abs(b):  # letters that stand on their side: as if the page were turned
                turn, x, y = (1, y, -x) if b > 0 else (3, -y, x)
            elif a < 0 and d < 0:
                turn, x, y = 2, -x, -y
        if not (across and up and math.isfinite(x) and math.isfinite(y)):
            across = up = x = y = 0.0
        size, scale = state.size, state.scale
        pen = 0.0
        bold = state.stroked or font.bold
        high = abs(size) * up
        for part in shown:
            if isinstance(part, float):
                pen -= part / 1000 * size * scale
                continue
            if not isinstance(part, bytes):
                continue
            cells = font.cells(part)
            marked = self._marked or any(letters in MARKS for letters, _ in cells)
            said, start = "", pen
            for letters, width in cells:
                step = width / 1000 * size + state.spacing
                if letters == " " and font.simple:
                    step += state.words
                said += letters
                pen += step * scale
                if marked:  # each letter by itself, so that the accent finds its own
                    left, right = x + start * across, x + pen * across
                    self.pieces.append(Piece(said, left, right, y, high, bold, turn))
                    said, start = "", pen
            if said:
                left, right = x + start * across, x + pen * across
                self.pieces.append(Piece(said, left, right, y, high, bold, turn))
            self._marked = marked and bool(cells) and cells[-1][0] in MARKS
        return _moved(text, pen, 0.0)

    def _say(self, text: str, begin: int) -> None:
        """Let what was shown since `begin` say `text`, where it stands in one line."""
        shown = self.pieces[begin:]
        if not text or not shown or any(abs(piece.y - shown[0].y) > 1 for piece in shown):
            return
        if RTL.search(text):
            text = turned(text)
        first = shown[0]
        left, right = min(piece.x for piece in shown), max(piece.end for piece in shown)
        self.pieces[begin:] = [first._replace(text=text, x=left, end=right)]


def _matrix(operands: list[Any]) -> _Matrix:
    a, b, c, d, e, f = operands[-6:]
    return a + 0.0, b + 0.0, c + 0.0, d + 0.0, e + 0.0, f + 0.0


def _moved(matrix: _Matrix, x: float, y: float) -> _Matrix:
    a, b, c, d, e, f = matrix
    return a, b, c, d, x * a + y * c + e, x * b + y * d + f


def _multiplied(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _actual_text(operands: list[Any]) -> str:
    """Return the text that marked content says it is, "" where it says none."""
    if len(operands) < 2 or "/ActualText" not in operands[1]:
        return ""
    said = operands[1][operands[1].index("/ActualText") + 1]
    if not isinstance(said, bytes):
        return ""
    wide = said.startswith(b"\xfe\xff")
    return said[2:].decode("utf-16-be", "replace") if wide else said.decode("latin-1")
