"""A small manuscript with everything in it that a quotation may meet."""

from __future__ import annotations

from components.evidence import Index
from components.manuscripts import Manuscript, read

TEXT = """The Lighthouse

by A. Writer

Chapter 1

THE KEEPER HAD never wanted a visitor. “I do not know you,” he said, “and I don’t wish to.”

Mr. Tolland looked out over the sea—grey, endless—and counted 1,204 waves. He was not afraid of the
storm, which had been coming up all night from the south. It was a well-known, non-violent sea.

“Well… I suppose,” said Anna, “that the lamp must be lit.”

Chapter 2

The lamp burned low. L’homme d’État n’aimait pas la mer. Anna’s brother Émile wrote a letter [his
third] to the company; nobody answered it.

The lamp burned low. She climbed the two hundred steps again and did not look down.

Chapter 3

In the morning the sea was calm, and the boys’ boat lay on the shingle. Émile laughed.
"""


def manuscript() -> Manuscript:
    """The small manuscript, as reading it gives it."""
    return read(TEXT.encode(), name="lighthouse.txt")


def index() -> Index:
    """Its index."""
    return Index(manuscript())
