"""The Markdown file: read by another viewer, it shows what was written and does nothing."""

from __future__ import annotations

import re

import pytest

from components.evidence import Index
from components.export import report_markdown, report_sections
from components.export.contents import Answer
from components.export.report_markdown import fenced, plain, rewritten
from components.markdown import Highlight, prose
from components.markdown.prose import LEFT_OUT
from components.plots.static_plots import PlotImage
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.export.hostile import HOSTILE, hostile
from tests.export.viewer import NEVER, VIEWER, headings, kinds
from tests.markdown.answers import ANALYSIS
from tests.reports.desk import Desk, book
from tests.reports.earlier import begun_earlier


@pytest.fixture
def scripted() -> ScriptedOllama:
    return hostile()


@pytest.mark.parametrize("is_earlier", [False, True], ids=["findings", "earlier"])
def test_nothing_that_a_model_wrote_does_anything(desk: Desk, is_earlier: bool) -> None:
    begun = begun_earlier(desk.app, book()) if is_earlier else desk.begin(book())
    report = desk.finished(begun)
    picture = PlotImage("A *plot*", b"", "<svg/>", "<b>rises</b> | falls")
    found = report_sections(report, Index(report.manuscript), pictures=[picture])
    text = report_markdown(found)
    assert not kinds(text) & NEVER
    tops = [said for tag, said in headings(text) if tag == "h2"]
    assert tops == [plain(one.title) for one in found.sections]
    assert [tag for tag, _ in headings(text)].count("h1") == 1
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x85\u202a-\u202e]", text)
    assert not re.search(r"https?://evil|www\.evil|e@evil", re.sub("`[^`\n]+`", "", text))
    assert "(not found in the manuscript)" in text


def test_what_was_written_is_read_again() -> None:
    again = rewritten(Answer(ANALYSIS))
    assert len(prose(again)) == len(prose(ANALYSIS)) > 50
    for one, before in zip(prose(again), prose(ANALYSIS), strict=True):
        assert one.setting == before.setting
        if LEFT_OUT not in before.text:  # Of a link the address is added, of a picture a note.
            assert one.text.split() == before.text.split()
    assert rewritten(Answer(again), below=1) == again


def test_headings_go_down_and_marks_are_said_once() -> None:
    marks = (Highlight(1, 3, 12, "missing", "not found"),)
    text = rewritten(Answer("# One\n\nHe “was *not” afraid*.", marks), below=2)
    assert text == "### One\n\nHe “was *not” (not found) afraid*."


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "- no list", "1. no list", "+ no", "> no quotation", "=== ", "--- ", "***",
        "<script>alert(1)</script>", "![x](http://e.example)", "[x](y)", "`code`", "a|b",
        "&lt;b&gt;",
        "\\[x](y)", "~~~", "a*b*c", "__x__",
    ],
)  # fmt: skip
def test_plain_text_means_nothing(text: str) -> None:
    tokens = VIEWER.parse(plain(text))
    assert [one.type for one in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {one.type for one in children} <= {"text", "text_special"}
    assert "".join(one.content for one in children) == text.strip()


@pytest.mark.parametrize("text", ["```\n# out\n```", "````", "~~~\n<b>", "a\r\nb", "\x00"])
def test_a_fence_holds_whatever_it_holds(text: str) -> None:
    tokens = VIEWER.parse(f"{fenced(text)}\n\nafter")
    assert [one.type for one in tokens][:2] == ["fence", "paragraph_open"]


@pytest.mark.parametrize("cut", range(0, len(HOSTILE), 37))
def test_every_beginning_of_a_hostile_answer_is_safe(cut: int) -> None:
    text = "## Before\n\n" + rewritten(Answer(HOSTILE[:cut]), below=2) + "\n\n## After\n\nEnd."
    assert not kinds(text) & NEVER
    found = headings(text)
    assert found[0] == ("h2", "Before")
    assert found[-1] == ("h2", "After")
    assert {tag for tag, _ in found[1:-1]} <= {"h3", "h4", "h5", "h6"}
