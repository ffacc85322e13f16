"""Lenses on the pages: one's own in the settings, the choice where something is asked."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import Lens, OwnLenses, lens, lens_labels, lenses
from components.application import application
from components.store import Kind, Question
from tests.doubles.scripted_ollama import MODEL, Done, Say, ScriptedOllama
from tests.pages.actions import at, button_keys, clicked, latest, pressed, run, started

SCHEMA = '{"type": "object"}'


@pytest.fixture
def scripted() -> ScriptedOllama:
    return ScriptedOllama(answer=[Say("{}"), Done()], models=("albatross:1b", "barnacle:1b"))


@pytest.fixture
def own(app: AppTest) -> OwnLenses:
    return application().own_lenses()


def analyse(app: AppTest) -> AppTest:
    app.switch_page("pages/analyse.py")
    run(app)
    next(one for one in app.button if "sample" in one.label).click()
    return run(app)


def chosen(app: AppTest, title: str) -> AppTest:
    """Choose one lens by the words that it is offered in."""
    ids = {
        label: lens_id
        for lens_id, label in lens_labels([*lenses(), *application().own_lenses().all()]).items()
    }
    app.multiselect(key="analyse-lenses").set_value([ids[title]])
    return run(app)


def asked(app: AppTest) -> Question:
    """Ask, look at the form again, and return what was asked."""
    clicked(app, "analyse")
    pressed(app, "New analysis")
    return latest().question


def shown(app: AppTest) -> str:
    (area,) = [one for one in app.text_area if one.label.startswith("What the model")]
    return str(area.value)


class TestEditor:
    def test_a_lens_is_written_and_kept(self, app: AppTest, own: OwnLenses) -> None:
        at(app, "settings")
        assert app.header[0].value == "Your lenses"
        clicked(app, "lens-new")
        app.text_input(key="lens-title").set_value("Who *speaks*?")
        app.text_area(key="lens-prompt").set_value("List them.")
        app.text_area(key="lens-schema").set_value(SCHEMA)
        clicked(app, "lens-save")
        assert own.all() == (Lens("who-speaks", "Who *speaks*?", "List them.", SCHEMA, True),)
        assert "lens-save" not in button_keys(app)
        said = "\n".join(one.value for one in app.markdown)
        assert "Who \\*speaks\\*?" in said

    def test_what_is_missing_is_said_and_nothing_written_is_lost(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        at(app, "settings")
        clicked(app, "lens-new")
        app.text_area(key="lens-prompt").set_value("List them.")
        clicked(app, "lens-save")
        assert app.error
        assert app.text_area(key="lens-prompt").value == "List them."
        app.text_input(key="lens-title").set_value("Who?")
        clicked(app, "lens-save")
        assert [one.prompt for one in own.all()] == ["List them."]

    def test_it_is_changed_under_its_name(self, app: AppTest, own: OwnLenses) -> None:
        kept = own.save("Who?", "List them.", SCHEMA)
        at(app, "settings")
        clicked(app, "lens-edit-who")
        assert app.text_area(key="lens-schema").value == SCHEMA
        app.text_input(key="lens-title").set_value("Which?")
        app.text_area(key="lens-schema").set_value("")
        clicked(app, "lens-save")
        assert own.all() == (Lens(kept.name, "Which?", "List them.", None, True),)

    def test_cancel_changes_nothing_and_the_next_begins_anew(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        kept = own.save("Who?", "List them.")
        at(app, "settings")
        clicked(app, "lens-edit-who")
        app.text_area(key="lens-prompt").set_value("Nonsense")
        clicked(app, "lens-cancel")
        assert own.all() == (kept,)
        clicked(app, "lens-new")
        assert app.text_area(key="lens-prompt").value == ""
        assert "lens-delete" not in button_keys(app)

    def test_it_starts_from_a_shipped_one_and_overwrites_no_words(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        at(app, "settings")
        clicked(app, "lens-new")
        for title in ("Pacing", "Dialogue"):
            app.selectbox(key="lens-start").select(title)
            run(app)
        assert app.text_area(key="lens-prompt").value == lens("dialogue").prompt
        assert app.text_input(key="lens-title").value == "Pacing"
        app.text_area(key="lens-prompt").set_value("My words.")
        run(app)
        app.selectbox(key="lens-start").select("Continuity")
        run(app)
        said = app.text_area(key="lens-prompt").value
        assert said == f"My words.\n\n{lens('continuity').prompt}"
        clicked(app, "lens-save")
        assert [one.name for one in own.all()] == ["pacing-2"]

    def test_it_is_deleted_and_comes_back(self, app: AppTest, own: OwnLenses) -> None:
        kept = own.save("Who?", "List them.")
        at(app, "settings")
        clicked(app, "lens-edit-who")
        clicked(app, "lens-delete")
        assert own.all() == ()
        assert any("Deleted: “Who?”" in one.value for one in app.info)
        clicked(app, "lens-undone")
        assert own.all() == (kept,)
        assert "lens-undone" not in button_keys(app)

    def test_one_that_was_deleted_meanwhile_is_said(self, app: AppTest, own: OwnLenses) -> None:
        own.save("Who?", "List them.")
        at(app, "settings")
        clicked(app, "lens-edit-who")
        own.delete("who")
        clicked(app, "lens-delete")
        assert app.error

    def test_what_was_changed_elsewhere_is_not_overwritten_unseen(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        own.save("Who?", "List them.")
        at(app, "settings")
        clicked(app, "lens-edit-who")
        elsewhere = own.save("Who?", "List them all.", name="who")
        app.text_area(key="lens-prompt").set_value("Mine.")
        clicked(app, "lens-save")
        assert app.warning
        assert own.all() == (elsewhere,)
        assert app.text_area(key="lens-prompt").value == "Mine."
        clicked(app, "lens-save")
        assert [one.prompt for one in own.all()] == ["Mine."]

    def test_what_was_deleted_elsewhere_is_saved_all_the_same(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        own.save("Who?", "List them.")
        at(app, "settings")
        clicked(app, "lens-edit-who")
        own.delete("who")
        app.text_area(key="lens-prompt").set_value("Mine.")
        clicked(app, "lens-save")
        assert [(one.name, one.prompt) for one in own.all()] == [("who", "Mine.")]

    def test_files_that_are_none_are_reported(self, app: AppTest, own: OwnLenses) -> None:
        own.save("Who?", "List them.")
        (own.folder / "note*s.txt").touch()
        at(app, "settings")
        (said,) = [one.value for one in app.warning]
        assert "note\\*s.txt" in said
        assert str(own.folder) in {one.value for one in app.code}

    def test_another_page_closes_the_dialog(self, app: AppTest, own: OwnLenses) -> None:
        at(app, "settings")
        clicked(app, "lens-new")
        app.switch_page("pages/library.py")
        run(app)
        at(app, "settings")
        assert "lens-save" not in button_keys(app)


class TestChoice:
    @pytest.fixture
    def scripted(self) -> ScriptedOllama:
        large = {"parameter_size": "8B", "size": 9_000_000}
        return ScriptedOllama([Say("{}"), Done()], models={"large:8b": large, MODEL: {}})

    def test_a_small_model_is_asked_in_few_words(self, app: AppTest, own: OwnLenses) -> None:
        analyse(app)
        app.selectbox(key="model").select(MODEL)
        run(app)
        few = shown(app)
        assert len(few) < len(lens().prompt)
        question = asked(app)
        assert (question.lens, question.prompt) == (lens().title, few)
        assert question.options.temperature == pytest.approx(0.2)
        app.selectbox(key="model").select("large:8b")
        run(app)
        assert shown(app) == lens().prompt
        question = asked(app)
        assert question.prompt == lens().prompt
        assert question.options.temperature is None

    def test_the_shipped_ones_then_ones_own(self, app: AppTest, own: OwnLenses) -> None:
        for _ in range(2):
            own.save("Dialogue", "Who speaks?")
        analyse(app)
        titles = [one.title for one in lenses()]
        mine = ["Dialogue (yours, dialogue-2)", "Dialogue (yours, dialogue-3)"]
        assert app.multiselect(key="analyse-lenses").options == titles + mine
        assert shown(app) == lens().prompt

    def test_the_chosen_one_is_asked(self, app: AppTest, own: OwnLenses) -> None:
        analyse(app)
        chosen(app, "Pacing")
        assert [one for one in app.expander if one.label == "Instructions to the model: Pacing"]
        question = asked(app)
        assert (question.lens, question.prompt) == ("Pacing", lens("pacing").prompt)

    def test_what_was_changed_stays_with_its_lens(self, app: AppTest, own: OwnLenses) -> None:
        analyse(app)
        app.text_area(key="prompt-words").set_value("Who tells it?")
        run(app)
        chosen(app, "Pacing")
        assert shown(app) == lens("pacing").prompt
        at(app, "settings")
        app.switch_page("pages/analyse.py")
        run(app)
        assert shown(app) == lens("pacing").prompt
        chosen(app, lens().title)
        assert shown(app) == "Who tells it?"
        question = asked(app)
        assert (question.lens, question.prompt) == ("Analysis", "Who tells it?")
        clicked(app, "prompt-words-back")
        assert shown(app) == lens().prompt
        assert "prompt-words-back" not in button_keys(app)

    def test_what_was_changed_outlives_a_refresh(self, app: AppTest, own: OwnLenses) -> None:
        analyse(app)
        app.text_area(key="prompt-words").set_value("Who tells it?")
        run(app)
        fresh = started()
        analyse(fresh)
        assert shown(fresh) == "Who tells it?"
        clicked(fresh, "prompt-words-back")
        again = started()
        analyse(again)
        assert shown(again) == lens().prompt

    def test_a_lens_that_was_changed_meanwhile_shows_so(self, app: AppTest, own: OwnLenses) -> None:
        own.save("Mine", "Who?")
        analyse(app)
        chosen(app, "Mine (yours)")
        own.save("Mine", "Who else?", name="mine")
        run(app)
        assert shown(app) == "Who else?"
        app.text_area(key="prompt-words").set_value("My words.")
        run(app)
        own.save("Mine", "Who not?", name="mine")
        run(app)
        assert shown(app) == "My words."

    def test_a_lens_that_was_deleted_meanwhile(self, app: AppTest, own: OwnLenses) -> None:
        own.save("Mine", "Who?")
        analyse(app)
        chosen(app, "Mine (yours)")
        own.delete("mine")
        run(app)
        assert shown(app) == lens().prompt

    def test_a_schema_is_the_format_unless_another_is_set(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        own.save("Mine", "Who?", SCHEMA)
        analyse(app)
        assert asked(app).options.format is None
        chosen(app, "Mine (yours)")
        assert any("as JSON" in one.value for one in app.caption)
        question = asked(app)
        assert (question.lens, question.options.format) == ("Mine", SCHEMA)
        app.selectbox(key="main-format").select("json")
        run(app)
        assert asked(app).options.format == "json"

    def test_a_folder_that_cannot_be_read_leaves_the_shipped_ones(
        self, app: AppTest, own: OwnLenses
    ) -> None:
        own.folder.touch()
        analyse(app)
        assert app.error
        assert asked(app).lens == lens().title
        at(app, "settings")
        assert app.error


def test_the_columns_of_a_comparison_are_asked_the_chosen_lens(
    app: AppTest, own: OwnLenses
) -> None:
    own.save("Mine", "Who?", SCHEMA)
    app.switch_page("pages/compare.py")
    run(app)
    next(one for one in app.button if "sample" in one.label).click()
    run(app)
    app.selectbox(key="compare-prompt-lens").select("Mine (yours)")
    app.toggle(key="blind").set_value(False)  # Else the columns come in an order of chance.
    run(app)
    app.text_area(key="compare-question-1").set_value("Who tells it?")
    run(app)
    clicked(app, "compare")
    shelf = application().shelf()
    (begun,) = shelf.series.all(Kind.COMPARISON)
    first, second = (one.question for one in shelf.analyses.in_series(begun.id))
    assert (first.lens, first.prompt, first.options.format) == ("Mine", "Who?", SCHEMA)
    assert (second.lens, second.options.format) == ("Analysis", None)
