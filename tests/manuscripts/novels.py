"""Novels in code: prose with nothing like a heading in it, and headings to put above it."""

from __future__ import annotations

from collections.abc import Iterable

from components.languages import count_words
from components.manuscripts import DEFAULT_LIMITS, Chapter, Manuscript, Source
from components.manuscripts.document import Block, Document
from components.manuscripts.formats.markdown import read_text
from components.manuscripts.parse import to_manuscript

SENTENCES = (
    "The rain had not stopped since Tuesday, and nobody in the house spoke of it.",
    "She put the kettle on and waited for the post, which was late again.",
    "There was a smell of paraffin in the hall that no window could drive out.",
    "He said that he would go on Friday, and then that he would not go at all.",
    "Far below them the river turned over in its bed and slept.",
)


def prose(seed: int, *, words: int = 400) -> str:
    """Paragraphs that begin with words of their own, told apart by `seed`."""
    paragraphs = []
    count = 0
    while count < words:
        first = (seed + len(paragraphs)) % len(SENTENCES)
        order = [SENTENCES[(first + step) % len(SENTENCES)] for step in range(4)]
        paragraphs.append(f"Stretch {seed} went on. " + " ".join(order))
        count += len(paragraphs[-1].split())
    return "\n\n".join(paragraphs)


def book(*headings: str, top: str = "", words: int = 400, gap: str = "\n\n\n") -> str:
    """A plain text: each heading, a blank line, and prose of its own."""
    return top + "".join(
        f"{heading}\n\n{prose(seed, words=words)}{gap}" for seed, heading in enumerate(headings)
    )


def read(text: str, *, markdown: bool = False) -> Manuscript:
    """`text` as a file of it would be read, in this process."""
    document = read_text(text.encode(), markdown=markdown, limits=DEFAULT_LIMITS)
    return to_manuscript(document, name="a.txt", sha256="", limits=DEFAULT_LIMITS)


def read_blocks(blocks: Iterable[Block], *, source: Source = "docx", title: str = "") -> Manuscript:
    """A document as its reader would give it."""
    document = Document(tuple(blocks), source, title=title)
    return to_manuscript(document, name="a.docx", sha256="", limits=DEFAULT_LIMITS)


def headed(manuscript: Manuscript) -> list[Chapter]:
    """The chapters that have a heading, after checking that all of them tile the text."""
    assert_tiles(manuscript)
    return [one for one in manuscript.chapters if not one.is_headless]


def headings(manuscript: Manuscript) -> list[str]:
    return [one.heading for one in headed(manuscript)]


def body(manuscript: Manuscript, one: Chapter) -> str:
    return manuscript.text[one.body_start : manuscript.body_end(one)]


def assert_tiles(manuscript: Manuscript) -> None:
    chapters, text = manuscript.chapters, manuscript.text
    if not chapters:
        return
    assert chapters[0].start == 0
    assert chapters[-1].end == len(text)
    for at, one in enumerate(chapters):
        assert one.index == at + 1
        assert one.start <= one.heading_start <= one.body_start <= one.end
        assert at == 0 or chapters[at - 1].end == one.start
        assert one.words == count_words(text[one.body_start : one.end])
        assert all(one.body_start < scene < one.end for scene in one.scenes)
