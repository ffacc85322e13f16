"""The chat page's logic: what is sent, what is kept, asked again, edited, branched, left out."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.engine.scripted import Done, Refuse, Say, ScriptedOllama
from components.manuscripts import read, sample
from components.store import Analysis, Kind, State


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(
        answers=[
            [Say("Hm.", thinking=True), Say("First."), Done()],
            [Say("Second."), Done()],
            [Say("Third."), Done()],
        ]
    )


@pytest.fixture
def page(app: AppTest) -> AppTest:
    app.switch_page("pages/chat.py")
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def said(app: AppTest, text: str) -> AppTest:
    app.chat_input[0].set_value(text)
    return run(app)


def clicked(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run(app)


def exchanges() -> list[Analysis]:
    shelf = application().shelf()
    chat = shelf.series.all(Kind.CHAT)[0]
    return sorted(shelf.analyses.in_series(chat.id), key=lambda one: one.created)


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def sent(ollama: ScriptedOllama) -> list[tuple[str, str]]:
    """The messages of the last chat."""
    chats = [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
    return [(one["role"], one["content"]) for one in chats[-1]["messages"]]


def test_it_talks_freely_and_remembers(page: AppTest, ollama: ScriptedOllama) -> None:
    said(page, "Who are you?")
    assert sent(ollama) == [("user", "Who are you?")]
    said(page, "Really?")
    assert sent(ollama) == [
        ("user", "Who are you?"),
        ("assistant", "First."),
        ("user", "Really?"),
    ]
    assert [one.state for one in exchanges()] == [State.DONE] * 2
    shown = html(page)
    assert "Who are you?" in shown
    assert "First." in shown
    assert "Second." in shown
    assert page.title[0].value == "Who are you?"
    assert "eval_count" in shown


def test_thinking_is_shown_and_not_sent_back(page: AppTest, ollama: ScriptedOllama) -> None:
    said(page, "Who are you?")
    assert "Hm." in html(page)
    said(page, "Really?")
    assert "Hm." not in str(sent(ollama))


def test_it_talks_about_a_manuscript_with_a_system_prompt(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    name, data = sample()
    kept = application().shelf().manuscripts.keep(read(data, name=name))
    run(page)
    page.selectbox(key="about").set_value(kept)
    page.text_area(key="system-new").set_value("Be brief.")
    run(page)
    said(page, "Who tells it?")
    system, question = sent(ollama)
    assert system[1].endswith("Be brief.")
    assert "The Time Traveller" in question[1]
    assert question[1].endswith("Who tells it?")
    said(page, "And then?")
    assert sent(ollama)[-1] == ("user", "And then?")
    assert [role for role, _ in sent(ollama)] == ["system", "user", "assistant", "user"]


def test_an_answer_is_asked_for_again_as_a_branch(page: AppTest, ollama: ScriptedOllama) -> None:
    said(page, "Who are you?")
    first = exchanges()[0]
    clicked(page, f"again-{first.id}")
    both = exchanges()
    assert [one.parent_id for one in both] == [None, None]
    assert [one.question.prompt for one in both] == ["Who are you?"] * 2
    assert sent(ollama) == [("user", "Who are you?")]
    assert "Second." in html(page)
    assert "2 of 2" in html(page)
    clicked(page, f"branch-1-{both[1].id}")
    assert "First." in html(page)
    assert "1 of 2" in html(page)
    said(page, "Go on.")
    assert exchanges()[2].parent_id == first.id


def test_a_question_is_edited_and_sent_again(page: AppTest, ollama: ScriptedOllama) -> None:
    said(page, "Who are you?")
    said(page, "Really?")
    second = exchanges()[1]
    clicked(page, f"edit-{second.id}")
    page.text_area(key=f"edited-{second.id}").set_value("Truly?")
    next(one for one in page.button if one.label == "Send").click()
    run(page)
    third = exchanges()[2]
    assert (third.parent_id, third.question.prompt) == (exchanges()[0].id, "Truly?")
    assert sent(ollama)[-1] == ("user", "Truly?")
    assert "Third." in html(page)
    assert "Really?" not in html(page)


class TestRoom:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(answer=[Say("word " * 900), Done()], context=4096)

    def test_what_does_not_fit_is_said_before_and_then_left_out(
        self, page: AppTest, ollama: ScriptedOllama
    ) -> None:
        for number in range(3):
            said(page, f"Question {number} {'long ' * 300}")
        before = html(page)
        assert "oldest exchange" in before
        assert "will be left out" in before
        said(page, "The last.")
        assert exchanges()[-1].question.left_out >= 1
        assert "Question 0" not in str(sent(ollama))
        assert any("Not sent" in one.value for one in page.caption)


def test_an_error_is_explained_and_can_be_asked_again(
    page: AppTest, ollama: ScriptedOllama
) -> None:
    ollama.answers.insert(0, (Refuse(500, {"error": "it fell"}),))
    said(page, "Who are you?")
    assert "it fell" in page.error[0].value
    clicked(page, f"again-{exchanges()[0].id}")
    assert exchanges()[-1].state is State.DONE


def test_a_chat_is_opened_again_by_its_address_and_from_the_list(page: AppTest) -> None:
    said(page, "Who are you?")
    chat: Any = application().shelf().series.all(Kind.CHAT)[0]
    assert page.query_params["chat"] == chat.id
    next(one for one in page.button if one.label == "New chat").click()
    run(page)
    assert "chat" not in page.query_params
    assert page.title[0].value == "Chat"
    clicked(page, f"earlier-{chat.id}")
    assert "First." in html(page)
