r"""Blocks of a document to one canonical text in which each has its place.

Blocks are set apart by one blank line, a lone `\n` inside one breaks a line on purpose, and nothing
is in the text that does not show (`decoding.Cleaner`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components.languages import count_words
from components.manuscripts.document import Block
from components.manuscripts.text.decoding import Cleaner
from components.manuscripts.text.ornaments import is_break

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class PlacedBlock(Block):
    """A block with text, the characters of the whole text that are it, and its words."""

    start: int = 0
    end: int = 0
    words_before: int = 0
    words: int = 0

    @property
    def line(self) -> str:
        """Return the text of the block on one line."""
        return " ".join(self.text.split())


Blocks = Sequence[PlacedBlock]


@dataclass(frozen=True, slots=True)
class Canonical:
    """The text, and its blocks in order. `places` says for each block given which one it is.

    A block without text has no place of its own: it points at the one that comes next.
    """

    text: str
    placed: tuple[PlacedBlock, ...]
    places: tuple[int, ...]
    warnings: tuple[str, ...]


def lay_out(blocks: Sequence[Block]) -> Canonical:
    """Return the text that `blocks` make."""
    cleaner = Cleaner()
    placed: list[PlacedBlock] = []
    places: list[int] = []
    start = words_before = gap = 0
    after_break = False
    label = ""
    for block in blocks:
        places.append(len(placed))
        text = cleaner.clean(block.text).strip()
        if "\n" in text:  # no white space before it, nor blank lines
            text = "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
        gap = max(gap, block.gap)
        if not text:
            after_break = after_break or block.role == "break"
            label = label or block.label
            continue
        role = block.role
        if role == "break" and any(char.isalnum() for char in text) and not is_break(text):
            role = "body"  # "XXX" is thirty
        placed.append(
            PlacedBlock(
                text=text,
                role=role,
                level=block.level,
                label=" ".join(cleaner.clean(block.label or label).split()),
                matter=block.matter,
                gap=gap,
                after_break=after_break,
                look=block.look,
                start=start,
                end=start + len(text),
                words_before=words_before,
                words=count_words(text),
            )
        )
        start += len(text) + len(_BETWEEN)
        words_before += placed[-1].words
        gap, after_break, label = 0, False, ""
    text = _BETWEEN.join(block.text for block in placed)
    return Canonical(text, tuple(placed), tuple(places), tuple(cleaner.warnings()))
