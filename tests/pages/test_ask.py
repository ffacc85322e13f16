"""The page Ask: what is sent, what is kept, asked again, edited, branched, left out, cited."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.errors import StoreError
from components.manuscripts import read, sample
from components.store import Analysis, Kind, State
from tests.doubles.scripted_ollama import Done, Refuse, Say, ScriptedOllama
from tests.pages.actions import (
    analysed,
    clicked,
    html,
    latest,
    run,
    statements,
    with_sample,
)


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
    app.switch_page("pages/ask.py")
    return run(app)


def said(app: AppTest, text: str) -> AppTest:
    app.chat_input[0].set_value(text)
    return run(app)


def exchanges() -> list[Analysis]:
    shelf = application().shelf()
    chat = shelf.series.all(Kind.CHAT)[0]
    return sorted(shelf.analyses.in_series(chat.id), key=lambda one: one.created)


def sent(ollama: ScriptedOllama) -> list[tuple[str, str]]:
    """The messages of the last chat."""
    chats = [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
    return [(one["role"], one["content"]) for one in chats[-1]["messages"]]


def answer_from(app: AppTest, way: str) -> AppTest:
    """Choose what answers are made from."""
    app.segmented_control(key="ask-way").set_value(way)
    return run(app)


def links(app: AppTest) -> list[str]:
    """The addresses of analyses that the page leads to."""
    queries = [link.proto.query_string for link in app.get("page_link")]
    return [query for query in queries if "analysis=" in query]


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
    answer_from(page, "chosen")
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
    next(one for one in page.button if one.label == "New question").click()
    run(page)
    assert "chat" not in page.query_params
    assert page.title[0].value == "Ask"
    clicked(page, f"earlier-{chat.id}")
    assert "First." in html(page)


def test_each_answer_is_read_once_in_a_run(page: AppTest) -> None:
    for text in ("Who are you?", "Really?", "And now?"):
        said(page, text)
    read = [one for one in statements(page) if "FROM event" in one and "event.seq >" in one]
    assert len(read) == 3


def test_a_chat_is_not_kept_without_its_first_question(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreError("It broke.")

    monkeypatch.setattr("components.store.analyses.create_all", fails)
    monkeypatch.setattr("components.store.series.create_all", fails)
    page.chat_input[0].set_value("Who are you?")
    page.run()
    assert page.exception
    assert application().shelf().series.all(Kind.CHAT) == []


class TestAtTheAddressOfAManuscript:
    @pytest.fixture
    def kept(self, page: AppTest) -> str:
        name, data = sample()
        return application().shelf().manuscripts.keep(read(data, name=name))

    def test_it_talks_about_that(self, page: AppTest, ollama: ScriptedOllama, kept: str) -> None:
        page.query_params["manuscript"] = kept
        run(page)
        assert page.title[0].value == "The Time Machine"
        answer_from(page, "chosen")
        said(page, "Who tells it?")
        assert "The Time Traveller" in sent(ollama)[-1][1]
        assert exchanges()[0].question.manuscript_id == kept

    def test_it_does_so_though_another_chat_was_open(
        self, page: AppTest, ollama: ScriptedOllama, kept: str
    ) -> None:
        said(page, "Who are you?")
        page.query_params.clear()
        page.query_params["manuscript"] = kept
        run(page)
        assert page.title[0].value == "The Time Machine"
        assert page.header[0].value == "Ask"

    def test_it_can_be_left_out(self, page: AppTest, ollama: ScriptedOllama, kept: str) -> None:
        page.query_params["manuscript"] = kept
        run(page)
        answer_from(page, "free")
        said(page, "Who are you?")
        assert exchanges()[0].question.manuscript_id == ""
        assert sent(ollama) == [("user", "Who are you?")]

    def test_one_that_is_gone_is_said(self, page: AppTest) -> None:
        page.query_params["manuscript"] = "gone"
        run(page)
        assert page.warning
        assert page.selectbox(key="about").value == ""

    def test_its_room_is_said_once(self, page: AppTest, kept: str) -> None:
        page.query_params["manuscript"] = kept
        run(page)
        assert len(re.findall(r"about \d+% of what the model reads at once", html(page))) == 1


class TestTwoModels:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(models=("albatross:1b", "barnacle:1b"))

    def test_another_than_answered_last_is_named(self, page: AppTest) -> None:
        said(page, "Who are you?")
        assert "barnacle:1b" not in html(page)
        page.selectbox(key="model").set_value("barnacle:1b")
        run(page)
        assert "barnacle:1b" in html(page)
        assert "By <b>albatross:1b</b>" in html(page)
        assert 'class="fr-by-other"' in html(page)


class TestAboutAnAnalysis:
    """A question under an analysis: a chat that begins with it."""

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        answers = [[Say(text), Done()] for text in ("A journey.", "By sea.", "A week.", "A month.")]
        return ScriptedOllama(answers=answers)

    @pytest.fixture
    def first(self, app: AppTest) -> Analysis:
        analysed(with_sample(app))
        return latest()

    def test_the_model_is_told_the_analysis_first(
        self, app: AppTest, first: Analysis, ollama: ScriptedOllama
    ) -> None:
        said(app, "How does he travel?")
        (asked,) = exchanges()
        assert asked.parent_id == first.id
        assert [text for role, text in sent(ollama) if role == "assistant"] == ["A journey."]
        assert first.question.prompt in sent(ollama)[1][1]
        assert sent(ollama)[-1] == ("user", "How does he travel?")
        assert "By sea." in html(app)
        assert links(app) == [f"analysis={first.id}"]

    def test_it_goes_on_and_is_asked_again(
        self, app: AppTest, first: Analysis, ollama: ScriptedOllama
    ) -> None:
        said(app, "How does he travel?")
        said(app, "For how long?")
        told = ["A journey.", "By sea."]
        assert [text for role, text in sent(ollama) if role == "assistant"] == told
        clicked(app, f"again-{exchanges()[0].id}")
        assert [one.parent_id for one in exchanges()].count(first.id) == 2
        assert "2 of 2" in html(app)

    def test_it_stays_when_the_analysis_has_gone(
        self, app: AppTest, first: Analysis, ollama: ScriptedOllama
    ) -> None:
        said(app, "How does he travel?")
        shelf = application().shelf()
        shelf.analyses.delete(first.id)
        application().store.purge(before=time.time() + 1)
        said(app, "For how long?")
        assert [text for role, text in sent(ollama) if role == "assistant"] == ["By sea."]
        assert links(app) == []


def answer_of(*statements: str) -> str:
    return json.dumps({"statements": [{"statement": statement} for statement in statements]})


class TestTheWholeManuscript:
    """Answers from passages that are found: each citation is made and checked by code."""

    EYES = "His grey eyes shone and twinkled, and his usually pale face was flushed and animated."

    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        answers = [
            answer_of(
                "The Time Traveller's grey eyes shone and twinkled.",
                "The Time Traveller's grey eyes were made of glass in Vienna.",
            ),
            answer_of("Filby is an argumentative person with red hair."),
            answer_of("The Time Traveller keeps three tigers in the cellar."),
        ]
        return ScriptedOllama(answers=[[Say(answer), Done()] for answer in answers])

    @pytest.fixture
    def about(self, page: AppTest) -> AppTest:
        name, data = sample()
        kept = application().shelf().manuscripts.keep(read(data, name=name))
        page.query_params["manuscript"] = kept
        return run(page)

    def test_a_statement_leads_to_its_words_and_a_lie_to_none(self, about: AppTest) -> None:
        said(about, "What do his eyes look like?")
        shown = html(about)
        marked = re.findall(r'<mark id="([^"]+)">([^<]+)</mark>', shown)
        assert [words for _, words in marked] == [self.EYES]
        stated, _, left_out = shown.partition("<details>")
        assert f'href="#{marked[0][0]}"' in stated
        assert "glass in Vienna" not in stated
        assert "glass in Vienna" in left_out

    def test_words_that_the_manuscript_lacks_are_said_beside_the_answer(
        self, about: AppTest
    ) -> None:
        said(about, "What do his eyes look like in the volcano?")
        assert "“volcano”" in html(about).partition("<mark")[0]
        assert html(about).count("nowhere has") == 1

    def test_passages_are_sent_and_not_the_whole(
        self, about: AppTest, ollama: ScriptedOllama
    ) -> None:
        said(about, "What do his eyes look like?")
        question = exchanges()[0].question
        text = application().shelf().manuscripts.get(question.manuscript_id).text
        assert 1 <= len(question.ranges) <= 8
        assert sum(end - start for start, end in question.ranges) < 0.7 * len(text)
        for start, end in question.ranges:
            assert text[start:end].strip() in sent(ollama)[1][1]

    def test_a_follow_up_looks_for_both_and_knows_what_was_said(
        self, about: AppTest, ollama: ScriptedOllama
    ) -> None:
        said(about, "What do his eyes look like?")
        said(about, "And the hair of Filby?")
        assert [role for role, _ in sent(ollama)] == ["system", "user", "assistant", "user"]
        assert "And the hair of Filby?" in sent(ollama)[-1][1]
        assert "argumentative person" in html(about)

    def test_what_has_no_words_in_the_text_is_no_answer(
        self, about: AppTest, ollama: ScriptedOllama
    ) -> None:
        del ollama.answers[:2]
        said(about, "What did the Time Traveller show to Filby?")
        stated, _, left_out = html(about).partition("<details>")
        assert "tigers" not in stated
        assert "fr-none" in stated
        assert "tigers" in left_out
        assert "<mark" not in html(about)

    @pytest.mark.parametrize(
        ("question", "said_of_it"),
        [
            ("Where is Filby first mentioned?", "First mention of Filby"),
            ("How often is the word 'zebra' used?", "nowhere has"),
            ("What colour is the submarine of Nemo?", "The manuscript does not say"),
        ],
    )
    def test_what_can_be_counted_asks_no_model(
        self, about: AppTest, ollama: ScriptedOllama, question: str, said_of_it: str
    ) -> None:
        said(about, question)
        assert not [
            path for path, body in ollama.requests if path == "/api/chat" and body["messages"]
        ]
        assert exchanges()[0].state is State.DONE
        assert said_of_it in html(about)
        assert "eval_count" not in html(about)
