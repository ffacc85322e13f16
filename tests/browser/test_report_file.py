"""The HTML file of a report in a real browser: nothing asked, nothing refused, and it prints."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from components.export.contents import (
    Answer,
    Contents,
    FactList,
    FileSection,
    Paragraph,
    PlotImage,
    Table,
)
from components.export.report_html import report_html
from components.markdown import Highlight
from tests.export.hostile import HOSTILE

PLOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M0 3 9 0"/></svg>'


def contents() -> Contents:
    """A report of many pages, whose model is hostile."""
    rows = tuple((f"Chapter {number}", "complete", f"{number:,}") for number in range(1, 90))
    quoted = Answer("He “was not there”.", (Highlight(0, 3, 18, "missing", "not found"),))
    return Contents(
        title="Ärger & <b>Ordnung</b> Пётр 海",
        subtitle="The whole of it",
        notice=None,
        facts=FactList((("Model", "scripted:1b"),)),
        about=(Paragraph("A model wrote this."),),
        sections=(
            FileSection("Structure", (Answer(HOSTILE), quoted)),
            FileSection("Charts", (PlotImage("Tension", b"", PLOT, "It rises."),)),
            FileSection("Receipts", (Table(("Chapter", "State", "Words"), rows, frozenset({2})),)),
        ),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_stands_alone(new_page: Callable[..., Page], tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(contents()), encoding="utf-8")
    page = new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("dialog", lambda one: said.append(one.message))
    page.on("request", lambda one: asked.append(one.url))
    page.goto(file.as_uri())
    assert page.locator("h1").inner_text() == contents().title
    # The style sheet is taken, and so the policy that names it.
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == ("rgb(251, 248, 241)" if scheme == "light" else "rgb(29, 26, 23)")
    assert page.evaluate("document.querySelector('figure img').naturalWidth") > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("nav a", has_text="Receipts").click()
    assert page.url.endswith("#s3")
    assert said == []
    assert {one.partition(":")[0] for one in asked} <= {"file", "data"}
    # What it holds could not run even if it were a tag: the policy forbids it.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
    page.wait_for_function("() => document.querySelector('img[src=x]').complete")
    assert any("Content Security Policy" in one for one in said)


def test_it_prints_with_page_numbers(new_page: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(contents()), encoding="utf-8")
    page = new_page()
    page.goto(file.as_uri())
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [one.extract_text() for one in printed.pages]
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert f"{number} / {len(texts)}" in text
    assert "Пётр" in texts[0]
    # The head of the table stands again on each of its pages.
    of_table = [one for one in texts if "Chapter 89" in one or "Chapter 30" in one]
    assert all("State" in one for one in of_table)
