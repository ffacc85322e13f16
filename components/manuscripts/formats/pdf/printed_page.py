"""A page as it is printed: lines of text and where they stand.

What a PDF or text recognition gives before it is prose. Positions are in points (1/72 inch) from
the lower left corner of the page, so that a line higher on the page has the larger `y`.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, NamedTuple


class TextLine(NamedTuple):
    """A line as printed.

    `x` is where its first letter stands, `right` where its last one ends, `y` its baseline, `size`
    the height of most of its letters in points, `bold` whether they are bold. `starts` are the
    places after wide gaps, as (position, offset in `text`), the first letter's with them: none
    where the line is in one piece. `opens` is whether a large initial says that a paragraph begins.
    """

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    starts: tuple[tuple[float, int], ...] = ()
    opens: bool = False
    right: float = 0.0


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
    """The lines of a page from top to bottom, whether it shows a picture, what became of it.

    `notes` is what libraries logged of it. A page is a value of plain tuples: it travels between
    processes.
    """

    lines: tuple[TextLine, ...] = ()
    picture: bool = False
    state: PageState = "read"
    notes: tuple[str, ...] = ()


@contextmanager
def noted() -> Iterator[list[str]]:
    """Give a list to which is added what libraries log meanwhile, without the file's own words."""
    notes: list[str] = []
    handler = _Notes(notes)
    loggers = [logging.getLogger(name) for name in ("pypdf", "fontTools")]
    before = [(logger, logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
    try:
        yield notes
    finally:
        for logger, handlers, propagate in before:
            logger.handlers, logger.propagate = handlers, propagate


class _Notes(logging.Handler):
    """Adds warnings to a list, each once."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._notes = notes

    def emit(self, record: logging.LogRecord) -> None:
        note = re.sub(r"%(?:\(\w+\))?[a-z]", "…", str(record.msg)).strip().rstrip(".")
        if note not in self._notes:
            self._notes.append(note)
