r"""Text files, and Markdown as a document: `#` headings, paragraphs and rules, without the marks.

Writers use little of Markdown: headings, emphasis, a rule between scenes, a backslash before a
character that would mean something. That much is read; anything else stays as it is written.
Emphasis goes as it does from a Word file: what is read is the text. Footnotes are kept apart.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from components.manuscripts.chapters.headings import KEYED, parse
from components.manuscripts.document import Block, Document
from components.manuscripts.formats import plain
from components.manuscripts.formats.aozora import is_aozora, read_aozora
from components.manuscripts.formats.front_block import front_block
from components.manuscripts.formats.markdown_html import without_html
from components.manuscripts.formats.sniffing import looks_like_markdown
from components.manuscripts.formats.text_pages import without_pages
from components.manuscripts.limits import Limits
from components.manuscripts.manuscript import Footnote
from components.manuscripts.text.decoding import counted, decode
from components.manuscripts.text.ornaments import MAX_LINE

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_CLOSE_ATX = re.compile(r" {0,3}(#{1,6})([^\s#].*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
#: "{#id .class}" behind a heading, "{.smallcaps}" behind words, ":::" around paragraphs.
_ATTRIBUTES = re.compile(r"[ \t]*\{(?:[#.][^{}\n]{1,200}|-)\}[ \t]*#*[ \t]*\Z")
_SPAN = re.compile(r"\[([^\[\]\n]{0,500})\]\{[.#][^{}\n]{0,200}\}")
_DIV = re.compile(r" {0,3}:{3,}[ \t]*(?:\{[^{}]{0,200}\}|[\w-]{0,60})[ \t]*:*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_RUN = re.compile(r"[*_]+")
_BOLD = re.compile(r"(\*\*|__)[^\s*_][^*_\n]{0,300}\1")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,1000}\)")
#: A footnote's mark, and the note: its lines, and the indented paragraphs after them.
_MARK = re.compile(r"\[\^[^\]\s]{1,100}\](?!:)")
_NOTE = re.compile(
    r"^ {0,3}(\[\^[^\]\s]{1,100}\]):[ \t]*"
    r"(.*(?:\n(?! {0,3}(?:\[\^|#))[^\S\n]*\S.*|\n+(?: {4}|\t).*)*)",
    re.MULTILINE,
)
_QUOTE = re.compile(r"\A(?:> ?)+")
#: Stands for an escaped character while emphasis is taken out; private use, none of Unicode's.
_ESCAPED = 0xF0000
#: Characters of a rule, or of the line under a heading.
_LONGEST_RULE = 200
#: Marks that are open at a time; deeper nesting is no emphasis.
_MAX_OPEN = 8


def read_text(data: bytes, *, markdown: bool, limits: Limits) -> Document:
    """Return a text file; Markdown is also known by its headings. Raises: ManuscriptError."""
    decoded = decode(data, characters=limits.characters)
    text, changed = without_pages(decoded.text)
    warnings = list(decoded.warnings)
    if changed:
        on_pages = counted(changed, "page")
        warnings.append(f"Left out the page number or running head on {on_pages}.")
    if not markdown and is_aozora(text):
        document = read_aozora(text)
    elif markdown or looks_like_markdown(text):
        front = front_block(text)
        shown, hidden = without_html(front.text)
        if hidden:
            warnings.append(f"Left out {counted(hidden, 'word')} of comments, which do not show.")
        found, notes = _with_notes(shown)
        document = Document(found, "md", front.title, front.author, front.language, notes=notes)
    else:
        document = Document(tuple(plain.blocks(text)), "txt")
    return replace(document, encoding=decoded.encoding, warnings=tuple(warnings))


def _with_notes(text: str) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
    """Return the blocks of a Markdown `text`, and the footnotes that marks in them call."""
    called = frozenset(_MARK.findall(text))
    notes: dict[str, str] = {}

    def take(note: re.Match[str]) -> str:
        if note[1] not in called or note[1] in notes:
            return note[0]
        notes[note[1]] = unmarked(" ".join(note[2].split()))
        return ""

    text = _NOTE.sub(take, text) if called else text
    found: list[Block] = []
    footnotes: list[Footnote] = []
    for block in blocks(text):
        marks = [mark for mark in _MARK.findall(block.text) if mark in notes]
        footnotes += (Footnote(notes[mark], len(found)) for mark in marks)
        shown = _MARK.sub(lambda mark: "" if mark[0] in notes else mark[0], block.text)
        found.append(replace(block, text=shown) if marks else block)
    return tuple(found), tuple(footnotes)


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown `text`."""
    pending: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= _FENCE.match(line) is not None
        if fenced:
            pending.append(line)
        elif "#" in line[:4] and (heading := _ATX.fullmatch(line) or _close_heading(line)):
            yield from _plain(pending)
            title = _ATTRIBUTES.sub("", heading[2]).rstrip().rstrip("#").rstrip()
            yield from _heading(title or heading[2], len(heading[1]))
        elif len(line) <= _LONGEST_RULE and _underlines(pending, line):
            title = _ATTRIBUTES.sub("", pending.pop())
            yield from _plain(pending)
            yield from _heading(title, 1 if "=" in line else 2)
        elif len(line) <= _LONGEST_RULE and _RULE.fullmatch(line):
            yield from _plain(pending)
            yield Block(line.strip(), "break")
        elif line.lstrip().startswith(":::") and _DIV.fullmatch(line):
            pending.append("")
        else:
            pending.append(line)
    yield from _plain(pending)


def _close_heading(line: str) -> re.Match[str] | None:
    """Return the match of "#Chapter 1", which lacks its space, where it says what it heads."""
    match = _CLOSE_ATX.fullmatch(line)
    heading = parse(match[2]) if match else None
    return match if heading is not None and heading.family in KEYED else None


def _underlines(pending: list[str], line: str) -> bool:
    """Return whether `line` makes a heading of the single line above it (Setext)."""
    if not _UNDERLINE.fullmatch(line) or len(line.strip()) < 3:
        return False
    alone = len(pending) < 2 or not pending[-2].strip()
    return alone and bool(pending) and 0 < len(pending[-1].strip()) <= MAX_LINE


def _heading(title: str, level: int) -> Iterator[Block]:
    if text := unmarked(title[: 4 * MAX_LINE]).strip():
        yield Block(text, "heading", level=level)


def _plain(lines: list[str]) -> Iterator[Block]:
    r"""Yield what `lines` hold, without the `\` and the quote's `>` at their ends; empty them."""
    text = "\n".join(_QUOTE.sub("", line.removesuffix("\\")) for line in lines)
    lines.clear()
    for block in plain.blocks(text):
        if block.role == "break":
            yield block
        elif shown := unmarked(block.text).strip():
            look = "bold" if _BOLD.fullmatch(block.text) else ""
            yield Block(shown, block.role, gap=block.gap, look=look)


def unmarked(text: str) -> str:
    """Return `text` without emphasis, escapes and links; marks that mean nothing stay."""
    if not any(mark in text for mark in "*_\\["):
        return text
    text = _ESCAPE.sub(lambda match: chr(_ESCAPED + ord(match[1])), text)
    text = _without_emphasis(_LINK.sub(r"\1", _SPAN.sub(r"\1", text)))
    return "".join(
        chr(ord(char) - _ESCAPED) if _ESCAPED < ord(char) < _ESCAPED + 128 else char
        for char in text
    )


def _without_emphasis(text: str) -> str:
    """Return `text` without the pairs of `*` or `_` that open before and close after a word."""
    drop: set[int] = set()
    opened: dict[str, list[tuple[int, int]]] = {"*": [], "_": []}
    for run in _RUN.finditer(text):
        mark = run[0][0]
        before = text[run.start() - 1 : run.start()] or " "
        after = text[run.end() : run.end() + 1] or " "
        inside_word = before.isalnum() and after.isalnum()
        if run[0].strip(mark) or (mark == "_" and inside_word):
            continue
        if not before.isspace() and opened[mark]:
            start, end = opened[mark][-1]
            if end - start == len(run[0]):
                opened[mark].pop()
                drop.update(range(start, end), range(*run.span()))
                continue
        if not after.isspace():
            opened[mark].append(run.span())
            del opened[mark][:-_MAX_OPEN]
    return "".join(char for at, char in enumerate(text) if at not in drop) if drop else text
