"""Pictures: the bytes of an upload to bytes that are safe to show to a model."""

from components.pictures.prepare import (
    DEFAULT_LIMITS,
    PictureChange,
    PictureLimits,
    Prepared,
    check_count,
    prepare,
)

__all__ = ["DEFAULT_LIMITS", "PictureChange", "PictureLimits", "Prepared", "check_count", "prepare"]
