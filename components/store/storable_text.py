"""What every database takes as text, and what is said of text that cannot be taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from components.engine import UNREADABLE
from components.errors import RecordUnreadable


def storable(text: str) -> str:
    """Replace halves of surrogate pairs and the null character, each by one other character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn what goes wrong while a row is taken apart into RecordUnreadable, which names `what`.

    Such a row was written by another version, or is damaged; the rows beside it are not.
    """
    try:
        yield
    except UNREADABLE:  # Its message holds a piece of the row, and so of the manuscript.
        raise RecordUnreadable(
            f"{what} cannot be read: it is damaged, or another version of First Reader wrote it."
        ) from None
