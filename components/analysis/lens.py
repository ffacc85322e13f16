"""Lenses: the questions that an editor asks of a manuscript, as plain files.

A lens is a Markdown file whose first line is its title; the rest is the prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

DEFAULT_LENS = "storyteller"


@dataclass(frozen=True, slots=True)
class Lens:
    """One question: `name` of its file, `title` for people, `prompt` for the model."""

    name: str
    title: str
    prompt: str

    @property
    def brief(self) -> str:
        """What is asked of one chapter, where the prompt is asked of the whole book."""
        return self.prompt


@cache
def lens(name: str = DEFAULT_LENS) -> Lens:
    """Return the lens called `name`. Raises: FileNotFoundError, a fault in the program."""
    path = resources.files("components.analysis") / "lenses" / f"{name}.md"
    title, _, prompt = path.read_text(encoding="utf-8").partition("\n")
    return Lens(name, title.removeprefix("#").strip(), prompt.strip())
