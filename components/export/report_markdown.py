"""A whole-book report as Markdown, safe in whatever shows it.

Pictures are left out, with their words in their place: a Markdown file holds none, and one that
points at a file beside it would point at nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from components.export.report_document import (
    Answer,
    Block,
    Contents,
    FactList,
    Listing,
    Notice,
    Paragraph,
    Quotation,
    Table,
    Verbatim,
)
from components.export.safe_markdown import fenced, plain, rewritten, table
from components.plots.static_plots import PlotImage


def report_markdown(contents: Contents) -> str:
    """Return all of `contents` as Markdown."""
    parts = [f"# {plain(contents.title)}"]
    if contents.notice is not None:
        parts.append(_block(contents.notice, 1))
    parts.append(f"*{plain(contents.subtitle)}*" if contents.subtitle else "")
    parts.append(_block(contents.facts, 1))
    parts += [_block(one, 1) for one in contents.about]
    for level, section in contents.walk():
        parts.append(f"{'#' * (level + 1)} {plain(section.title)}")
        parts += [_block(block, level + 1) for block in section.blocks]
    return "\n\n".join(filter(None, parts)) + "\n"


def _block(block: Block, below: int) -> str:
    match block:
        case FactList():
            return _list([f"**{plain(name)}:** {plain(said)}" for name, said in block.rows])
        case Paragraph():
            return plain(block.text)
        case Notice():
            listed = _list([plain(line) for line in block.lines])
            return "\n\n".join(filter(None, (f"**{plain(block.text)}**", listed)))
        case Listing():
            return _list([plain(line) for line in block.lines])
        case Answer():
            return rewritten(block.source, block.marks, below=block.lowering(below))
        case Quotation():
            said = f"**{plain(block.said)}**; quoted in {plain('; '.join(block.quoted_in))}"
            return f"> “{plain(block.text)}”\n>\n> {said}"
        case Verbatim():
            return fenced(block.text)
        case Table():
            rows = [[plain(one) for one in row] for row in block.rows]
            return "\n".join(table([plain(one) for one in block.head], rows))
        case PlotImage():
            return f"**{plain(block.title)}**\n\n{plain(block.text)}"
        case _:
            assert_never(block)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
