"""Documents from what readers of Word, EPUB, OpenDocument and RTF files find, by the same rules.

White space at the ends of lines and soft hyphens go. A paragraph of nothing but ornaments is a
break between scenes, and so is an empty one where empty paragraphs are rare.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from components.errors import LimitReached
from components.manuscripts.document import Block, Document, Role
from components.manuscripts.formats import metadata
from components.manuscripts.formats.safe_xml import Element
from components.manuscripts.formats.styles import Style
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Footnote, Source
from components.manuscripts.text.decoding import counted

#: Characters. Jules Verne's longest chapter title has 111; a far longer one is a paragraph whose
#: style was left over.
_MAX_HEADING = 400
#: The most paragraphs in the style of the book's title. More are headings: Google Docs offers
#: "Title" first, and some write their chapters with it.
_MAX_TITLES = 3
#: Share of paragraphs with a gap before them up to which a gap is a break between scenes.
_RARE_GAPS = 0.1
_MAX_ORNAMENT = 60
#: So many pictures, with fewer characters to each than a page has, are pictures of the pages.
_PICTURES, _PICTURED = 3, 200
#: Blank lines that the end of a page counts for.
_PAGE = 9

_ORNAMENTS = frozenset("*#~•·∙⋅_=+-–—―§¶×†‡|/\\⁂⁎⁑※<>{}°^‧⸙")
_LETTERED = re.compile(r"[-–—~*=\s]*(?:[oO0]{3}|[xX](?:\s*[xX]){2,4})[-–—~*=\s]*")
_BLANK_LINE = re.compile(r"\n\s*\n")
#: A drop cap that a file sets as a paragraph of its own.
_INITIAL = re.compile(r"[“‘\"'«„]?[^\W\d_]")
#: Characters of the text that goes on after it; cells of a table are shorter.
_INITIAL_PROSE = 20


@dataclass(slots=True)
class GatheredParagraph:
    """What a reader gathers of one paragraph.

    `boxes` are text boxes that hang on it, `letters` counts its letters by how they are set (bold,
    size), `number` is what the program writes before it. `contents` is whether it stands in a table
    of contents, `rule` whether a line is drawn through it, `initial` whether it begins with a drop
    cap.
    `sources` are the elements that `parts` come from, one for each; of Word files only.
    """

    parts: list[str] = field(default_factory=list)
    sources: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    letters: Counter[tuple[bool, str]] = field(default_factory=Counter)
    number: str = ""
    contents: bool = False
    rule: bool = False
    initial: bool = False

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(self.parts)

    def shown_number(self, style: Style) -> str:
        """Return the number that stands before its text, "" for bullets and lists of contents."""
        number = "" if self.contents or style.role in ("contents", "title") else self.number.strip()
        return number if any(map(str.isalnum, number)) else ""

    def add_letters(self, text: str, *, bold: bool, size: str) -> None:
        """Count the letters of a stretch of text; `size` is as the file writes it."""
        if text.strip():
            self.letters[bold, size] += len(text)

    def look(self, *, centred: bool, style: str = "") -> str:
        """Return how it is set, as one word that two paragraphs set alike share.

        A typescript without heading styles still shows its headings. Bold is where all of it is
        bold, the size is that of most of it. Where it is neither bold nor centred, the name of its
        `style` tells it from others: an author's own style is for something.
        """
        if not self.letters:
            return ""
        size = self.letters.most_common(1)[0][0][1]
        bold = all(bold for bold, _ in self.letters)
        named = "" if centred or bold else style
        return " ".join(filter(None, ("centred" * centred, "bold" * bold, size, named)))


class BlockBuilder:
    """Blocks as a reader finds them, and what it leaves out of them; `document` gives all."""

    def __init__(self, *, limits: Limits) -> None:
        self.comments = 0
        self.hidden_words = 0
        self.has_changes = False
        #: Pictures in the file, which may be of pages.
        self.pictures = 0
        self._blocks: list[Block] = []
        #: Notes, each with the number of the block that it hangs on.
        self._notes: list[tuple[int, str]] = []
        self._characters = 0
        self._limits = limits
        self._gap = 0

    def add_paragraph(self, paragraph: GatheredParagraph, style: Style) -> None:
        """Add a paragraph as its style says. Raises: LimitReached."""
        text = paragraph.text
        if number := paragraph.shown_number(style):
            after = text.lstrip()
            pages = "\f" * text[: len(text) - len(after)].count("\f")
            text = f"{pages}{number} {after}"
        if paragraph.contents or style.role == "contents":
            block = Block(text, "contents")
        elif style.role == "title":
            block = Block(text, "title")
        elif style.level:
            block = Block(text, "heading", style.level)
        else:
            role: Role = "prose" if paragraph.initial else "body"
            look = paragraph.look(centred=bool(style.centered), style=style.name)
            block = Block(text, role, look=look)
        self.add(block, tuple(filter(None, paragraph.notes)))

    def add(self, block: Block, notes: Sequence[str] = ()) -> None:
        r"""Add a paragraph, or nothing where it is empty. Raises: LimitReached.

        `\n` in its text breaks a line, `\f` a page. `notes` are those whose marks it holds.
        """
        before = len(self._blocks)
        self._notes += [(before, note) for note in notes]
        self._count(sum(map(len, notes)))
        for number, page in enumerate(block.text.split("\f")):
            if number:
                self.new_page()
            for paragraph in _paragraphs(page, whole=block.role in ("heading", "title")):
                label = block.label if len(self._blocks) == before else ""
                self._append(replace(block, text=paragraph, label=label))
        if len(self._blocks) == before:
            self._gap = min(self._gap + 1, _PAGE)

    def rule(self) -> None:
        """Add a break without a text; one after another is the same one."""
        if not self._blocks or self._blocks[-1].role != "break":
            self._append(Block("", "break"))

    def new_page(self) -> None:
        """Let the next block begin a page."""
        self._gap = _PAGE

    def left_out(self) -> list[str]:
        """Return a sentence each for what was not read: pictures of pages, comments and so on."""
        warnings = []
        if self.pictures >= _PICTURES and self._characters < _PICTURED * self.pictures:
            shown = counted(self.pictures, "picture")
            warnings.append(f"There are {shown} and few words: what pictures show was not read.")
        if self.has_changes:
            warnings.append("The file has tracked changes: it was read as if all were accepted.")
        if self.comments:
            warnings.append(f"Left out {counted(self.comments, 'comment')}.")
        if self.hidden_words:
            warnings.append(f"Left out {counted(self.hidden_words, 'word')} of hidden text.")
        return warnings

    def document(
        self,
        source: Source,
        *,
        title: str = "",
        author: str = "",
        language: str = "",
        warnings: Sequence[str] = (),
    ) -> Document:
        """Return the blocks and notes as a document; its metadata is what the file says of it."""
        titles = [at for at, block in enumerate(self._blocks) if block.role == "title"]
        for at in titles if len(titles) > _MAX_TITLES else ():
            if len(self._blocks[at].text) <= _MAX_HEADING:
                self._blocks[at] = replace(self._blocks[at], role="heading", level=1)
        breaks = self._gaps()
        blocks: list[Block] = []
        positions = []
        for index, block in enumerate(self._blocks):
            if index in breaks and not block.label:
                blocks.append(Block("", "break"))
            positions.append(len(blocks))
            blocks.append(block)
        while blocks and blocks[-1].role == "break" and not blocks[-1].text:
            blocks.pop()  # a line under the end parts it from nothing
        last = max(0, len(blocks) - 1)
        positions.append(last)
        return Document(
            tuple(blocks),
            source,
            title=metadata.title(title),
            author=metadata.author(author),
            language=metadata.language(language),
            notes=tuple(Footnote(text, min(positions[at], last)) for at, text in self._notes),
            warnings=tuple(warnings),
        )

    def _append(self, block: Block) -> None:
        self._count(len(block.text) + 2)
        if block.role == "heading" and len(block.text) > _MAX_HEADING:
            block = replace(block, role="body", level=0)
        if block.role == "body" and is_ornament(block.text):
            block = replace(block, role="break")
        if self._continues_initial(block):
            before = self._blocks.pop()
            block = replace(before, text=before.text + block.text, role="prose")
            self._gap = before.gap
        self._blocks.append(replace(block, gap=self._gap) if self._gap else block)
        self._gap = 0

    def _continues_initial(self, block: Block) -> bool:
        """Return whether `block` is what follows a drop cap that the file sets as a paragraph."""
        if not self._blocks or block.role != "body" or block.label or not block.text[0].islower():
            return False
        before = self._blocks[-1]
        lone = before.role == "body" and _INITIAL.fullmatch(before.text) is not None
        return lone and before.text[-1].isupper() and len(block.text) >= _INITIAL_PROSE

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._limits.characters:
            raise LimitReached(f"The text has more than {self._limits.characters:,} characters.")

    def _gaps(self) -> set[int]:
        """Return before which blocks a gap parts two scenes."""
        gaps = {
            at
            for at, (above, below) in enumerate(pairwise(self._blocks), 1)
            if 0 < below.gap < _PAGE and _is_prose(above) and _is_prose(below)
        }
        bodies = sum(block.role in ("body", "prose") for block in self._blocks)
        return gaps if len(gaps) <= _RARE_GAPS * bodies else set()


def is_ornament(text: str) -> bool:
    """Return whether `text` is nothing but ornaments, as in "* * *", "#", "❦" or "-oOo-"."""
    compact = "".join(text.split())
    return 0 < len(compact) <= _MAX_ORNAMENT and (
        all(char in _ORNAMENTS or unicodedata.category(char) in ("So", "Co") for char in compact)
        or _LETTERED.fullmatch(text) is not None
    )


def _is_prose(block: Block) -> bool:
    """Return whether `block` ends as a sentence does; lines of a title page do not."""
    return block.role in ("body", "prose") and not block.text[-1].isalnum()


def _paragraphs(text: str, *, whole: bool) -> list[str]:
    """Return the paragraphs in `text`, lines stripped; `whole` makes one of them."""
    text = text.replace("\xad", "")
    lines = "\n".join(line.strip() for line in text.split("\n")).strip("\n")
    if not lines:
        return []
    return [_BLANK_LINE.sub("\n", lines)] if whole else _BLANK_LINE.split(lines)
