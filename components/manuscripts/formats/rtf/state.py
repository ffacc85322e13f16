"""What holds at one point of an RTF file."""

from __future__ import annotations

from dataclasses import dataclass, field

from components.manuscripts.chapters.appearance import Letters

#: Control words for how text is set: bold, its size in half-points, where its lines stand.
LOOKS = frozenset({"b", "fs", "qc", "ql", "qr", "qj"})


@dataclass(slots=True)
class GroupState:
    """What a group inherits and gives back. `to` is where text goes: "text", "", "note", ..."""

    to: str = "text"
    optional: bool = False
    font: int | None = None
    substitute: int = 1
    hidden: bool = False
    deleted: bool = False
    contents: bool = False
    style: int = 0
    outline: int | None = None
    new_page: bool = False
    centred: bool = False
    bold: bool = False
    size: int = 0

    def new_paragraph(self) -> None:
        """Forget what was said of paragraphs, not what was said of letters."""
        self.style, self.outline, self.new_page, self.centred = 0, None, False, False

    def look(self, word: str, number: int | None) -> None:
        """Take one of `LOOKS`, the control words for how text is set."""
        if word == "b":
            self.bold = number != 0
        elif word == "fs":
            self.size = number or 0
        else:
            self.centred = word == "qc"


@dataclass(slots=True)
class RtfParagraph:
    """The paragraph being read; `marks` is what held where its text began."""

    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    number: str = ""
    contents: bool = False
    marks: GroupState | None = None
    letters: Letters = field(default_factory=Letters)
