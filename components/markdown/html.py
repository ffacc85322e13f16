"""Model output as HTML that is safe by construction.

What a model writes is untrusted: the manuscript may have told it what to write. Nothing is
filtered; only what this module writes can come out: a tag of `TAGS`, text that passed `_text`, and
as attributes `start` (an integer), `class` (one of `CLASSES`), `tabindex` and `dir`. So nothing can
be clicked, fetched or run. The only exception are our own marks (`marks.py`), which may link to a
page of this app. A link is written as its text and its address in parentheses, a picture as a note
that it was left out.

Whether a list is tight or loose is not kept: a list item's only paragraph has no `<p>`. So an item
looks the same alone, in the list, and before the blank line that makes the list loose has arrived.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from html import escape

from markdown_it.token import Token

from components.languages import RTL
from components.markdown.marks import Highlight, cut
from components.markdown.parser import PARSER

#: Every tag that can come out.
TAGS = frozenset(
    {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"}
    | {"table", "thead", "tbody", "tr", "th", "td", "em", "strong", "s", "span", "div"}
)

#: Every tag and class that marks add.
MARK_TAGS = frozenset({"a", "span"})
MARK_CLASSES = frozenset({"fr-found-words", "fr-missing", "fr-unknown", "fr-said"})

#: Every class that can come out; styled in `components/ui/shared/analysis.css`.
CLASSES = frozenset({"fr-table", "fr-center", "fr-right", "fr-address", "fr-left-out"})

#: Emphasis inside emphasis. Deeper, the text is kept without tags: a browser takes quadratic time
MAX_EMPHASIS = 8  # over thousands of nested tags and refuses them past 512
_EMPHASIS = {"em", "strong", "s"}

#: The highest level of a heading (the page's title is the only `h1`), and HTML's lowest.
_HIGHEST, _LOWEST = 2, 6

_ALIGNED = {"text-align:center": ' class="fr-center"', "text-align:right": ' class="fr-right"'}
_MARKED = {"missing": "fr-missing", "unknown": "fr-unknown", "cited": "fr-found-words"}

#: What has a side for its bullets, its rule or its first column; text has no such tags.
_DIRECTED = re.compile("<(ul|ol|blockquote|table)(?=[ >])")

# Reordering controls can make an address read as another one. Directional marks and isolates stay,
# for Hebrew and Arabic are written with them.
_OVERRIDES = re.compile("[\u202a-\u202e]")
# Controls that HTML forbids, and halves of characters that cannot be sent as UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Headings:
    """The levels of one answer's headings, in order; the first is `top`, and none is skipped.

    Models begin with "###" as readily as with "#" and go from there to "#####"; screen readers
    navigate by headings, and a missing level misleads.
    """

    def __init__(self, top: int = _HIGHEST) -> None:
        self._top = top
        self._open: tuple[int, ...] = ()

    def level(self, written: int) -> int:
        """Return the level of the next heading, which was written with so many signs."""
        self._open = (*(signs for signs in self._open if signs < written), written)
        return min(self._top + len(self._open) - 1, _LOWEST)

    def copy(self) -> Headings:
        """Return one that goes on from here, for a text that is not finished."""
        return copy(self)


def to_html(
    source: str,
    marks: Sequence[Highlight] = (),
    *,
    below: int = 1,
    headings: Headings | None = None,
) -> str:
    """Return safe HTML for `source`, untrusted markdown; see this module for what can come out.

    `marks` do not overlap and count stretches as `prose` does. Headings go down by `below` levels,
    and none above the second, unless `headings` gives each its level. There are no line breaks
    between blocks. Time and length grow with the length of `source`.
    """
    tokens = PARSER.parse(source)
    out: list[str] = []
    bare = _bare_paragraphs(tokens)
    level = _HIGHEST
    row = stretch = 0
    for index, token in enumerate(tokens):
        match token.type:
            case "inline":
                here = [mark for mark in marks if mark.stretch == stretch]
                stretch += 1
                children = token.children or []
                _render_inline(cut(children, here) if here else children, out)
            case "paragraph_open" | "paragraph_close":
                if index not in bare:
                    out.append(_tag(token))
            case "heading_open":
                written = int(token.tag[1:])
                level = min(max(written + below, _HIGHEST), _LOWEST)
                if headings is not None:
                    level = headings.level(written)
                out.append(f"<h{level}>")
            case "heading_close":
                out.append(f"</h{level}>")
            case "fence" | "code_block":
                out.append(f"<pre><code>{_text(token.content)}</code></pre>")
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                out.append("<ol>" if start == 1 else f'<ol start="{start:d}">')
            case "table_open":  # The keyboard scrolls it sideways where it is too wide.
                out.append('<div class="fr-table" tabindex="0"><table>')
            case "table_close":
                out.append("</table></div>")
            case "tr_open":
                out.append("<tr>")
                row = len(out)
            case "th_open" | "td_open":
                out.append(f"<{token.type[:2]}{_ALIGNED.get(str(token.attrs.get('style')), '')}>")
            case "tr_close":
                # The parser fills short rows with empty cells; a browser does not need them.
                while len(out) > row and out[-1] == "</td>" and out[-2].startswith("<td"):
                    del out[-2:]
                out.append("</tr>")
            case _:
                out.append(_tag(token))
    html = "".join(out)
    return _DIRECTED.sub(r'<\1 dir="auto"', html) if RTL.search(source) else html


def _tag(token: Token) -> str:
    """Return the tag of a token, without attributes; the text of one without a known tag."""
    if token.tag not in TAGS:
        return _text(token.content)
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"


def _text(text: str) -> str:
    """Return `text` as HTML character data; `"` is kept, for it is never put in an attribute."""
    return escape(_UNPRINTABLE.sub("\ufffd", _OVERRIDES.sub("", text)), quote=False)


def _bare_paragraphs(tokens: Sequence[Token]) -> set[int]:
    """Return the indexes of the tags of paragraphs that are their list item's only one."""
    bare: set[int] = set()
    paragraphs: dict[int, list[int]] = {}  # tags of the paragraphs of each open item, by its level
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            paragraphs[token.level] = []
        elif token.type == "list_item_close":
            tags = paragraphs.pop(token.level)
            if len(tags) == 2:
                bare.update(tags)
        elif token.tag == "p" and token.level - 1 in paragraphs:
            paragraphs[token.level - 1].append(index)
    return bare


def _render_inline(tokens: Sequence[Token], out: list[str]) -> None:
    depth = 0
    for token in tokens:
        match token.type:
            case "softbreak":
                out.append("\n")
            case "code_inline":
                out.append(f"<code>{_text(token.content)}</code>")
            case "address_close":
                if leads_to := _described(token, without=token.content):
                    out.append(f' <span class="fr-address">({_text(leads_to)})</span>')
            case "picture":
                shows = ": ".join(filter(None, ["picture left out", token.content.strip()]))
                note = " — ".join(filter(None, [shows, _described(token, without="")]))
                out.append(f'<span class="fr-left-out">[{_text(note)}]</span>')
            case "mark_open" | "mark_close":
                out.append(_marked(token))
            case _ if token.tag in _EMPHASIS:
                depth += max(token.nesting, 0)
                if depth <= MAX_EMPHASIS:
                    out.append(_tag(token))
                depth += min(token.nesting, 0)
            case _:
                out.append(_tag(token))


def _marked(token: Token) -> str:
    """Return the tag that opens or closes a mark; what it says follows once, at its end."""
    mark: Highlight = token.meta["mark"]
    if token.nesting == 1:
        said = escape(mark.said)
        if mark.meaning != "found":
            return f'<span class="{_MARKED[mark.meaning]}" title="{said}">'
        address = escape(mark.address)
        return f'<a class="fr-found-words" href="{address}" target="_self" title="{said}">'
    if mark.meaning == "found":
        return "</a>"
    said = f'<span class="fr-said"> ({_text(mark.said)})</span>' if token.meta["is_last"] else ""
    return f"{said}</span>"


def _described(token: Token, *, without: str) -> str:
    """Return the address and the title of a link or a picture, unless the text already says it."""
    address, title = token.meta["address"], token.meta["title"]
    return " — ".join(part for part in (address, title) if part and part != without)
