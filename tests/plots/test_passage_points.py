"""The passages of a report: which have scores, and whether the sentences behind those are there."""

from __future__ import annotations

from components.evidence import Index
from components.measures import glance
from components.plots import Book, Ground, coverage, ground_of
from components.store import State
from tests.measures.books import book
from tests.plots.books import points_of, scores, shelf

ONE = "Anna carried the small lamp up the long stair. "
TWO = "Below, the river rose over the stones, and nobody spoke of it. "
LONG = "He counted " + "one and two and three and four and five and " * 6 + "went to bed."

MADE = book(("Chapter 1", ONE), ("Chapter 2", TWO + LONG), language="en")
OF = Book("id", MADE, glance(MADE))
INDEX = Index(MADE)


def ground(evidence: str) -> Ground | None:
    point = points_of(OF, scores(), scores(evidence=evidence))[1]
    return ground_of(point.scores, (point.start, point.end), INDEX)


def test_a_true_sentence_leads_to_its_place() -> None:
    found = ground(f"“{TWO.strip()}”")
    assert found is not None
    assert found.state == "found"
    assert found.place is not None
    start, end = found.place
    assert MADE.text[start:end].startswith("Below, the river")


def test_one_of_another_chapter_is_said_to_be_elsewhere() -> None:
    found = ground(ONE.strip())
    assert found is not None
    assert found.state == "elsewhere"


def test_other_signs_are_said() -> None:
    found = ground("Below the river rose over the stones, and nobody spoke of it.")
    assert found is not None
    assert found.state == "signs"


def test_an_invented_sentence_has_no_place() -> None:
    found = ground("The dragon of Wessex had never learned to knit.")
    assert found == Ground("The dragon of Wessex had never learned to knit.", "missing")


def test_a_sentence_that_the_form_cut_is_found_without_its_last_word() -> None:
    said = LONG[:240]
    assert LONG[240] != " "
    assert said[-1] != " "
    found = ground(said)
    assert found is not None
    assert (found.state, found.was_cut) == ("found", True)


def test_no_sentence_is_none() -> None:
    assert ground("“”") is None
    assert ground_of(None, (0, len(MADE.text)), INDEX) is None


def test_the_coverage_counts_all_of_them() -> None:
    of = shelf(3)
    assert coverage(points_of(of, scores(), scores())) == "Scores of all 2 passages."
    assert coverage(points_of(of, scores(), None, None)) == (
        "Scores of 1 of 3 passages. 2 without scores that can be used: gaps, not zeros."
    )
    waiting = points_of(of, scores(), None, state=State.QUEUED)
    assert coverage(waiting) == "Scores of 1 of 2 passages. 1 not scored yet."
