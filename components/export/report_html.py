"""A whole-book report as one HTML file: nothing in it is fetched, run or followed elsewhere.

The policy in its head forbids all but its own style sheet, named by its hash, and pictures that
are in the file. What a model wrote goes through `markdown.to_html`, whose tags and classes are all
there are; all else through `escape`. Pictures stand as `data:` addresses in `img`, where no script
of an SVG is run.

There is no PDF among the formats: of the libraries that make one without system packages, those
under a licence that fits bring fonts for Western European letters only, and the name of a
character in Greek or Cyrillic would be lost without a word. This file prints well instead, with
page numbers, from any browser, which has the fonts of its computer.

The page's own words are English, and it says so; a block that a model was told to write in another
language says that (`lang`), for whoever has it read aloud or hyphenated.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import assert_never

from components.export.formatting import printable
from components.export.report_document import (
    Answer,
    Block,
    Contents,
    FactList,
    FileSection,
    Listing,
    Notice,
    Paragraph,
    Quotation,
    Table,
    Verbatim,
)
from components.markdown import to_html
from components.plots.static_plots import PlotImage

#: Entries of one section that the list of contents shows without being asked.
_LISTED = 12

#: The least level of a heading: HTML has no lower one.
_LOWEST = 6


def report_html(contents: Contents) -> str:
    """Return all of `contents` as one HTML document."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    title = _text(contents.title)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}: {_text(contents.subtitle)}</title>",
        f'<style>{style}</style>\n</head>\n<body>\n<div class="page">',
        f"<header>\n<h1>{title}</h1>",
    ]
    if contents.notice is not None:
        parts.append(_block(contents.notice, 1))
    parts.append(f'<p class="subtitle">{_text(contents.subtitle)}</p>')
    parts.append(_block(contents.facts, 1))
    parts += [_block(one, 1) for one in contents.about]
    nav = f'<nav aria-label="Contents"><ol>{_entries(contents.sections, "s")}</ol></nav>'
    parts.append(f"</header>\n{nav}\n<main>")
    parts += [
        _section(section, f"s{number}", 2) for number, section in enumerate(contents.sections, 1)
    ]
    parts.append("</main>\n</div>\n</body>\n</html>\n")
    return "\n".join(parts)


@cache
def _style() -> str:
    path = resources.files("components.export") / "report.css"
    return path.read_text(encoding="utf-8")


def _entries(sections: tuple[FileSection, ...], name: str) -> str:
    """Return the entries of the list of contents: two levels."""
    out = []
    for number, section in enumerate(sections, 1):
        link = f'<a href="#{name}{number}">{_text(section.title)}</a>'
        inner = "".join(
            f'<li><a href="#{name}{number}-{at}">{_text(below.title)}</a></li>'
            for at, below in enumerate(section.sections, 1)
        )
        listed = f"<ol>{inner}</ol>" if inner else ""
        if len(section.sections) > _LISTED:
            listed = (
                f"<details><summary>{len(section.sections):,} parts</summary>{listed}</details>"
            )
        out.append(f"<li>{link}{listed}</li>")
    return "".join(out)


def _section(section: FileSection, name: str, level: int) -> str:
    tag = f"h{min(level, _LOWEST)}"
    parts = [f'<section>\n<{tag} id="{name}">{_text(section.title)}</{tag}>']
    parts += [_block(block, level) for block in section.blocks]
    parts += [
        _section(one, f"{name}-{number}", level + 1)
        for number, one in enumerate(section.sections, 1)
    ]
    return "\n".join([*parts, "</section>"])


def _block(block: Block, below: int) -> str:
    match block:
        case FactList():
            rows = (f"<dt>{_text(name)}</dt><dd>{_text(said)}</dd>" for name, said in block.rows)
            return f"<dl>{''.join(rows)}</dl>"
        case Paragraph():
            return f"<p>{_text(block.text)}</p>"
        case Notice():
            said = f"<p>{_text(block.text)}</p>{_list(block.lines)}"
            return f'<div class="notice" role="note">{said}</div>'
        case Listing():
            return _list(block.lines)
        case Answer():
            return _answer(block, below)
        case Quotation():
            kind = "quotation" if block.is_found else "quotation missing"
            where = f"; quoted in {_text('; '.join(block.quoted_in))}"
            said = f'<p class="said"><strong>{_text(block.said)}</strong>{where}</p>'
            return f'<blockquote class="{kind}"><p>“{_text(block.text)}”</p>{said}</blockquote>'
        case Verbatim():
            return f"<pre>{_text(block.text)}</pre>"
        case Table():
            return _table(block)
        case PlotImage():
            return _picture(block)
        case _:
            assert_never(block)


def _answer(answer: Answer, below: int) -> str:
    """Return what a model wrote; what is said of its quotations stays in the page's language."""
    html = to_html(answer.source, answer.marks, below=answer.lowering(below))
    if not answer.language:
        return f"<div>{html}</div>"
    ours = html.replace('<span class="fr-said">', '<span class="fr-said" lang="en">')
    return f'<div lang="{escape(answer.language)}">{ours}</div>'


def _list(lines: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in lines)}</ul>" if lines else ""


def _table(block: Table) -> str:
    def cell(tag: str, at: int, said: str) -> str:
        kind = ' class="figure"' if at in block.figures else ""
        return f"<{tag}{kind}>{_text(said)}</{tag}>"

    head = "".join(cell("th", at, one) for at, one in enumerate(block.head))
    rows = (
        f"<tr>{''.join(cell('td', at, one) for at, one in enumerate(row))}</tr>"
        for row in block.rows
    )
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="fr-table"><table>{body}</table></div>'


def _picture(block: PlotImage) -> str:
    kind, data = ("svg+xml", block.svg.encode()) if block.svg else ("png", block.png)
    address = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    image = f'<img src="{address}" alt="{_text(block.text)}">'
    return f"<figure>{image}<figcaption>{_text(block.title)}</figcaption></figure>"


def _text(text: str) -> str:
    """Return `text` for an element or an attribute in quotation marks."""
    return escape(printable(text))
