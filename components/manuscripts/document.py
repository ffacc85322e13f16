"""What a reader of one format gives: blocks of text in reading order, and what is known of them.

A reader says what the file itself says (this is a heading of level 2, this is the title) and
leaves to `chapters` what that means for the book.
"""

from dataclasses import dataclass
from typing import Literal

from components.manuscripts.manuscript import Footnote, Source

#: What the file itself says that a block is. `body` is all that it says nothing special of;
#: `prose` is text that can be no heading, as it begins with a drop cap;
#: `break` is a rule or an ornament between two scenes, as in a `<hr/>`; `contents` is an entry of
#: a table of contents that stands in the text; `title` is of the book, on its title page.
Role = Literal["body", "prose", "heading", "title", "contents", "break"]

#: Where in a book the file says that a block belongs.
Matter = Literal["", "front", "body", "back"]


@dataclass(frozen=True, slots=True)
class Block:
    r"""A paragraph or a heading.

    `text` holds no `\n` but where the file breaks a line on purpose (verse, an address, a heading
    over two lines). `level` is 1 and more for a heading that the file marks as one, 1 the highest;
    0 otherwise. `label` is what the file's own navigation (an EPUB's, a PDF's outline) calls the
    section that begins here, where it says so, else empty. `matter` is where the file says the
    block belongs (EPUB's `epub:type`), else empty. `gap` is how far the block stands from the
    one before it, in blank lines, where the file shows that (a page break counts for many).
    `look` is how all of a paragraph is set ("centred bold 28"), as far as the file says so; two set
    alike have the same.
    """

    text: str
    role: Role = "body"
    level: int = 0
    label: str = ""
    matter: Matter = ""
    gap: int = 0
    after_break: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as its reader understood it.

    `title`, `author` and `language` (BCP 47, such as "en-GB") are the file's own metadata, empty
    where it has none worth showing. `encoding` is a text file's, `page_count` a PDF's. `notes` are
    footnotes and endnotes, which stand apart from the text; `Note.at` counts blocks here.
    `warnings` are sentences for the editor.
    """

    blocks: tuple[Block, ...]
    source: Source
    title: str = ""
    author: str = ""
    language: str = ""
    encoding: str | None = None
    page_count: int | None = None
    notes: tuple[Footnote, ...] = ()
    warnings: tuple[str, ...] = ()
