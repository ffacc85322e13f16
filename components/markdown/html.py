"""Model output to HTML that is safe because of how it is written.

What a model writes is untrusted: the manuscript may have told it what to write. Nothing is
filtered here; instead only what this module spells out can come out. A tag is one of the literals
below, text passes through `_text` and nothing else, and the only value of its own that reaches an
attribute is an integer. So nothing can be clicked, fetched or run, whatever the parser makes of its
input:

- the tags are those of `TAGS`;
- the attributes are `start` on `ol`, an integer, `class`, one of `CLASSES`, and `tabindex`, 0.

The one exception is what we mark ourselves (`marks.py`): a mark may lead to a page of this app,
which its own value has made sure of, and says in a `title` what it means. Nothing that a model
wrote reaches either.

A link is written as its text and then its address in parentheses; a picture as a note that it was
left out, with its description and address. The editor sees where either leads and may copy it.

Headings move down, one level unless more is asked for: the page's title is the only `h1`.

Whether a list is tight or loose is not kept: an item of one paragraph is written without `<p>`,
an item of several with it. So an item looks the same alone, in the whole list, and while the blank
line that would make the list loose has not been written yet: nothing already read moves.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from components.markdown.parser import PARSER
from components.markdown.token_split import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.markdown.headings import Headings
    from components.markdown.marks import Highlight

#: Every tag that can come out.
TAGS = frozenset(
    {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"}
    | {"table", "thead", "tbody", "tr", "th", "td", "em", "strong", "s", "span", "div"}
)

#: Every tag and class that marks add.
MARK_TAGS = frozenset({"a", "span"})
MARK_CLASSES = frozenset({"fr-found-words", "fr-missing", "fr-unknown", "fr-said"})

#: Every class that can come out; `components/ui/shared/analysis.css` gives them their looks.
CLASSES = frozenset({"fr-table", "fr-center", "fr-right", "fr-address", "fr-left-out"})

#: Emphasis inside emphasis. Deeper, the text is kept and the tags are not written: a browser takes
#: quadratic time over thousands of nested tags and refuses them past 512.
MAX_EMPHASIS = 8

_PLAIN = {
    "softbreak": "\n",
    "hardbreak": "<br>",
    "hr": "<hr>",
    "blockquote_open": "<blockquote>",
    "blockquote_close": "</blockquote>",
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li>",
    "list_item_close": "</li>",
    # The keyboard moves it sideways where it is too wide.
    "table_open": '<div class="fr-table" tabindex="0"><table>',
    "table_close": "</table></div>",
    "thead_open": "<thead>",
    "thead_close": "</thead>",
    "tbody_open": "<tbody>",
    "tbody_close": "</tbody>",
    "tr_open": "<tr>",
    "th_close": "</th>",
    "td_close": "</td>",
}

_EMPHASIS = {"em": ("<em>", "</em>"), "strong": ("<strong>", "</strong>"), "s": ("<s>", "</s>")}

#: Opening and closing tag by level; below the last level there is no other.
_HEADING = {level: (f"<h{level}>", f"</h{level}>") for level in range(2, 7)}

_CELL = {
    "th": {
        "text-align:center": '<th class="fr-center">',
        "text-align:right": '<th class="fr-right">',
    },
    "td": {
        "text-align:center": '<td class="fr-center">',
        "text-align:right": '<td class="fr-right">',
    },
}

# Reordering controls can make an address read as another one. Directional marks and isolates stay,
# for Hebrew and Arabic are written with them.
_OVERRIDES = re.compile("[\u202a-\u202e]")
# Controls that HTML forbids, and halves of characters that cannot be sent as UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


_MARKED = {"missing": "fr-missing", "unknown": "fr-unknown", "cited": "fr-found-words"}


def to_html(
    source: str,
    marks: Sequence[Highlight] = (),
    *,
    below: int = 1,
    headings: Headings | None = None,
) -> str:
    """Return safe HTML for `source`, untrusted markdown; see this module for what can come out.

    `marks` do not overlap; they count stretches as `prose` does. Its headings go down by
    `below` levels, and none above the second; or else `headings` gives each its level.

    The result has no line breaks between blocks. Time and length grow with the length of
    `source`, whatever it holds; an empty or blank source gives an empty result.
    """
    return _render(PARSER.parse(source), marks, below, headings)


def _text(text: str) -> str:
    """Return `text` as HTML character data; `"` is kept, for it is never put in an attribute."""
    text = _UNPRINTABLE.sub("\ufffd", _OVERRIDES.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render(
    tokens: Sequence[Token], marks: Sequence[Highlight], below: int, headings: Headings | None
) -> str:
    out: list[str] = []
    level = min(_HEADING)
    bare = _bare_paragraphs(tokens)
    row = stretch = 0
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "inline":
            here = [mark for mark in marks if mark.stretch == stretch]
            stretch += 1
            _render_inline(cut(token.children or [], here) if here else token.children or [], out)
        elif kind in {"paragraph_open", "paragraph_close"}:
            if index not in bare:
                out.append("<p>" if token.nesting == 1 else "</p>")
        elif kind in {"heading_open", "heading_close"}:
            written = int(token.tag[1:])
            if headings is None:
                level = max(min(written + below, max(_HEADING)), min(_HEADING))
            elif kind == "heading_open":
                level = headings.level(written)
            out.append(_HEADING[level][kind == "heading_close"])
        elif kind in {"fence", "code_block"}:
            out.append(f"<pre><code>{_text(token.content)}</code></pre>")
        elif kind == "ordered_list_open":
            start = int(token.attrs.get("start", 1))
            out.append("<ol>" if start == 1 else f'<ol start="{start:d}">')
        elif kind in {"th_open", "td_open"}:
            tag = kind[:2]
            out.append(_CELL[tag].get(str(token.attrs.get("style", "")), f"<{tag}>"))
        elif kind == "tr_close":
            # The parser fills short rows with empty cells; a browser does not need them.
            while len(out) > row and out[-1] == "</td>" and out[-2].startswith("<td"):
                del out[-2:]
            out.append("</tr>")
        else:
            out.append(_PLAIN[kind] if kind in _PLAIN else _text(token.content))
            if kind == "tr_open":
                row = len(out)
    return "".join(out)


def _bare_paragraphs(tokens: Sequence[Token]) -> set[int]:
    """Return where the paragraphs open and close that are their list item's only one."""
    bare: set[int] = set()
    items: list[tuple[int, list[int]]] = []  # of each open item: its level, its paragraphs
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            items.append((token.level, []))
        elif token.type in {"paragraph_open", "paragraph_close"}:
            if items and token.level == items[-1][0] + 1:
                items[-1][1].append(index)
        elif token.type == "list_item_close":
            _, paragraphs = items.pop()
            if len(paragraphs) == len(("open", "close")):
                bare.update(paragraphs)
    return bare


def _render_inline(tokens: Sequence[Token], out: list[str]) -> None:
    depth = 0
    for token in tokens:
        kind = token.type
        if kind == "text":
            out.append(_text(token.content))
        elif kind == "code_inline":
            out.append(f"<code>{_text(token.content)}</code>")
        elif token.tag in _EMPHASIS:
            depth += max(token.nesting, 0)
            if depth <= MAX_EMPHASIS:
                out.append(_EMPHASIS[token.tag][token.nesting == -1])
            depth += min(token.nesting, 0)
        elif kind == "address_close":
            leads_to = _described(token, without=token.content)
            if leads_to:
                out.append(f' <span class="fr-address">({_text(leads_to)})</span>')
        elif kind == "picture":
            shows = ": ".join(filter(None, ["picture left out", token.content.strip()]))
            note = " — ".join(filter(None, [shows, _described(token, without="")]))
            out.append(f'<span class="fr-left-out">[{_text(note)}]</span>')
        elif kind in {"mark_open", "mark_close"}:
            out.append(_marked(token))
        elif kind in _PLAIN:
            out.append(_PLAIN[kind])
        else:
            out.append(_text(token.content))


def _marked(token: Token) -> str:
    """Return the tag that opens or closes a mark; what it says follows once, at its end."""
    mark: Highlight = token.meta["mark"]
    opens = token.nesting == 1
    if mark.meaning == "found":
        if not opens:
            return "</a>"
        address, said = escape(mark.address), escape(mark.said)
        return f'<a class="fr-found-words" href="{address}" target="_self" title="{said}">'
    if opens:
        return f'<span class="{_MARKED[mark.meaning]}" title="{escape(mark.said)}">'
    said = f'<span class="fr-said"> ({_text(mark.said)})</span>' if token.meta["is_last"] else ""
    return f"{said}</span>"


def _described(token: Token, *, without: str) -> str:
    """Return the address and the title of a link or a picture, unless the text already says it."""
    address, title = token.meta["address"], token.meta["title"]
    return " — ".join(part for part in (address, title) if part and part != without)
