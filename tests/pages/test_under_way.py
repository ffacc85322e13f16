"""The panel of what goes on, and the line of what ended, with its link, until it is opened."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.store import Analysis, State
from components.ui.shared import under_way
from components.ui.shared.under_way import LONG_SECONDS
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.pages.actions import (
    at,
    clicked,
    html,
    keep_sample,
    latest,
    notifier,
    question,
    run,
    started,
    until,
)


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama([Say("Before. "), Hold(), Done()])


@pytest.fixture
def elsewhere(app: AppTest) -> Analysis:
    """An analysis that another window began and this one says to be under way."""
    asked = submitted()
    until(asked, State.WRITING)
    assert rows(at(app, "library")) == {asked.id: "scripted:1b · writing"}
    return asked


def submitted() -> Analysis:
    running = application()
    return running.jobs.submit(running.shelf(), question(keep_sample()))


def rows(app: AppTest) -> dict[str, str]:
    """What the panel says of each analysis, by its id."""
    found = re.findall(r'<div class="fr-way">.*?</div>', html(app), re.DOTALL)
    said = (re.search(r'analysis=([^"]+)".*<span>(.*)</span>', row, re.DOTALL) for row in found)
    return {one[1]: one[2] for one in said if one}


def can(app: AppTest, analysis: Analysis) -> list[str]:
    """The buttons of an analysis in the panel that can be pressed."""
    own = [one for one in app.button if re.fullmatch(f"way-.*-{analysis.id}", str(one.key))]
    return [button.label for button in own if not button.disabled]


def ended_line(app: AppTest) -> str:
    """The id of the analysis that the line names; empty without such a line."""
    _, found, rest = html(app).partition("<span>Ended:</span>")
    return rest.partition("analysis=")[2].partition('"')[0] if found else ""


def ended(ollama: ScriptedOllama, analysis: Analysis) -> None:
    ollama.let_go()
    until(analysis, State.DONE)


def test_what_ends_is_said_on_every_page_until_it_is_opened(
    app: AppTest, ollama: ScriptedOllama, elsewhere: Analysis
) -> None:
    ended(ollama, elsewhere)
    for page in ("library", "settings", "models"):
        at(app, page)
        assert rows(app) == {}
        assert ended_line(app) == elsewhere.id
        assert "finished" in html(app).partition("Ended:")[2].partition("</p>")[0]
    app.switch_page("pages/analyse.py")
    app.query_params["analysis"] = elsewhere.id
    assert ended_line(run(app)) == ""
    assert ended_line(at(app, "library")) == ""


def test_it_says_how_it_ended(app: AppTest, elsewhere: Analysis) -> None:
    application().jobs.stop(application().shelf(), elsewhere.id)
    until(elsewhere, State.STOPPED)
    assert "stopped by you" in html(run(app)).partition("Ended:")[2].partition("</p>")[0]


def test_what_goes_on_again_or_was_deleted_is_not_said_to_have_ended(
    app: AppTest, elsewhere: Analysis
) -> None:
    running = application()
    running.jobs.stop(running.shelf(), elsewhere.id)
    until(elsewhere, State.STOPPED)
    assert ended_line(run(app)) == elsewhere.id
    running.jobs.again(running.shelf(), elsewhere.id)
    run(app)
    assert (list(rows(app)), ended_line(app)) == ([elsewhere.id], "")
    running.jobs.stop(running.shelf(), elsewhere.id)
    running.shelf().analyses.delete(elsewhere.id)
    assert ended_line(run(app)) == ""


@pytest.mark.usefixtures("elsewhere")
def test_another_visit_is_told_nothing_of_what_it_never_saw(
    app: AppTest, ollama: ScriptedOllama
) -> None:
    ended(ollama, latest())
    assert ended_line(at(started(), "library")) == ""
    assert ended_line(run(app)) == latest().id


class TestSteering:
    @pytest.fixture
    def waiting(self, app: AppTest, elsewhere: Analysis) -> list[Analysis]:
        """Two that wait behind the one that runs."""
        asked = [submitted(), submitted()]
        run(app)
        return asked

    def test_each_says_its_place(self, app: AppTest, waiting: list[Analysis]) -> None:
        said = rows(app)
        assert [said[one.id] for one in waiting] == [
            "scripted:1b · waiting · 1 analysis before it",
            "scripted:1b · waiting · 2 analyses before it",
        ]
        assert said[latest().id] == said[waiting[1].id]

    def test_first_is_next(self, app: AppTest, waiting: list[Analysis]) -> None:
        assert "First" not in can(app, waiting[0])
        clicked(app, f"way-first-{waiting[1].id}")
        assert "1 analysis before it" in rows(app)[waiting[1].id]
        assert "2 analyses before it" in rows(app)[waiting[0].id]

    @pytest.mark.usefixtures("day")
    def test_put_off_and_taken_up_again(
        self, app: AppTest, ollama: ScriptedOllama, elsewhere: Analysis, waiting: list[Analysis]
    ) -> None:
        assert can(app, elsewhere) == ["Stop"]
        for one in waiting:
            clicked(app, f"way-tonight-{one.id}")
            assert re.search(r"put off until \d\d:\d\d", rows(app)[one.id])
        ollama.let_go()
        until(elsewhere, State.DONE)
        assert set(rows(run(app))) == {one.id for one in waiting}
        clicked(app, f"way-now-{waiting[1].id}")
        until(waiting[1], State.WRITING)
        assert application().shelf().analyses.get(waiting[0].id).state is State.QUEUED

    def test_by_night_nothing_waits_for_the_night(
        self, app: AppTest, waiting: list[Analysis], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_way, "tonight", lambda now: None)
        assert "Tonight" not in can(run(app), waiting[1])

    def test_stop(self, app: AppTest, waiting: list[Analysis]) -> None:
        clicked(app, f"way-stop-{waiting[0].id}")
        until(waiting[0], State.STOPPED)
        assert waiting[0].id not in rows(run(app))

    @pytest.fixture
    def day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have it be day, an hour before the night."""
        later = datetime.now().astimezone() + timedelta(hours=1)
        monkeypatch.setattr(under_way, "tonight", lambda now: later)


def test_a_short_analysis_asks_for_no_notification_at_once(
    app: AppTest, elsewhere: Analysis
) -> None:
    asks_in = notifier(app)["asksIn"]
    assert LONG_SECONDS - 30 < asks_in <= LONG_SECONDS


def test_a_page_on_which_nothing_goes_on_does_not_look_again(app: AppTest) -> None:
    at(app, "library")
    assert (rows(app), notifier(app)["active"]) == ({}, [])
    assert not any(button.key and str(button.key).startswith("way-") for button in app.button)
