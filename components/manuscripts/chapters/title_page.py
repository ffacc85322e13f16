"""Title and author as the first lines of a text give them, where the file has no metadata."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from components.languages import languages
from components.manuscripts.chapters import titles
from components.manuscripts.chapters.headings import closed_up, parse
from components.manuscripts.document import Block, Document
from components.manuscripts.text.ornaments import bare, is_capital

#: Characters. A longer first line is a sentence.
_MAX_TITLE = 100
#: Blocks of a title page, and of Project Gutenberg's header.
_TITLE_BLOCKS, _HEADER_BLOCKS = 4, 16
_BY = frozenset(word for language in languages().values() for word in language.by)
#: What stands before a colon where a text begins with what it is: "Title: Rain", 作者：林远.
_FACTS = dict.fromkeys((*_BY, "author"), "author") | {
    word: "title" for language in languages().values() for word in language.titled
}
#: Words of a name; what is longer is no author.
_NAME_WORDS = 6
_MARKS = " \t\u3000*_"
_COLON = re.compile(r"\s*[:：】]+\s*")


def title_page(document: Document) -> tuple[str, str]:
    """Return title and author, empty where the first lines of a document do not say."""
    blocks = document.blocks
    facts = _header(blocks)
    if facts["title"]:
        return facts["title"], facts["author"]
    lines: list[str] = []
    for block in blocks[:_TITLE_BLOCKS]:
        if len(block.text) > 4 * _MAX_TITLE:
            break
        lines += [line.strip() for line in block.text.split("\n") if line.strip()]
    head, mark, tail = lines[0].partition("》") if lines else ("", "", "")
    if by_line(tail):  # 《大河》作者：林远
        lines[:1] = [head + mark, tail]
    title = next((block.text for block in blocks if block.role == "title"), "")
    title = " ".join(title.split())[: 2 * _MAX_TITLE]
    if not title and lines and _stands_alone(document, lines):
        title = closed_up(bare(lines[0]))
    return (title, _author(lines[1:4]) or _name_below(blocks)) if title else ("", "")


def _header(blocks: Sequence[Block]) -> dict[str, str]:
    """Return the title and the author that the first lines name as such."""
    facts = {"title": "", "author": ""}
    is_header = blocks and "gutenberg" in blocks[0].text[: 2 * _MAX_TITLE].casefold()
    for block in blocks[: _HEADER_BLOCKS if is_header else _TITLE_BLOCKS]:
        for line in block.text[: 4 * _MAX_TITLE].split("\n"):
            name, *value = _COLON.split(line.strip(f"{_MARKS}【"), maxsplit=1)
            fact = _FACTS.get(name.casefold()) if value else None
            if fact:
                facts[fact] = facts[fact] or bare(value[0])
    return facts


def _stands_alone(document: Document, lines: Sequence[str]) -> bool:
    """Return whether the first line is a title: short, no sentence, nothing right below it."""
    blocks = document.blocks
    first = lines[0].strip(_MARKS)
    if not first or len(first) > _MAX_TITLE or parse(first) is not None:
        return False
    if blocks[0].level:
        return all(block.level != blocks[0].level or block.text == first for block in blocks[1:])
    apart = document.source != "txt" or len(blocks) < 2 or blocks[1].gap > 0
    alone = ("\n" not in blocks[0].text or titles.is_capitals(first)) and apart
    if len(lines) > 1 and not alone and not _author(lines[1:2]):
        return False
    return first[-1] not in ".,;:!?”»。，；：！？」』" and first[0] not in "“«\"'「『"


def by_line(text: str) -> bool:
    """Return whether a line says by whom the book is: "by Ada Fieldflower"."""
    return bool(_author([" ".join(text.split())]))


def _author(lines: Sequence[str]) -> str:
    """Return the name in the first of `lines` that says "by" somebody, or 作者： somebody."""
    shown = [line.strip(_MARKS) for line in lines]
    for line, below in zip_longest(shown, shown[1:]):
        by, _, name = " ".join(_COLON.sub(" ", line, count=1).split()).partition(" ")
        if by.casefold() not in _BY:
            continue
        name = name or below or ""
        if name and is_capital(name[0]) and len(name.split()) <= _NAME_WORDS:
            return name
    return ""


def _name_below(blocks: Sequence[Block]) -> str:
    """Return the name alone between a marked title and the next marked heading."""
    if len(blocks) < 3 or blocks[1].level or not blocks[2].level:
        return ""
    name = blocks[1].text.strip(_MARKS)
    words = name.split()
    marked = blocks[0].level > 0 or blocks[0].role == "title"
    named = 1 < len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words)
    return name if marked and named and "\n" not in name else ""
