"""Findings on the page while a model writes their JSON: a row each, as soon as it is complete."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from components.store import StepStatus
from tests.pages.actions import html, run
from tests.reports.desk import Desk, book, desk, scripted

__all__ = ["desk", "scripted"]

CLAIMS = ("Marlow carries lamp number 0 up the stair.", "Marlow carries lamp number 3 up again.")
WORDS = tuple(
    f"On day 1 of the journey Marlow carried the lamp number {number} up the stair."
    for number in (0, 3)
)
ANSWER = json.dumps(
    {
        "Event": [
            {"number": number, "statement": claim}
            for number, claim in zip((2, 5), CLAIMS, strict=True)
        ]
    }
)
FIRST = ANSWER.index("}") + 1


def live(desk, step, pieces):  # Run by itself: it knows no name of this file.
    from components.engine import Text
    from components.store import JournalEntry, State, StateChanged
    from components.ui.answer.live_answer import Watched
    from components.ui.shared.visit import Visit

    watched = Watched(Visit(desk.app, desk.app.shelf(), ""), step)
    watched.add([JournalEntry(1, 1.0, 1, StateChanged(State.WRITING))])
    for number, (attempt, text) in enumerate(pieces, 2):
        watched.add([JournalEntry(number, 1.0, attempt, Text(text))])
    watched.show()


@pytest.fixture
def step(desk: Desk) -> StepStatus:
    return desk.finished(desk.begin(book(2))).of("findings")[0]


def shown(desk: Desk, step: StepStatus, *pieces: tuple[int, str]) -> str:
    kwargs = {"desk": desk, "step": step, "pieces": pieces}
    return html(run(AppTest.from_function(live, kwargs=kwargs, default_timeout=30)))


def test_a_row_appears_with_its_words_as_soon_as_it_is_written(
    desk: Desk, step: StepStatus
) -> None:
    for end, rows in ((FIRST - 1, 0), (FIRST, 1), (FIRST + 30, 1), (len(ANSWER), 2)):
        for size in (1, end):  # Whatever the pieces in which it comes.
            pieces = [(1, ANSWER[at : min(at + size, end)]) for at in range(0, end, size)]
            told = shown(desk, step, *pieces)
            assert [told.count(claim) for claim in CLAIMS] == [1] * rows + [0] * (2 - rows)
            assert [words in told for words in WORDS] == [True] * rows + [False] * (2 - rows)
            assert '"statement"' not in told
            assert "&quot;statement&quot;" not in told


def test_another_attempt_begins_anew(desk: Desk, step: StepStatus) -> None:
    told = shown(desk, step, (1, ANSWER[: FIRST + 30]), (2, ANSWER[:FIRST]))
    assert told.count(CLAIMS[0]) == 2  # In the attempt that was cut off and in the next.
    assert CLAIMS[1] not in told


def test_what_is_no_finding_shows_nothing(desk: Desk, step: StepStatus) -> None:
    for said in ("No. {}", '{"Event": []}', '{"Event": [{"number": 2}]}', "} } }"):
        assert "fr-block" not in shown(desk, step, (1, said))
