"""Whole books on the compare page: begun alike, run in turn, shown beside each other, judged."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application, begin_report, plan_alike
from components.application.report_plans import Counter
from components.evidence import Index
from components.manuscripts import Manuscript, read
from components.reports import Depth, Report, compare_models, open_report, plan
from components.store import Kind, Series, State
from components.ui.shared import labels
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.conftest import started
from tests.reports.conftest import Desk, book
from tests.reports.parting import GHOST, NAMES, parting
from tests.reports.reading import INVENTED, JSON, in_json


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
    if blind:
        page.toggle(key="blind-book").set_value(True)
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
    page.radio[0].set_value(verdict)
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
    form = sys.modules["components.ui.compare.book_comparison_form"]
    planned: list[Any] = []

    def counted(*given: Any, **more: Any) -> Any:
        planned.append(given)
        return plan_alike(*given, **more)

    monkeypatch.setattr(form, "plan_alike", counted)
    page.toggle(key="blind-book").set_value(True)
    run(page)
    assert planned == []
    page.segmented_control(key="book-depth").set_value(Depth.SKIM)
    run(page)
    run(page)
    assert len(planned) == 1


def test_lenses_depth_and_chapters_are_chosen_for_all(page: AppTest, desk: Desk) -> None:
    page.segmented_control(key="book-columns").set_value(3)
    page.segmented_control(key="book-depth").set_value(Depth.SKIM)
    page.multiselect[1].set_value([1, 3])
    run(page)
    page.multiselect(key="book-lenses").set_value(["pacing", "characters"])
    run(page)
    compared(page, desk)
    found = [one.setting for one in reports()]
    assert [one.model for one in found] == list(NAMES)
    assert {one.depth for one in found} == {Depth.SKIM}
    assert {one.chapters for one in found} == {(1, 3)}
    assert {tuple(name for name, _ in one.lenses) for one in found} == {("pacing", "characters")}


def test_what_it_takes_is_said_and_what_was_answered_before(page: AppTest, desk: Desk) -> None:
    assert "About 14 questions for each model." in seen(page)
    assert "not known" in seen(page)
    compared(page, desk)
    page.button(key="new-comparison").click()
    run(page)
    page.segmented_control(key="compare-what").set_value("The whole book")
    told = seen(run(page))
    done = sum(one.state is State.DONE for each in reports() for one in each.steps)
    assert f"{done:,} of 28 in all answered before" in told
    assert "A about" in told


def test_without_a_lens_nothing_can_begin(page: AppTest) -> None:
    page.multiselect(key="book-lenses").set_value([])
    run(page)
    assert "Choose a lens first." in {one.value for one in page.caption}
    assert not [one for one in page.button if one.key == "compare-book"]


def test_reports_differences_and_figures_are_side_by_side(page: AppTest, desk: Desk) -> None:
    told = seen(compared(page, desk))
    assert "A · albatross:1b" in told
    assert "B · barnacle:1b" in told
    assert "What the notes come to" in told
    assert INVENTED in told
    assert "Mean difference between two models, in points: tension 2.3" in told
    assert "over 3 chapters that two of them scored" in told
    order = page.selectbox(key="book-chapter-shown").options
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
    assert "fr-missing" not in told
    assert "quotation of four words" not in told
    kwargs = {"desk": desk, "differing": prose}
    shown = run(AppTest.from_function(differences, kwargs=kwargs, default_timeout=30))
    assert not shown.code
    assert "fr-missing" in seen(shown)
    assert "2 quotations: 1 found in the manuscript, 1 not." in [one.value for one in shown.caption]


def test_a_missing_score_is_no_zero(page: AppTest, desk: Desk) -> None:
    compared(page, desk)
    told = seen(page)
    row = next(one for one in told.split("<tr>") if one.startswith("<td>Chapter 4"))
    assert row.count("B –") == 4
    assert "B 0" not in row
    page.selectbox(key="book-chapter-shown").set_value(4)
    assert "<b>B</b> has no scores of this chapter." in seen(run(page))


def test_a_column_that_failed_in_part_says_so(page: AppTest, desk: Desk) -> None:
    told = seen(compared(page, desk))
    assert "<b>A</b> · Finished · 14 of 14 answers" in told
    assert "<b>B</b> · Finished, not all of it · 13 of 14 answers" in told
    assert "1 answer of B broke off" in "".join(one.value for one in page.error)
    assert page.button(key="again-B").label == "Go on"


class TestSteering:
    @pytest.fixture
    def going(self, page: AppTest) -> AppTest:
        page.button(key="compare-book").click()
        return run(page)

    def test_all_stop_and_go_on(self, going: AppTest, desk: Desk) -> None:
        application().jobs.stop_series(application().shelf(), comparison().id)
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
        assert "What the notes come to" in told

    def test_it_is_renamed_and_deleted_with_its_reports(self, going: AppTest, desk: Desk) -> None:
        of = comparison().id
        going.button(key=f"manage-{of}").click()
        run(going)
        going.text_input(key=f"name-{of}").set_value("Two readers")
        next(one for one in going.button if one.label == "Rename").click()
        run(going)
        assert {one.series.name for one in reports()} == {"Two readers"}
        found = reports()
        going.button(key=f"manage-{of}").click()
        run(going)
        assert "“Two readers” with 2 reports" in "".join(one.value for one in going.markdown)
        next(one for one in going.button if one.label == "Delete it").click()
        run(going)
        shelf = application().shelf()
        assert shelf.series.all(Kind.REPORT) == shelf.series.all(Kind.COMPARISON) == []
        shelf.series.restore(of)
        for one in found:
            assert not desk.finished(one).is_active

    def test_a_report_that_was_deleted_leaves_the_other(self, going: AppTest, desk: Desk) -> None:
        for one in reports():
            desk.finished(one)
        shelf = application().shelf()
        shelf.series.delete(reports()[0].id)
        told = seen(run(going))
        assert "1 report of it was deleted" in told
        assert told.count("Open the whole report") == 1
        assert "<b>B</b> · Finished" in told


class TestBlind:
    def test_no_name_is_anywhere_until_it_was_judged(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk, blind=True)
        told = seen(page)
        assert named(told) == []
        assert "eval_count" not in told
        assert "What the notes come to" in told
        assert not [one.id for one in reports() if one.id in told]
        digests = [one.setting.digest for one in reports()]
        assert not [one for one in digests if one in told]
        assert page.selectbox(key="book-chapter-shown").options[0] == "Chapter 2 · 5 apart"
        judged(page, "A")
        told = seen(page)
        assert named(told) == list(NAMES[:2])
        assert f"You preferred A</b>, {reports()[0].setting.model}" in told
        assert "prompt_eval_count" in told

    def test_nothing_is_told_while_it_runs(self, page: AppTest) -> None:
        page.toggle(key="blind-book").set_value(True)
        run(page)
        page.button(key="compare-book").click()
        run(page)
        assert named(seen(page)) == []

    def test_the_order_is_of_chance(self, desk: Desk) -> None:
        shelf, jobs = application().shelf(), application().jobs
        manuscript = book(2)
        known = {one.name: one for one in desk.app.models()[0]}
        from components.store import NewReport

        planned = [
            NewReport(
                plan(
                    manuscript,
                    desk.order(manuscript, model=known[name], depth=Depth.SKIM),
                    count=Counter(desk.app, known[name], is_exact=False),
                ).steps,
                {"n": name},
            )
            for name in NAMES[:2]
        ]
        first = set()
        for _ in range(20):
            begun = jobs.compare_reports(
                shelf, planned, name="c", details={"blind": True}, shuffled=True
            )
            first.add(shelf.series.reports_of(begun.id)[0].details["n"])
            jobs.stop_series(shelf, begun.id)
        assert first == set(NAMES[:2])

    def test_an_error_names_no_model(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk, blind=True)
        said = "".join(one.value for one in page.error)
        assert "has 1 answer that broke off" in said
        assert named(said) == []

    def test_only_the_comparison_is_listed(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk, blind=True)
        page.switch_page("pages/library.py")
        run(page)
        for searched in ("", "notes come to", "compared"):
            page.text_input(key="search").set_value(searched)
            told = seen(run(page))
            assert named(told) == []
            assert not [one.id for one in reports() if one.id in told]
            assert [one.key for one in page.button if one.key == f"open-{comparison().id}"]
        assert application().shelf().series.all(Kind.REPORT) == []
        assert "comparison · 27 of 28 calls done" in told
        page.button(key=f"open-{comparison().id}").click()
        assert "What the notes come to" in seen(run(page))

    def test_other_pages_lead_to_it_while_it_runs(self, page: AppTest) -> None:
        page.toggle(key="blind-book").set_value(True)
        run(page)
        page.button(key="compare-book").click()
        run(page)
        page.switch_page("pages/settings.py")
        run(page)
        (line,) = [one.proto.body for one in page.get("html") if "Under way" in one.proto.body]
        assert f"./compare?comparison={comparison().id}" in line
        assert " of 28 done" in line
        assert line.count("<a ") == 1


class TestVerdict:
    def test_it_counts_for_the_whole_book(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk)
        judged(page, "B")
        assert "Ranking, from 1 verdict" in {one.label for one in page.expander}
        assert "Whole book" in {one.value for one in page.header}
        assert list(page.dataframe[0].value["Model"]) == ["barnacle:1b", "albatross:1b"]

    def test_it_is_taken_away_once_the_names_are_known(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk, blind=True)
        assert not page.get("download_button")
        judged(page, "A")
        assert [one.proto.label for one in page.get("download_button")] == [
            "Word",
            "HTML",
            "Markdown",
        ]

    @pytest.mark.parametrize(
        ("verdict", "said"), [("Equally good", "equally good"), ("Both bad", "all bad")]
    )
    def test_it_need_not_have_a_winner(
        self, page: AppTest, desk: Desk, verdict: str, said: str
    ) -> None:
        compared(page, desk)
        assert f"You found them {said}" in seen(judged(page, verdict))

    def test_it_is_found_again_in_the_list(self, page: AppTest, desk: Desk) -> None:
        compared(page, desk)
        first = comparison()
        page.button(key="new-comparison").click()
        run(page)
        assert "the whole book · albatross:1b and barnacle:1b" in seen(page)
        page.button(key=f"earlier-{first.id}").click()
        assert "What the notes come to" in seen(run(page))


def beside() -> None:
    """The part of a page that shows a report beside another."""
    from components.reports import open_report
    from components.store import Kind
    from components.ui import report_beside, visit

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
        assert "There is no other report yet" in seen(shown)

    def test_two_models_on_one_text(self, desk: Desk) -> None:
        """Read one after the other, with whatever options: no comparison had to be begun."""
        first = self.begin(desk, book(4))
        self.begin(desk, book(4), name=NAMES[1])
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(first.id)
        told = seen(run(shown))
        assert "Both are on the same text." in told
        assert "Where they part" in {one.value for one in shown.header}
        assert f"A: {labels.date(first.series.created)}, {NAMES[0]}." in told
        assert shown.selectbox(key="book-chapter-shown").options[0] == "Chapter 2 · 5 apart"

    def test_a_revised_draft(self, desk: Desk) -> None:
        first = self.begin(desk, book(4))
        self.begin(desk, self.revised())
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(first.id)
        told = seen(run(shown))
        assert "Chapters: 3 unchanged, 1 revised." in told
        assert "Paragraphs: 1 changed." in told
        assert "<ins>&lt;b&gt;That night&lt;/b&gt; he</ins>" in told
        assert "<del>On day 2 of the journey Marlow</del>" in told
        assert "<b>That night" not in told
        assert "no longer in the text" in told
        assert "Quoted in this report alone" in told

    def test_the_likeliest_draft_is_first(self, desk: Desk) -> None:
        other = read(book(2).text.encode(), name="elsewhere.txt")
        draft, elsewhere = self.begin(desk, self.revised()), self.begin(desk, other)
        same = self.begin(desk, book(4))
        self.begin(desk, book(4))
        shown = run(AppTest.from_function(beside, default_timeout=30))
        shown.selectbox[0].set_value(same.id)
        assert "Both are on the same text." in seen(run(shown))
        names = shown.selectbox[0].options
        assert [one.split(" · ")[0] for one in names] == ["book", "book", "elsewhere"]
        assert len(set(names)) == 3  # What is chosen is known by its name.
        assert {draft.id, elsewhere.id, same.id} == {
            one.id for one in desk.app.shelf().series.all(Kind.REPORT)[1:]
        }
