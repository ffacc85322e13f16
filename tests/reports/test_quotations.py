"""What counts as quoted in a report, and the sentence behind scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.evidence import Index
from components.reports import (
    Depth,
    Report,
    Scores,
    compare_drafts,
    compare_models,
    count_quotations,
    quoting_answers,
    sentence_behind,
)
from components.reports.quotations import chapter_notes
from components.store import State
from tests.measures.books import book as made
from tests.reports.conftest import Desk, book
from tests.reports.reading import in_json

BOOK = made(
    ("Chapter 1", "“Yes, of course,” said Anna. Nobody spoke of the lamp again that night. "),
    ("Chapter 2", "The river rose. Nobody spoke of the lamp again that night. "),
)


@pytest.fixture
def report(desk: Desk) -> Report:
    return desk.finished(desk.begin(book()))


def scores(evidence: str) -> Scores:
    words: dict[str, Any] = dict.fromkeys(("summary", "setting", "point_of_view", "purpose"), "")
    return Scores(
        **words, tension=1, pace=1, conflict=1, valence=1, characters=(), evidence=evidence
    )


class TestCounting:
    def test_every_text_that_an_editor_reads_counts(self, report: Report) -> None:
        parts = [one.question.part for one, _ in quoting_answers(report, Index(report.manuscript))]
        assert parts.count("findings") == parts.count("scores") == 5
        assert parts.count("report") == 1
        assert "digest" not in parts
        digests = [one for one in report.steps if one.question.part == "digest"]
        assert len(parts) + len(digests) == len(report.steps)
        sums = count_quotations(report, Index(report.manuscript))
        # One in each finding and sentence; all five in the report again, and one invented.
        assert (sums.found, sums.quotations, sums.answers) == (15, 16, 11)

    def test_an_answer_in_json_quotes_nothing(self, report: Report) -> None:
        index = Index(report.manuscript)
        without = in_json(report)
        found = chapter_notes(without, index)
        assert len(found) == 5
        assert not any(one.evidence and one.evidence.quotes for one in found)
        before, after = count_quotations(report, index), count_quotations(without, index)
        assert before.quotations - after.quotations == before.found - after.found == 5
        assert compare_models([without], index).checked == (after,)
        drafts = compare_drafts(report, without, (index, index))
        assert not any(one.new for one in drafts.changes)
        assert all(one.gone for one in drafts.changes)

    def test_a_text_that_broke_off_counts_as_far_as_it_goes(self, report: Report) -> None:
        index = Index(report.manuscript)
        broken = replace(
            report, steps=tuple(replace(one, state=State.STOPPED) for one in report.steps)
        )
        # But scores that are not whole are none.
        assert count_quotations(report, index).found - count_quotations(broken, index).found == 5

    def test_a_skim_has_findings_alone(self, desk: Desk) -> None:
        skim = desk.finished(desk.begin(book(), depth=Depth.SKIM))
        parts = {one.question.part for one, _ in quoting_answers(skim, Index(skim.manuscript))}
        assert parts == {"findings", "report"}


class TestSentence:
    index = Index(BOOK)

    def test_what_follows_a_speech_within_it_is_looked_up_too(self) -> None:
        said = "“Yes, of course,” he answered and stabbed his brother."
        found = sentence_behind(scores(said), self.index)
        assert found is not None
        assert not found.quote.is_verified
        true = sentence_behind(scores("“Yes, of course,” said Anna."), self.index)
        assert true is not None
        assert true.quote.is_verified

    @pytest.mark.parametrize("around", ["“{}”", '"{}"', "„{}“", "»{}«", "‘{}’", " “‘{}’” ", "{}"])
    def test_marks_around_it_are_not_its_own(self, around: str) -> None:
        said = "Nobody spoke of the lamp again that night."
        found = sentence_behind(scores(around.format(said)), self.index)
        assert found is not None
        assert (found.text, found.quote.is_verified) == (said, True)

    def test_a_place_in_its_own_passage_comes_first(self) -> None:
        said = scores("Nobody spoke of the lamp again that night.")
        for one in BOOK.chapters:
            found = sentence_behind(said, self.index, within=(one.start, one.end))
            assert found is not None
            assert found.quote.places[0].chapter == one.index
            assert found.quote.count == 2

    def test_a_short_one_counts_like_any_other(self) -> None:
        for said, is_there in (("The river rose.", True), ("A dragon came.", False)):
            found = sentence_behind(scores(said), self.index)
            assert found is not None
            assert (found.quote.kind, found.quote.is_verified) == ("quotation", is_there)

    def test_none_was_given(self) -> None:
        assert sentence_behind(scores("“ ”"), self.index) is None
        assert sentence_behind(None, self.index) is None
