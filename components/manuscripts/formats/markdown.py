r"""Markdown as a document: `#` headings, paragraphs and rules, without the marks.

Writers use little of Markdown: headings, emphasis, a rule between scenes, a backslash before a
character that would mean something. That much is read; anything else stays as it is written.
Emphasis goes as it does from a Word file: what is read is the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.manuscripts.document import Block
from components.manuscripts.formats import plain
from components.manuscripts.text.ornaments import MAX_LINE

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_RUN = re.compile(r"[*_]+")
_BOLD = re.compile(r"(\*\*|__)[^\s*_][^*_\n]{0,300}\1")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,1000}\)")
#: Stands for an escaped character while emphasis is taken out; private use, none of Unicode's.
_HELD = 0xF0000
#: Blocks the marks of which a heading is told by.
_LONGEST_RULE = 200


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown `text`."""
    pending: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        heading = _ATX.fullmatch(line) if not fenced and "#" in line[:4] else None
        if heading:
            yield from _plain(pending)
            pending = []
            title = heading[2].rstrip().rstrip("#").rstrip()
            yield from _heading(title or heading[2], len(heading[1]))
        elif not fenced and len(line) <= _LONGEST_RULE and _underlines(pending, line):
            title = pending.pop()
            yield from _plain(pending)
            pending = []
            yield from _heading(title, 1 if "=" in line else 2)
        elif not fenced and len(line) <= _LONGEST_RULE and _RULE.fullmatch(line):
            yield from _plain(pending)
            pending = []
            yield Block(line.strip(), "break")
        else:
            pending.append(line)
    yield from _plain(pending)


def _underlines(pending: list[str], line: str) -> bool:
    """Return whether `line` makes a heading of the single line above it (Setext)."""
    if not _UNDERLINE.fullmatch(line) or len(line.strip()) < 3:
        return False
    alone = len(pending) < 2 or not pending[-2].strip()
    return alone and bool(pending) and 0 < len(pending[-1].strip()) <= MAX_LINE


def _heading(title: str, level: int) -> Iterator[Block]:
    text = unmarked(title[: 4 * MAX_LINE]).strip()
    if text:
        yield Block(text, "heading", level=level)


def _plain(lines: list[str]) -> Iterator[Block]:
    for block in plain.blocks("\n".join(_broken(line) for line in lines)):
        if block.role == "break":
            yield block
        elif text := unmarked(block.text).strip():
            look = "bold" if _BOLD.fullmatch(block.text) else ""
            yield Block(text, block.role, gap=block.gap, look=look)


def _broken(line: str) -> str:
    r"""Return `line` without the `\` or the quote's `>` at its ends."""
    line = line.removesuffix("\\")
    while line.startswith(">"):
        line = line[1:].removeprefix(" ")
    return line


def unmarked(text: str) -> str:
    """Return `text` without emphasis, escapes and links; marks that mean nothing stay."""
    if not any(mark in text for mark in "*_\\["):
        return text
    text = _ESCAPE.sub(lambda one: chr(_HELD + ord(one[1])), text)
    text = _LINK.sub(r"\1", text)
    text = _without_emphasis(text)
    return "".join(chr(ord(c) - _HELD) if _HELD < ord(c) < _HELD + 128 else c for c in text)


def _without_emphasis(text: str) -> str:
    """Return `text` without the pairs of `*` or `_` that open before and close after a word."""
    drop: list[tuple[int, int]] = []
    opened: dict[str, list[tuple[int, int]]] = {"*": [], "_": []}
    for run in _RUN.finditer(text):
        mark = run[0][0]
        if run[0].strip(mark):
            continue
        before = text[run.start() - 1 : run.start()] or " "
        after = text[run.end() : run.end() + 1] or " "
        word_before, word_after = not before.isspace(), not after.isspace()
        if mark == "_" and before.isalnum() and after.isalnum():
            continue
        if word_before and opened[mark] and (not word_after or not before.isspace()):
            start, end = opened[mark][-1]
            if end - start == len(run[0]):
                opened[mark].pop()
                drop += [(start, end), run.span()]
                continue
        if word_after:
            opened[mark].append(run.span())
            del opened[mark][:-8]  # deeper nesting is no emphasis
    if not drop:
        return text
    drop.sort()
    out, at = [], 0
    for start, end in drop:
        out.append(text[at:start])
        at = end
    return "".join([*out, text[at:]])
