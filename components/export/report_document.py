"""What a file of a report holds, in its order, before any format: plain values.

Each format lays these out and decides nothing else, so that what one file says the others say too.
Everything here but `Answer` is First Reader's own words, or a name from the manuscript: one line,
untrusted all the same, which each format writes as text and never as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.markdown import Highlight, parse
from components.plots.static_plots import PlotImage


@dataclass(frozen=True, slots=True)
class FactList:
    """Names with what they are."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of First Reader's."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What must be known before anything else is read."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of words, none of them a model's."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote: untrusted markdown, with marks on its quotations.

    `language` is the tag (BCP 47) of the one that it was told to write in; empty where that is not
    known.
    """

    source: str
    marks: tuple[Highlight, ...] = ()
    language: str = ""

    def lowering(self, level: int) -> int:
        """Return by how many levels its headings go down, so that the highest is under `level`.

        A model begins with any level; whatever it is, nothing of it stands beside a section.
        """
        levels = [int(one.tag[1:]) for one in parse(self.source) if one.type == "heading_open"]
        return level + 1 - min(levels, default=1)


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a model quotes; `said` says where it was found, or that it was not.

    `quoted_in` names the texts of the report that quote it.
    """

    text: str
    is_found: bool
    said: str
    quoted_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text to be shown as it is: a prompt, an answer in JSON."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, all of one length; the columns in `figures` hold figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


Block = FactList | Paragraph | Notice | Listing | Answer | Quotation | Verbatim | Table | PlotImage


@dataclass(frozen=True, slots=True)
class FileSection:
    """A heading with what stands under it, and the sections below it."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[FileSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All of a file; `notice` stands before everything but the title."""

    title: str
    subtitle: str
    author: str
    notice: Notice | None
    facts: FactList
    about: tuple[Paragraph, ...]
    sections: tuple[FileSection, ...]

    def walk(self) -> Iterator[tuple[int, FileSection]]:
        """Yield every section in the order of reading, with its level: 1 stands right below."""
        for section in self.sections:
            yield from _walk(section, 1)


def _walk(section: FileSection, level: int) -> Iterator[tuple[int, FileSection]]:
    yield level, section
    for one in section.sections:
        yield from _walk(one, level + 1)
