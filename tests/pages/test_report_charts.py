"""The plots of a report on a page: what is shown of it, what opens, what is not there and said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import lens
from components.application import Counter, application, begin_report
from components.reports import ReadingRequest, Report, open_report, plan, story_chapters
from tests.doubles.scripted_ollama import Hold, Say, ScriptedOllama, Step
from tests.reports.desk import LONG, book
from tests.reports.reading import reads, text_of

#: The third chapter's scores are no JSON; the second's sentence is invented.
BROKEN, LYING = "On day 3 of", "On day 2 of"
HARM = '<img src="http://example.org/x">'


def asks_for_scores(body: dict[str, Any]) -> bool:
    return "tension" in json.dumps(body.get("format"))


def unsteady(body: dict[str, Any]) -> Sequence[Step]:
    steps = list(reads(body))
    if not asks_for_scores(body):
        return steps
    asked = text_of("\n".join(one["content"] for one in body["messages"]))
    if BROKEN in asked:
        return (Say("No."), steps[-1])
    said = json.loads("".join(one.text for one in steps if isinstance(one, Say)))
    said |= {"characters": ["Marlow", "Captain Nemo"], "summary": f"Up. {HARM}"}
    if LYING in asked:
        said["evidence"] = "The dragon of Wessex had never learned to knit."
    return (Say(json.dumps(said)), steps[-1])


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(reads=unsteady)


def page(report_id: str) -> None:
    from components.reports import open_report
    from components.ui import visit
    from components.ui.report.report_charts import report_charts

    here = visit()
    report_charts(here, open_report(here.shelf, here.shelf.series.get(report_id)))


def begun(**changes: Any) -> Report:
    app = application()
    app.wait_connected(LONG)
    shelf, manuscript, model = app.shelf(), book(), app.models()[0][0]
    order = ReadingRequest(
        manuscript_id=shelf.manuscripts.keep(manuscript),
        model=model,
        lenses=(lens(),),
        chapters=story_chapters(manuscript),
        num_ctx=2560,
        **changes,
    )
    counter = Counter(app, model)
    planned = plan(manuscript, order, count=counter)
    return open_report(shelf, begin_report(app, shelf, manuscript, planned, counter))


def finished(report: Report) -> Report:
    app, seen = application(), dict[str, int]()
    while (now := open_report(app.shelf(), app.shelf().series.get(report.id))).is_active:
        active = [one.call_id for one in now.steps if not one.state.has_ended]
        seen = {call_id: seen.get(call_id, 0) for call_id in active}
        for call_id, entries in app.store.journal.after_each(seen, timeout=LONG).items():
            seen[call_id] = entries[-1].seq
    return now


def shown(report: Report) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60, kwargs={"report_id": report.id}).run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def sentence_links(app: AppTest) -> int:
    """How many links to the sentence behind the scores are shown."""
    return html(app).partition("<blockquote>")[2].partition("</div>")[0].count("at=") - 1


def headings(app: AppTest) -> list[str]:
    return [one.value for one in app.header]


def test_the_scores_stand_beside_what_is_counted(ollama: ScriptedOllama) -> None:
    report = finished(begun())
    app = shown(report)
    assert headings(app) == [
        "What the model thinks of each passage",
        "Characters that the model names",
        "What is counted, for comparison",
    ]
    assert len(app.get("vega_lite_chart")) == 8
    assert "scripted:1b" in html(app)
    assert "4 of 5 passages" in html(app)
    table = app.dataframe[0].value
    assert list(table["Passage"]) == [f"Chapter {number}" for number in range(1, 6)]
    assert list(table["Tension"].isna()) == [False, False, True, False, False]
    assert list(table["Sentence"])[:2] == ["found", "Not found in the manuscript"]
    assert table["Sentence"][2] == ""


def test_a_passage_opens_with_the_sentence_behind_its_scores(ollama: ScriptedOllama) -> None:
    report = finished(begun())
    app = shown(report)
    choice = app.selectbox(key=f"report-point-{report.id}")
    assert choice.value is None
    assert "fr-scored" not in html(app)

    choice.select(0).run()
    assert "fr-scored" in html(app)
    assert f"./manuscript?manuscript={report.series.manuscript_id}&amp;at=" in html(app)
    assert sentence_links(app) == 1

    app.selectbox(key=f"report-point-{report.id}").select(1).run()
    assert "The dragon of Wessex" in html(app)
    assert sentence_links(app) == 0

    app.selectbox(key=f"report-point-{report.id}").select(2).run()
    assert "fr-scored" in html(app)
    assert "<blockquote>" not in html(app)
    assert not app.exception


def test_what_a_model_says_does_nothing_on_the_page(ollama: ScriptedOllama) -> None:
    report = finished(begun())
    app = shown(report)
    app.selectbox(key=f"report-point-{report.id}").select(0).run()
    assert "<img" not in html(app)
    assert "&lt;img" in html(app)


def test_where_no_scores_were_asked_for_what_is_counted_is_there(ollama: ScriptedOllama) -> None:
    app = shown(begun(has_scores=False))
    assert len(app.get("vega_lite_chart")) == 3
    assert not app.selectbox
    assert not app.dataframe


def holding(body: dict[str, Any]) -> Sequence[Step]:
    return [Hold()] if asks_for_scores(body) else reads(body)


class TestHeld:
    """Where the model keeps its scores to itself."""

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(reads=holding)

    def test_before_the_first_scores_it_is_said_how_many_come(self, ollama: ScriptedOllama) -> None:
        app = shown(begun())
        assert "5 to come" in html(app)
        assert len(app.get("vega_lite_chart")) == 3
        app.selectbox[0].select(0).run()
        assert "fr-scored" in html(app)
        assert "<blockquote>" not in html(app)

    def test_stopped_before_any_it_is_said_that_there_are_none(
        self, ollama: ScriptedOllama
    ) -> None:
        report = begun()
        app = application()
        app.jobs.stop(app.shelf(), report.id)
        page = shown(finished(report))
        assert "to come" not in html(page)
        assert len(page.get("vega_lite_chart")) == 3
