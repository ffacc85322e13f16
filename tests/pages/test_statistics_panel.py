"""What the figures beside a text say, and what of them is sent."""

from __future__ import annotations

from typing import Any, cast

import pytest

from components.engine import ContextChosen, Finished, Statistics, Text
from components.errors import ConnectionLost
from components.store import CallOutcome, Failed, Happening, JournalEntry, State, StateChanged
from components.ui.answer.statistics_panel import StatisticsPanel
from tests.pages.actions import question

SECOND = 1_000_000_000

ALL = Statistics(
    model="scripted:1b",
    num_ctx=2048,
    done_reason="stop",
    total_duration=9 * SECOND,
    load_duration=SECOND,
    prompt_eval_count=1000,
    prompt_eval_duration=2 * SECOND,
    eval_count=24,
    eval_duration=6 * SECOND,
    load_wait=SECOND,
    time_to_first_token=3 * SECOND,
    received=24,
)


class Place:
    """Stands for a place on the page; `sent` is all that any part of it was given, in order."""

    def __init__(self, sent: list[str]) -> None:
        self.sent = sent
        self.shown = ""
        self.parts: list[Place] = []

    def _part(self) -> Place:
        self.parts.append(Place(self.sent))
        return self.parts[-1]

    def container(self, **_: Any) -> Place:
        return self._part()

    def empty(self) -> Place:
        self.shown = ""
        return self._part()

    def html(self, body: str) -> None:
        self.sent.append(body)
        self.shown = body

    def __str__(self) -> str:
        return self.shown + "".join(map(str, self.parts))


@pytest.fixture
def place() -> Place:
    return Place([])


def panel(place: Place, chosen: str = "scripted:1b") -> StatisticsPanel:
    return StatisticsPanel(cast("Any", place), chosen=chosen)


def writing(*more: Happening | State) -> CallOutcome:
    """A call that has written 20 tokens in the four seconds until 10."""
    outcome = CallOutcome()
    happened: list[tuple[float, Happening | State]] = [
        (1.0, State.CONTACTING),
        (1.0, ContextChosen(2048, 8192)),
        (2.0, State.LOADING),
        (3.0, State.READING),
        (6.0, State.WRITING),
        (10.0, Text("Once", 20)),
        *((12.0, one) for one in more),
    ]
    for at, one in happened:
        outcome.add(JournalEntry(1, at, 1, StateChanged(one) if isinstance(one, State) else one))
    return outcome


def test_while_it_writes_only_what_changes_is_sent_again(place: Place) -> None:
    shown, asked = panel(place), question("m")
    outcome = writing()
    shown.show(outcome, asked, now=11.0)
    assert "<dd>Writing</dd>" in str(place)
    assert "<dd>4.0 tokens/s</dd>" in str(place)
    assert "prompt_eval_duration" in str(place)  # Its row is there before its figure.
    first = len(place.sent)
    shown.show(outcome, asked, now=11.0)
    assert place.sent[first:] == []
    shown.show(outcome, asked, now=14.0)
    (again,) = place.sent[first:]
    assert "<dd>2.5 tokens/s</dd>" in again
    assert "prompt_eval_duration" not in again
    assert len(again) < 500


def test_ollamas_terms_stand_beside_ollamas_figures_only(place: Place) -> None:
    shown = panel(place)
    shown.show(writing(), question("m"), now=11.0)
    assert "Tokens received <small>measured here</small></dt><dd>20<" in str(place)
    assert "eval_duration</small></dt><dd>–<" in str(place)
    shown.show(writing(Finished(ALL), State.DONE), question("m"))
    assert "Tokens written <small>eval_count</small></dt><dd>24<" in str(place)
    assert "<dd>4.0 tokens/s</dd>" in str(place)
    assert "<dd>50% of 2,048</dd>" in str(place)
    # From when a worker took it, as while it went on: more than Ollama's own time.
    assert "In all <small>measured here</small></dt><dd>11 s<" in str(place)
    assert "<small>total_duration</small></dt><dd>9.0 s<" in str(place)
    assert "<dd>–" not in str(place)


@pytest.mark.parametrize(
    "end", [[State.STOPPED], [Failed(ConnectionLost("It is gone.")), State.FAILED]]
)
def test_what_did_not_finish_has_what_was_measured_here(
    place: Place, end: list[Happening | State]
) -> None:
    panel(place).show(writing(*end), question("m"))
    for row in (
        "Speed <small>measured here</small></dt><dd>5.0 tokens/s<",
        "Tokens received <small>measured here</small></dt><dd>20<",
        "In all <small>measured here</small></dt><dd>11 s<",
        "Time to first token <small>measured here</small></dt><dd>3.0 s<",
        "Writing <small>measured here</small></dt><dd>4.0 s<",
        "Context asked for <small>num_ctx</small></dt><dd>2,048<",
    ):
        assert row in str(place)
    assert "eval" not in str(place)
    assert "done_reason" not in str(place)  # Ollama sent none.


def test_a_model_that_is_chosen_for_the_next_one_is_told_from_the_one_that_wrote(
    place: Place,
) -> None:
    panel(place, "another:7b").show(writing(), question("m"), now=11.0)
    assert "By <b>scripted:1b</b>" in str(place)
    assert "fr-by-other" in str(place)


def test_the_same_model_is_named_once(place: Place) -> None:
    panel(place).show(writing(), question("m"), now=11.0)
    assert "fr-by-other" not in str(place)
