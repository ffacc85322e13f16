"""What commands print: text to standard output, all else to standard error.

Where standard error is a terminal, one line of it says what a model does and is written again in
its place; elsewhere that is said in a line of its own where the stage changes, and once a minute.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import unicodedata
from collections.abc import Callable

#: Seconds between two writings of the line in its place, and between two lines of one stage.
_IN_PLACE, _PLAIN = 1.0, 60.0

#: Columns of a terminal that does not say.
_USUAL_WIDTH = 80

#: Of a terminal: back to the first column, and clear what stands behind.
_START, _CLEAR = "\r", "\x1b[K"


class StatusLine:
    """The line on standard error that says what goes on."""

    def __init__(self) -> None:
        self._stage: object = None
        self._next = 0.0
        self._shown = False

    def show(self, stage: object, said: Callable[[], str], *, every: float = _IN_PLACE) -> None:
        """Say what `said` returns, where `stage` is another than before or some time has passed.

        In its place the line is written again `every` so many seconds.
        """
        now, in_place = time.monotonic(), _is_terminal()
        if stage == self._stage and now < self._next:
            return
        self._stage, self._next = stage, now + (every if in_place else _PLAIN)
        text = _printable(said())
        if in_place:
            _write(f"{_START}{_cut(text, _width() - 1)}{_CLEAR}")
            self._shown = True
        else:
            _write(f"[{text}]\n")

    def clear(self) -> None:
        """Take the line away, so that something else can be written there."""
        if self._shown:
            _write(_START + _CLEAR)
        self._shown, self._next = False, 0.0 if self._shown else self._next


#: The one line of this process.
status_line = StatusLine()


def out(text: str, *, end: str = "\n") -> None:
    """Write to standard output at once."""
    if sys.stdout.isatty():
        status_line.clear()
    sys.stdout.write(text + end)
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line to standard error."""
    status_line.clear()
    _write(f"[{_printable(text)}]\n")


def note_model(given: argparse.Namespace, name: str) -> None:
    """Say which model is asked where the command names none."""
    if given.model is None:
        note(f"model {name}")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _is_terminal() -> bool:
    """Whether standard error is a terminal that can go back on its line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _printable(text: str) -> str:
    """Return `text` on one line, without what a terminal would obey: headings are anybody's."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _width() -> int:
    """Return the columns of the terminal that standard error is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _cut(text: str, width: int) -> str:
    """Return as much of `text` as `width` columns hold: a longer line could not be taken back."""
    columns = end = 0
    for at, sign in enumerate(text, 1):
        columns += _columns(sign)
        if columns < width:
            end = at
    return text if columns <= width else f"{text[:end]}…"


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
