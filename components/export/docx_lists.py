"""Numbered lists in a Word document that each begin where they should.

Word counts all paragraphs of a list style as one list, so that the second list of a document would
go on from the first. Each gets a numbering of its own here, of the style's looks.
"""

from __future__ import annotations

from docx.document import Document
from docx.text.paragraph import Paragraph


def new_list(document: Document, style: str, *, start: int) -> int | None:
    """Return the number of a new list in `style` that begins at `start`; None without numbers."""
    properties = document.styles[style].element.pPr
    own = None if properties is None else properties.numPr
    if own is None or own.numId is None:
        return None
    numbering = document.part.numbering_part.element
    abstract = numbering.num_having_numId(own.numId.val).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


def put_in_list(paragraph: Paragraph, number: int) -> None:
    """Make `paragraph` an item of the list that `new_list` returned."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number
