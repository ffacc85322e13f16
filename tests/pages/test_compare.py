"""The compare page's logic: what is asked of whom, what may be seen when, what is kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import Reason, Schedule
from components.application import application
from components.store import Analysis, Kind, Series, State
from tests.doubles.scripted_ollama import Done, Hold, Refuse, Say, ScriptedOllama
from tests.pages.actions import button_keys, question, statements, until

NAMES = ("albatross:1b", "barnacle:1b", "cormorant:1b")


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(
        answer=[Say("It is about "), Say("time."), Done(figures={"prompt_eval_count": 4400})],
        models=NAMES,
    )


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The compare page with the sample open; names are hidden, unless it is told otherwise."""
    app.switch_page("pages/compare.py").run()
    next(one for one in app.button if "sample" in one.label).click()
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def compared(page: AppTest, *, blind: bool = False) -> AppTest:
    assert page.toggle(key="blind").value
    page.toggle(key="blind").set_value(blind)
    run(page)
    page.button(key="compare").click()
    return run(page)


def comparison() -> Series:
    return application().shelf().series.all(Kind.COMPARISON)[0]


def columns() -> list[Analysis]:
    return application().shelf().analyses.in_series(comparison().id)


def seen(app: AppTest) -> str:
    """All that the browser is told of the page."""
    bodies = [one.proto.body for one in app.get("html")]
    return "\n".join([*bodies, *(str(one) for one in app.main), str(dict(app.query_params))])


def judged(page: AppTest, verdict: str, reason: str = "") -> AppTest:
    next(one for one in page.button if one.label == verdict).click()
    run(page)
    page.text_input(key=f"reason-{comparison().id}").set_value(reason)
    page.button(key="judge").click()
    return run(page)


def test_without_a_manuscript_it_says_what_it_does(app: AppTest) -> None:
    app.switch_page("pages/compare.py").run()
    assert app.title[0].value == "Compare models"


def test_two_models_are_asked_the_same_in_the_same_way(page: AppTest) -> None:
    compared(page)
    assert page.query_params["comparison"] == comparison().id
    assert [one.state for one in columns()] == [State.DONE] * 2
    first, second = (one.question for one in columns())
    assert (first.model, second.model) == NAMES[:2]
    assert first.options == second.options
    assert (first.options.temperature, first.options.seed) == (0.2, 1)
    assert first.least_ctx == second.least_ctx > 0
    assert (first.ranges, first.prompt) == (second.ranges, second.prompt)
    texts = seen(page)
    assert texts.count("It is about time.") == 2
    assert "A · albatross:1b" in texts
    assert "prompt_eval_count" in texts
    assert [tab.label for tab in page.sidebar.tabs] == ["A", "B"]
    for tab in page.sidebar.tabs:
        assert "done_reason" in "".join(one.proto.body for one in tab.get("html"))


def test_the_context_is_the_same_for_all(page: AppTest, ollama: ScriptedOllama) -> None:
    compared(page)
    chats = [body for path, body in ollama.requests if path == "/api/chat" and body["messages"]]
    assert len({json.dumps(body["messages"]) for body in chats}) == 1
    assert len({body["options"]["num_ctx"] for body in chats}) == 1


def test_up_to_four_columns_and_one_model_with_other_options(page: AppTest) -> None:
    page.segmented_control(key="columns").set_value(3)
    run(page)
    page.selectbox(key="compare-model-2").set_value(NAMES[0])
    page.number_input(key="compare-2-temperature").set_value(0.1)
    page.text_area(key="compare-question-2").set_value("Who tells it?")
    run(page)
    compared(page)
    asked = [one.question for one in columns()]
    assert [one.model for one in asked] == [NAMES[0], NAMES[1], NAMES[0]]
    assert [one.options.temperature for one in asked] == [0.2, 0.2, 0.1]
    assert [one.prompt == "Who tells it?" for one in asked] == [False, False, True]


class TestBlind:
    @pytest.fixture
    def blind(self, page: AppTest) -> AppTest:
        return compared(page, blind=True)

    def test_no_name_is_anywhere_until_it_was_judged(self, blind: AppTest) -> None:
        told = seen(blind)
        assert not [name for name in NAMES if name in told or name.split(":")[0] in told]
        assert "eval_count" not in told
        assert "tokens/s" not in told
        judged(blind, "A", "It found the theme")
        told = seen(blind)
        assert all(name in told for name in NAMES[:2])
        assert f"You preferred A</b>, {columns()[0].question.model}: It found the theme" in told

    def test_the_model_that_was_chosen_last_says_nothing_of_the_columns(
        self, page: AppTest
    ) -> None:
        page.selectbox(key="compare-model-0").set_value(NAMES[2])
        compared(page, blind=True)
        told = seen(run(page)) + str(page.sidebar)
        assert {one.question.model for one in columns()} == {NAMES[2], NAMES[0]}
        assert not [name for name in NAMES if name in told]

    def test_the_order_is_of_chance(self, page: AppTest) -> None:
        shelf, jobs = application().shelf(), application().jobs
        compared(page)
        questions = [one.question for one in columns()]
        first = {
            shelf.analyses.in_series(
                jobs.compare(shelf, questions, Schedule(False, Reason.UNKNOWN), blind=True).id
            )[0].question.model
            for _ in range(40)
        }
        assert first == set(NAMES[:2])

    def test_an_error_names_no_model(self, page: AppTest, ollama: ScriptedOllama) -> None:
        ollama.answers = [(Refuse(500, {"error": "albatross:1b has fallen"}),)] * 2
        compared(page, blind=True)
        assert [one.state for one in columns()] == [State.FAILED] * 2
        told = seen(page) + "".join(one.value for one in page.error)
        assert not [name for name in NAMES if name in told]
        page.button(key="reveal").click()  # There is nothing to judge, and yet a reason to see.
        run(page)
        told = seen(page) + "".join(one.value for one in page.error)
        assert all(name in told for name in NAMES[:2])
        assert "has fallen" in told
        assert (comparison().verdict or {})["choice"] == "none"
        assert not [one for one in page.expander if "Ranking" in one.label]

    def test_thoughts_are_shown_with_the_names(self, page: AppTest, ollama: ScriptedOllama) -> None:
        thinking = (Say("Hm, what is it?", thinking=True), Say("A ship."), Done())
        ollama.answers = [thinking, (Say("A boat."), Done())]
        compared(page, blind=True)
        assert "A ship." in seen(page)
        assert "Hm, what" not in seen(page)
        judged(page, "B")
        assert "Hm, what" in seen(page)

    def test_what_was_judged_before_names_nobody_meanwhile(self, page: AppTest) -> None:
        compared(page)
        judged(page, "A")
        page.button(key="new-comparison").click()
        run(page)
        assert "Ranking, from 1 verdict" in {one.label for one in page.expander}
        compared(page, blind=True)
        told = seen(page)
        assert "1 other comparison" in told
        assert not [name for name in NAMES if name in told]
        assert not [one for one in page.expander if "Ranking" in one.label]

    def test_a_column_has_no_page_of_its_own(self, blind: AppTest) -> None:
        column = columns()[0].id
        blind.query_params.clear()
        blind.query_params["analysis"] = column
        blind.switch_page("pages/analyse.py")
        run(blind)
        told = seen(blind) + "".join(str(one) for one in blind.sidebar.get("html"))
        assert "eval_count" not in told
        assert "It is about time." in told
        assert not [name for name in NAMES[:2] if f"· {name}" in told]


@pytest.mark.parametrize(("verdict", "choice"), [("Equally good", "tie"), ("Both bad", "bad")])
def test_it_need_not_have_a_winner(page: AppTest, verdict: str, choice: str) -> None:
    compared(page)
    judged(page, verdict)
    stored = comparison().verdict
    assert stored is not None
    assert (stored["best"], stored["choice"]) == (None, choice)
    assert "judge" not in button_keys(page)


def test_verdicts_add_up_to_a_ranking(page: AppTest) -> None:
    compared(page)
    judged(page, "B")
    assert "Ranking, from 1 verdict" in {one.label for one in page.expander}
    table = page.dataframe[0].value
    assert list(table["Model"]) == ["barnacle:1b", "albatross:1b"]
    assert table["from"][0] <= table["Rating"][0] <= table["to"][0]


class TestSmallest:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(models={NAMES[0]: {"context": 32_768}, NAMES[1]: {"context": 8192}})

    def test_the_room_is_that_of_the_model_that_has_least(self, page: AppTest) -> None:
        assert re.search(rf"about 1\d% of what {NAMES[1]} reads at once", seen(page))


def test_more_comparisons_are_not_more_questions_to_the_store(page: AppTest) -> None:
    compared(page)
    judged(page, "B")
    page.button(key="new-comparison").click()
    run(page)
    one = statements(page)
    app = application()
    for _ in range(3):
        asked = [one.question for one in columns()]
        again = app.jobs.compare(app.shelf(), asked, Schedule(True, Reason.LOADED))
        for column in app.shelf().analyses.in_series(again.id):
            until(column, State.DONE)
        best = app.shelf().analyses.in_series(again.id)[0].id
        app.shelf().series.judge(again.id, {"choice": "best", "best": best})
    run(page)
    four = statements(page)
    assert "Ranking, from 4 verdicts" in {one.label for one in page.expander}
    assert len(four) == len(one)


def test_a_comparison_is_opened_again_by_its_address_and_from_the_list(page: AppTest) -> None:
    compared(page)
    first = comparison()
    page.button(key="new-comparison").click()
    run(page)
    assert "comparison" not in page.query_params
    page.button(key=f"earlier-{first.id}").click()
    run(page)
    assert page.query_params["comparison"] == first.id
    assert seen(page).count("It is about time.") == 2


class TestStop:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        return ScriptedOllama(answer=[Say("Once"), Hold(), Say(" more"), Done()], models=NAMES)

    def test_one_column_stops_and_the_other_goes_on(
        self, page: AppTest, ollama: ScriptedOllama
    ) -> None:
        app = application()
        shelf = app.shelf()
        kept = shelf.manuscripts.all()[0].id
        questions = [question(kept)] * 2
        asked = [replace(one, model=name) for one, name in zip(questions, NAMES, strict=False)]
        begun = app.jobs.compare(shelf, asked, Schedule(True, Reason.LOADED))
        first, second = shelf.analyses.in_series(begun.id)
        until(first, State.WRITING)
        until(second, State.WRITING)
        app.jobs.stop(shelf, first.id)
        until(first, State.STOPPED)
        assert shelf.analyses.get(second.id).state is State.WRITING
        ollama.let_go()
        ollama.let_go()
        until(second, State.DONE)
        assert app.store.journal.outcome(second.call_id).text == "Once more"
        assert app.store.journal.outcome(first.call_id).text == "Once"
