"""Tokens of a stretch cut where marks begin and end, so that whoever writes them out can say so.

A mark becomes pairs of tokens, `mark_open` and `mark_close`, whose `meta` holds it and whether
nothing of it follows. The page's HTML is written from them, and the files that an editor takes
away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from markdown_it.token import Token

from components.markdown.prose import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.markdown.marks import Highlight


def cut(tokens: Sequence[Token], marks: Sequence[Highlight]) -> list[Token]:
    """Return `tokens` with a pair around each part that is marked, its text tokens cut there.

    Where emphasis begins within a mark and ends without it, or the other way round, the mark is
    closed before that tag and opened again after it, so that tags stay nested.
    """
    out: list[Token] = []
    todo = sorted(marks, key=lambda mark: mark.start)
    here = 0
    opened: Highlight | None = None
    for index, token in enumerate(tokens):
        said = plain(token)
        end = here + len(said)
        if token.nesting and opened is not None and not _nested(tokens, index, here, opened):
            out += [_pair(opened, -1, is_last=False), token, _pair(opened, 1)]
            continue
        while True:
            if opened is None and todo and todo[0].start < end:
                at = max(todo[0].start, here)
                out += _part(token, at - here)
                token, here = _rest(token, at - here), at
                opened = todo.pop(0)
                out.append(_pair(opened, 1))
            elif opened is not None and opened.end <= end:
                at = max(opened.end, here)
                out += _part(token, at - here)
                token, here = _rest(token, at - here), at
                out.append(_pair(opened, -1))
                opened = None
            else:
                break
        if here < end or not said:
            out.append(token)
        here = end
    if opened is not None:
        out.append(_pair(opened, -1))
    return out


def _nested(tokens: Sequence[Token], index: int, here: int, mark: Highlight) -> bool:
    """Whether the partner of the tag at `index`, character `here`, is within `mark` too."""
    step, depth, at = tokens[index].nesting, 0, here
    while 0 <= index < len(tokens):
        depth += tokens[index].nesting
        if depth == 0:
            return at < mark.end if step > 0 else at > mark.start
        index += step
        if 0 <= index < len(tokens):
            at += step * len(plain(tokens[index]))
    return False


def _part(token: Token, length: int) -> list[Token]:
    """Return the first `length` characters of a token, nothing where that is none."""
    if length > 0 and token.type not in {"text", "code_inline"}:
        return [token]
    return [replace(token, content=token.content[:length])] if length > 0 else []


def _rest(token: Token, length: int) -> Token:
    """Return a token without its first `length` characters."""
    return replace(token, content=token.content[length:]) if length > 0 else token


def _pair(mark: Highlight, nesting: Literal[1, -1], *, is_last: bool = True) -> Token:
    """Return the token that opens or closes `mark`; `is_last` says that it is not opened again."""
    name = "mark_open" if nesting == 1 else "mark_close"
    return Token(name, "", nesting, meta={"mark": mark, "is_last": is_last})
