"""An answer in five places without support: every file says so of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from docx import Document

from components.evidence import Index, check
from components.export import (
    Column,
    analysis_contents,
    comparison_csv,
    report_docx,
    report_html,
    report_json,
    report_markdown,
    report_sections,
    side_by_side,
)
from components.export.evidence_labels import QUOTES_NOTHING
from tests import unsupported
from tests.export.test_analysis_contents import analysis, comparison, done
from tests.reports.desk import Desk

INDEX = Index(unsupported.manuscript())
COLUMN = Column(analysis(), done(unsupported.ANSWER), check(unsupported.ANSWER, INDEX))
ANALYSIS = analysis_contents(COLUMN.analysis, COLUMN.outcome, COLUMN.evidence)


def words_of(file: bytes) -> str:
    """Return the text of a Word file."""
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def without_signs(markdown: str) -> str:
    return markdown.replace("\\", "").replace("&lt;", "<")


@pytest.mark.parametrize(
    "text",
    [
        without_signs(report_markdown(ANALYSIS)),
        words_of(report_docx(ANALYSIS)),
        without_signs(report_markdown(side_by_side(comparison(), [COLUMN]))),
        words_of(report_docx(side_by_side(comparison(), [COLUMN]))),
    ],
)
def test_files_of_an_analysis_and_of_a_comparison(text: str) -> None:
    _, _, checked = text.partition("What was checked")
    assert QUOTES_NOTHING in checked
    for _, flagged in unsupported.FLAGS:
        assert flagged in checked


def test_figures_of_a_comparison() -> None:
    (row,) = csv.DictReader(io.StringIO(comparison_csv([COLUMN])))
    assert (row["quotations"], row["quotations_found"], row["flags"]) == ("0", "0", "4")


def test_files_of_a_report(desk: Desk) -> None:
    report = desk.finished(desk.begin(unsupported.manuscript()))
    steps = tuple(
        replace(step, answer=unsupported.ANSWER) if step.question.part == "report" else step
        for step in report.steps
    )
    report = replace(report, steps=steps)
    contents = report_sections(report, INDEX)
    formats: tuple[Callable[[], str], ...] = (
        lambda: without_signs(report_markdown(contents)),
        lambda: unescape(report_html(contents)),
        lambda: words_of(report_docx(contents)),
    )
    for write in formats:
        text = write()
        before, _, checked = text.rpartition("What was checked")
        assert "the report of “Storyteller's analysis”" in checked
        for _, flagged in unsupported.FLAGS:
            assert flagged in checked
            assert flagged in before
        assert text.count("the text has no such chapter") >= 2
    values = json.loads(report_json(report, INDEX))
    (final,) = [step for step in values["steps"] if step["part"] == "report"]
    assert [(each["kind"], each["text"]) for each in final["flags"]] == unsupported.FLAGS
    assert final["quotes_nothing"]
    assert values["quotations"]["flags"] == len(unsupported.FLAGS)
    assert values["quotations"]["quoting_nothing"] == [final["position"]]
