"""What holds at one point of an RTF file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class State:
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


@dataclass(slots=True)
class Line:
    """The paragraph being read; `marks` is what held where its text began."""

    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    number: str = ""
    contents: bool = False
    marks: State | None = None
