"""What to show of a text that is still being written, so that it does not jump.

A stream stops at any character. Shown as it is, `**slow mid` flashes two asterisks, and a table is
a paragraph of pipes until its second line is there. So emphasis, code and the header of a table
that are open at the end are closed, and markers at the very end are left out until the next
character decides what they are. This is for display only; no settled text passes here.
"""

import re

from markdown_it.rules_inline import StateInline, link_pairs
from markdown_it.token import Token

from components.markdown.parser import PARSER, block_tokens

#: How far back something open is closed. An asterisk without a partner, such as that of a footnote,
REACH = 500  # would otherwise turn the rest of a long paragraph, and then turn it back

#: A longer tail is a fence, a table or no prose; it is shown as it is rather than parsed twice.
MAX_LENGTH = 20_000

# What may be left out of an unfinished last line: all of it, if it holds nothing but markers that
# begin blocks or cells; else the marks at its end, or a backslash that would take what follows.
_MARKERS = re.compile(r"[-+*=#>|:~`_ \t]*+(?:[0-9]{1,9}(?:[.)][ \t]*+[*_~`]*+)?)?")
_BACKSLASH_AT_END = re.compile(r"(?<!\\)\\$")
_MARKS_AT_END = re.compile(r"[*_~`]+$")

_HEADER = re.compile(r"[ ]{0,3}\|.*\S")
_PIPE = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"\\.|(`+)", re.DOTALL)


def tail_preview(tail: str) -> str:
    """Return `tail`, the unfinished end of a text, as it is to be shown."""
    if len(tail) > MAX_LENGTH:
        return tail
    shown = _decided(tail)
    last = _last_text(shown)
    if last is None:
        return shown
    columns = _columns(shown) if last.level == 1 else 0
    if not columns:
        return _closed(shown, last.content)
    if not shown.rstrip().endswith("|"):
        shown = _closed(shown, last.content)
    return f"{shown.rstrip()}\n{'|---' * columns}|"


def _decided(tail: str) -> str:
    """Return `tail` without the markers at its end that the next character decides about."""
    before, newline, line = tail.rpartition("\n")
    if _MARKERS.fullmatch(line):
        return _BACKSLASH_AT_END.sub("", before) + newline
    return before + newline + _MARKS_AT_END.sub("", _BACKSLASH_AT_END.sub("", line))


def _last_text(shown: str) -> Token | None:
    """Return the inline token that `shown` is in the middle of, if it is in one."""
    if shown.count("\n", len(shown.rstrip())) > 1:
        return None
    for token in reversed(block_tokens(shown)):
        if token.type == "inline" and token.content:
            ends_with = token.content.rpartition("\n")[2]
            return token if shown.rstrip().endswith(ends_with) else None
        if token.type in {"fence", "code_block", "hr"}:
            return None
    return None


def _columns(shown: str) -> int:
    """Return how many columns the table has whose header `shown` ends with; 0 if it does not."""
    lines = shown.rstrip().split("\n")
    if not _HEADER.fullmatch(lines[-1]) or (len(lines) > 1 and "|" in lines[-2]):
        return 0
    cells = _PIPE.split(lines[-1].strip())
    return len(cells) - 1 - (not cells[-1])


def _closed(shown: str, text: str) -> str:
    """Return `shown` with what is open in `text`, its last part, closed; as it is if it cannot."""
    code = _open_code(text)
    state = StateInline(text + code, PARSER, {}, [])
    PARSER.inline.tokenize(state)
    link_pairs(state)
    reached = 0
    closers = code
    left = len(state.tokens)
    for delimiter in reversed(state.delimiters):
        reached += sum(len(token.content) for token in state.tokens[delimiter.token : left])
        left = delimiter.token
        if reached > REACH:
            break
        if delimiter.open and delimiter.end < 0:
            closers += state.tokens[left].content
    if not closers:
        return shown
    closed: list[Token] = []
    PARSER.inline.parse(text + closers, PARSER, {}, closed)
    if closed[-1].content and closed[-1].type == "text":
        return shown
    return shown.rstrip() + closers


def _open_code(text: str) -> str:
    """Return the backticks that open code at the end of `text`; none if there is none."""
    position = 0
    while match := _CODE.search(text, position):
        position = match.end()
        if ticks := match[1]:
            close = re.compile(rf"(?<!`){ticks}(?!`)").search(text, position)
            if close:
                position = close.end()
            elif len(text) - match.start() <= REACH:
                return ticks
    return ""
