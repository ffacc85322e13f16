"""The levels of an answer's headings on a page, of which none is skipped.

Models begin with "###" as readily as with "#", and go from there to "#####". Who listens to a page
finds their way by its headings, and is misled where one is missing between two.
"""

from __future__ import annotations

from copy import copy

#: HTML has no heading below this.
LOWEST = 6


class Headings:
    """Levels of one answer's headings, given in their order; the first is at `top`."""

    def __init__(self, top: int = 2) -> None:
        self._top = top
        self._open: tuple[int, ...] = ()

    def level(self, written: int) -> int:
        """Return the level of the next heading, which was written with so many signs.

        One that was written below the last stands one level below it, one as high as an earlier
        one stands beside that.
        """
        self._open = (*(one for one in self._open if one < written), written)
        return min(self._top + len(self._open) - 1, LOWEST)

    def copy(self) -> Headings:
        """Return one that goes on from here, for a text that is not finished."""
        return copy(self)
