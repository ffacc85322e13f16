"""The models page's logic: what there is, what is loaded, what is fetched, made and deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.application import PullState, application
from components.engine import Engine, memory, suggestions
from components.errors import ConnectionLost, OllamaUnavailable, PullFailed, PullLost, UnknownModel
from tests.doubles.scripted_ollama import Break, Hold, ScriptedOllama, Send
from tests.pages.actions import clicked, html, run
from tests.waiting import until

SUCCESS = Send(b'{"status": "success"}\n')


def line(**said: Any) -> Send:
    return Send(json.dumps(said).encode() + b"\n")


def layer(digest: str, completed: int, total: int = 1000) -> Send:
    """Say of a layer how far it is, in units of ten kilobytes."""
    return line(
        status=f"pulling {digest}",
        digest=f"sha256:{digest}",
        completed=completed * 10_000,
        total=total * 10_000,
    )


@pytest.fixture
def page(app: AppTest) -> AppTest:
    app.switch_page("pages/models.py")
    return run(app)


def names(app: AppTest) -> set[str]:
    return {one.value.replace("\\", "") for one in app.header}


def pulled(page: AppTest, name: str) -> AppTest:
    page.text_input(key="pull-name").set_value(name)
    next(one for one in page.button if one.label == "Get it").click()
    return run(page)


def only() -> Any:
    (pull,) = application().pulls.all()
    return pull


def test_every_model_is_shown_with_what_is_known_of_it(page: AppTest) -> None:
    assert "scripted:1b" in names(page)
    said = html(page)
    assert "reads up to 8,192 tokens at once · 1B parameters · 1 MB on the disk" in said
    assert "Loaded" not in said


def test_a_server_that_was_stopped_a_moment_ago_is_said_not_to_answer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise OllamaUnavailable("Ollama does not answer.")

    assert application().is_connected  # As it was when it was asked the last time.
    monkeypatch.setattr(Engine, "version", refused)
    app.switch_page("pages/models.py")
    run(app)
    (problem,) = app.info
    assert problem.value.startswith("Ollama does not answer.")


def test_a_model_is_loaded_and_unloaded(page: AppTest, ollama: ScriptedOllama) -> None:
    clicked(page, "load-scripted-1b")
    assert ollama.models.loaded == {"scripted:1b": "30m"}
    where = "without a graphics card, which is slower"
    assert f"Loaded: 2 MB, {where}, with a context of 8,192 tokens, for" in html(page)
    clicked(page, "unload-scripted-1b")
    assert not ollama.models.loaded
    assert "Loaded" not in html(page)


def test_a_model_is_kept_loaded(page: AppTest, ollama: ScriptedOllama) -> None:
    clicked(page, "manage-scripted-1b")
    page.selectbox(key="keep-for").set_value("until it is unloaded")
    clicked(page, "keep-model")
    assert ollama.models.loaded == {"scripted:1b": -1}


def test_a_variant_is_made(page: AppTest, ollama: ScriptedOllama) -> None:
    clicked(page, "manage-scripted-1b")
    page.text_input(key="variant-name").set_value("line-editor")
    page.text_area(key="variant-system").set_value("You are a line editor.")
    page.number_input(key="variant-temperature").set_value(0.2)
    run(page)
    clicked(page, "make-variant")
    _, body = next(one for one in ollama.requests if one[0] == "/api/create")
    assert body["from"] == "scripted:1b"
    assert (body["system"], body["parameters"]) == ("You are a line editor.", {"temperature": 0.2})
    assert "line-editor" in names(page)
    assert "a variant of scripted:1b" in html(page)


def test_a_model_is_deleted_only_when_that_is_confirmed(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    clicked(page, "manage-scripted-1b")
    assert ollama.models.models
    clicked(page, "delete-model")
    assert not ollama.models.models
    assert "scripted:1b" not in names(page)


def test_models_that_suit_this_computer_are_offered_but_for_those_that_are_here(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    offered = [model.name for model in suggestions(memory())]
    shown = {"name": offered[0], "model": offered[0]}
    ollama.models.models[offered[0]] = ollama.models.models["scripted:1b"] | shown
    run(page)
    (panel,) = [one for one in page.expander if "suit this computer" in one.label]
    assert [one.key for one in panel.button] == [f"get-{name}" for name in offered[1:]]


class TestInside:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        shown = {
            "parameters": 'stop "<|end|>"\ntemperature 0.3',
            "system": "Be kind.",
            "template": "{{ .Prompt }}",
            "license": "MIT",
        }
        return ScriptedOllama(shown=shown)

    def test_template_licence_and_parameters(self, page: AppTest) -> None:
        clicked(page, "manage-scripted-1b")
        shown = [one.value for one in page.code]
        assert shown == ["stop '<|end|>'\ntemperature '0.3'", "Be kind.", "{{ .Prompt }}", "MIT"]

    def test_options_begin_with_the_models_own(self, page: AppTest) -> None:
        page.switch_page("pages/analyse.py")
        run(page)
        assert page.number_input(key="main-temperature").placeholder == "0.3, unless set"


class TestWithoutModels:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(models=())

    def test_three_are_offered_with_their_sizes(self, page: AppTest) -> None:
        assert page.header
        offers = [one for one in page.button if str(one.key).startswith("get-")]
        assert len(offers) == 3
        assert html(page).count("about ") == 3

    def test_one_click_fetches_one(self, page: AppTest) -> None:
        offer = next(one for one in page.button if str(one.key).startswith("get-"))
        clicked(page, str(offer.key))
        until(lambda: only().state is PullState.DONE)
        run(page)
        assert str(offer.key).removeprefix("get-") in names(page)

    def test_the_analyse_page_leads_here(self, page: AppTest) -> None:
        page.switch_page("pages/analyse.py")
        run(page)
        next(one for one in page.button if one.label == "Get a model").click()
        run(page)
        assert page.title[0].value == "Models"


class TestCloud:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(remote_host="https://cloud.example")

    def test_it_is_marked_and_refused(self, page: AppTest) -> None:
        assert "refused" in page.warning[0].value
        assert "load-scripted-1b" not in {one.key for one in page.button}


class TestPull:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(
            pulls=[
                [
                    line(status="pulling manifest"),
                    layer("aa", 0),
                    layer("aa", 700),
                    layer("aa", 300),
                    Hold(),
                    layer("aa", 1000),
                    layer("bb", 10, 200),
                    Hold(),
                    layer("bb", 200, 200),
                    line(status="verifying sha256 digest"),
                    SUCCESS,
                ]
            ]
        )

    def test_it_moves_forward_only_and_ends(self, page: AppTest, ollama: ScriptedOllama) -> None:
        pulled(page, "whale:7b")
        pull = only()
        until(lambda: pull.progress.completed == 7_000_000)
        seen = [pull.progress.share]
        run(page)
        assert "7 MB of 10 MB" in page.get("progress")[0].proto.text
        assert seen == [pytest.approx(0.63)]
        ollama.let_go()
        until(lambda: pull.progress.total == 12_000_000)
        seen.append(pull.progress.share)
        ollama.let_go()
        until(lambda: pull.state is PullState.DONE)
        seen.append(pull.progress.share)
        assert seen == sorted(seen)
        assert seen[-1] == 1.0
        run(page)
        assert "is here." in page.success[0].value
        assert "whale:7b" in names(page)

    def test_it_is_canceled_and_goes_on(self, page: AppTest, ollama: ScriptedOllama) -> None:
        pulled(page, "whale:7b")
        until(lambda: only().progress.completed == 7_000_000)
        before = only().progress.share
        run(page)
        page.button(key=f"cancel-{ollama.url}-whale:7b").click()
        run(page)
        until(lambda: only().state is PullState.CANCELED)
        run(page)
        assert page.info
        clicked(page, f"resume-{ollama.url}-whale:7b")
        assert only().progress.share >= before
        until(lambda: only().state is PullState.DONE)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ([line(error="pull model manifest: file does not exist")], UnknownModel),
        (
            [layer("aa", 10), line(error="write blob: no space left on device")],
            PullLost,
        ),
        ([layer("aa", 10), Break()], ConnectionLost),
        ([layer("aa", 10)], ConnectionLost),
        (
            [line(error='Get "https://x": dial tcp: lookup x: no such host')],
            PullFailed,
        ),
    ],
    ids=["unknown", "full", "cut", "ended", "offline"],
)
def test_what_goes_wrong_is_said_and_can_go_on(
    page: AppTest, ollama: ScriptedOllama, steps: list[Any], error: type[Exception]
) -> None:
    ollama.pulls = [tuple(steps)]
    pulled(page, "whale:7b")
    until(lambda: only().state is PullState.FAILED)
    run(page)
    assert type(only().error) is error
    assert page.error
    clicked(page, f"resume-{ollama.url}-whale:7b")
    until(lambda: only().state is PullState.DONE)


def test_what_cannot_be_a_name_is_refused(page: AppTest) -> None:
    pulled(page, "two words")
    assert page.error
    assert not application().pulls.all()
