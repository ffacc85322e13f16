"""Another viewer of Markdown, which does what a page of ours never would."""

from __future__ import annotations

from itertools import pairwise

from markdown_it import MarkdownIt

VIEWER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

NEVER = {"html_block", "html_inline", "image", "link_open"}


def kinds(text: str) -> set[str]:
    tokens = VIEWER.parse(text)
    return {one.type for token in tokens for one in [token, *(token.children or [])]}


def headings(text: str) -> list[tuple[str, str]]:
    tokens = VIEWER.parse(text)
    return [
        (token.tag, following.content)
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]
