"""A page as it is printed: lines of text and where they stand.

What a PDF or text recognition gives before it is prose. Positions are in points (1/72 inch) from
the lower left corner of the page, so that a line higher on the page has the larger `y`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

#: What became of a page: read; not readable; unfolding into more than a manuscript holds.
State = Literal["read", "failed", "over_limit"]


class TextLine(NamedTuple):
    """A line as printed.

    `x` is where its first letter stands, `y` its baseline, `size` the height of most of its
    letters in points, `bold` whether they are bold. `starts` are the places in the line where the
    file set the pen anew, as (position, offset in `text`): none where the line is in one piece.
    `opens` is whether a large initial says that a paragraph begins.
    """

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    starts: tuple[tuple[float, int], ...] = ()
    opens: bool = False

    @property
    def right(self) -> float:
        """Return about where the line ends, in points; the widths of letters are not known."""
        return self.x + width(self.text, self.size)


class PrintedPage(NamedTuple):
    """The lines of a page in the order of the file, whether it shows a picture, what became of it.

    A page is a value of plain tuples: it travels between processes.
    """

    lines: tuple[TextLine, ...] = ()
    picture: bool = False
    state: State = "read"

    @property
    def characters(self) -> int:
        """Return the number of characters on the page."""
        return sum(len(line.text) for line in self.lines)


def width(text: str, size: float) -> float:
    """Return about how wide `text` is at `size`, both in points.

    A letter of a book face is a little less than half as wide as it is high.
    """
    return 0.45 * size * len(text)
