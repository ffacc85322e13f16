"""The analyse page's logic, without a browser and against a scripted Ollama."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application, close_application
from components.errors import ContextExceeded
from components.manuscripts import sample
from components.store import State
from tests.doubles.scripted_ollama import Done, Refuse, Say, ScriptedOllama, Send, Wait
from tests.pages.actions import (
    analysed,
    button_labels,
    latest,
    messages,
    pressed,
    query,
    question,
    started,
    until,
    with_sample,
)


def test_the_empty_page_says_what_to_do(app: AppTest) -> None:
    assert not app.exception
    assert app.get("file_uploader")
    assert app.selectbox(key="model").value == "scripted:1b"


def test_an_upload_is_kept_under_its_address(app: AppTest) -> None:
    name, data = sample()
    app.file_uploader[0].upload(name, data, "text/plain")
    app.run()
    assert not app.exception
    assert app.title[0].value == "The Time Machine"
    again = AppTest.from_file(app._script_path, default_timeout=30)
    again.query_params["manuscript"] = query(app, "manuscript")
    assert again.run().title[0].value == "The Time Machine"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "picture"),
        ("broken.pdf", b"%PDF-1.7\nnothing", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    app: AppTest, name: str, data: bytes, message: str
) -> None:
    app.file_uploader[0].upload(name, data, "text/plain")
    app.run()
    assert not app.exception
    assert message in app.info[0].value.lower()
    assert not app.error
    assert app.get("file_uploader")


def test_an_analysis_runs_to_its_end(app: AppTest) -> None:
    analysed(with_sample(app))
    assert not app.exception
    assert latest().state is State.DONE
    assert "Hello" in messages(app)
    assert "Finished (stop)" in messages(app)
    assert app.get("download_button")
    assert "New analysis" in button_labels(app)


class TestTooLong:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        error = {"type": "exceed_context_size_error", "n_prompt_tokens": 12810, "n_ctx": 8192}
        return ScriptedOllama([Refuse(400, {"error": {"error": error}})])

    def test_the_exact_figures_are_shown(self, app: AppTest) -> None:
        analysed(with_sample(app))
        assert not app.exception
        assert isinstance(latest().error, ContextExceeded)
        assert all(figure in app.error[0].value for figure in ("12,810", "8,192"))
        assert "New analysis" in button_labels(app)


class TestSmallContext:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(context=2048)

    def test_passages_that_fit_are_offered_and_sent(
        self, app: AppTest, ollama: ScriptedOllama
    ) -> None:
        with_sample(app)
        assert "analyse-way" not in {one.key for one in app.segmented_control}
        app.selectbox(key="analyse-extent").set_value("passages")
        app.run()
        assert app.button(key="analyse").disabled
        picker = app.multiselect(key="analyse-passages-to-read")
        assert len(picker.options) > 1
        picker.select(picker.options[1])
        app.run()
        assert not app.warning
        analysed(app)
        question = latest().question
        assert "passage 2 of" in question.scope
        assert question.words < 3000
        text = application().shelf().manuscripts.get(question.manuscript_id).text
        body = next(body for _, body in reversed(ollama.requests) if body.get("messages"))
        sent = body["messages"][1]["content"]
        ((start, end),) = question.ranges
        assert text[start:end].strip() in sent
        assert text[:200] not in sent


class TestBrokenOff:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("Four words "), Say("are kept."), Send(b"no json\n")])

    def test_what_was_written_is_kept_and_said(self, app: AppTest) -> None:
        analysed(with_sample(app))
        assert not app.exception
        assert "4 words" in app.error[0].value
        assert "Four words are kept." in messages(app)
        assert app.get("download_button")


class TestStopping:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama([Say("Before. "), Wait(), Done()])

    def test_stop_keeps_the_text(self, app: AppTest, ollama: ScriptedOllama) -> None:
        with_sample(app)
        running = application()
        # The page's own run would watch until the end: submit as it does, then look.
        analysis = running.jobs.submit(running.shelf(), question(query(app, "manuscript")))
        until(analysis, State.WRITING)
        running.jobs.stop(running.shelf(), analysis.id)
        until(analysis, State.STOPPED)
        app.query_params["analysis"] = analysis.id
        app.run()
        assert "(canceled)" in messages(app)
        assert "Before." in messages(app)
        assert ollama.generating == 0

    def test_it_can_be_run_again(self, app: AppTest, ollama: ScriptedOllama) -> None:
        with_sample(app)
        running = application()
        analysis = running.jobs.submit(running.shelf(), question(query(app, "manuscript")))
        until(analysis, State.WRITING)
        running.jobs.stop(running.shelf(), analysis.id)
        until(analysis, State.STOPPED)
        ollama.answer = (Say("After."), Done())
        app.query_params["analysis"] = analysis.id
        app.run()
        pressed(app, "Try again")
        assert not app.exception
        assert latest().attempt == 2
        assert "Interrupted here" in messages(app)
        assert "Before." in messages(app)
        assert "After." in messages(app)


def test_another_analysis_of_the_manuscript_is_listed_and_opens(app: AppTest) -> None:
    analysed(with_sample(app))
    first = latest()
    pressed(app, "New analysis")
    analysed(app)
    assert latest().id != first.id
    app.button(key=f"earlier-{first.id}").click()
    app.run()
    assert app.query_params["analysis"] == first.id


def test_coming_back_to_the_page_shows_what_was_open(app: AppTest) -> None:
    with_sample(app)
    app.switch_page("pages/library.py").run()
    app.query_params.clear()
    app.switch_page("pages/analyse.py").run()
    assert app.title[0].value == "The Time Machine"
    pressed(app, "Upload another")
    assert app.get("file_uploader")


def test_without_ollama_the_page_opens_and_says_both_ways_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    try:
        application().wait_connected(10)
        app = started()
        assert not app.exception
        assert "OLLAMA\\_HOST" in app.info[0].value
        assert "Look again for Ollama" in button_labels(app)
        with_sample(app)
        assert app.button(key="analyse").disabled
    finally:
        close_application()


def test_an_address_of_another_day_is_explained(app: AppTest) -> None:
    app.query_params["manuscript"] = "gone"
    app.query_params["analysis"] = "gone"
    app.run()
    assert not app.exception
    assert app.warning
    assert app.get("file_uploader")


class TestCloud:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(remote_host="https://cloud.example")

    def test_cloud_models_are_not_offered(self, app: AppTest) -> None:
        assert not app.exception
        assert not [one for one in app.selectbox if one.key == "model"]
        assert any("1 cloud model" in one.value for one in app.caption)
