"""What an editor is told of an answer that is no use, and what is offered instead."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.export import analysis_contents, report_markdown
from components.store import Analysis, Kind, State
from tests import no_use
from tests.doubles.scripted_ollama import MODEL, Done, Say, ScriptedOllama
from tests.no_use import NoUseAnswer
from tests.pages.actions import (
    analysed,
    button_keys,
    button_labels,
    latest,
    messages,
    pressed,
    with_sample,
)

#: The one that is chosen is the first of its name.
CHOSEN, OTHER = MODEL, "the-other:1b"


@pytest.fixture(params=no_use.ALL, ids=lambda one: one.error.__name__)
def answer(request: pytest.FixtureRequest) -> NoUseAnswer:
    found: NoUseAnswer = request.param
    return found


@pytest.fixture
def scripted(answer: NoUseAnswer) -> ScriptedOllama:
    good = [Say("It is about a journey."), Done()]
    return ScriptedOllama(good, answers=[answer.steps], models=[CHOSEN, OTHER])


def sent(ollama: ScriptedOllama) -> list[dict[str, object]]:
    return [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]


def test_it_is_named_wherever_it_is_listed(app: AppTest, answer: NoUseAnswer) -> None:
    analysed(with_sample(app))
    assert not app.exception
    assert latest().state is State.FAILED
    page = messages(app)
    assert answer.said in page
    assert "Finished" not in page
    assert "Failed" not in page
    assert answer.begins in page.replace("<br>", " ")
    assert app.error
    outcome = application().store.journal.outcome(latest().call_id)
    file = report_markdown(analysis_contents(latest(), outcome))
    assert f"State: {answer.said[:1].lower()}{answer.said[1:]}" in file
    app.switch_page("pages/library.py").run()
    listed = "\n".join(one.proto.body for one in app.get("html"))
    assert answer.said.lower() in listed.lower()
    assert "failed" not in listed


def test_try_again_asks_otherwise_and_says_so(
    app: AppTest, ollama: ScriptedOllama, answer: NoUseAnswer
) -> None:
    analysed(with_sample(app))
    assert "again" not in button_keys(app)  # As it was it would say the same.
    pressed(app, "Try again")
    assert latest().state is State.DONE
    assert "It is about a journey." in messages(app)
    first, second = sent(ollama)
    assert first != second
    assert not app.error
    assert "Try again" not in button_labels(app)
    assert any(one.label.startswith(f"{answer.said}:") for one in app.expander)
    assert 'class="fr-cut"' in messages(app)
    assert "Interrupted" not in messages(app)


def test_another_model_can_be_asked_the_same(
    app: AppTest, ollama: ScriptedOllama, answer: NoUseAnswer
) -> None:
    analysed(with_sample(app))
    refused = latest()
    choice = app.selectbox(key=f"ask-{refused.id}")
    assert choice.options == [OTHER]
    pressed(app, "Ask")
    first, second = sent(ollama)
    assert second["model"] == OTHER
    assert second["messages"] == first["messages"]
    asked = latest()
    assert (asked.question.model, asked.state) == (OTHER, State.DONE)
    assert application().shelf().analyses.get(refused.id).state is State.FAILED


def test_in_a_chat(app: AppTest, ollama: ScriptedOllama, answer: NoUseAnswer) -> None:
    app.switch_page("pages/ask.py").run()
    app.chat_input[0].set_value("What happens in this chapter, and who is there?").run()
    assert not app.exception
    assert answer.said in messages(app)
    assert app.error
    pressed(app, "Try again")
    shelf = application().shelf()
    (exchange,) = shelf.analyses.in_series(shelf.series.all(Kind.CHAT)[0].id)
    assert exchange.state is State.DONE
    first, second = sent(ollama)
    assert first != second


def test_in_a_comparison(app: AppTest, answer: NoUseAnswer) -> None:
    columns = compared(app)
    assert sorted(one.state for one in columns) == [State.DONE, State.FAILED]
    page = messages(app)
    assert answer.said in page
    app.switch_page("pages/library.py").run()
    listed = "\n".join(one.proto.body for one in app.get("html"))
    assert answer.said.lower() in listed.lower()


def compared(app: AppTest) -> list[Analysis]:
    """Compare both models on the sample; return the columns once they have ended."""
    app.switch_page("pages/compare.py").run()
    next(one for one in app.button if "sample" in one.label).click()
    app.run()
    app.toggle(key="blind").set_value(False)
    app.run()
    app.button(key="compare").click().run()
    assert not app.exception
    shelf = application().shelf()
    return shelf.analyses.in_series(shelf.series.all(Kind.COMPARISON)[0].id)
