"""The metadata that a Markdown file may begin with: YAML between `---`, TOML between `+++`.

Pandoc, Jekyll, Hugo and Quarto write such blocks; `title`, `author` and `lang` or `language` are
read. What is no such block is text.
"""

import re
import tomllib
from typing import Any, NamedTuple

#: Characters. What is longer is a text between two rules.
_LONGEST = 20_000
_YAML = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)


class FrontBlock(NamedTuple):
    """What such a block says, and the text after it."""

    text: str
    title: str = ""
    author: str = ""
    language: str = ""


def front_block(text: str) -> FrontBlock:
    """Return the metadata that `text` begins with, nothing but the text where there is none."""
    head = text[:_LONGEST]
    match = _YAML.match(head) or _TOML.match(head)
    if match is None:
        return FrontBlock(text)
    import yaml  # here: it takes longer than many a file, and few begin with a block

    try:
        is_toml = match[0].lstrip().startswith("+")
        table = tomllib.loads(match[1] or "") if is_toml else yaml.safe_load(match[1] or "")
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError):
        # "title: Boats: A Life" is written, though it is no YAML.
        lines = [line.partition(":") for line in (match[1] or "").strip().split("\n")]
        if not all(name.isidentifier() and value for name, _, value in lines):
            return FrontBlock(text)
        table = {name: value.strip("\"' ") for name, _, value in lines}
    if not isinstance(table, dict):
        return FrontBlock(text)
    named = {str(name).casefold(): value for name, value in table.items()}
    return FrontBlock(
        text[match.end() :],
        title=": ".join(filter(None, (_said(named.get("title")), _said(named.get("subtitle"))))),
        author=_said(named.get("author") or named.get("authors") or named.get("creator")),
        language=_said(named.get("lang") or named.get("language")),
    )


def _said(value: Any) -> str:
    """Return a text, a list of texts or what pandoc calls by `name` or `text`, as one line."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, dict):
        return _said(value.get("name") or value.get("text") or value.get("literal"))
    return "" if value is None else " ".join(str(value).split())
