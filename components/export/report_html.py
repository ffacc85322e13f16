"""A file as one HTML document: nothing in it is fetched, run or followed elsewhere.

The policy in its head forbids all but its own style sheet, named by its hash, and pictures that
are in the file. A model's text goes through `markdown.to_html`, which makes safe tags and classes
only; everything else is escaped by `_tag`. Pictures stand as `data:` addresses in `img`, where no
script of an SVG is run.

There is no PDF among the formats: of the libraries that make one without system packages, those
under a license that fits bring fonts for Western European letters only, and a character's name in
Greek or Cyrillic would be lost without a word. This file prints well instead, with page numbers,
from any browser, with the fonts of its computer.

The page's own words are English, and it says so; a block in another language says that (`lang`),
for screen readers and hyphenation. A paragraph runs as its first letter does.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from itertools import chain
from typing import assert_never

from components.export import contents as blocks
from components.markdown import printable, to_html
from components.plots.static_plots import PlotImage

#: Entries of one section that the list of contents shows without being asked.
_LISTED = 12

#: The lowest level of a heading in HTML.
_LOWEST = 6


class _Html(str):
    """Text that is HTML already; all other text is escaped."""

    __slots__ = ()


def report_html(contents: blocks.Contents) -> str:
    """Return all of `contents` as one HTML document."""
    style = (resources.files("components.export") / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    head = _tag(
        "head",
        _Html('<meta charset="utf-8">'),
        _Html(f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'),
        _Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        _Html('<meta name="referrer" content="no-referrer">'),
        _tag("title", f"{contents.title}: {contents.subtitle}"),
        _tag("style", _Html(style)),
    )
    title = _tag("h1", contents.title)
    front = _tag("header", _lines(title, *(_block(block, 1) for block in contents.front)))
    sections = [(f"s{number}", section) for number, section in enumerate(contents.sections, 1)]
    nav = _tag("nav", _tag("ol", *(_entry(*each) for each in sections)), aria_label="Contents")
    main = _tag("main", _lines(*(_section(section, name, 2) for name, section in sections)))
    body = _tag("body", _tag("div", _lines(front, nav, main), class_="page"))
    return f"<!DOCTYPE html>\n{_tag('html', _lines(head, body), lang='en')}\n"


def _tag(name: str, *children: str, **attributes: str) -> _Html:
    """Return an element; `class_` and `aria_label` become `class` and `aria-label`."""
    opening = name + "".join(
        f' {attribute.rstrip("_").replace("_", "-")}="{_escaped(value)}"'
        for attribute, value in attributes.items()
    )
    return _Html(f"<{opening}>{''.join(map(_escaped, children))}</{name}>")


def _lines(*elements: _Html) -> _Html:
    return _Html("\n".join(elements))


def _escaped(text: str) -> str:
    return text if isinstance(text, _Html) else escape(printable(text))


def _entry(name: str, section: blocks.FileSection) -> _Html:
    """Return an entry of the list of contents, with the sections below it."""
    below = _tag(
        "ol",
        *(
            _tag("li", _tag("a", inner.title, href=f"#{name}-{number}"))
            for number, inner in enumerate(section.sections, 1)
        ),
    )
    if len(section.sections) > _LISTED:
        below = _tag("details", _tag("summary", f"{len(section.sections):,} parts"), below)
    link = _tag("a", section.title, href=f"#{name}")
    return _tag("li", link, below) if section.sections else _tag("li", link)


def _section(section: blocks.FileSection, name: str, level: int) -> _Html:
    heading = _tag(f"h{min(level, _LOWEST)}", section.title, id=name)
    content = (_block(block, section.below(level)) for block in section.blocks)
    inner = (
        _section(below, f"{name}-{number}", level + 1)
        for number, below in enumerate(section.sections, 1)
    )
    return _tag("section", _lines(heading, *content, *inner))


def _block(block: blocks.Block, below: int) -> _Html:
    """Return a block; the headings of an answer stand under level `below`."""
    match block:
        case blocks.Subtitle():
            return _tag("p", block.text, class_="subtitle")
        case blocks.FactList():
            rows = ((_tag("dt", name), _tag("dd", value)) for name, value in block.rows)
            return _tag("dl", *chain.from_iterable(rows))
        case blocks.Paragraph():
            return _tag("p", block.text)
        case blocks.Notice():
            lines = [_list(block.lines)] if block.lines else []
            return _tag("div", _tag("p", block.text), *lines, class_="notice", role="note")
        case blocks.Listing():
            return _list(block.lines)
        case blocks.Answer():
            return _answer(block, below)
        case blocks.Quotation():
            kind = "quotation" if block.is_found else "quotation missing"
            where = _tag(
                "p",
                _tag("strong", block.where),
                f"; quoted in {'; '.join(block.quoted_in)}",
                class_="said",
            )
            return _tag("blockquote", _tag("p", f"“{block.text}”"), where, class_=kind)
        case blocks.Verbatim():
            return _tag("pre", block.text)
        case blocks.Table():
            head = _tag("thead", _row("th", block.head, block.figures))
            body = _tag("tbody", *(_row("td", row, block.figures) for row in block.rows))
            return _tag("div", _tag("table", head, body), class_="fr-table")
        case PlotImage():
            kind, data = ("svg+xml", block.svg.encode()) if block.svg else ("png", block.png)
            address = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
            image = _Html(f'<img src="{address}" alt="{_escaped(block.text)}">')
            return _tag("figure", image, _tag("figcaption", block.title))
        case _:
            assert_never(block)


def _answer(answer: blocks.Answer, below: int) -> _Html:
    """Return a model's answer; the notes on its quotations stay in the page's language."""
    html = to_html(answer.source, answer.marks, below=answer.lowering(below))
    if not answer.language:
        return _tag("div", _Html(html), dir="auto")
    ours = html.replace('<span class="fr-said">', '<span class="fr-said" lang="en">')
    return _tag("div", _Html(ours), lang=answer.language, dir="auto")


def _list(lines: Iterable[str]) -> _Html:
    return _tag("ul", *(_tag("li", line) for line in lines))


def _row(tag: str, cells: Sequence[str], figures: frozenset[int]) -> _Html:
    return _tag(
        "tr",
        *(
            _tag(tag, cell, class_="figure") if at in figures else _tag(tag, cell)
            for at, cell in enumerate(cells)
        ),
    )
