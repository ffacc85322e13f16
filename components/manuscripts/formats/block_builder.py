"""Making blocks: the same rules for what Word, EPUB, OpenDocument and RTF files give.

White space at the ends of lines goes, soft hyphens go, a blank line inside a paragraph makes two
of it. A paragraph of nothing but ornaments is a break. So is a lone empty paragraph where the
book's paragraphs stand without gaps: that is how many typescripts part scenes. Where gaps are
common they mean nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from components.errors import LimitReached
from components.manuscripts.document import Block
from components.manuscripts.manuscript import Footnote

if TYPE_CHECKING:
    from components.manuscripts.document import Role
    from components.manuscripts.limits import Limits

#: Characters. Jules Verne's longest chapter title has 111; a far longer one is a paragraph whose
#: style was left over.
_MAX_HEADING = 400
#: The most paragraphs in the style of the book's title. More are headings: Google Docs offers
#: "Title" first, and some write their chapters with it.
_MAX_TITLES = 3
#: Share of paragraphs with a gap before them up to which a gap is a break between scenes.
_RARE_GAPS = 0.1
_MAX_ORNAMENT = 60
#: Blank lines that the end of a page counts for.
_PAGE = 9

_ORNAMENTS = frozenset("*#~•·∙⋅_=+-–—―§¶×†‡|/\\⁂⁎⁑※<>{}°^‧⸙")
_LETTERED = re.compile(r"[-–—~*=\s]*(?:[oO0]{3}|[xX](?:\s*[xX]){2,4})[-–—~*=\s]*")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(slots=True)
class _Entry:
    block: Block
    notes: tuple[str, ...] = ()


class BlockBuilder:
    """Blocks as a reader finds them; `finish` gives them and the notes that hang on them."""

    def __init__(self, *, limits: Limits) -> None:
        self._entries: list[_Entry] = []
        self._characters = 0
        self._most = limits.characters
        self._gap = 0
        self._notes: tuple[str, ...] = ()

    def add(
        self,
        text: str,
        role: Role = "body",
        *,
        level: int = 0,
        label: str = "",
        matter: Literal["", "front", "body", "back"] = "",
        notes: tuple[str, ...] = (),
        look: str = "",
    ) -> bool:
        r"""Add a paragraph; return whether there was anything in it.

        `\n` in `text` breaks a line, `\f` a page. `notes` are those whose marks it holds.

        Raises: LimitReached.
        """
        added = False
        for number, sheet in enumerate(text.split("\f")):
            if number:
                self.new_page()
            for paragraph in _paragraphs(sheet, whole=role in ("heading", "title")):
                self._append(Block(paragraph, role, level, label, matter, look=look), notes)
                added, label, notes = True, "", ()
        self._notes += notes
        if not added:
            self._gap = min(self._gap + 1, _PAGE)
        return added

    def rule(self) -> None:
        """Add a break without a text; one after another is the same one."""
        if not self._entries or self._entries[-1].block.role != "break":
            self._append(Block("", "break"), ())

    def new_page(self) -> None:
        """Let the next block begin a page."""
        self._gap = _PAGE

    def finish(self) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
        """Return the blocks and their notes."""
        entries = self._without_false_titles()
        bodies = sum(entry.block.role == "body" for entry in entries)
        gaps = {
            at
            for at, (above, below) in enumerate(pairwise(entries), 1)
            if 0 < below.block.gap < _PAGE and _is_prose(above.block) and _is_prose(below.block)
        }
        if len(gaps) > _RARE_GAPS * bodies:
            gaps = set()
        blocks: list[Block] = []
        notes: list[Footnote] = []
        for at, entry in enumerate(entries):
            if at in gaps and not entry.block.label:
                blocks.append(Block("", "break"))
            notes += [Footnote(text, len(blocks)) for text in entry.notes]
            blocks.append(entry.block)
        while blocks and blocks[-1].role == "break" and not blocks[-1].text:
            blocks.pop()  # a line under the end parts it from nothing
        notes = [replace(note, at=min(note.at, max(0, len(blocks) - 1))) for note in notes]
        notes += [Footnote(text, max(0, len(blocks) - 1)) for text in self._notes]
        return tuple(blocks), tuple(notes)

    def _append(self, block: Block, notes: tuple[str, ...]) -> None:
        self._characters += len(block.text) + 2 + sum(map(len, notes))
        if self._characters > self._most:
            raise LimitReached(f"The text has more than {self._most:,} characters.")
        if block.role == "heading" and len(block.text) > _MAX_HEADING:
            block = replace(block, role="body", level=0)
        if block.role == "body" and is_ornament(block.text):
            block = replace(block, role="break")
        if self._gap:
            block = replace(block, gap=self._gap)
        self._entries.append(_Entry(block, self._notes + notes))
        self._notes, self._gap = (), 0

    def _without_false_titles(self) -> list[_Entry]:
        titles = [entry for entry in self._entries if entry.block.role == "title"]
        if len(titles) > _MAX_TITLES:
            for entry in titles:
                if len(entry.block.text) <= _MAX_HEADING:
                    entry.block = replace(entry.block, role="heading", level=1)
        return self._entries


def is_ornament(text: str) -> bool:
    """Return whether `text` is nothing but ornaments, as in "* * *", "#", "❦" or "-oOo-"."""
    compact = "".join(text.split())
    if not compact or len(compact) > _MAX_ORNAMENT:
        return False
    if all(one in _ORNAMENTS or unicodedata.category(one) in ("So", "Co") for one in compact):
        return True
    return _LETTERED.fullmatch(text) is not None


def _is_prose(block: Block) -> bool:
    """Return whether `block` ends as a sentence does; lines of a title page do not."""
    return block.role == "body" and not block.text[-1].isalnum()


def _paragraphs(text: str, *, whole: bool) -> list[str]:
    """Return the paragraphs in `text`, lines stripped; `whole` makes one of them."""
    text = text.replace("\xad", "")
    lines = "\n".join(line.strip() for line in text.split("\n")).strip("\n")
    if not lines:
        return []
    return [_BLANK_LINE.sub("\n", lines)] if whole else _BLANK_LINE.split(lines)
