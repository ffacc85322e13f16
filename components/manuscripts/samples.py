"""The manuscript that ships with First Reader, to try it with before there is one of one's own."""

from __future__ import annotations

from importlib import resources

#: The first chapter of The Time Machine, by H. G. Wells (1895); in the public domain.
SAMPLE_NAME = "the-time-machine-1.txt"


def sample() -> tuple[str, bytes]:
    """Return the sample's file name and its bytes (UTF-8), as an upload would bring them."""
    folder = resources.files("components.manuscripts") / "samples"
    return SAMPLE_NAME, (folder / SAMPLE_NAME).read_bytes()
