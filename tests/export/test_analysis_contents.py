"""An analysis as a file, and several side by side: where they come from, and what was checked."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from docx import Document

from components.engine import Options, Statistics
from components.errors import ModelRepeated
from components.evidence import Evidence, Quote, check
from components.export import (
    Column,
    analysis_contents,
    comparison_csv,
    report_docx,
    report_html,
    report_markdown,
    side_by_side,
)
from components.store import Analysis, CallOutcome, Kind, Series, State
from tests.evidence import making
from tests.export.hostile import HOSTILE
from tests.export.viewer import NEVER, VIEWER, headings, kinds
from tests.store.making import question


def markdown(answer: Analysis, outcome: CallOutcome, evidence: Evidence | None = None) -> str:
    return report_markdown(analysis_contents(answer, outcome, evidence))


CREATED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
TEXT = "He “was not afraid of the storm”, “was afraid of the storm”, and Margaret says so.\n"
STATISTICS = Statistics(
    model="scripted:1b",
    num_ctx=8192,
    done_reason="stop",
    prompt_eval_count=12_345,
    eval_count=1_500,
)


def analysis(**changes: str) -> Analysis:
    asked = question(words=1234, **changes)
    return Analysis("a", "An analysis", asked, CREATED, "c", State.DONE, attempt=1, ended=None)


def done(text: str = "", statistics: Statistics | None = None) -> CallOutcome:
    return CallOutcome(text=text, statistics=statistics, state=State.DONE)


def evidence() -> Evidence:
    return check(
        "He meets Margaret. " + TEXT.replace("and Margaret", "and by Margaret"), making.index()
    )


def comparison(verdict: dict[str, str] | None = None) -> Series:
    return Series("s", Kind.COMPARISON, "m", "", {}, verdict, CREATED)


def test_where_it_comes_from_and_then_the_answer() -> None:
    text = markdown(analysis(), done("## Plot\n\nIt *works*.\n", STATISTICS))
    assert text == (
        "# Storyteller's analysis: The Whale\n"
        "\n"
        "- Manuscript: The Whale (the whole manuscript, 1,234 words)\n"
        "- Question: Storyteller's analysis\n"
        "- Model: scripted:1b\n"
        "- Date: 2026-03-01 09:05 UTC\n"
        "- State: finished\n"
        "- done\\_reason: stop\n"
        "- Tokens read: 12,345\n"
        "- Tokens written: 1,500\n"
        "\n"
        "---\n"
        "\n"
        "### Plot\n\nIt *works*.\n"
    )


def test_nothing_that_a_model_or_a_manuscript_says_does_anything() -> None:
    title = "<img src=x onerror=alert(1)> ![x](https://evil.example/p.png)\n# Title"
    hostile = analysis(title=title, lens="<b>L</b> [a](https://evil.example)", model="m<i>|`")
    quoted = Quote("<s>“![x](https://evil.example)”</s>", 0, 4, "quotation", 4, False)
    text = markdown(hostile, done(HOSTILE), Evidence((quoted,)))
    assert not kinds(text) & NEVER
    assert not re.search(r"https?://evil|www\.evil|e@evil", re.sub("`[^`\n]+`", "", text))
    first, *others = headings(text)
    assert first[0] == "h1"
    assert [said for tag, said in others if tag in ("h1", "h2")] == ["What was checked"]
    assert ("h3", "Confidentiality sheet") in others


def test_an_answer_in_json_is_shown_as_it_is() -> None:
    plain = analysis()
    asked = replace(plain, question=replace(plain.question, options=Options(format="json")))
    answer = '{"first": ["*a*", "```", "<b>"]}'
    for text in (
        markdown(asked, done(answer)),
        report_markdown(side_by_side(comparison(), [Column(asked, done(answer))])),
    ):
        (block,) = [token for token in VIEWER.parse(text) if token.type == "fence"]
        assert block.content == f"{answer}\n"


def test_an_answer_made_of_statements_is_in_a_comparison_what_it_is_on_the_page() -> None:
    plain = analysis()
    asked = replace(plain.question, part="asked", options=Options(format="{}"))
    written = done('{"statements": [{"statement": "The gull came home."}]}')
    column = Column(replace(plain, question=asked), written, answer="**The gull came home.**")
    text = report_markdown(side_by_side(comparison(), [column]))
    assert "**The gull came home.**" in text
    assert '"statement' not in text


def test_figures_that_are_not_known_are_left_out() -> None:
    text = markdown(analysis(), CallOutcome(text="Once", state=State.STOPPED))
    assert "done_reason" not in text
    assert "Tokens" not in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.STOPPED, "stopped before its end"),
        (State.FAILED, "broken off by an error"),
        (State.INTERRUPTED, "interrupted"),
        (State.STOPPING, "still running"),
        (State.QUEUED, "still running"),
    ],
)
def test_an_answer_that_is_not_whole_says_so(state: State, said: str) -> None:
    text = markdown(analysis(), CallOutcome(text="Once", state=state))
    assert f"- State: {said}\n" in text
    assert text.endswith("\n---\n\nOnce\n")


def test_pictures_alone_are_not_called_a_manuscript() -> None:
    text = markdown(analysis(manuscript_id="", title="cover.png"), done("A sky."))
    assert "- Pictures: cover.png\n" in text
    assert "Manuscript" not in text


def test_the_quotations_checked_stand_at_the_end() -> None:
    plain = markdown(analysis(), done(TEXT))
    text = markdown(analysis(), done(TEXT), evidence())
    assert text.startswith(plain)
    section = text.removeprefix(plain)
    assert "## What was checked" in section
    assert "2 quotations: 1 found in the manuscript, 1 not." in section
    assert "- Chapter 1: “was not afraid of the storm”" in section
    assert "- not found in the manuscript: “was afraid of the storm”" in section
    assert "Names that are not in the manuscript: Margaret" in section
    assert markdown(analysis(), done(TEXT), Evidence()) == plain


def test_a_comparison_in_markdown_does_nothing_either() -> None:
    title = "<img src=x onerror=alert(1)> ![x](https://evil.example/p.png)"
    hostile = analysis(title=title, model="m<i>|`[a](https://evil.example)")
    columns = [Column(hostile, done(HOSTILE, STATISTICS), evidence()), Column(hostile, done())]
    reason = "<script>alert(1)</script> ![x](https://evil.example)"
    text = report_markdown(side_by_side(comparison({"choice": "tie", "reason": reason}), columns))
    assert not kinds(text) & NEVER
    found = headings(text)
    assert [tag for tag, _ in found if tag in ("h1", "h2")] == ["h1", "h2", "h2", "h2"]
    assert [said for tag, said in found if tag == "h3"] == ["What was checked"]
    assert ("h4", "Confidentiality sheet") in found
    assert "(nothing was written)" in text
    assert "| prompt\\_eval\\_count | 12345 |  |" in text


def test_a_comparison_in_word() -> None:
    columns = [Column(analysis(), done(f"# Plot\n\n{TEXT}", STATISTICS), evidence())]
    document = Document(io.BytesIO(report_docx(side_by_side(comparison(), columns))))
    said = {one.text: one.style.name for one in document.paragraphs}
    assert said["A: scripted:1b"] == said["Figures"] == "Heading 1"
    assert said["What was checked"] == "Heading 2"
    assert said["Plot"] == "Heading 3"
    assert "not found in the manuscript: “was afraid of the storm”" in said
    assert "Verdict: not judged" in said
    (table,) = document.tables
    figures = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert figures["state"] == "done"
    assert figures["eval_count"] == "1500"


def test_a_comparison_in_html_does_nothing_either() -> None:
    hostile = analysis(title="<img src=x onerror=alert(1)>", model="<script>alert(1)</script>")
    columns = [Column(hostile, done(HOSTILE, STATISTICS), evidence()), Column(hostile, done())]
    html = report_html(side_by_side(comparison(), columns))
    assert "<script" not in html
    assert "<img" not in html
    assert "<td>eval_count</td><td>1500</td><td></td>" in html


def test_a_comparison_in_csv_holds_figures_and_no_formula() -> None:
    plain, evil = analysis(), analysis(model="=HYPERLINK(1)")
    failed = CallOutcome(error=ModelRepeated("It repeated itself."), state=State.FAILED)
    columns = [Column(plain, done("Once", STATISTICS)), Column(replace(evil, position=1), failed)]
    first, second = csv.DictReader(io.StringIO(comparison_csv(columns)))
    assert (first["column"], first["state"], first["error"]) == ("A", "done", "")
    assert (first["prompt_eval_count"], first["eval_duration"]) == ("12345", "")
    assert (second["column"], second["state"], second["error"]) == ("B", "failed", "ModelRepeated")
    assert second["model"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "\n=1"])
def test_nothing_that_a_server_says_is_a_formula_in_csv(formula: str) -> None:
    evil = analysis(model=formula, digest=formula)
    figures = replace(STATISTICS, done_reason=formula)
    text = comparison_csv([Column(evil, done("Once", figures))])
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [row[name] for name in ("model", "digest", "done_reason")] == [f"'{formula}"] * 3
