r"""Blocks of a document to one text in which each has its place.

The text is canonical: blocks are set apart by one blank line, a lone `\n` inside one breaks a line
on purpose, and nothing is in it that does not show (`decoding.Cleaner`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.manuscripts.document import Block
from components.manuscripts.text.decoding import Cleaner
from components.manuscripts.text.ornaments import is_break

BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block, the characters of the text that are it, and how many words stand before."""

    block: Block
    start: int
    end: int
    words_before: int
    words: int

    @property
    def text(self) -> str:
        """Return the text of the block."""
        return self.block.text


@dataclass(frozen=True, slots=True)
class Canonical:
    """The text, and its blocks in order. `places` says for each block given which one it is.

    A block without text has no place of its own: it points at the one that comes next.
    """

    text: str
    placed: tuple[PlacedBlock, ...]
    places: tuple[int, ...]
    warnings: tuple[str, ...]

    @property
    def words(self) -> int:
        """Return the number of words."""
        return self.placed[-1].words_before + self.placed[-1].words if self.placed else 0


def lay_out(blocks: Sequence[Block]) -> Canonical:
    """Return the text that `blocks` make."""
    cleaner = Cleaner()
    placed: list[PlacedBlock] = []
    places: list[int] = []
    texts: list[str] = []
    at = words = gap = 0
    broken = False
    label = ""
    for block in blocks:
        places.append(len(placed))
        shown = _tidy(cleaner.clean(block.text))
        if not shown:
            broken = broken or block.role == "break"
            label = label or block.label
            gap = max(gap, block.gap)
            continue
        role = block.role
        if role == "break" and any(char.isalnum() for char in shown) and not is_break(shown):
            role = "body"  # "XXX" is thirty
        label = block.label or label
        gap = max(block.gap, gap)
        if (shown, role, label, gap, broken) != (
            block.text,
            block.role,
            block.label,
            block.gap,
            False,
        ):
            block = replace(
                block,
                text=shown,
                role=role,
                label=" ".join(cleaner.clean(label).split()),
                gap=gap,
                after_break=broken,
            )
        count = len(shown.split())
        placed.append(PlacedBlock(block, at, at + len(shown), words, count))
        texts.append(shown)
        at += len(shown) + len(BETWEEN)
        words += count
        gap, broken, label = 0, False, ""
    return Canonical(BETWEEN.join(texts), tuple(placed), tuple(places), tuple(cleaner.warnings()))


def _tidy(text: str) -> str:
    r"""Return a block's text without white space around it or before `\n`, nor blank lines."""
    text = text.strip()
    if "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
    return text
