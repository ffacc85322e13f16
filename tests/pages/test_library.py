"""The library's logic: everything that can be done with what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.manuscripts import read as read_file
from components.manuscripts import sample
from components.store import UNDO_SECONDS, Kind, QuestionPicture, State
from tests.doubles.scripted_ollama import Done, Hold, Refuse, Say, ScriptedOllama
from tests.pages.actions import (
    at,
    button_keys,
    clicked,
    html,
    latest,
    pressed,
    question,
    started,
    until,
)


def kept(title: str = "The Time Machine") -> str:
    """Keep the sample under a title, with one analysis that is done; return its id."""
    name, data = sample()
    running = application()
    shelf = running.shelf()
    read = read_file(data + title.encode(), name=name)
    manuscript_id = shelf.manuscripts.keep(read)
    shelf.manuscripts.rename(manuscript_id, title)
    until(running.jobs.submit(shelf, question(manuscript_id)), State.DONE)
    return manuscript_id


def titles(app: AppTest) -> list[str]:
    return [one.value for one in app.header]


def deleted(app: AppTest) -> list[str]:
    """What the list of what was deleted says over it."""
    return [one.label for one in app.expander if "deleted" in one.label]


def test_an_empty_library_leads_to_the_first_manuscript(app: AppTest) -> None:
    at(app, "library")
    pressed(app, "Read a manuscript")
    assert app.get("file_uploader")


def test_manuscripts_are_listed_newest_first_with_their_analyses(app: AppTest) -> None:
    kept("First")
    kept("Second")
    at(app, "library")
    assert titles(app) == ["Second", "First"]
    assert html(app).count("scripted:1b · finished") == 2
    assert re.search(r"about \d+ KB", html(app))


def test_only_some_are_drawn_at_once(app: AppTest) -> None:
    running = application()
    name, data = sample()
    for number in range(17):
        running.shelf().manuscripts.keep(read_file(data + str(number).encode(), name=name))
    at(app, "library")
    assert len(titles(app)) == 15
    pressed(app, "Show more (2)")
    assert len(titles(app)) == 17


class TestSearch:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("The Émigré of <b>Morlock</b> Street."), Done()])

    @pytest.mark.parametrize("words", ["émigré", "MORLOCK", "<b>"])
    def test_the_text_of_analyses(self, app: AppTest, words: str) -> None:
        kept()
        at(app, "library")
        app.text_input(key="search").input(words)
        app.run()
        assert titles(app) == ["The Time Machine"]
        assert "<mark>" in html(app)
        assert "<b>Morlock" not in html(app)

    def test_titles(self, app: AppTest) -> None:
        kept("One")
        kept("Other")
        at(app, "library")
        app.text_input(key="search").input("othe")
        app.run()
        assert titles(app) == ["Other"]

    def test_nothing_found(self, app: AppTest) -> None:
        kept()
        at(app, "library")
        app.text_input(key="search").input("weena")
        app.run()
        assert titles(app) == []
        assert app.info


class TestUseless:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([[Refuse(500, {"error": "no"})]] * 3 + [[Say("A dragon."), Done()]])

    def test_what_broke_off_is_folded_and_found(self, app: AppTest) -> None:
        shelf, jobs = application().shelf(), application().jobs
        name, data = sample()
        manuscript_id = shelf.manuscripts.keep(read_file(data, name=name))
        failed = jobs.submit(shelf, question(manuscript_id))
        until(failed, State.FAILED)
        waiting = shelf.analyses.begin(question(manuscript_id))
        jobs.stop(shelf, waiting.id)
        at(app, "library")
        (folded,) = [one for one in app.expander if "broke off" in one.label]
        assert folded.label.startswith("2 ")
        opens = [one.key for one in folded.button if str(one.key).startswith("open-")]
        assert opens == [f"open-{waiting.id}", f"open-{failed.id}"]
        app.text_input(key="search").input("time machine")
        app.run()
        assert not [one for one in app.expander if "broke off" in one.label]
        assert f"open-{failed.id}" in button_keys(app)


def test_one_that_was_renamed_still_says_what_was_asked_of_what(app: AppTest) -> None:
    kept()
    application().shelf().analyses.rename(latest().id, "For the meeting")
    assert "Analysis of the whole manuscript" in html(at(app, "library"))


def test_opening(app: AppTest) -> None:
    manuscript_id = kept()
    clicked(at(app, "library"), f"open-{manuscript_id}")
    assert app.title[0].value == "The Time Machine"
    clicked(at(app, "library"), f"open-{latest().id}")
    assert "Hello" in html(app)


def test_renaming(app: AppTest) -> None:
    manuscript_id = kept()
    clicked(at(app, "library"), f"manage-{manuscript_id}")
    app.text_input(key=f"title-{manuscript_id}").input("Time, *later*")
    pressed(app, "Rename")
    assert application().shelf().manuscripts.get(manuscript_id).title == "Time, *later*"
    clicked(at(app, "library"), f"manage-{latest().id}")
    app.text_input(key=f"name-{latest().id}").input("For the meeting")
    pressed(app, "Rename")
    assert latest().name == "For the meeting"


def test_asking_another_model(app: AppTest) -> None:
    kept()
    first = latest()
    clicked(at(app, "library"), f"manage-{first.id}")
    pressed(app, "Ask")
    assert latest().id != first.id
    assert latest().question.prompt == first.question.prompt
    assert latest().state is State.DONE
    assert app.query_params["analysis"] == latest().id


@pytest.mark.parametrize("what", ["manuscript", "analysis"])
def test_deleting_and_undoing(app: AppTest, what: str) -> None:
    manuscript_id = kept()
    analysis_id = latest().id
    clicked(at(app, "library"), f"manage-{manuscript_id if what == 'manuscript' else analysis_id}")
    pressed(app, f"Delete the {what}")
    assert application().shelf().analyses.all() == []
    assert deleted(app) == ["Recently deleted (1)"]
    pressed(app, "Restore")
    assert latest().id == analysis_id
    assert application().shelf().manuscripts.get(manuscript_id)
    assert deleted(app) == []


def test_restoring_too_late_says_so(app: AppTest) -> None:
    kept()
    clicked(at(app, "library"), f"manage-{latest().id}")
    pressed(app, "Delete the analysis")
    application().store.purge(before=2e9 * 2)
    pressed(app, "Restore")
    assert "too late" in app.warning[0].value


class TestRecentlyDeleted:
    def test_each_stays_after_a_reload_and_after_others(self, app: AppTest) -> None:
        first, second = kept("First"), kept("Second")
        alone = latest().id
        at(app, "library")
        for managed, what in ((first, "manuscript"), (alone, "analysis"), (second, "manuscript")):
            clicked(app, f"manage-{managed}")
            pressed(app, f"Delete the {what}")
        until = datetime.now().astimezone() + timedelta(seconds=UNDO_SECONDS)
        again = at(started(), "library")
        assert deleted(again) == ["Recently deleted (3)"]
        said = "\n".join(one.value for one in again.markdown).replace("\\", "")
        assert said.index("Analysis of “Second”") > said.index("Manuscript with its analyses")
        assert re.findall(r"gone for good at (\d\d:\d\d)", said)[0] in {
            f"{until - timedelta(minutes=ago):%H:%M}" for ago in (0, 1)
        }
        clicked(again, f"restore-{alone}")  # With its manuscript, or it would be in no list.
        assert titles(again) == ["Second"]
        assert latest().id == alone
        assert deleted(again) == ["Recently deleted (1)"]
        clicked(again, f"restore-{first}")
        assert titles(again) == ["Second", "First"]

    def test_every_kind_comes_back(self, app: AppTest) -> None:
        shelf = application().shelf()
        pictures = shelf.analyses.begin(
            replace(question(""), pictures=("cover.png",)),
            pictures=[QuestionPicture("cover.png", b"")],
        )
        series = [shelf.series.begin(kind, [question("")], name=kind.title()) for kind in Kind]
        shelf.analyses.delete(pictures.id)
        for one in series:
            shelf.series.delete(one.id)
        at(app, "library")
        assert deleted(app) == ["Recently deleted (4)"]
        for one in (pictures, *series):
            clicked(app, f"restore-{one.id}")
        assert deleted(app) == []
        assert shelf.analyses.get(pictures.id)
        assert all(shelf.series.get(one.id) for one in series)


class TestUnderWay:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("Before. "), Hold(), Done()])

    @pytest.fixture
    def under_way(self, app: AppTest) -> Callable[[], str]:
        name, data = sample()
        running = application()
        manuscript_id = running.shelf().manuscripts.keep(read_file(data, name=name))
        until(running.jobs.submit(running.shelf(), question(manuscript_id)), State.WRITING)
        return lambda: manuscript_id

    def test_it_stands_above_the_page(self, app: AppTest, under_way: Callable[[], str]) -> None:
        at(app, "library")
        assert "The Time Machine, Analysis" in html(app)
        assert latest().id in html(app)

    def test_deleting_stops_it(
        self, app: AppTest, ollama: ScriptedOllama, under_way: Callable[[], str]
    ) -> None:
        running = latest()
        clicked(at(app, "library"), f"manage-{under_way()}")
        pressed(app, "Delete the manuscript")
        until(running, State.STOPPED)
        assert ollama.generating == 0
