"""The line about work elsewhere: what ended is said, with its link, until it is opened."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.store import Analysis, State
from tests.doubles.scripted_ollama import Done, Hold, Say, ScriptedOllama
from tests.pages.actions import at, html, keep_sample, latest, question, run, started, until


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama([Say("Before. "), Hold(), Done()])


@pytest.fixture
def elsewhere(app: AppTest) -> Analysis:
    """An analysis that another window began and this one says to be under way."""
    running = application()
    running.jobs.submit(running.shelf(), question(keep_sample()))
    until(latest(), State.WRITING)
    at(app, "library")
    assert line(app, "Under way") == latest().id
    return latest()


def line(app: AppTest, name: str) -> str:
    """The id of the analysis that a line names; empty without such a line."""
    _, found, rest = html(app).partition(f"<span>{name}:</span>")
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
        assert line(app, "Under way") == ""
        assert line(app, "Ended") == elsewhere.id
        assert "finished" in html(app).partition("Ended:")[2].partition("</p>")[0]
    app.switch_page("pages/analyse.py")
    app.query_params["analysis"] = elsewhere.id
    assert line(run(app), "Ended") == ""
    assert line(at(app, "library"), "Ended") == ""


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
    assert line(run(app), "Ended") == elsewhere.id
    running.jobs.again(running.shelf(), elsewhere.id)
    run(app)
    assert (line(app, "Under way"), line(app, "Ended")) == (elsewhere.id, "")
    running.jobs.stop(running.shelf(), elsewhere.id)
    running.shelf().analyses.delete(elsewhere.id)
    assert line(run(app), "Ended") == ""


@pytest.mark.usefixtures("elsewhere")
def test_another_visit_is_told_nothing_of_what_it_never_saw(
    app: AppTest, ollama: ScriptedOllama
) -> None:
    ended(ollama, latest())
    assert line(at(started(), "library"), "Ended") == ""
    assert line(run(app), "Ended") == latest().id
