"""Calls stopped, resumed, and the wait that is shown."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from components.engine import Finished, Options, Statistics, Text
from components.store import (
    Analysis,
    Claim,
    Kind,
    Moment,
    Offer,
    Series,
    State,
    StateChanged,
    Step,
    Store,
)
from components.store.queue import call_control
from components.store.tables import call
from tests.store.making import WHALE, append, begun, change, claimed, question, say, states

DATABASES = ("sqlite", "postgres")

ONE = Offer("one", 1)

#: Seconds of reading and of writing, and tokens, of each step of a report; they vary by a tenth.
READING, WRITING, TOKENS = 100.0, 200.0, 400


def report(store: Store, steps: int, **changes: Any) -> Series:
    shelf = store.shelf()
    kept = shelf.manuscripts.keep(WHALE)
    asked = question(kept, part="notes", **changes)
    planned = [Step(asked) for _ in range(steps)]
    return shelf.series.begin(Kind.REPORT, planned, name="r", manuscript_id=kept, details={})


class TestManyAtOnce:
    @pytest.fixture
    def statements(self, store: Store) -> list[str]:
        """What is sent to the database."""
        sent: list[str] = []
        sa.event.listen(
            store._database.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_: sent.append(statement),
        )
        return sent

    def test_a_look_at_a_long_queue_takes_no_more_statements(
        self, store: Store, statements: list[str]
    ) -> None:
        counts = []
        for more in (2, 20):
            for _ in range(more):
                report(store, 2)
                begun(store, "another")
                claimed(store, Offer("many", 99))
            alone = begun(store)
            statements.clear()
            assert store.control.outlooks("", slots=1)
            assert store.control.queue_position(alone.call_id, slots=1)
            counts.append(len(statements))
        assert counts[0] == counts[1]

    def test_a_report_is_stopped_and_resumed_in_a_few_statements(
        self, store: Store, statements: list[str]
    ) -> None:
        series = report(store, 600)
        first = claimed(store, ONE)
        for act in (store.control.stop, store.control.again):
            statements.clear()
            act(series.id)
            assert len(statements) < 20
        steps = store.shelf().reports.steps(series.id)
        assert [one.state for one in steps] == [State.STOPPING] + [State.QUEUED] * 599
        assert states(store, first) == [State.QUEUED, State.CONTACTING, State.STOPPING]
        last = steps[-1].call_id
        seen = [(one.seq, one.event) for one in store.journal.after(last)]
        ways = (State.QUEUED, State.STOPPED, State.QUEUED)
        assert seen == [(seq, StateChanged(state)) for seq, state in enumerate(ways, 1)]
        with store._database.read() as connection:
            waiting = sa.select(call.c.id).where(call.c.state == State.QUEUED)
            again = connection.scalars(waiting.order_by(call.c.queued)).all()
        assert again == [one.call_id for one in steps[1:]]

    def test_what_waits_after_it_wrote_keeps_its_text_when_it_is_stopped(
        self, store: Store
    ) -> None:
        series = report(store, 2)
        claim = claimed(store)
        say(store, claim, State.LOADING, State.READING, State.WRITING, Text("Once"))
        store.calls.give_back(claim, [], at=9.0)
        store.control.stop(series.id)
        done = store.shelf().reports.steps(series.id)
        assert [(one.state, one.answer) for one in done] == [
            (State.STOPPED, "Once"),
            (State.STOPPED, ""),
        ]


class TestWait:
    """A report's step runs; a question waits behind it. All times are those of a clock."""

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        at = [time.time()]
        monkeypatch.setattr(call_control, "time", SimpleNamespace(time=lambda: at[0]))
        return at

    def begins(self, store: Store, clock: list[float]) -> Claim:
        claim = claimed(store, ONE)
        change(store, claim, started=clock[0])
        return claim

    def writes(self, store: Store, claim: Claim, at: float, tokens: int) -> None:
        way = (State.LOADING, State.READING, State.WRITING)
        stages = [Moment(at, StateChanged(one)) for one in way]
        # The first token and the others, as they are noted.
        texts = [Moment(at, Text("a ")), Moment(at + 1e-3, Text("b " * (tokens - 1), tokens - 1))]
        append(store, claim, [*stages, texts[0]])
        if tokens > 1:
            append(store, claim, texts[1:])

    def does(
        self, store: Store, clock: list[float], *, scale: float = 1.0, tokens: int = TOKENS
    ) -> None:
        """Perform the next call, which takes `scale` times the usual."""
        claim = self.begins(store, clock)
        written = round(tokens * scale)
        self.writes(store, claim, clock[0] + READING * scale, written)
        clock[0] += (READING + WRITING * tokens / TOKENS) * scale
        first = int(READING * scale * 1e9)
        figures = Statistics("m", 2048, load_wait=0, time_to_first_token=first, received=written)
        store.calls.end(claim, State.DONE, [Moment(clock[0], Finished(figures))], at=clock[0])

    def shown(self, store: Store, analysis: Analysis) -> float:
        place = store.control.queue_position(analysis.call_id, slots=1)
        assert place is not None
        assert (place.ahead, place.running) == (0, 1)
        assert place.seconds is not None
        return place.seconds

    @pytest.fixture
    def during(self, store: Store, clock: list[float]) -> Claim:
        """The eighth step of sixty, which has just begun; a short chat ran before the report."""
        begun(store)
        self.does(store, clock, tokens=4)
        report(store, 60, options=Options(num_predict=1000))
        for scale in (1.0, 0.9, 1.1, 1.0, 1.05, 0.95, 1.0):
            self.does(store, clock, scale=scale)
        return self.begins(store, clock)

    @pytest.mark.parametrize("elapsed", [0.0, 80.0])
    def test_while_it_reads(
        self, store: Store, clock: list[float], during: Claim, elapsed: float
    ) -> None:
        asked = begun(store)
        clock[0] += elapsed
        real = READING + WRITING - elapsed
        assert self.shown(store, asked) == pytest.approx(real, rel=0.25)

    @pytest.mark.parametrize(("written", "speed"), [(40, 1.0), (200, 0.5), (320, 0.5)])
    def test_while_it_writes_at_its_own_speed(
        self, store: Store, clock: list[float], during: Claim, written: int, speed: float
    ) -> None:
        asked = begun(store)
        rate = TOKENS / WRITING * speed
        self.writes(store, during, clock[0] + READING, written)
        clock[0] += READING + written / rate
        real = (TOKENS - written) / rate
        assert self.shown(store, asked) == pytest.approx(real, rel=0.25)

    def test_one_that_is_longer_than_any_is_expected_to_go_on(
        self, store: Store, clock: list[float], during: Claim
    ) -> None:
        asked = begun(store)
        self.writes(store, during, clock[0] + READING, 480)
        clock[0] += READING + WRITING * 1.2
        assert self.shown(store, asked) > 0
        self.writes_more(store, during, clock[0], 515)
        assert self.shown(store, asked) <= 5 / (TOKENS / WRITING) * 2  # num_predict is near.

    def writes_more(self, store: Store, claim: Claim, at: float, tokens: int) -> None:
        append(store, claim, [Moment(at, Text("c " * tokens, tokens))])

    def test_one_that_stands_alone_takes_what_others_that_did_took(
        self, store: Store, clock: list[float]
    ) -> None:
        report(store, 3)
        self.does(store, clock)
        begun(store)
        self.does(store, clock, scale=3.0)
        self.does(store, clock)
        alone = begun(store)
        expected = store.control.outlooks("", slots=1)[alone.call_id].seconds
        assert expected == pytest.approx((READING + WRITING) * 3.0)

    def test_of_what_is_to_stop_nothing_is_left(
        self, store: Store, clock: list[float], during: Claim
    ) -> None:
        asked = begun(store)
        store.control.stop(during.analysis_id)
        assert self.shown(store, asked) == 0.0

    def test_nothing_is_said_where_nothing_is_known(self, store: Store, clock: list[float]) -> None:
        begun(store)
        self.begins(store, clock)
        place = store.control.queue_position(begun(store).call_id, slots=1)
        assert place is not None
        assert place.seconds is None

    def test_a_question_is_next_whatever_waits(self, store: Store, clock: list[float]) -> None:
        report(store, 60)
        step = self.begins(store, clock)
        first, second = begun(store), begun(store)
        places = [store.control.queue_position(one.call_id, slots=1) for one in (first, second)]
        assert [(one.ahead, one.running) for one in places if one] == [(0, 1), (2, 1)]
        store.calls.end(step, State.FAILED, [], at=clock[0])
        assert claimed(store, ONE).call_id == first.call_id
