"""Whole books on the compare page: begun alike, run in turn, shown beside each other, judged."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.analysis import lens
from components.application import application, begin_report, compare_reports, plan_alike
from components.application.report_plans import Counter
from components.evidence import Index
from components.manuscripts import Manuscript, read
from components.reports import Depth, Report, compare_models, open_report, plan
from components.store import Kind, Series, State
from components.ui.shared import labels
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import started
from tests.reports.desk import Desk, book, opened_desk
from tests.reports.parting import GHOST, NAMES, parting
from tests.reports.reading import INVENTED, JSON, in_json

#: Whether the comparison that is shown hides the names.
BLIND = pytest.mark.parametrize("blind", [True])

#: What every report finds.
WORDS = "On day 1 of the journey Marlow carried the lamp number 0 up the stair."


@pytest.fixture
def scripted() -> ScriptedOllama:
    # A context in which the book is read chapter by chapter, as a novel is.
    return parting(context=2560)


@pytest.fixture
def desk(app: AppTest, ollama: ScriptedOllama) -> Desk:
    assert app is not None
    return Desk(application(), ollama, application)


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The compare page with a novel open, and the whole book chosen."""
    kept = application().shelf().manuscripts.keep(book(4))
    app.query_params["manuscript"] = kept
    run(app.switch_page("pages/compare.py"))
    app.segmented_control(key="compare-what").set_value("The whole book")
    return run(app)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], tuple[Path, str]]:
    """A folder with a comparison, blind or not, that has ended, and its address."""

    @cache
    def ended(blind: bool) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("ended")
        with opened_desk(parting(context=2560), folder) as desk:
            series, _ = desk.compared(book(4), NAMES[:2], blind=blind)
        return folder / "data", series.id

    return ended


@pytest.fixture
def blind() -> bool:
    return False


@pytest.fixture
def shown(
    blind: bool,
    ended: Callable[[bool], tuple[Path, str]],
    ollama: ScriptedOllama,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AppTest:
    """The page with a comparison that ended when the app ran before."""
    folder, comparison_id = ended(blind)
    monkeypatch.setenv("FIRST_READER_DATA_DIR", str(shutil.copytree(folder, tmp_path / "data")))
    application().wait_connected(10)
    app = started()
    app.query_params["comparison"] = comparison_id
    return run(app.switch_page("pages/compare.py"))


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def comparison() -> Series:
    return application().shelf().series.all(Kind.COMPARISON)[0]


def reports() -> list[Report]:
    shelf = application().shelf()
    return [open_report(shelf, one) for one in shelf.series.reports_of(comparison().id)]


def compared(page: AppTest, desk: Desk, *, blind: bool = False) -> AppTest:
    """Begin the comparison, wait until it has ended, and look at it."""
    assert page.toggle(key="blind-book").value
    page.toggle(key="blind-book").set_value(blind)
    run(page)
    page.button(key="compare-book").click()
    run(page)
    for one in reports():
        desk.finished(one)
    return run(page)


def seen(app: AppTest) -> str:
    """All that the browser is told of the page, its sidebar and its address."""
    bodies = [one.proto.body for one in app.get("html")]
    everything = [*app.main, *app.sidebar]
    sidebar = [one.proto.body for one in app.sidebar.get("html")]
    return "\n".join([*bodies, *sidebar, *map(str, everything), str(dict(app.query_params))])


def judged(page: AppTest, verdict: str) -> AppTest:
    next(one for one in page.button if one.label == verdict).click()
    run(page)
    next(one for one in page.button if one.label.startswith("Judge")).click()
    return run(page)


def named(told: str) -> list[str]:
    return [name for name in NAMES if name in told or name.partition(":")[0] in told]


def test_all_columns_are_asked_the_same(page: AppTest, desk: Desk) -> None:
    compared(page, desk)
    assert page.query_params["comparison"] == comparison().id
    first, second = (one.setting for one in reports())
    assert (first.model, second.model) == NAMES[:2]
    assert (first.lenses, first.depth, first.chapters) == (
        second.lenses,
        second.depth,
        second.chapters,
    )
    assert (first.options, first.num_ctx) == (second.options, second.num_ctx)
    assert first.options["seed"] == 1


def test_it_is_planned_anew_only_where_something_else_is_asked(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = sys.modules["components.ui.compare.comparison_form"]
    planned: list[Any] = []

    def counted(*given: Any, **more: Any) -> Any:
        planned.append(given)
        return plan_alike(*given, **more)

    monkeypatch.setattr(form, "plan_alike", counted)
    page.toggle(key="blind-book").set_value(False)
    run(page)
    assert planned == []
    page.segmented_control(key="compare-book-depth").set_value(Depth.SKIM)
    run(page)
    run(page)
    assert len(planned) == 1


def test_lenses_depth_and_chapters_are_chosen_for_all(page: AppTest, desk: Desk) -> None:
    page.segmented_control(key="book-columns").set_value(3)
    page.segmented_control(key="compare-book-depth").set_value(Depth.SKIM)
    page.selectbox(key="compare-book-extent").set_value("only")
    run(page)
    page.multiselect(key="compare-book-chapters-to-read").set_value([1, 3])
    run(page)
    page.multiselect(key="compare-book-lenses").set_value(["pacing", "characters"])
    run(page)
    compared(page, desk)
    found = [one.setting for one in reports()]
    assert [one.model for one in found] == list(NAMES)
    assert {one.depth for one in found} == {Depth.SKIM}
    assert {one.chapters for one in found} == {(1, 3)}
    assert {tuple(name for name, _ in one.lenses) for one in found} == {("pacing", "characters")}


def test_what_it_takes_is_said_and_what_was_answered_before(page: AppTest, desk: Desk) -> None:
    assert "9 questions" in seen(page)
    assert "not known" in seen(page)
    compared(page, desk)
    page.button(key="new-comparison").click()
    run(page)
    page.segmented_control(key="compare-what").set_value("The whole book")
    told = seen(run(page))
    done = sum(one.state is State.DONE for each in reports() for one in each.steps)
    assert f"{done:,} of 18" in told
    assert "not known" not in told.partition("9 questions")[2].partition("</p>")[0]


def test_without_a_lens_nothing_can_begin(page: AppTest) -> None:
    page.multiselect(key="compare-book-lenses").set_value([])
    run(page)
    assert len(page.warning) == 1
    assert not [one for one in page.button if one.key == "compare-book"]


def test_reports_differences_and_figures_are_side_by_side(shown: AppTest) -> None:
    told = seen(shown)
    assert "A · albatross:1b" in told
    assert "B · barnacle:1b" in told
    assert WORDS in told
    assert INVENTED in told
    assert "tension 2.3" in told
    order = shown.selectbox(key="book-chapter-shown").options
    assert order == [
        "Chapter 2 · 5 apart",
        "Chapter 1 · 1 apart",
        "Chapter 3 · 1 apart",
        "Chapter 4",
    ]
    assert f"Named by B alone: {GHOST}" in told
    assert "prompt_eval_count" in told
    assert "Quotations found" in told


def differences(desk, differing):  # Run by itself: it knows no name of this file.
    from components.ui.answer.quote_marks import Marking
    from components.ui.compare.book_differences import book_differences
    from components.ui.shared.visit import Visit

    book_differences(differing, "AB", Marking(Visit(desk.app, desk.app.shelf(), "")))


def test_notes_in_json_are_shown_as_they_are_and_not_counted(desk: Desk) -> None:
    _, found = desk.compared(book(4), NAMES[:2])
    index = Index(found[0].manuscript)
    prose = compare_models(found, index)
    kwargs = {"desk": desk, "differing": compare_models([in_json(one) for one in found], index)}
    shown = run(AppTest.from_function(differences, kwargs=kwargs, default_timeout=30))
    assert [json.loads(one.value) for one in shown.code] == [json.loads(JSON)] * 2
    assert [one.language for one in shown.code] == ["json"] * 2
    told = seen(shown)
    assert "fr-found-words" not in told
    assert "fr-missing" not in told
    assert "fr-checked" not in told
    kwargs = {"desk": desk, "differing": prose}
    shown = run(AppTest.from_function(differences, kwargs=kwargs, default_timeout=30))
    assert not shown.code
    told = seen(shown)
    assert told.count('class="fr-found-words"') == 2  # Of one finding by each.
    assert len(re.findall(r"<p>1 \w+: found", told)) == 2


def test_a_missing_score_is_no_zero(shown: AppTest) -> None:
    told = seen(shown)
    row = next(one for one in told.split("<tr>") if one.startswith("<td>Chapter 4"))
    assert row.count("B –") == 4
    assert "B 0" not in row
    shown.selectbox(key="book-chapter-shown").set_value(4)
    assert "tension –" not in seen(run(shown))


def test_a_column_that_failed_in_part_says_so(shown: AppTest) -> None:
    told = seen(shown)
    assert re.search(r"<b>A</b> · [^<]* · 9 of 9", told)
    assert "<b>B</b> · Incomplete · 8 of 9" in told
    assert "1 answer of B" in "".join(one.value for one in shown.error)
    assert shown.button(key="again-B").label == "Resume"


class TestSteering:
    @pytest.fixture
    def going(self, page: AppTest) -> AppTest:
        page.toggle(key="blind-book").set_value(False)
        page.button(key="compare-book").click()
        return run(page)

    def test_all_stop_and_go_on(self, going: AppTest, desk: Desk) -> None:
        application().jobs.stop(application().shelf(), comparison().id)
        for one in reports():
            desk.finished(one)
        run(going)
        going.button(key="again-all").click()
        run(going)
        for one in reports():
            assert desk.finished(one).of("report")[0].state is State.DONE

    def test_an_address_is_enough(self, going: AppTest, desk: Desk) -> None:
        for one in reports():
            desk.finished(one)
        other = started()
        other.query_params["comparison"] = comparison().id
        told = seen(run(other.switch_page("pages/compare.py")))
        assert WORDS in told

    def test_it_is_renamed_and_deleted_with_its_reports(self, going: AppTest, desk: Desk) -> None:
        of = comparison().id
        going.button(key=f"manage-{of}").click()
        run(going)
        going.text_input(key=f"name-{of}").set_value("Two readers")
        next(one for one in going.button if one.label == "Rename").click()
        run(going)
        assert {one.series.name for one in reports()} == {"Two readers"}
        # A page that is shown anew because something ended closes the dialog.
        found = [desk.finished(one) for one in reports()]
        run(going)
        going.button(key=f"manage-{of}").click()
        run(going)
        assert "“Two readers” with 2 reports" in "".join(one.value for one in going.markdown)
        next(one for one in going.button if one.label == "Delete it").click()
        run(going)
        shelf = application().shelf()
        assert shelf.series.all(Kind.REPORT) == shelf.series.all(Kind.COMPARISON) == []
        shelf.series.restore(of)
        assert {one.id for one in reports()} == {one.id for one in found}

    def test_a_report_that_was_deleted_leaves_the_other(self, going: AppTest, desk: Desk) -> None:
        for one in reports():
            desk.finished(one)
        shelf = application().shelf()
        shelf.series.delete(reports()[0].id)
        told = seen(run(going))
        assert "1 report" in told
        assert told.count("Open the whole report") == 1
        assert "<b>B</b>" in told
        assert "<b>A</b>" not in told


class TestBlind:
    @BLIND
    def test_no_name_is_anywhere_until_it_was_judged(self, shown: AppTest) -> None:
        told = seen(shown)
        assert named(told) == []
        assert "eval_count" not in told
        assert WORDS in told
        assert not [one.id for one in reports() if one.id in told]
        digests = [one.setting.digest for one in reports()]
        assert not [one for one in digests if one in told]
        assert shown.selectbox(key="book-chapter-shown").options[0] == "Chapter 2 · 5 apart"
        judged(shown, "A")
        told = seen(shown)
        assert named(told) == list(NAMES[:2])
        assert f"You preferred A</b>, {reports()[0].setting.model}" in told
        assert "prompt_eval_count" in told

    def test_nothing_is_told_while_it_runs(self, page: AppTest) -> None:
        page.button(key="compare-book").click()
        run(page)
        assert named(seen(page)) == []

    def test_the_order_is_of_chance(self, desk: Desk) -> None:
        app, manuscript = application(), book(2)
        shelf = app.shelf()
        known = {model.name: model for model in desk.app.models()[0]}
        entrants = plan_alike(
            app,
            manuscript,
            [desk.order(manuscript, model=known[name], depth=Depth.SKIM) for name in NAMES[:2]],
            exact=False,
        )
        first = set()
        for _ in range(20):
            begun = compare_reports(app, shelf, manuscript, entrants, blind=True)
            report = shelf.series.reports_of(begun.id)[0]
            first.add(shelf.analyses.in_series(report.id)[0].question.model)
            app.jobs.stop(shelf, begun.id)
        assert first == set(NAMES[:2])

    @BLIND
    def test_an_error_names_no_model(self, shown: AppTest) -> None:
        said = "".join(one.value for one in shown.error)
        assert "1 answer" in said
        assert named(said) == []

    @BLIND
    def test_only_the_comparison_is_listed(self, shown: AppTest) -> None:
        shown.switch_page("pages/library.py")
        run(shown)
        for searched in ("", "lamp number", "compared"):
            shown.text_input(key="search").set_value(searched)
            told = seen(run(shown))
            assert named(told) == []
            assert not [one.id for one in reports() if one.id in told]
            assert [one.key for one in shown.button if one.key == f"open-{comparison().id}"]
        assert application().shelf().series.all(Kind.REPORT) == []
        assert "comparison · 17 of 18 calls done" in told
        shown.button(key=f"open-{comparison().id}").click()
        assert WORDS in seen(run(shown))

    def test_other_pages_lead_to_it_while_it_runs(self, page: AppTest) -> None:
        page.button(key="compare-book").click()
        run(page)
        page.switch_page("pages/settings.py")
        run(page)
        (row,) = [one.proto.body for one in page.get("html") if "fr-way" in one.proto.body]
        assert f"./compare?comparison={comparison().id}" in row
        assert " of 18 done" in row
        assert row.count("<a ") == 1


class TestVerdict:
    def test_it_counts_for_the_whole_book(self, shown: AppTest) -> None:
        judged(shown, "B")
        assert "Ranking, from 1 verdict" in {one.label for one in shown.expander}
        assert "Whole book" in {one.value for one in shown.header}
        assert list(shown.dataframe[0].value["Model"]) == ["barnacle:1b", "albatross:1b"]

    @BLIND
    def test_it_is_taken_away_once_the_names_are_known(self, shown: AppTest) -> None:
        assert not shown.get("download_button")
        judged(shown, "A")
        assert [one.proto.label for one in shown.get("download_button")] == [
            "Word",
            "HTML",
            "Markdown",
        ]

    def test_it_is_found_again_in_the_list(self, shown: AppTest) -> None:
        first = comparison()
        shown.button(key="new-comparison").click()
        run(shown)
        assert "the whole book · albatross:1b and barnacle:1b" in seen(shown)
        shown.button(key=f"earlier-{first.id}").click()
        assert WORDS in seen(run(shown))


def test_from_a_report_the_form_asks_what_it_was_asked(app: AppTest, desk: Desk) -> None:
    lenses = ("characters", "pacing")  # in the order in which they are offered
    report = desk.finished(
        desk.begin(book(4), lenses=tuple(map(lens, lenses)), chapters=(1, 3), depth=Depth.SKIM)
    )
    app.query_params["report"] = report.id
    run(app)
    app.button(key="compare-report").click()
    run(app)
    assert app.segmented_control(key="compare-what").value == "The whole book"
    assert app.multiselect(key="compare-book-lenses").value == list(lenses)
    assert app.segmented_control(key="compare-book-depth").value == Depth.SKIM
    assert app.multiselect(key="compare-book-chapters-to-read").value == [1, 3]
    models = [app.selectbox(key=f"book-model-{number}").value for number in range(2)]
    assert report.setting.model in models
    assert len(set(models)) == 2


def beside() -> None:
    """The part of a page that shows a report beside another."""
    from components.reports import open_report
    from components.store import Kind
    from components.ui import visit
    from components.ui.report.report_beside import report_beside

    here = visit()
    newest = here.shelf.series.all(Kind.REPORT)[0]
    report_beside(here, open_report(here.shelf, newest))


class TestBeside:
    def begin(self, desk: Desk, manuscript: Manuscript, *, name: str = NAMES[0]) -> Report:
        model = {one.name: one for one in desk.app.models()[0]}[name]
        counter = Counter(desk.app, model)
        planned = plan(manuscript, desk.order(manuscript, model=model), count=counter)
        begun = begin_report(desk.app, desk.app.shelf(), manuscript, planned, counter)
        return desk.finished(open_report(desk.app.shelf(), begun))

    def revised(self) -> Manuscript:
        text = book(4).text.replace("On day 2 of the journey Marlow", "<b>That night</b> he", 1)
        return read(text.encode(), name="book.txt")

    def test_there_is_nothing_to_compare_with(self, desk: Desk) -> None:
        self.begin(desk, book(4))
        shown = run(AppTest.from_function(beside, default_timeout=30))
        assert not shown.selectbox
        assert "fr-quiet" in seen(shown)

    def test_two_models_on_one_text(self, desk: Desk) -> None:
        """Read one after the other, with whatever options: no comparison had to be begun."""
        first = self.begin(desk, book(4))
        self.begin(desk, book(4), name=NAMES[1])
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(first.id)
        told = seen(run(shown))
        assert "Where they part" in {one.value for one in shown.header}
        assert f"A: {labels.date(first.series.created)}, {NAMES[0]}." in told
        assert shown.selectbox(key="book-chapter-shown").options[0] == "Chapter 2 · 5 apart"

    def test_a_revised_draft(self, desk: Desk) -> None:
        first = self.begin(desk, book(4))
        self.begin(desk, self.revised())
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(first.id)
        told = seen(run(shown))
        assert "3 unchanged, 1 revised" in told
        assert "1 changed" in told
        assert "<ins>&lt;b&gt;That night&lt;/b&gt; he</ins>" in told
        assert "<del>On day 2 of the journey Marlow</del>" in told
        assert "<b>That night" not in told
        assert told.count('class="fr-checked"') == 2  # quoted no more, quoted anew

    def test_the_likeliest_draft_is_first(self, desk: Desk) -> None:
        other = read(book(2).text.encode(), name="elsewhere.txt")
        draft, elsewhere = self.begin(desk, self.revised()), self.begin(desk, other)
        same = self.begin(desk, book(4))
        self.begin(desk, book(4))
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(same.id)
        assert "Where they part" in {one.value for one in run(shown).header}
        names = shown.selectbox[0].options
        assert [one.split(" · ")[0] for one in names] == ["book", "book", "elsewhere"]
        assert len(set(names)) == 3  # What is chosen is known by its name.
        assert {draft.id, elsewhere.id, same.id} == {
            one.id for one in desk.app.shelf().series.all(Kind.REPORT)[1:]
        }
