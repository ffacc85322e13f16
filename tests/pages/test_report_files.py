"""The row of files of a report: nothing is made until a click, then what there is at the click."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from docx import Document
from streamlit.testing.v1 import AppTest

from components.measures import Glance
from components.plots.static_plots import PlotImage
from components.reports import Report
from components.ui.report import report_view as module
from tests.reports.desk import Desk, book, desk
from tests.reports.reading import reader

__all__ = ["desk"]


@pytest.fixture
def scripted() -> Any:
    return reader()


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], str | bytes]]:
    """What each button would give, by the name of its file."""
    found: dict[str, Callable[[], str | bytes]] = {}
    plain = st.download_button

    def noted(label: str, data: Any, **more: Any) -> bool:
        assert more["on_click"] == "ignore"
        found[more["file_name"]] = data
        return plain(label, data, **more)

    monkeypatch.setattr(st, "download_button", noted)
    return found


def page(desk, report):  # Run by itself: it knows no name of this file.
    from components.ui.report.report_view import report_files
    from components.ui.shared.visit import Visit

    report_files(Visit(desk.app, desk.app.shelf(), ""), report)


def shown(desk: Desk, report: Report) -> AppTest:
    kwargs = {"desk": desk, "report": report}
    ran = AppTest.from_function(page, kwargs=kwargs, default_timeout=30).run()
    assert not ran.exception
    return ran


def test_four_files_each_made_at_the_click(
    desk: Desk,
    offered: dict[str, Callable[[], str | bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def pictures(report: Report, _: Glance) -> list[PlotImage]:
        asked.append(report.is_complete)
        return [PlotImage("Tension", b"", "<svg/>", "It rises.")]

    monkeypatch.setattr(module, "pictures", pictures)
    begun = desk.begin(book())
    ran = shown(desk, begun)
    assert list(offered) == [f"book-report.{one}" for one in ("docx", "html", "md", "json")]
    assert asked == []
    assert "not complete" in ran.caption[0].value
    desk.finished(begun)
    markdown = offered["book-report.md"]()
    assert isinstance(markdown, str)
    assert "- **State:** complete" in markdown
    assert "It rises." in markdown
    assert asked == [True]
    assert json.loads(offered["book-report.json"]())["is_complete"] is True
    assert "<h1>book</h1>" in str(offered["book-report.html"]())


def test_a_whole_report_is_offered_without_a_word(
    desk: Desk, offered: dict[str, Callable[[], str | bytes]]
) -> None:
    ran = shown(desk, desk.finished(desk.begin(book(2))))
    assert not ran.caption
    labels = [one.label for one in ran.get("download_button")]
    assert labels[:4] == ["Word", "HTML", "Markdown", "JSON"]
    assert len(labels) == 6  # The reader's report, and the text with findings in its margin.
    name = next(name for name in offered if "comments" in name)
    margin = offered[name]()
    assert isinstance(margin, bytes)
    assert len(list(Document(io.BytesIO(margin)).comments)) == 2
    data = offered["book-report.docx"]()
    assert isinstance(data, bytes)
    assert Document(io.BytesIO(data)).paragraphs[0].text == "book"
    version = desk.app.servers()[0][0].version
    assert version
    assert version in str(offered["book-report.md"]())
