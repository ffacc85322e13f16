"""Books set by hand, so that the tests need no other files: lines at places, heads, an outline.

The text is made up of the words below, so that every test knows what it must read again.
"""

from __future__ import annotations

import io
import random
from typing import NamedTuple

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

WORDS = """
    the rain had not stopped since morning and nobody in the house spoke of what they had seen
    by the river when a lantern came slowly over the bridge towards them without any sound but
    water perhaps somebody would remember afterwards how cold it became before winter reached
    their garden wall under heavy branches where children played every summer until evening
""".split()  # noqa: SIM905 - as prose it can be read


class Put(NamedTuple):
    """A piece of text at a place, in points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 12.0
    bold: bool = False


def prose(paragraphs: int, *, seed: int = 1, sentences: int = 6) -> list[str]:
    """Made-up paragraphs."""
    chance = random.Random(seed)
    made = []
    for _ in range(paragraphs):
        said = []
        for _ in range(chance.randint(2, sentences)):
            words = [chance.choice(WORDS) for _ in range(chance.randint(6, 16))]
            said.append(" ".join(words).capitalize() + ".")
        made.append(" ".join(said))
    return made


def wrap(text: str, width: int, *, indent: int = 0) -> list[str]:
    """The lines of a paragraph, of `width` characters, the first shorter by `indent`."""
    lines, line = [], ""
    for word in text.split():
        room = width - (indent if not lines else 0)
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


class Setter:
    """Sets paragraphs and headings on pages, from top to bottom."""

    def __init__(
        self,
        *,
        width: int = 60,
        top: float = 700,
        bottom: float = 90,
        left: float = 72,
        lead: float = 14,
        indent: float = 18,
        gap: float = 0,
        size: float = 12,
    ) -> None:
        self.pages: list[list[Put]] = [[]]
        self.width, self.top, self.bottom, self.left = width, top, bottom, left
        self.lead, self.indent, self.gap, self.size = lead, indent, gap, size
        self.y = top
        self.openings: list[int] = []

    def page(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.y = self.top

    def line(
        self, text: str, *, x: float | None = None, size: float = 0, bold: bool = False
    ) -> None:
        """Set one line."""
        if self.y < self.bottom:
            self.page()
        self.pages[-1].append(
            Put(self.left if x is None else x, self.y, text, size or self.size, bold)
        )
        self.y -= self.lead

    def heading(
        self, text: str, *, size: float = 0, bold: bool = False, drop: float = 60, x: float = 200
    ) -> None:
        """Begin a page with a heading."""
        if self.pages[-1]:
            self.page()
        self.openings.append(len(self.pages) - 1)
        self.y -= drop
        self.line(text, x=x, size=size, bold=bold)
        self.y -= 2 * self.lead

    def paragraph(self, text: str, *, indented: bool = True) -> None:
        """Set a paragraph."""
        by = self.indent if indented else 0
        for at, line in enumerate(wrap(text, self.width, indent=round(by / 6))):
            self.line(line, x=self.left + (by if at == 0 else 0))
        self.y -= self.gap

    def heads(self, say, *, y: float = 740, x: float = 72, openings: bool = False, first: int = 0):
        """Put what `say(index)` returns at the edge of each page but those that open a chapter."""
        for index, page in enumerate(self.pages):
            if index < first or (index in self.openings and not openings):
                continue
            said = say(index)
            if said:
                page.insert(0, Put(x, y, said, 10))


def pdf_of(
    pages: list[list[Put]], *, outline: list[tuple[str, int]] = (), title: str = ""
) -> bytes:
    """A PDF with each piece of text where it is put, and an outline of (title, page from 0)."""
    writer = PdfWriter()
    fonts = DictionaryObject(
        {
            NameObject(f"/{name}"): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject(f"/{face}"),
                    NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                }
            )
            for name, face in (("R", "Times-Roman"), ("B", "Times-Bold"))
        }
    )
    for puts in pages:
        page = writer.add_blank_page(width=612, height=792)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        said = [
            f"BT /{'B' if one.bold else 'R'} {one.size} Tf 1 0 0 1 {one.x} {one.y} Tm"
            f" ({_escaped(one.text)}) Tj ET"
            for one in puts
        ]
        content.set_data("\n".join(said).encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
    for name, page_number in outline:
        writer.add_outline_item(title=name, page_number=page_number)
    if title:
        writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
