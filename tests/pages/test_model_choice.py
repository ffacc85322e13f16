"""Which models the pages offer, which is chosen at first, and where a choice holds."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import ASKED
from components.application import Application, application, close_application
from components.errors import ModelCannot
from components.store import State
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import at, latest, question, run, started, until

GB = 1_000_000_000

MODELS: dict[str, dict[str, Any]] = {
    "beyond:70b": {"size": 400 * GB, "parameter_size": "70B"},
    "embeds:8b": {"size": 8 * GB, "capabilities": ["embedding"]},
    "large:8b": {"size": 7 * GB, "parameter_size": "8B"},
    "sees:4b": {"size": 3 * GB, "capabilities": ["completion", "vision"]},
    "sees:2b": {"size": 2 * GB, "capabilities": ["completion", "vision"]},
    "short:1b": {"size": GB, "context": 2048},
    "tiny:135m": {"size": 9 * GB, "parameter_size": "134.52M"},
}

#: The pages with a model's picker in the sidebar that share what is chosen.
PAGES = ("analyse", "ask")


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(models=MODELS, capabilities=["completion"])


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Application.__module__], "memory", lambda: 16 * GB)


def with_sample(app: AppTest) -> AppTest:
    next(one for one in app.button if "sample" in one.label).click()
    return run(app)


def chosen(app: AppTest, key: str = "model") -> str:
    return str(app.selectbox(key=key).value)


def choose(app: AppTest, name: str, key: str = "model") -> None:
    app.selectbox(key=key).set_value(name)
    run(app)


def offered(app: AppTest) -> str:
    return str([one.options for one in app.selectbox])


def quiet(app: AppTest) -> str:
    return "\n".join(
        [*(one.value for one in app.caption), *(h.proto.body for h in app.get("html"))]
    )


class TestOffered:
    @pytest.mark.parametrize("page", PAGES)
    def test_the_largest_that_fits_is_chosen_and_what_embeds_is_not_offered(
        self, app: AppTest, page: str
    ) -> None:
        at(app, page)
        assert chosen(app) == "large:8b"
        assert "beyond:70b" in offered(app)
        assert "embeds" not in offered(app)

    def test_a_comparison_begins_with_the_best_two(self, app: AppTest) -> None:
        with_sample(at(app, "compare"))
        assert [chosen(app, f"compare-model-{n}") for n in (0, 1)] == ["large:8b", "sees:4b"]
        assert "embeds" not in offered(app)
        app.segmented_control(key="compare-what").set_value("The whole book")
        run(app)
        assert [chosen(app, f"book-model-{n}") for n in (0, 1)] == ["large:8b", "sees:4b"]
        assert "embeds" not in offered(app)

    def test_pictures_are_for_those_that_see_and_write(self, app: AppTest) -> None:
        at(app, "pictures")
        assert chosen(app) == "sees:4b"
        assert len(app.selectbox(key="model").options) == 2

    def test_the_library_asks_the_best_that_was_not_asked(self, app: AppTest) -> None:
        with_sample(app)
        running = application()
        kept = running.shelf().manuscripts.all()[0].id
        asked = replace(question(kept), model="large:8b", ranges=((0, 16_000),))
        done = running.jobs.submit(running.shelf(), asked)
        until(done, State.DONE)
        at(app, "library")
        app.button(key=f"manage-{done.id}").click()
        run(app)
        assert chosen(app, f"ask-{done.id}") == "sees:4b"
        assert "embeds" not in offered(app)

    def test_the_page_models_says_what_an_embedding_model_is(self, app: AppTest) -> None:
        at(app, "models")
        (said,) = [one for one in quiet(app).split("\n") if "embeds" in one]
        assert "writes" not in said

    def test_a_call_to_it_fails_and_is_not_sent(self, app: AppTest, ollama: ScriptedOllama) -> None:
        with_sample(app)
        running = application()
        kept = running.shelf().manuscripts.all()[0].id
        asked = running.jobs.submit(running.shelf(), replace(question(kept), model="embeds:8b"))
        until(asked, State.FAILED)
        assert isinstance(running.store.journal.outcome(asked.call_id).error, ModelCannot)
        assert "/api/chat" not in [path for path, _ in ollama.requests]


class TestNoneWrites:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(models=["embeds:8b"], capabilities=["embedding"])

    @pytest.mark.parametrize("page", PAGES)
    def test_it_is_as_if_there_were_none(self, app: AppTest, page: str) -> None:
        at(app, page)
        assert not [one for one in app.selectbox if one.key == "model"]
        next(one for one in app.button if one.label == "Get a model").click()
        run(app)
        assert app.title[0].value == "Models"


class TestRemembered:
    def test_on_every_page_that_needs_the_same(self, app: AppTest) -> None:
        choose(app, "short:1b")
        for page in (*PAGES, *reversed(PAGES)):
            assert chosen(at(app, page)) == "short:1b"
        with_sample(at(app, "compare"))
        assert [chosen(app, f"compare-model-{n}") for n in (0, 1)] == ["short:1b", "large:8b"]

    def test_after_a_refresh_and_after_a_restart(self, app: AppTest) -> None:
        choose(at(app, "ask"), "sees:2b")
        assert chosen(started()) == "sees:2b"
        close_application()
        application().wait_connected(10)
        assert chosen(started()) == "sees:2b"

    def test_pictures_have_a_choice_of_their_own(self, app: AppTest) -> None:
        choose(at(app, "pictures"), "sees:2b")
        assert chosen(at(app, "analyse")) == "large:8b"
        choose(app, "short:1b")
        assert chosen(at(app, "pictures")) == "sees:2b"
        fresh = started()
        assert chosen(fresh) == "short:1b"
        assert chosen(at(fresh, "pictures")) == "sees:2b"

    def test_the_first_column_of_a_comparison_is_the_same_choice(self, app: AppTest) -> None:
        with_sample(at(app, "compare"))
        choose(app, "sees:4b", "compare-model-0")
        # The second was not chosen, and must not be the same.
        assert chosen(app, "compare-model-1") == "large:8b"
        choose(app, "short:1b", "compare-model-1")
        assert chosen(at(app, "analyse")) == "sees:4b"
        at(app, "compare")
        assert [chosen(app, f"compare-model-{n}") for n in (0, 1)] == ["sees:4b", "short:1b"]

    def test_the_last_change_wins_and_an_open_window_keeps_its_own(self, app: AppTest) -> None:
        other = started()
        untouched = started()
        choose(app, "short:1b")
        choose(other, "sees:2b")
        assert chosen(run(app)) == "short:1b"
        assert chosen(run(untouched)) == "large:8b"
        assert chosen(started()) == "sees:2b"

    def test_one_that_is_gone_is_said_and_taken_again_when_it_is_back(
        self, app: AppTest, ollama: ScriptedOllama
    ) -> None:
        choose(app, "short:1b")
        assert not any("short:1b" in one.value for one in app.caption)
        gone = ollama.models.models.pop("short:1b")
        for window in (run(app), started()):
            assert chosen(window) == "large:8b"
            assert sum("short" in one.value for one in window.caption) == 1
        ollama.models.models["short:1b"] = gone
        assert chosen(run(app)) == "short:1b"

    def test_where_nothing_was_chosen_a_better_one_that_is_fetched_is_taken(
        self, app: AppTest, ollama: ScriptedOllama
    ) -> None:
        ollama.models.add("better:12b", size=9 * GB, parameter_size="12B")
        assert chosen(run(app)) == "better:12b"


class TestBesideAnAnswer:
    def test_no_warning_of_the_chosen_model_stands_beside_what_another_wrote(
        self, app: AppTest
    ) -> None:
        next(one for one in app.button if "chapter" in one.label).click()
        run(app)
        choose(app, "short:1b")
        assert "analyse-way" not in {one.key for one in app.segmented_control}  # It does not fit.
        running = application()
        kept = running.shelf().manuscripts.all()[0].id
        asked = replace(question(kept), model="large:8b", ranges=((0, 16_000),))
        done = running.jobs.submit(running.shelf(), asked)
        until(done, State.DONE)
        app.query_params["analysis"] = done.id
        run(app)
        assert latest().id == done.id
        assert not app.warning
        app.chat_input[0].set_value("Who is Filby?")
        run(app)
        # What does not fit beside its text is asked of the whole manuscript.
        assert latest().question.part == ASKED
        assert latest().parent_id == done.id
        assert latest().question.model == "short:1b"
