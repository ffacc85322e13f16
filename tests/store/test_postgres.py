"""Every query once on Postgres, which takes less than SQLite does; what they find is tested there.

Claims, leases, locks, notifications and migrations have tests of their own on both.
"""

from __future__ import annotations

from components.engine import Text
from components.errors import AnswerRefused
from components.store import Failed, Kind, NewReport, QuestionPicture, State, Step, Store
from tests.store.making import (
    HOST,
    SECRET,
    WAY,
    WHALE,
    claimed,
    finished,
    moments,
    nobody,
    question,
    say,
    silent,
)

DATABASES = ("postgres",)


def test_every_query(store: Store) -> None:
    shelf = store.shelf("owner")
    kept = shelf.manuscripts.keep(WHALE)
    asked = question(kept, retries=1)
    picture = QuestionPicture("p", b"data")
    one = shelf.analyses.begin(asked, name="Letter", pictures=[picture])
    chat = shelf.series.begin(Kind.CHAT, [asked], name="Chat", manuscript_id=kept)
    (first,) = shelf.analyses.in_series(chat.id)
    shelf.analyses.begin(asked, series_id=chat.id, parent_id=first.id)
    planned = question(kept, part="notes")
    steps = [Step(planned, key="a", passage="1"), Step(planned, key="b", needs=(0,))]
    comparison = shelf.series.begin_comparison(
        [NewReport(steps, {}) for _ in range(2)],
        name="Readers",
        manuscript_id=kept,
        details={"blind": True},
    )
    assert store.demand(HOST.url)
    position = store.control.queue_position(first.call_id, slots=1)
    assert position is not None
    assert position.ahead == 2

    refused = claimed(store)
    assert store.prompt_inputs(refused).pictures == (picture,)
    store.calls.refuse(refused, AnswerRefused("No."), moments(*WAY, Text("No")), at=9.0)
    done = []
    while (claim := store.calls.claim("worker", [HOST])) is not None:
        inputs = store.prompt_inputs(claim)
        say(store, claim, *WAY, Text(SECRET))
        if claim.call_id == one.call_id:
            assert inputs.refused is not None
        store.calls.end(claim, State.DONE, [*moments(finished())], at=9.0)
        done.append((claim, inputs))
    assert any(inputs.history for _, inputs in done)
    assert any(inputs.notes for _, inputs in done)

    reports = shelf.series.reports_of(comparison.id)
    assert [len(shelf.reports.steps(report.id)) for report in reports] == [2, 2]
    assert shelf.reports.counts([reports[0].id])[reports[0].id] == {State.DONE: 2}
    assert shelf.reports.answered(steps) == {0, 1}
    assert shelf.reports.active() == []
    assert shelf.reports.search("STORMY") != {}
    assert shelf.reports.speeds(asked.digest) is not None
    assert shelf.analyses.writing_speeds([comparison.id]) == {asked.model: 20.0}
    assert len(shelf.analyses.search("STORMY")) == len(shelf.analyses.all()) == 3
    assert len(shelf.analyses.of(kept)) == 3
    assert shelf.analyses.active() == []
    assert store.usage()[0].words == WHALE.words
    assert len(shelf.analyses.answered(10)) == 3
    assert shelf.analyses.pictures(one.id) == (picture,)
    assert shelf.series.all(Kind.REPORT) == []
    shelf.series.judge(comparison.id, {"best": None})
    assert len(shelf.series.all(Kind.REPORT)) == 2
    assert store.control.anew([one.id])
    assert store.control.waiting()
    silent(store, claimed(store))
    assert store.calls.recover(nobody, at=9.0) == 1
    assert store.calls.stopping("worker") == []
    failing = claimed(store)
    store.calls.end(failing, State.FAILED, moments(*WAY, Failed(AnswerRefused("No."))), at=9.0)
    assert isinstance(shelf.analyses.get(one.id).error, AnswerRefused)
    assert store.control.again(one.id)
    assert store.control.stop(chat.id) == []
    assert not store.control.again(chat.id)
    shelf.analyses.rename(one.id, "Another")
    shelf.series.rename(chat.id, "Another")
    shelf.manuscripts.rename(kept, "Another")
    outlined = shelf.outlines.open(kept)
    shelf.outlines.change(kept, outlined.manuscript, done="Nothing", since=outlined.number)
    shelf.preferences.put_model("m")
    assert shelf.preferences.model() == "m"
    assert store.storage("owner") > len(WHALE.text)
    shelf.manuscripts.delete(kept)
    assert shelf.manuscripts.all() == []
    store.control.stop(kept)
    assert store.purge(before=float("inf")) > 0
    assert store.storage("owner") == 0
