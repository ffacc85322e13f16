"""From the pages of a PDF back to running text.

A page as extracted is lines, broken where the page breaks them, with the page number and a running
head among them. Here those two are taken off, where they prove what they are, and the lines are
put together into paragraphs set apart by blank lines, across the ends of pages.

A number is a page number only if it counts with the pages: treating any digits as such would
delete "Chapter 7", or the bare "7" that opens a chapter. What was taken off is counted, so that
the editor can be told. Words divided at the end of a line stay divided.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from components.manuscripts.headings import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Lines from the top and from the bottom of a page where running heads and numbers stand.
_EDGE = 2
#: Pages, and share of them, that must bear a number that counts with the pages.
_NUMBERED_PAGES = 3
_NUMBERED_SHARE = 0.3
#: Pages, and share of them, with the same line at the edge: a running head.
_HEAD_PAGES = 3
_HEAD_SHARE = 0.1
#: Characters. Nothing longer is taken off.
_HEAD_LENGTH = 120
#: Shares of lines that begin with a space, between which the space is a paragraph's indent.
_INDENTED = (0.02, 0.6)
#: A line shorter than this share of the usual, and ending a sentence, ends a paragraph.
_SHORT = 0.75

_NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
_BARE = re.compile(r"[^\w]*#[^\w]*")
_SENTENCE_END = (".", "!", "?", "…", "”", "»", "’", '"', "'", ":", "—", "*")


def without_heads(pages: Sequence[str]) -> tuple[list[str], int]:
    """Return `pages` without page numbers and running heads, and how many pages lost a line.

    The first page is left as it is: what looks like a running head there is the title.
    """
    split = [page.split("\n") for page in pages]
    edges = [_edges(lines) for lines in split]
    offsets = _number_offsets(split, edges)
    heads = _repeated(split, edges, offsets)
    changed = 0
    kept = []
    for index, (lines, edge) in enumerate(zip(split, edges, strict=True)):
        drop = _to_drop(lines, edge, index, offsets, heads) if index else set()
        changed += bool(drop)
        kept.append("\n".join(line for at, line in enumerate(lines) if at not in drop))
    return kept, changed


def join(pages: Sequence[str]) -> str:
    """Return `pages` as one text, its paragraphs set apart by blank lines.

    A paragraph begins at an indented line, where the pages have indents, else after a short line
    that ends a sentence; the end of a page is no end of a paragraph by itself. Headings are set
    apart.
    """
    every = [page.split("\n") for page in pages]
    lengths = sorted(len(line) for line in chain.from_iterable(every) if line.strip())
    if not lengths:
        return ""
    usual = lengths[len(lengths) * 3 // 4]
    indented = sum(line.startswith(" ") for line in chain.from_iterable(every)) / len(lengths)
    by_indent = _INDENTED[0] <= indented <= _INDENTED[1]
    out: list[str] = []
    previous = ""
    after_heading = False
    for page in every:
        top = True
        for line in page:
            shown = line.strip()
            if not shown:
                previous = previous if top else ""
                continue
            ended = len(previous) < _SHORT * usual and previous.endswith(_SENTENCE_END)
            opens = line.startswith(" ") if by_indent else ended
            heading = (opens or top or not previous) and parse(shown) is not None
            if previous.isupper() and shown.isupper() and not after_heading and not heading:
                opens = False
            if out and (opens or heading or after_heading or not previous):
                out.append("")
            out.append(shown)
            previous, after_heading, top = shown, heading, False
    return "\n".join(out)


def _edges(lines: Sequence[str]) -> list[int]:
    """Return the places of the outermost lines of a page that are not blank, outermost first."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    places = [*filled[:_EDGE], *reversed(filled[-_EDGE:])]
    return [at for at in dict.fromkeys(places) if len(lines[at]) <= _HEAD_LENGTH]


def _number_offsets(split: Sequence[Sequence[str]], edges: Sequence[Sequence[int]]) -> set[int]:
    """Return by how much numbers at the edges of pages differ from the pages' places."""
    seen: Counter[int] = Counter()
    for index, (lines, edge) in enumerate(zip(split, edges, strict=True)):
        numbers = {int(one[0]) for at in edge for one in _NUMBER.finditer(lines[at])}
        seen.update({number - index for number in numbers})
    enough = max(_NUMBERED_PAGES, _NUMBERED_SHARE * len(split))
    return {offset for offset, pages in seen.items() if pages >= enough}


def _template(line: str, index: int, offsets: set[int]) -> str:
    """Return `line` with the number of its page as `#`, and only that number."""
    return _NUMBER.sub(
        lambda one: "#" if int(one[0]) - index in offsets else one[0], " ".join(line.split())
    )


def _repeated(
    split: Sequence[Sequence[str]], edges: Sequence[Sequence[int]], offsets: set[int]
) -> set[str]:
    """Return the lines, as templates, that stand at the edges of many pages."""
    seen: Counter[str] = Counter()
    for index, (lines, edge) in enumerate(zip(split, edges, strict=True)):
        seen.update({_template(lines[at], index, offsets) for at in edge})
    enough = max(_HEAD_PAGES, _HEAD_SHARE * len(split))
    return {template for template, pages in seen.items() if pages >= enough}


def _to_drop(
    lines: Sequence[str], edge: Sequence[int], index: int, offsets: set[int], heads: set[str]
) -> set[int]:
    """Return the places in a page of its number, once, and of its running heads.

    A running head that reads like a heading stays, lest the heading itself go with it.
    """
    drop: set[int] = set()
    numbered = False
    for at in edge:
        template = _template(lines[at], index, offsets)
        bare = _BARE.fullmatch(template) is not None
        if bare and not numbered:
            numbered = True
            drop.add(at)
        elif template in heads and not bare and ("#" in template or parse(template) is None):
            drop.add(at)
    return drop
