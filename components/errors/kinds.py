"""The exceptions by their names, so that one that was written down comes back as what it was."""

from __future__ import annotations

from typing import TypeVar

from components.errors.base import FirstReaderError

E = TypeVar("E", bound=FirstReaderError)


def kinds(of: type[E]) -> dict[str, type[E]]:
    """Return `of` and every exception of ours below it, by name."""
    found = {of.__name__: of}
    for lower in of.__subclasses__():
        if lower.__module__.startswith("components.errors."):
            found |= kinds(lower)
    return found
