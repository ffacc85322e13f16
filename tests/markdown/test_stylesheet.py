"""The sheet that goes with the HTML: it reaches the page and knows every class."""

from __future__ import annotations

import re
from pathlib import Path

from components.markdown.html import CLASSES, MARK_CLASSES

SHEET = Path(__file__).parents[2] / "components" / "ui" / "shared" / "analysis.css"


def test_the_sheet_survives_the_cleaning_of_st_html() -> None:
    """DOMPurify drops a style element that holds a less-than sign before a letter or a slash."""
    assert not re.search(r"<[/\w!]", SHEET.read_text(encoding="utf-8"))


def test_the_sheet_has_a_rule_for_every_class() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    named = set(re.findall(r"\.(fr-[a-z-]+)", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))
    assert named == CLASSES | MARK_CLASSES | {"fr-analysis", "fr-tail"}


def test_the_sheet_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face", SHEET.read_text(encoding="utf-8"))


def test_nothing_moves_without_end() -> None:
    """The browser would draw for as long as the page is open, and take the models' time for it."""
    sheets = sorted(SHEET.parents[1].rglob("*.css"))
    assert SHEET in sheets
    assert [one.name for one in sheets if "infinite" in one.read_text(encoding="utf-8")] == []
