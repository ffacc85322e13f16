"""Small books, made in code, whose figures can be counted by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from components.manuscripts import Chapter, Manuscript
from components.manuscripts.manuscript import ChapterKind


def book(
    *chapters: tuple[str, str], kinds: Sequence[ChapterKind] = (), language: str = ""
) -> Manuscript:
    """A manuscript of (heading, body) pairs; a text without chapters where a heading is empty."""
    text, found = "", []
    for index, (heading, body) in enumerate(chapters, 1):
        start = len(text)
        text += f"{heading}\n\n" if heading else ""
        body_start = len(text)
        text += f"{body}\n\n"
        if heading:
            kind: ChapterKind = kinds[index - 1] if kinds else "chapter"
            found.append(
                Chapter(
                    index,
                    heading,
                    kind,
                    start,
                    len(text),
                    len(body.split()),
                    number=index,
                    body_start=body_start,
                )
            )
    return Manuscript(
        title="A small book",
        text=text,
        chapters=tuple(found),
        source="txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        encoding="utf-8",
        page_count=None,
        warnings=(),
        language=language,
    )


FIRST = (
    "Mr. Marlow saw the lighthouse. It was slowly burning in the night, and nobody came.\n\n"
    "“I know the keeper,” said Anna Weir. “He is called Marlow, too.”\n\n"
    "The lighthouse fell at the end of the long day."
)
SECOND = (
    "Anna felt that the sea was cold. At the end of the long day Anna saw Marlow again.\n\n"
    "“What a storm!” she cried. “I saw it at the end of the long day.”\n\n"
    "Then Mr. Marlow and Anna went to Porthmere, and in Porthmere Mr. Marlow was really happy; "
    "only Porthmere knew why."
)


def two_chapters() -> Manuscript:
    """A book of two chapters in English."""
    return book(("Chapter 1", FIRST), ("Chapter 2", SECOND), language="en")
