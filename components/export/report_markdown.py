"""A file as Markdown that can only be read.

A viewer of Markdown runs HTML, fetches pictures and follows links. So a model's text is parsed as
on the page (`components.markdown`) and written anew from its tokens: headings move below the file's
own, links and pictures become text, and every sign that could mean something to another viewer is
escaped. Of our own pictures, the description stands in their place.
"""

import re
from collections.abc import Iterable, Sequence
from typing import assert_never

from markdown_it.token import Token

from components.export import contents as blocks
from components.markdown import escaped, literal, literal_line, printable
from components.plots.static_plots import PlotImage

_LOWEST = 6

_EMPHASIS = {"em": "*", "strong": "**", "s": "~~"}


def report_markdown(contents: blocks.Contents) -> str:
    """Return all of `contents` as Markdown."""
    parts = []
    for level, section in contents.walk():
        parts.append(f"{'#' * (level + 1)} {plain(section.title)}" if section.title else "---")
        parts += [_block(block, section.below(level + 1)) for block in section.blocks]
    return "\n\n".join(filter(None, parts)) + "\n"


def _block(block: blocks.Block, below: int) -> str:
    """Return a block; the headings of an answer stand under level `below`."""
    match block:
        case blocks.Subtitle():
            return f"*{plain(block.text)}*"
        case blocks.FactList():
            return _list(f"**{plain(name)}:** {plain(value)}" for name, value in block.rows)
        case blocks.Paragraph():
            return plain(block.text)
        case blocks.Notice():
            lines = _list(map(plain, block.lines))
            return "\n\n".join(filter(None, (f"**{plain(block.text)}**", lines)))
        case blocks.Listing():
            return _list(map(plain, block.lines))
        case blocks.Answer():
            return rewritten(block, below=below)
        case blocks.Quotation():
            where = f"**{plain(block.where)}**; quoted in {plain('; '.join(block.quoted_in))}"
            return f"> “{plain(block.text)}”\n>\n> {where}"
        case blocks.Verbatim():
            return fenced(block.text)
        case blocks.Table():
            rows = [[plain(cell) for cell in row] for row in (block.head, *block.rows)]
            return "\n".join(table(rows))
        case PlotImage():
            return f"**{plain(block.title)}**\n\n{plain(block.text)}"
        case _:
            assert_never(block)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def rewritten(answer: blocks.Answer, *, below: int = 1) -> str:
    """Return an answer as Markdown; its headings stand under level `below`.

    The words of a mark are written in parentheses after the marked text.
    """
    return "\n".join(_Writer(answer.tokens(), answer.lowering(below)).blocks())


def plain(text: str) -> str:
    """Return text as one line of Markdown that shows it and means nothing."""
    return literal(printable(text))


def fenced(text: str) -> str:
    """Return text as a block of code, whatever it holds."""
    code = printable(text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n")
    fence = "`" * max(_longest_ticks(code) + 1, 3)
    return f"{fence}\n{code}\n{fence}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, its head first; cells are Markdown of one line."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + " --- |" * len(rows[0]), *body]


class _Writer:
    """Writes the tokens of one answer from first to last; its headings go down so many levels."""

    def __init__(self, tokens: Sequence[Token], lowering: int) -> None:
        self._tokens = iter(tokens)
        self._lowering = lowering

    def blocks(self, until: str = "") -> list[str]:
        """Return the lines of the blocks up to the token `until`, which is taken too."""
        lines: list[str] = []
        before = ""
        turn = 0
        for token in self._tokens:
            if token.type == until:
                break
            # Two lists that follow each other stay two, told apart by their signs.
            turn = turn + 1 if token.type == before else 0
            block = self._block(token, turn % 2 == 1)
            before = token.type
            if block:
                lines += ["", *block] if lines else block
        return lines

    def _block(self, token: Token, other: bool) -> list[str]:
        match token.type:
            case "heading_open":
                level = min(int(token.tag[1:]) + self._lowering, _LOWEST)
                text = self._inline(in_line=True)
                next(self._tokens)
                return [f"{'#' * level} {text}"]
            case "paragraph_open":
                text = self._inline(in_line=False)
                next(self._tokens)
                return text.split("\n")
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
        while next(self._tokens).type == "list_item_open":
            sign = bullet if number is None else f"{number}{end} "
            number = None if number is None else number + 1
            inner = self.blocks("list_item_close") or [""]
            lines.append(f"{sign}{inner[0]}".rstrip())
            lines += [f"{' ' * len(sign)}{line}".rstrip() for line in inner[1:]]
        return lines

    def _table(self) -> list[str]:
        rows: list[list[str]] = []
        for token in self._tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                rows[-1].append(self._inline(in_line=True))
        return table(rows) if rows else []

    def _inline(self, *, in_line: bool) -> str:
        text = "".join(map(_text, next(self._tokens).children or []))
        if in_line:
            return " ".join(text.replace("\\\n", " ").split())
        return "\n".join(filter(None, map(literal_line, text.split("\n")))) or "\\"


def _text(token: Token) -> str:
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
            title = ": ".join(filter(None, ["picture left out", token.content.strip()]))
            address = _code(str(token.meta["address"]))
            return f"\\[{_escaped(title)}{f' {address}' if address else ''}\\]"
        case "mark_close":
            return f" ({_escaped(token.meta['mark'].said)})" if token.meta["is_last"] else ""
        case "text":
            return _escaped(token.content)
        case _:
            return _EMPHASIS.get(token.tag, "")


def _escaped(text: str) -> str:
    return escaped(printable(text))


def _code(text: str) -> str:
    code = printable(" ".join(text.split())).replace("|", "\\|")
    if not code:
        return ""
    ticks = "`" * (_longest_ticks(code) + 1)
    edge = " " if code[0] == "`" or code[-1] == "`" else ""
    return f"{ticks}{edge}{code}{edge}{ticks}"


def _longest_ticks(code: str) -> int:
    return max(map(len, re.findall("`+", code)), default=0)
