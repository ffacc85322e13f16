"""A page as it is printed: lines of text and where they stand.

What a PDF or text recognition gives before it is prose. Positions are in points (1/72 inch) from
the lower left corner of the page, so that a line higher on the page has the larger `y`.
"""

from contextlib import AbstractContextManager
from typing import Literal, NamedTuple


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
        """About where the line ends: letters of a book face are 0.45 times as wide as high."""
        x, offset = self.starts[-1] if self.starts else (self.x, 0)
        return x + 0.45 * self.size * len(self.text[offset:])


#: What became of a page: read by pypdf, or not; unfolding into more than a manuscript holds; read
#: by text recognition, well, hardly or not, or blank to it.
PageState = Literal[
    "read", "failed", "over_limit", "recognized", "doubtful", "unrecognized", "blank"
]


class DamageForgiven(AbstractContextManager["DamageForgiven"]):
    """Goes on after what a broken file makes pypdf and Pillow raise, which may be anything."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, Exception) and kind is not MemoryError


class PrintedPage(NamedTuple):
    """The lines of a page in the order of the file, whether it shows a picture, what became of it.

    A page is a value of plain tuples: it travels between processes.
    """

    lines: tuple[TextLine, ...] = ()
    picture: bool = False
    state: PageState = "read"
