"""Pictures: the bytes of an upload to bytes that are safe to show to a model."""

from components.pictures.limits import DEFAULT_LIMITS, PictureLimits
from components.pictures.prepare_in_sandbox import check_count, prepare
from components.pictures.prepared import PictureChange, Prepared

__all__ = [
    "DEFAULT_LIMITS",
    "PictureChange",
    "PictureLimits",
    "Prepared",
    "check_count",
    "prepare",
]
