"""A model's markdown as Markdown that cannot do more than be read.

A viewer of Markdown runs HTML, fetches pictures and follows links, so what a model wrote is not
passed on as it is: it is parsed as on the page (`components.markdown`) and written anew from what
was understood. Headings move below the file's own; links and pictures become what they say; every
sign that could mean something to another viewer is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from components.export.formatting import printable
from components.markdown import Highlight, cut, parse

_LOWEST = 6

_SIGNS = re.compile(r"[\\`*_\[\]>|~]|&(?=#?[0-9A-Za-z]{1,40};)")
#: What other viewers make links of by themselves.
_ADDRESS = re.compile(r"(?i)\b(?:(?:https?|ftp)(?=://)|mailto(?=:)|www(?=\.))")
_AT = re.compile(r"(?<=\w)@(?=\w)")
#: What begins a block where it begins a line.
_BEGINS = re.compile(r"[#+=-]|[0-9]{1,9}(?=[.)](?:\s|$))")

_EMPHASIS = {"em": "*", "strong": "**", "s": "~~"}


def rewritten(source: str, marks: Sequence[Highlight] = (), *, below: int = 1) -> str:
    """Return `source`, untrusted markdown, as Markdown; its headings go down by `below` levels.

    `marks` do not overlap; what they say stands in parentheses after what they mark.
    """
    return "\n".join(_Writer(parse(source), marks, below).blocks())


def plain(text: str) -> str:
    """Return text of one line as Markdown that shows it and means nothing."""
    return _escaped(" ".join(text.split()), is_first=True)


def fenced(text: str) -> str:
    """Return text as a block of code, whatever it holds."""
    said = printable(text.replace("\r\n", "\n").replace("\r", "\n"))
    longest = max((len(one) for one in re.findall("`+", said)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}\n{said.rstrip(chr(10))}\n{fence}"


class _Writer:
    """Writes the tokens of one source from first to last."""

    def __init__(self, tokens: Sequence[Token], marks: Sequence[Highlight], below: int) -> None:
        self._tokens = tokens
        self._marks = marks
        self._below = below
        self._at = 0
        self._stretch = 0

    def blocks(self, until: str = "") -> list[str]:
        """Return the lines of the blocks up to the token `until`, which is taken too."""
        lines: list[str] = []
        before = ""
        turn = 0
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == until:
                break
            # Two lists that follow each other stay two, told apart by their signs.
            turn = turn + 1 if token.type == before else 0
            block = self._block(token, turn % 2 == 1)
            before = token.type
            if block:
                lines += ["", *block] if lines else block
        return lines

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _block(self, token: Token, other: bool) -> list[str]:
        match token.type:
            case "heading_open":
                level = min(int(token.tag[1:]) + self._below, _LOWEST)
                said = self._inline(in_line=True)
                self._next()
                return [f"{'#' * level} {said}"]
            case "paragraph_open":
                said = self._inline(in_line=False)
                self._next()
                return said.split("\n")
            case "blockquote_open":
                return [f"> {block}".rstrip() for block in self.blocks("blockquote_close")]
            case "bullet_list_open":
                return self._items("* " if other else "- ", None, ")")
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                return self._items("", start, ")" if other else ".")
            case "fence" | "code_block":
                return fenced(token.content).split("\n")
            case "hr":
                return ["***"]
            case "table_open":
                return self._table()
            case _:
                return []

    def _items(self, bullet: str, number: int | None, end: str) -> list[str]:
        lines: list[str] = []
        while self._next().type == "list_item_open":
            sign = bullet if number is None else f"{number}{end} "
            number = None if number is None else number + 1
            inner = self.blocks("list_item_close") or [""]
            lines.append(f"{sign}{inner[0]}".rstrip())
            lines += [f"{' ' * len(sign)}{one}".rstrip() for one in inner[1:]]
        return lines

    def _table(self) -> list[str]:
        rows: list[list[str]] = []
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                rows[-1].append(self._inline(in_line=True))
        return table(rows[0], rows[1:]) if rows else []

    def _inline(self, *, in_line: bool) -> str:
        token = self._next()
        marks = [mark for mark in self._marks if mark.stretch == self._stretch]
        self._stretch += 1
        children = cut(token.children or [], marks) if marks else token.children or []
        said = "".join(map(_said, children))
        if in_line:
            return " ".join(said.replace("\\\n", " ").split())
        lines = [_line(one) for one in said.split("\n")]
        return "\n".join(line for line in lines if line) or "\\"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; cells are Markdown of one line."""
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def _said(token: Token) -> str:
    match token.type:
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "code_inline":
            return _code(token.content)
        case "address_close":
            address = str(token.meta["address"])
            return f" ({_code(address)})" if address and address != token.content else ""
        case "picture":
            shows = ": ".join(filter(None, ["picture left out", token.content.strip()]))
            address = _code(str(token.meta["address"]))
            return f"\\[{_escaped(shows)}{f' {address}' if address else ''}\\]"
        case "mark_close":
            mark: Highlight = token.meta["mark"]
            return f" ({_escaped(mark.said)})" if token.meta["is_last"] else ""
        case "text":
            return _escaped(token.content)
        case _:
            return _EMPHASIS.get(token.tag, "")


def _line(text: str) -> str:
    """Return a line of a paragraph that begins no block."""
    return (
        _BEGINS.sub(_begun, text.strip(), count=1)
        if _BEGINS.match(text.strip())
        else (text.strip())
    )


def _begun(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _escaped(text: str, *, is_first: bool = False) -> str:
    said = printable(text)
    said = _SIGNS.sub(lambda found: f"\\{found[0]}", said).replace("<", "&lt;")
    said = _AT.sub("\\@", _ADDRESS.sub(lambda found: f"{found[0]}\\", said))
    return _line(said) if is_first else said


def _code(text: str) -> str:
    """Return text as code within a line."""
    said = printable(" ".join(text.split())).replace("|", "\\|")
    if not said:
        return ""
    longest = max((len(one) for one in re.findall("`+", said)), default=0)
    edge = " " if said[0] == "`" or said[-1] == "`" else ""
    return f"{'`' * (longest + 1)}{edge}{said}{edge}{'`' * (longest + 1)}"
