"""What every database takes as text."""

from __future__ import annotations


def storable(text: str) -> str:
    """Replace halves of surrogate pairs and the null character, each by one other character."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
