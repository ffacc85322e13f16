"""A picture as a model gets it, and what was done to the file for that."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PictureChange(StrEnum):
    """What was done to a picture, beside that it was encoded anew."""

    FIRST_FRAME = "first frame"  # it moved, and only its first picture is taken
    TURNED = "turned"  # as its camera noted which way is up
    SMALLER = "smaller"
    FLATTENED = "flattened"  # what was transparent is white
    FROM_PRINT = "from print"  # from CMYK, without the press's own profile
    CLEANED = "cleaned"  # what cameras and programs note in a file is gone
    LOCATION = "location"  # the place where it was taken was among that


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that is safe to send: `data` is a JPEG that this app encoded, without any notes.

    `name` is its file's; sizes are pixels, those of the file as it is seen upright.
    """

    name: str
    data: bytes = field(repr=False)
    width: int
    height: int
    original_width: int
    original_height: int
    changes: tuple[PictureChange, ...] = ()
