"""What a file of a comparison of whole books holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.errors import UnknownAnalysis
from components.evidence import Index
from components.export import (
    Contents,
    comparison_contents,
    report_docx,
    report_html,
    report_markdown,
)
from components.export.contents import Answer, FactList, FileSection, Table
from components.reports import SCALES, compare_models, open_report
from components.store import Series, State
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.desk import Desk, book, opened_desk
from tests.reports.parting import NAMES, parting


@pytest.fixture
def scripted() -> ScriptedOllama:
    return parting(context=2560)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Series]:
    """A comparison of two models that has ended, and the folder with its store."""
    folder = tmp_path_factory.mktemp("ended")
    with opened_desk(parting(context=2560), folder) as desk:
        return folder, desk.compared(book(5), NAMES[:2])[0]


@pytest.fixture
def desk(scripted: ScriptedOllama, tmp_path: Path, ended: tuple[Path, Series]) -> Iterator[Desk]:
    """A desk with a copy of that store."""
    shutil.copytree(ended[0] / "data", tmp_path / "data")
    with opened_desk(scripted, tmp_path) as desk:
        yield desk


@pytest.fixture
def begun(ended: tuple[Path, Series]) -> Series:
    return ended[1]


def contents_of(desk: Desk, comparison: Series, *, stopped: int | None = None) -> Contents:
    """What a file holds; the last step of the report at `stopped` never came to an end."""
    shelf = desk.app.shelf()
    reports = [open_report(shelf, one) for one in shelf.series.reports_of(comparison.id)]
    if stopped is not None:
        steps = reports[stopped].steps
        last = replace(steps[-1], state=State.STOPPED, answer="")
        reports[stopped] = replace(reports[stopped], steps=(*steps[:-1], last))
    index = Index(reports[0].manuscript)
    differing = compare_models(reports, index)
    return comparison_contents(shelf.series.get(comparison.id), differing, index, ollama={})


def section(contents: Contents, *titles: str) -> FileSection:
    """The section under each of these titles in turn."""
    sections = contents.sections
    for title in titles:
        one = next(each for each in sections if each.title == title)
        sections = one.sections
    return one


def facts(one: FileSection | Contents) -> dict[str, Any]:
    blocks = (one.facts,) if isinstance(one, Contents) else one.blocks
    return {name: said for each in blocks if isinstance(each, FactList) for name, said in each.rows}


def names(desk: Desk, comparison: Series) -> list[str]:
    reports = desk.app.shelf().series.reports_of(comparison.id)
    return [
        f"{letter}: {one.details['model']}" for letter, one in zip("ABCD", reports, strict=False)
    ]


def test_each_lens_and_each_chapter_has_a_column_for_each_model(desk: Desk, begun: Series) -> None:
    contents = contents_of(desk, begun)
    titles = [one.title for one in contents.sections]
    assert titles[0] == "Where they part"
    assert titles[-3:] == ["Chapter by chapter", "Figures", "Confidentiality sheets"]
    for lens in titles[1:-3]:
        assert [one.title for one in section(contents, lens).sections] == names(desk, begun)
        assert all(
            any(isinstance(block, Answer) for block in one.blocks)
            for one in section(contents, lens).sections
        )
    chapters = section(contents, "Chapter by chapter").sections
    assert len(chapters) == 5
    for one in chapters:
        assert [each.title for each in one.sections] == names(desk, begun)
        assert all(each.sections for each in one.sections)
    sheets = section(contents, "Confidentiality sheets").sections
    assert [one.title for one in sheets] == names(desk, begun)
    assert [facts(one)["Model"] for one in sheets] == [one[3:] for one in names(desk, begun)]


def test_scores_stand_side_by_side_and_a_missing_one_is_no_zero(desk: Desk, begun: Series) -> None:
    contents = contents_of(desk, begun)
    (table,) = [
        one for one in section(contents, "Where they part").blocks if isinstance(one, Table)
    ]
    assert table.head == ("Chapter", *(one.capitalize() for one in SCALES))
    assert len(table.rows) == 5
    assert all(cell.startswith("A ") and ", B " in cell for row in table.rows for cell in row[1:])
    assert any("–" in cell for row in table.rows for cell in row)


def test_the_verdict_is_said_by_letter(desk: Desk, begun: Series) -> None:
    assert facts(contents_of(desk, begun))["Verdict"] == "not judged"
    series = desk.app.shelf().series
    best = series.reports_of(begun.id)[1].id
    series.judge(begun.id, {"best": best, "choice": "best", "reason": "It saw the twist."})
    assert facts(contents_of(desk, begun))["Verdict"] == "B is better: It saw the twist."


def test_what_is_not_complete_is_said_first_with_its_column(desk: Desk, begun: Series) -> None:
    assert contents_of(desk, begun).notice is None
    notice = contents_of(desk, begun, stopped=1).notice
    assert notice is not None
    assert notice.text == "Not every report here is complete."
    name = names(desk, begun)[1]
    assert notice.lines
    assert all(one.startswith(f"{name}. ") for one in notice.lines)


def test_every_format_holds_all_of_it(desk: Desk, begun: Series) -> None:
    contents = contents_of(desk, begun)
    text, html = report_markdown(contents), report_html(contents)
    for title in ("Where they part", "Chapter by chapter", "Confidentiality sheets"):
        assert title in text
        assert title in html
    for name in names(desk, begun):
        assert name in text
        assert name in html
    assert report_docx(contents).startswith(b"PK")


def test_one_report_of_it_may_be_gone(desk: Desk, begun: Series) -> None:
    series = desk.app.shelf().series
    gone = series.reports_of(begun.id)[0]
    series.delete(gone.id)
    with pytest.raises(UnknownAnalysis):
        series.get(gone.id)
    (left,) = section(contents_of(desk, begun), "Confidentiality sheets").sections
    assert left.title.startswith("B: ")
