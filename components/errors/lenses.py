"""Lenses: the questions that an editor keeps."""

from __future__ import annotations

from components.errors.base import FirstReaderError


class LensError(FirstReaderError):
    """A lens cannot be read, or not be kept."""

    default_advice = "Try again; what was kept before is not touched."


class UnknownLens(LensError):
    """There is no lens of that name."""

    default_advice = "Choose another lens; it may have been deleted in another window."
