"""What a page shows to lines of text, by where the pieces stand, whatever order they are drawn in.

Pieces on one baseline are a line. A gap wider than letters have between them is a space, an accent
over a letter is part of it, what is drawn twice in one place is bold, and a line in Arabic or
Hebrew, which stands as it is seen, is turned into the order in which it is read.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from components.languages import LTR_RUN, RTL
from components.manuscripts.formats.pdf.content import MARKS, Piece
from components.manuscripts.formats.pdf.fonts import MIRRORED, turned
from components.manuscripts.formats.pdf.printed_page import TextLine

#: Heights of letters. Baselines nearer than this are of one line: a raised number stands up to 0.4
#: above its line.
_BASELINE = 0.45
#: A letter by itself that is this many times larger than a line is an initial, and not of the line.
_INITIAL = 1.7
#: Heights of letters. A wider gap is a space: TeX shrinks one to 0.22, some fonts of titles have it
#: at 0.1, and hinting moves letters by less. Between signs of Chinese and Japanese, which are as
#: wide as high, it is none.
_SPACE, _SPACE_CJK = 0.09, 0.8
#: Letters that are spaced out: each a piece, and this far apart; and the gaps that are wider than
#: most by this factor, which are spaces.
_SPACED, _WIDER = 0.1, 1.5
#: Heights of letters. After a gap of this size something new begins: a column, a number.
_WIDE = 0.6
#: Share of the narrower one's width by which pieces that are drawn in one place cover each other.
_COVERED = 0.5

_CJK = 0x2E80
#: Points, and the steps up and down in which the line of a piece is looked for.
_STEP = 4.0
_AROUND = (0, -1, 1, -2, 2)
_DOTLESS = str.maketrans("ı\u0237", "ij")
_LETTER = re.compile(r"[^\W\d_]")
#: In a text from right to left: what is written from left to right, numbers and foreign words.
_LTR = re.compile(LTR_RUN + r"|\d+(?:[.,:/\u066b\u066c-]\d+)*")
_PAIR, _CLOSED_FIRST = (
    re.compile(r"[(\[«][^()\[\]«»]*[)\]»]"),
    re.compile(r"[)\]»][^()\[\]«»]*[(\[«]"),
)
_RTL_RUN = re.compile(rf"{RTL.pattern}(?:[\W\d]*{RTL.pattern})*")


def lines_of(pieces: Iterable[Piece]) -> list[TextLine]:
    """Return the lines of a page from top to bottom; those of text on its side come last.

    On a page that is written from right to left, places are counted from the right edge. Some
    programs say which bracket is drawn there, some which is meant: those that open come first.
    """
    sides: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        sides[piece.turn].append(piece)
    ordered = sorted(sides.values(), key=lambda side: -sum(len(piece.text) for piece in side))
    lines = [line for side in ordered for row in _rows(side) if (line := _line(row)) is not None]
    backwards = sum(len(line.text) for line in lines if RTL.search(line.text))
    if 2 * backwards > sum(len(line.text) for line in lines):
        text = "\n".join(line.text for line in lines)
        mirror = len(_CLOSED_FIRST.findall(text)) > len(_PAIR.findall(text))
        return [
            line._replace(
                text=line.text.translate(MIRRORED) if mirror else line.text,
                x=-line.right,
                right=-line.x,
            )
            for line in lines
        ]
    return lines


class _Row:
    """Pieces that stand on one baseline, that of the largest of them."""

    def __init__(self, y: float) -> None:
        self.y = y
        self.size = 0.0
        self.pieces: list[Piece] = []
        self._letters = 0
        self._last = y

    def takes(self, piece: Piece) -> bool:
        """Return whether a piece stands on this line, which on a scan may slope."""
        larger = max(self.size, piece.size)
        if min(abs(self.y - piece.y), abs(self._last - piece.y)) > _BASELINE * larger:
            return False
        if self.size > _INITIAL * piece.size:
            return self._letters > 1
        return piece.size <= _INITIAL * self.size or len(piece.text.strip()) > 1

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._letters += len(piece.text)
        if piece.size > self.size + 0.5:
            self.size, self.y = piece.size, piece.y
        if piece.size >= self.size - 0.5:
            self._last = piece.y


def _rows(pieces: Iterable[Piece]) -> list[_Row]:
    """Return pieces by the line on which they stand, from top to bottom."""
    rows: list[_Row] = []
    near: dict[int, list[_Row]] = defaultdict(list)
    row: _Row | None = None
    for piece in pieces:
        if row is None or not row.takes(piece):
            step = round(piece.y / _STEP)
            around = [one for at in _AROUND for one in near.get(step + at, ()) if one.takes(piece)]
            row = min(around, key=lambda one: abs(one.y - piece.y), default=None)
        if row is None:
            row = _Row(piece.y)
            rows.append(row)
            near[round(piece.y / _STEP)].append(row)
        row.add(piece)
    rows.sort(key=lambda row: -row.y)
    return rows


def _line(row: _Row) -> TextLine | None:
    """Return the line that the pieces of a row make, None where it says nothing."""
    pieces = _whole(sorted(row.pieces, key=lambda piece: piece.x))
    space = _least_space(pieces)
    text = ""
    starts: list[tuple[float, int]] = []
    sizes: Counter[float] = Counter()
    heavy = 0
    end = 0.0
    for said, x, piece_end, _, size, bold, _ in pieces:
        letters = len(said.strip())
        if not letters:
            text += " " if text and text[-1] != " " else ""
            continue
        gap = x - end
        if not text:
            said = said.lstrip()
        elif gap > space * size and text[-1] != " " and said[0] != " ":
            cjk = ord(text[-1]) >= _CJK and ord(said[0]) >= _CJK
            text += "" if cjk and gap < _SPACE_CJK * size else " "
        if not text or gap > max(_WIDE, space) * size:
            starts.append((x, len(text)))
        text += said
        sizes[round(size, 1)] += letters
        heavy += letters if bold else -letters
        end = max(end, piece_end) if starts else piece_end
    text = text.rstrip()
    if not text:
        return None
    x = starts[0][0]
    if RTL.search(text):
        text, starts = _as_read(text), []
    return TextLine(
        text,
        round(x, 1),
        round(row.y, 1),
        sizes.most_common(1)[0][0],
        heavy > 0,
        tuple(starts) if len(starts) > 1 else (),
        right=round(end, 1),
    )


def _whole(row: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of a line, accents put on their letters, none of them twice."""
    whole: list[Piece] = []
    for piece in row:
        before = whole[-1] if whole else None
        if before is not None and _covers(before, piece):
            if before.text == piece.text and piece.text.strip():
                whole[-1] = before._replace(bold=True)  # drawn twice
                continue
            for mark, letter in ((piece, before), (before, piece)):
                if accented := _accented(letter.text, mark.text):
                    whole[-1] = letter._replace(text=accented)
                    break
            else:
                whole.append(piece)
            continue
        whole.append(piece)
    return whole


def _covers(first: Piece, second: Piece) -> bool:
    """Return whether two pieces are drawn in one place."""
    common = min(first.end, second.end) - max(first.x, second.x)
    return common >= _COVERED * min(first.end - first.x, second.end - second.x)


def _accented(letter: str, mark: str) -> str:
    """Return a letter with a mark that stands over it, "" where these are none."""
    if len(mark) != 1 or len(letter) != 1 or not _LETTER.match(letter):
        return ""
    over = MARKS.get(mark) or (mark if unicodedata.combining(mark) else "")
    return over and unicodedata.normalize("NFC", letter.translate(_DOTLESS) + over)


def _least_space(row: Sequence[Piece]) -> float:
    """Return how wide a gap must be to be a space, in heights of letters.

    Signs do not count: the dots that lead to a page number stand far apart.
    """
    letters = [piece for piece in row if len(piece.text) == 1 and piece.text.isalnum()]
    if len(letters) * 5 < len(row) * 4 or len(letters) < 3:
        return _SPACE
    gaps = [(after.x - before.end) / (after.size or 1.0) for before, after in pairwise(letters)]
    usual = median(gaps)
    return _WIDER * usual if usual > _SPACED else _SPACE


def _as_read(text: str) -> str:
    """Return a line that stands as it is seen, from left to right, as it is read."""
    letters = len(_LETTER.findall(text))
    if 2 * len(RTL.findall(text)) >= letters:
        return _LTR.sub(lambda run: turned(run[0]), turned(text))
    return _RTL_RUN.sub(lambda run: turned(run[0]), text)
