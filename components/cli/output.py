"""What commands print: text to standard output, all else to standard error.

Where standard error is a terminal, one line of it shows what a model does and is updated in place;
elsewhere a new line is written when the stage changes, and once a minute.
"""

import argparse
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable
from typing import Any

#: Seconds between two updates of the line in place, and between two lines of one stage.
_IN_PLACE, _PLAIN = 1.0, 60.0

#: Columns of a terminal that does not say.
_USUAL_WIDTH = 80

#: Of a terminal: back to the first column, and clear what stands behind.
_START, _CLEAR = "\r", "\x1b[K"


class StatusLine:
    """The line on standard error that shows the progress."""

    def __init__(self) -> None:
        self._stage: object = None
        self._since = self._next = 0.0
        self._shown = False

    def show(
        self, stage: object, text: Callable[[], str], *, every: float = _IN_PLACE, after: float = 0
    ) -> None:
        """Show what `text` returns, if `stage` is another than before or some time has passed.

        A line in place is updated at most once in `every` seconds. Nothing is shown before the
        stage has lasted `after` seconds.
        """
        now, in_place = time.monotonic(), _is_terminal()
        if stage != self._stage:
            self._stage, self._since, self._next = stage, now, now
        if now < max(self._next, self._since + after):
            return
        self._next = now + (every if in_place else _PLAIN)
        line = printable(text())
        if in_place:
            _write(f"{_START}{_cut(line, _width() - 1)}{_CLEAR}")
            self._shown = True
        else:
            _write(f"[{line}]\n")

    def clear(self) -> None:
        """Clear the line, so that something else can be written there."""
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


def out_json(value: Any) -> None:
    """Write a value as JSON to standard output."""
    out(json.dumps(value, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """Write a line to standard error."""
    status_line.clear()
    _write(f"[{printable(text)}]\n")


def note_model(arguments: argparse.Namespace, name: str) -> None:
    """Name the model that is asked, where the command does not."""
    if arguments.model is None:
        note(f"model {name}")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _is_terminal() -> bool:
    """Whether standard error is a terminal that can go back on its line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Return `text` on one line, without control characters: headings are untrusted."""
    return "".join(character if character.isprintable() else " " for character in text)


def _width() -> int:
    """Return the columns of the terminal that standard error is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _cut(text: str, width: int) -> str:
    """Return as much of `text` as `width` columns hold: a longer line could not be taken back."""
    columns = end = 0
    for at, character in enumerate(text, 1):
        columns += _columns(character)
        if columns < width:
            end = at
    return text if columns <= width else f"{text[:end]}…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
