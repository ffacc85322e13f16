"""Everything in a file, in its order, before any format: plain values.

Each format lays these out and decides nothing else, so that all files of one report say the same.
Everything but `Answer` is First Reader's own words, or a name from the manuscript: one line,
untrusted all the same, which each format writes as text and never as markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from components.markdown import Highlight, cut, parse
from components.plots.static_plots import PlotImage


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A line under the title."""

    text: str


@dataclass(frozen=True, slots=True)
class FactList:
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of First Reader's."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning to be read before anything else."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of lines, none of them a model's."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer: untrusted markdown, with marks on its quotations.

    `language` is the tag (BCP 47) of the language that it was told to write in, if known.
    """

    source: str
    marks: tuple[Highlight, ...] = ()
    language: str = ""

    def lowering(self, level: int) -> int:
        """Return by how many levels its headings go down, so that the highest is under `level`.

        A model begins with any level; no heading of its own may stand beside a section's.
        """
        levels = [
            int(token.tag[1:]) for token in parse(self.source) if token.type == "heading_open"
        ]
        return level + 1 - min(levels, default=1)

    def tokens(self) -> Sequence[Token]:
        """Parse it; its inline tokens are split where a mark begins or ends."""
        tokens = parse(self.source)
        for stretch, token in enumerate(token for token in tokens if token.type == "inline"):
            if marks := [mark for mark in self.marks if mark.stretch == stretch]:
                token.children = cut(token.children or [], marks)
        return tokens


@dataclass(frozen=True, slots=True)
class Quotation:
    """A model's quotation; `where` says where it was found, or that it was not.

    `quoted_in` names the texts of the report that quote it.
    """

    text: str
    is_found: bool
    where: str
    quoted_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text to be shown as it is: a prompt, an answer in JSON."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, all of one length; the columns in `figures` hold figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()


Block = (
    Subtitle
    | FactList
    | Paragraph
    | Notice
    | Listing
    | Answer
    | Quotation
    | Verbatim
    | Table
    | PlotImage
)


@dataclass(frozen=True, slots=True)
class FileSection:
    """A heading, the blocks under it and the sections below it.

    A section without a title has no heading; in Markdown a rule sets it apart.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[FileSection, ...] = ()

    def below(self, level: int) -> int:
        """Return the level under which the headings of an answer in it stand, itself at `level`.

        They stand below the headings of the sections beside them.
        """
        return level + bool(self.sections)

    def walk(self, level: int) -> Iterator[tuple[int, FileSection]]:
        """Yield this section and all below it in the order of reading, each with its level."""
        yield level, self
        for section in self.sections:
            yield from section.walk(level + 1)


@dataclass(frozen=True, slots=True)
class Contents:
    """All of a file; `notice` stands before everything but the title.

    `language` is the manuscript's (BCP 47), empty where unknown.
    """

    title: str
    subtitle: str = ""
    notice: Notice | None = None
    facts: FactList = FactList(())
    about: tuple[Block, ...] = ()
    sections: tuple[FileSection, ...] = ()
    language: str = ""

    @property
    def front(self) -> tuple[Block, ...]:
        """The blocks before the first section."""
        subtitle = Subtitle(self.subtitle) if self.subtitle else None
        front = (self.notice, subtitle, self.facts, *self.about)
        return tuple(block for block in front if block is not None)

    def walk(self) -> Iterator[tuple[int, FileSection]]:
        """Yield all sections in the order of reading: the title and the front first, at level 0."""
        yield from FileSection(self.title, self.front, self.sections).walk(0)
