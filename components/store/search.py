"""Searching what is kept: which texts hold some words, and what stands around them."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from components.store.storable_text import storable


def holds(words: str, *columns: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Say that one of `columns` holds `words`, whatever the case of the letters."""
    literally = re.sub(r"([\\%_])", r"\\\1", storable(words))
    # Lowered there and there by the database: it may not know every letter.
    lowered = sa.func.lower(literally)
    return sa.or_(*(sa.func.lower(column).contains(lowered, escape="\\") for column in columns))


def around(text: str, words: str, *, characters: int = 90) -> str:
    """Return the first place of `words` in `text` with what stands around it, cut at words."""
    at = _lower(text).find(_lower(words))
    if at < 0:
        return ""
    start, end = max(at - characters, 0), min(at + len(words) + characters, len(text))
    before = text[start:at].split(" ", 1)[-1] if start else text[:at]
    after = text[at:end].rsplit(" ", 1)[0] if end < len(text) else text[at:]
    cut = f"{'… ' if start else ''}{before}{after}{' …' if end < len(text) else ''}"
    return " ".join(cut.split())


def _lower(text: str) -> str:
    """Return `text` in small letters, each in its place: only the dotted İ would become two."""
    return text.replace("İ", "i").lower()
