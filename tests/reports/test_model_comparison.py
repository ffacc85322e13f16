"""Reports by several models laid beside each other: where they part, and what is not known."""

from __future__ import annotations

from itertools import groupby

import pytest

from components.application import compare_reports, plan_alike
from components.evidence import Index
from components.manuscripts import Manuscript
from components.reports import Depth, ModelComparison, compare_models, open_report
from components.store import State
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.conftest import Desk, book
from tests.reports.parting import GHOST, NAMES, parting


@pytest.fixture
def scripted() -> ScriptedOllama:
    return parting(context=2560)


@pytest.fixture
def long() -> Manuscript:
    """A book that no model here reads at once."""
    return book(5)


@pytest.fixture
def two(desk: Desk, long: Manuscript) -> ModelComparison:
    _, reports = desk.compared(long, NAMES[:2])
    return compare_models(reports, Index(long))


def test_each_says_something_of_every_chapter(two: ModelComparison) -> None:
    assert [one.name for one in two.chapters] == [f"Chapter {number}" for number in range(1, 6)]
    for chapter in two.chapters:
        for said in chapter.said:
            assert len(said.of(two.lenses[0])) == said.receipt.passages == 1
            assert said.receipt.is_complete


def test_quotations_are_looked_up(two: ModelComparison) -> None:
    first, second = two.chapters[0].said
    assert [one.evidence.found for one in first.notes if one.evidence] == [1]
    assert [one.evidence.found for one in second.notes if one.evidence] == [1]
    true, half = two.checked
    assert true.share is not None
    assert half.share is not None
    assert half.share < true.share < 1  # The summary of the first invents one, too.


def test_the_chapters_that_part_most_come_first(two: ModelComparison) -> None:
    first, *_, last = two.by_disagreement
    assert (first.name, first.spread, first.spreads["tension"]) == ("Chapter 2", 5, 5)
    assert (last.name, last.spread, last.spreads) == ("Chapter 4", None, {})
    assert {one.spread for one in two.by_disagreement[1:-1]} == {1}


def test_missing_scores_are_missing_and_never_zero(two: ModelComparison) -> None:
    fourth = two.chapters[3]
    assert fourth.said[0].scores is not None
    assert fourth.said[1].scores is None
    tension = two.agreement[0]
    assert (tension.scale, tension.chapters) == ("tension", 4)
    assert tension.difference == pytest.approx((5 + 1 + 1 + 1) / 4)
    assert [one.difference for one in two.agreement[1:]] == [0, 0, 0]


def test_who_is_named_by_one_alone(two: ModelComparison) -> None:
    assert two.chapters[0].only == ((), (GHOST,))
    assert two.chapters[3].only == (None, None)  # The other is not known to leave anybody out.


def test_summaries_are_those_of_each(two: ModelComparison) -> None:
    first, second = (one.scores for one in two.chapters[0].said)
    assert first is not None
    assert second is not None
    assert first.summaries[0].startswith("A passage of")
    assert second.summaries == ("The second sees it otherwise.",)


def test_a_model_without_any_scores_takes_nothing_from_the_others(
    desk: Desk, long: Manuscript
) -> None:
    _, reports = desk.compared(long, NAMES)
    three = compare_models(reports, Index(long))
    assert [one.said[2].scores for one in three.chapters] == [None] * 5
    assert three.agreement[0].chapters == 4
    assert three.agreement[0].difference == pytest.approx(2)
    _, reports = desk.compared(long, NAMES)
    none = compare_models(reports[1:], Index(long))
    assert [one.difference for one in none.agreement] == [None] * 4
    assert [one.chapters for one in none.agreement] == [0] * 4
    assert none.by_disagreement[0].spread is None


def test_a_skim_has_findings_and_no_scores(desk: Desk, long: Manuscript) -> None:
    _, reports = desk.compared(long, NAMES[:2], depth=Depth.SKIM)
    skimmed = compare_models(reports, Index(long))
    assert all(one.said[0].notes for one in skimmed.chapters)
    assert skimmed.agreement[0].difference is None


def test_reports_on_other_texts_are_refused(desk: Desk, long: Manuscript) -> None:
    report = desk.finished(desk.begin(long))
    other = desk.finished(desk.begin(book(2)))
    with pytest.raises(ValueError, match="same text"):
        compare_models([report, other], Index(long))


class TestRunning:
    def test_each_model_is_asked_all_of_its_questions_before_the_next(
        self, desk: Desk, long: Manuscript
    ) -> None:
        comparison, reports = desk.compared(long, NAMES)
        calls = {one.call_id: one.question.model for each in reports for one in each.steps}
        began = sorted(calls, key=lambda one: desk.app.store.journal.after(one)[1].at)
        asked = [calls[one] for one in began]
        assert [name for name, _ in groupby(asked)] == list(NAMES)
        assert [one.setting.model for one in reports] == list(NAMES)
        assert comparison.details["reports"] == [one.id for one in reports]

    def test_all_read_in_the_same_context(self, desk: Desk, long: Manuscript) -> None:
        _, reports = desk.compared(long, NAMES[:2])
        assert len({one.setting.num_ctx for one in reports}) == 1

    def test_an_app_that_was_killed_goes_on(self, desk: Desk, long: Manuscript) -> None:
        known = {one.name: one for one in desk.app.models()[0]}
        asked = [desk.order(long, model=known[name]) for name in NAMES[:2]]
        entrants = plan_alike(desk.app, long, asked)
        shelf = desk.app.shelf()
        comparison = compare_reports(desk.app, shelf, long, entrants)
        desk.app.close()
        desk.app = desk.again()
        shelf = desk.app.shelf()
        for one in shelf.series.reports_of(comparison.id):
            report = desk.finished(open_report(shelf, one))
            finals = report.of("report")
            assert [step.state for step in finals] == [State.DONE]

    def test_one_that_is_stopped_goes_on_with_all_columns(
        self, desk: Desk, long: Manuscript
    ) -> None:
        comparison, _ = desk.compared(long, NAMES[:2])
        shelf = desk.app.shelf()
        again = desk.app.jobs
        again.stop_series(shelf, comparison.id)
        again.again_series(shelf, comparison.id)
        reports = [open_report(shelf, one) for one in shelf.series.reports_of(comparison.id)]
        assert all(desk.finished(one).of("report")[0].state is State.DONE for one in reports)
