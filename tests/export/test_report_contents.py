"""What a file of a report holds: its order, what is missing, what is none given, the sheet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.analysis import lenses
from components.engine import Options, Statistics
from components.errors import StreamStalled
from components.evidence import Index
from components.export import (
    Contents,
    as_json,
    report_docx,
    report_html,
    report_json,
    report_markdown,
    report_sections,
)
from components.export.confidentiality_sheet import address, sheet
from components.export.contents import Answer, FactList, FileSection, Quotation, Table
from components.plots.static_plots import PlotImage
from components.reports import Depth, Permission, Report, note_permission
from components.store import State, StepStatus
from tests.reports.desk import Desk, ReadReport, book
from tests.reports.earlier import LENS, answers, begun_earlier
from tests.reports.reading import INVENTED

PICTURE = PlotImage("Tension", b"", "<svg xmlns='http://www.w3.org/2000/svg'/>", "It rises.")


def contents_of(report: Report, **more: Any) -> Contents:
    return report_sections(report, Index(report.manuscript), **more)


def section(contents: Contents, title: str) -> FileSection:
    return next(one for _, one in contents.walk() if one.title == title)


def table(contents: Contents, title: str, number: int = 0) -> Table:
    return [one for one in section(contents, title).blocks if isinstance(one, Table)][number]


def facts(contents: Contents, title: str) -> dict[str, str]:
    return {
        name: said
        for one in section(contents, title).blocks
        if isinstance(one, FactList)
        for name, said in one.rows
    }


def with_steps(report: Report, /, **changes: Any) -> Report:
    """The report with the steps of some parts changed: `scores={"answer": "no"}`."""
    steps = tuple(replace(one, **changes.get(one.question.part, {})) for one in report.steps)
    return replace(report, steps=steps)


def test_the_sections_stand_in_their_order(read_report: ReadReport) -> None:
    report = read_report(lenses=lenses()[:2])
    contents = contents_of(report, pictures=[PICTURE])
    assert [one.title for one in contents.sections] == [
        *report.lenses,
        "Charts",
        "Chapter by chapter",
        "Scores",
        "Receipts",
        "What was checked",
        "Confidentiality sheet",
    ]
    assert contents.notice is None
    chapters = section(contents, "Chapter by chapter").sections
    assert [one.title for one in chapters] == [f"Chapter {number}" for number in range(1, 6)]
    for one in chapters:
        assert [below.title for below in one.sections] == list(report.lenses)
        assert all(isinstance(below.blocks[0], Answer) for below in one.sections)
    assert section(contents, "Charts").blocks == (PICTURE,)
    assert "Charts" not in [one.title for one in contents_of(report).sections]


def test_each_quotation_is_listed_once_with_where_it_stands(read_report: ReadReport) -> None:
    report = read_report(lenses=lenses()[:2])
    contents = contents_of(report)
    (missing,) = section(contents, "Not found in the manuscript").blocks
    assert isinstance(missing, Quotation)
    assert missing.text == INVENTED
    assert not missing.is_found
    assert missing.where == "not found in the manuscript"
    assert missing.quoted_in == tuple(f"the report of “{lens}”" for lens in report.lenses)
    there = [one for one in section(contents, "Found").blocks if isinstance(one, Quotation)]
    assert [one.where for one in there] == [f"Chapter {number}" for number in range(1, 6)]
    first = report.lenses[0]
    assert {f"findings of “{first}”, Chapter 1", "scores, Chapter 1"} <= set(there[0].quoted_in)


def test_a_report_that_is_not_complete_says_so_first_in_every_format(
    read_report: ReadReport,
) -> None:
    report = read_report()
    cut = {"state": State.STOPPED, "answer": "", "statistics": None}
    torn = replace(
        report,
        steps=tuple(
            replace(one, **cut)
            if one.question.passage == 3 or one.question.part == "report"
            else one
            for one in report.steps
        ),
    )
    contents = contents_of(torn)
    assert contents.notice is not None
    assert contents.notice.text.startswith("This report is not complete. 1 of 5 chapters were not")
    assert contents.notice.lines[0].startswith("Chapter 3: stopped.")
    assert (
        "The report of “Storyteller's analysis”: stopped before its end." in contents.notice.lines
    )
    assert dict(contents.facts.rows)["State"] == "not complete"
    said = contents.notice.text
    markdown = report_markdown(contents)
    assert markdown.split("\n\n")[1] == f"**{said}**"
    html = report_html(contents)
    body = html[html.index("<body>") :]
    assert body.index(said) < body.index('class="subtitle"') < body.index("<nav")
    assert report_docx(contents)
    index = Index(torn.manuscript)
    assert report_json(torn, index).index('"is_complete": false') < 120
    assert "not begun" not in markdown
    assert "Nothing was written; this step is stopped before its end." in markdown


def test_scores_that_were_not_given_are_no_zeros(read_report: ReadReport) -> None:
    report = with_steps(read_report(), scores={"answer": "{", "state": State.FAILED})
    rows = table(contents_of(report), "Scores").rows
    assert {one[1:5] for one in rows} == {("none given",) * 4}
    waiting = with_steps(report, scores={"answer": "", "state": State.QUEUED})
    assert {one[1:5] for one in table(contents_of(waiting), "Scores").rows} == {
        ("not there yet",) * 4
    }


def test_what_ran_into_its_limit_or_broke_off_says_so(read_report: ReadReport) -> None:
    report = read_report()
    figures = report.final(report.lenses[0]).statistics
    assert figures is not None
    short = with_steps(report, report={"statistics": replace(figures, done_reason="length")})
    text = report_markdown(contents_of(short))
    assert "This answer ran into its limit (done\\_reason length): its end is missing." in text
    error = StreamStalled("Ollama did not answer for long.")
    broken = with_steps(report, report={"state": State.FAILED, "error": error})
    text = report_markdown(contents_of(broken))
    assert "This answer is not whole: broken off by an error. Ollama did not answer" in text
    blocks = section(contents_of(broken), report.lenses[0]).blocks
    assert any(isinstance(one, Answer) and INVENTED in one.source for one in blocks)


def test_what_is_unfinished_stands_under_a_heading_in_every_format(
    read_report: ReadReport,
) -> None:
    report = read_report()
    torn = replace(
        report,
        steps=tuple(
            replace(one, state=State.STOPPED, statistics=None)
            if one.question.part == "report"
            or (one.question.part, one.question.passage) == ("findings", 3)
            else one
            for one in report.steps
        ),
    )
    contents = contents_of(torn)
    titles = [one.title for one in contents.sections]
    assert titles[:2] == [report.lenses[0], "Unfinished"]
    findings, summary = section(contents, "Unfinished").sections
    assert [one.title for one in (findings, summary)] == [
        f"Chapter 3, findings for {report.lenses[0]}",
        f"Report of {report.lenses[0]}",
    ]
    (said,) = [one for one in findings.blocks if isinstance(one, Answer)]
    assert "On day 3 of the journey" in said.source
    (said,) = [one for one in summary.blocks if isinstance(one, Answer)]
    assert said.source.startswith("The text shows this: ")
    assert INVENTED in said.source
    assert [mark.said for mark in said.marks] == ["not found in the manuscript"]
    (chapter,) = section(contents, "Chapter 3").sections
    assert not [one for one in chapter.blocks if isinstance(one, Answer)]
    for text in (report_markdown(contents), report_html(contents)):
        assert "It stands under “Unfinished”." in text
        assert text.count("Chapter 3, findings for ") >= 1
    assert report_docx(contents)
    listed = as_json(torn, Index(torn.manuscript))["unfinished"]
    assert [one["step"] for one in listed] == [one.position for one in torn.unfinished]
    assert listed[1]["text"] == said.source
    assert "Unfinished" not in [one.title for one in contents_of(report).sections]


def test_chapters_that_the_editor_left_out_are_named_and_nothing_is_missing(
    read_report: ReadReport,
) -> None:
    report = read_report(chapters=(1, 2, 4))
    contents = contents_of(report)
    assert contents.notice is None
    assert dict(contents.facts.rows)["Left out by the editor"] == "Chapter 3, Chapter 5"
    rows = table(contents, "Receipts").rows
    assert [one[1] for one in rows] == [
        "complete",
        "complete",
        "left out by the editor",
        "complete",
        "left out by the editor",
    ]
    assert set(rows[2][3:]) == {""}


def test_a_skim_has_findings_and_no_scores(read_report: ReadReport) -> None:
    skim = read_report(depth=Depth.SKIM)
    assert "Scores were not asked for." in report_markdown(contents_of(skim))
    titles = [one.title for one in section(contents_of(skim), "Chapter 2").sections]
    assert titles == list(skim.lenses)


@pytest.mark.parametrize(
    ("at_once", "told"), [(False, [LENS, "The story so far"]), (True, [])], ids=["parts", "at once"]
)
def test_a_report_of_the_version_before_is_read_as_it_was(
    desk: Desk, at_once: bool, told: list[str]
) -> None:
    desk.server.reads = answers
    report = desk.finished(begun_earlier(desk.app, book(3), at_once=at_once))
    assert report.is_complete
    assert not report.findings
    contents = contents_of(report)
    chapters = section(contents, "Chapter by chapter").sections
    assert [one.title for one in chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]
    for one in chapters:
        assert [below.title for below in one.sections] == told
        assert "Summary" in facts(contents, one.title)
    text, html = report_markdown(contents), report_html(contents)
    assert report_docx(contents)
    final = report.final(LENS)
    for said in (text, html):
        assert "On day 1 of the journey" in said
    if not at_once:
        assert INVENTED in final.answer
        assert "(not found in the manuscript)" in text
    listed = as_json(report, Index(report.manuscript))
    assert listed["findings"] == []
    assert listed["setting"]["is_whole"] is at_once
    assert listed["reports"][0]["text"] == final.answer


def test_the_sheet_says_what_was_computed_where(desk: Desk) -> None:
    options = Options(temperature=0.5, seed=7)
    first = desk.finished(desk.begin(book(), lenses=lenses()[:2], options=options))
    confidentiality = sheet(first, ollama={desk.server.url: "0.31.2"})
    assert confidentiality.sha256 == first.manuscript.sha256
    assert confidentiality.options == {"temperature": 0.5, "seed": 7}
    assert confidentiality.ended is not None
    assert confidentiality.ended >= confidentiality.begun
    (computer,) = confidentiality.computers
    assert (computer.address, computer.is_this, computer.steps, computer.ollama) == (
        desk.server.url,
        True,
        len(first.steps),
        "0.31.2",
    )
    assert confidentiality.is_traced
    assert not any("the text was sent there" in one for one in confidentiality.statement)
    assert "and nowhere else" in confidentiality.statement[0]
    kinds = [(one.part, one.lens) for one in confidentiality.asked]
    assert len(kinds) == len(set(kinds))
    assert {part for part, _ in kinds} == {"findings", "scores", "digest", "report"}
    assert sum(one.steps for one in confidentiality.asked) == len(first.steps)
    assert not any("Chapter 2" in one.prompt for one in confidentiality.asked)
    assert any(
        one.prompt.startswith("This was [part of the book]. ") for one in confidentiality.asked
    )
    permission = Permission("Jane Doe", "2026-11-01", "local models")
    note_permission(desk.app.shelf(), first.series.manuscript_id, permission)
    again = desk.finished(desk.begin(book(), lenses=lenses()[:2], options=options))
    shown = facts(contents_of(again), "Confidentiality sheet")
    assert shown["Copied from earlier reports"].startswith(
        f"{len(first.steps)} of {len(first.steps)}"
    )
    assert shown["Options"] == "temperature=0.5, seed=7"
    assert shown["Author’s permission"] == "Jane Doe, 2026-11-01: local models"
    assert as_json(again, Index(again.manuscript))["confidentiality"]["permission"] == {
        "given_by": "Jane Doe", "given_on": "2026-11-01", "purpose": "local models"
    }  # fmt: skip


def test_other_computers_and_clouds_are_named(read_report: ReadReport) -> None:
    report = read_report()
    host = "http://editor:secret@ollama.example:11434"
    moved = replace(
        report,
        setting=replace(report.setting, counted_on=()),
        steps=tuple(replace(one, host=host, hosts=(host,)) for one in report.steps),
    )
    assert "ollama.example" in sheet(moved).statement[1]
    for text in (report_markdown(contents_of(moved)), report_json(moved, Index(moved.manuscript))):
        assert "secret" not in text
        assert "ollama.example:11434" in text
    cloud = replace(report, setting=replace(report.setting, model="big:120b-cloud"))
    assert "runs in a cloud" in sheet(cloud).statement[0]
    assert not any("nowhere else" in one for one in sheet(cloud).statement)


def test_a_host_that_only_counted_or_died_is_named_too(read_report: ReadReport) -> None:
    report = read_report()
    first, *others = report.steps
    dead, counted = "http://dead.example:11434", "http://counted.example:11434"
    moved = replace(
        report,
        setting=replace(report.setting, counted_on=(counted,)),
        steps=(replace(first, hosts=(dead, first.host)), *others),
    )
    confidentiality = sheet(moved)
    assert {one.address: one.steps for one in confidentiality.computers} == {
        dead: 1,
        counted: 0,
        first.host: len(report.steps),
    }
    assert f"{counted}, {dead}" in confidentiality.statement[1]
    assert "none: it counted tokens" in report_markdown(contents_of(moved))


def test_what_an_earlier_version_did_not_note_is_not_claimed(read_report: ReadReport) -> None:
    report = read_report()
    first, *others = report.steps
    for earlier in (
        replace(report, setting=replace(report.setting, counted_on=None)),
        replace(report, steps=(replace(first, hosts=None), *others)),
    ):
        assert not sheet(earlier).is_traced
        assert "earlier version" in sheet(earlier).statement[0]


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://a:b@h:1/x", "http://h:1/x"), ("http://127.0.0.1:11434", "http://127.0.0.1:11434")],
)
def test_an_address_has_no_password(url: str, said: str) -> None:
    assert address(url) == said


def answered(one: StepStatus) -> StepStatus:
    """The step as if it had been asked: the model's part is not what is tested here."""
    quoted = f"On day {one.question.passage or 1} of the journey Marlow carried the lamp number 0"
    scores = {"tension": 0, "pace": 5, "conflict": 5, "valence": -5, "characters": ["Marlow"]}
    said = dict.fromkeys(("summary", "setting", "point_of_view", "purpose"), "A house.")
    is_form = one.question.part == "scores"
    answer = json.dumps(said | {"evidence": quoted} | scores) if is_form else f"He “{quoted}”.\n"
    figures = Statistics("scripted:1b", 8192, "stop", prompt_eval_count=one.question.tokens + 90)
    return replace(one, state=State.DONE, answer=answer, statistics=figures, host="http://[::1]:1")


def test_a_long_book_through_three_lenses(desk: Desk) -> None:
    begun = desk.begin(book(21, words=450), lenses=lenses()[:3])
    desk.app.jobs.stop(desk.app.shelf(), begun.id)
    report = replace(begun, steps=tuple(map(answered, begun.steps)))
    contents = contents_of(report)
    assert contents.notice is None
    assert len(section(contents, "Chapter by chapter").sections) == 21
    assert len(table(contents, "Scores").rows) == len(table(contents, "Receipts").rows) == 21
    assert {one[1] for one in table(contents, "Scores").rows} == {"0"}
    shown = [one for _, each in contents.walk() for one in each.blocks if isinstance(one, Answer)]
    assert len(shown) == 21 * 3 + 3
    html = report_html(contents)
    assert all(f">Chapter {number}</h3>" in html for number in range(1, 22))
    assert "<summary>21 parts</summary>" in html
    assert report_markdown(contents).count("\n### Chapter ") == 21
    assert report_docx(contents)
    assert len(as_json(report, Index(report.manuscript))["steps"]) == len(report.steps) > 80
