"""Manuscripts to search: filler, with the passages that are looked for among it."""

from __future__ import annotations

from collections.abc import Sequence

from components.manuscripts import Manuscript, read

FILLER = (
    "The road went on between the fields, and nobody was to be seen on it. A cart passed. Rain "
    "fell for an hour and stopped again, and the hedges dripped. They spoke little and walked fast."
)


def novel(
    chapters: Sequence[Sequence[str]], *, filler: str = FILLER, between: int = 6
) -> Manuscript:
    """Return a manuscript of chapters whose paragraphs stand apart by so many of filler."""
    text = "".join(
        f"Chapter {number}\n\n"
        + "".join(f"{paragraph}\n\n" + f"{filler}\n\n" * between for paragraph in paragraphs)
        for number, paragraphs in enumerate(chapters, 1)
    )
    return read(text.encode(), name="novel.txt")
