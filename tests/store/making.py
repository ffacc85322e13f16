"""Manuscripts, questions and workers to test with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from components.errors import ServerError
from components.manuscripts import Manuscript
from components.store import (
    Analysis,
    Claim,
    Happening,
    Moment,
    Offer,
    Question,
    State,
    StateChanged,
    Store,
)
from components.store.tables import analysis as analysis_table
from components.store.tables import call, event

#: Longer than any test takes; only a fault waits so long.
LONG = 60.0

SECRET = "It was a dark and stormy night"

TEXT = f"Call me Ishmael. {SECRET}; the rain fell in torrents."

WHALE = Manuscript("The Whale", TEXT, (), "txt", "a" * 64, "utf-8", None, ())

#: A host with room for everything.
HOST = Offer("http://one:11434", 1000)

#: The way of a call that a worker took, up to its text.
WAY = (State.LOADING, State.READING, State.WRITING)


def question(manuscript_id: str = "m", **changes: Any) -> Question:
    asked: dict[str, Any] = {
        "manuscript_id": manuscript_id,
        "title": "The Whale",
        "scope": "the whole manuscript",
        "ranges": ((0, len(TEXT)),),
        "words": len(TEXT.split()),
        "tokens": 1600,
        "lens": "Storyteller's analysis",
        "prompt": "What is it about?",
        "model": "scripted:1b",
        "digest": "0" * 64,
    }
    return Question(**asked | changes)


def failure() -> ServerError:
    return ServerError("It broke.", status_code=500)


def begun(
    store: Store, owner: str = "", *, name: str = "", read: Manuscript = WHALE, **changes: Any
) -> Analysis:
    """A new analysis of a manuscript of `owner`'s."""
    shelf = store.shelf(owner)
    kept = shelf.manuscripts.keep(read)
    return shelf.analyses.begin(question(kept, **changes), name=name)


def claimed(store: Store, *offers: Offer, worker: str = "worker") -> Claim:
    """The next call, which there is."""
    claim = store.calls.claim(worker, offers or [HOST])
    assert claim is not None
    return claim


def begun_and_claimed(store: Store, **changes: Any) -> tuple[Analysis, Claim]:
    """An analysis that a worker has; no other waits."""
    analysis = begun(store, **changes)
    claim = claimed(store)
    assert claim.call_id == analysis.call_id
    return analysis, claim


def moments(*events: Happening | State) -> list[Moment]:
    """`events` one second after another; a state stands for its change."""
    return [
        Moment(float(at), StateChanged(one) if isinstance(one, State) else one)
        for at, one in enumerate(events, 1)
    ]


def say(store: Store, claim: Claim, *events: Happening | State) -> bool:
    """Write `events` as the worker of `claim`."""
    return store.calls.append(claim, moments(*events), durable=False)


def happened(store: Store, one: Analysis | Claim) -> list[Happening]:
    return [entry.event for entry in store.journal.after(one.call_id)]


def states(store: Store, one: Analysis | Claim) -> list[State]:
    """The states that a call went through."""
    return [event.state for event in happened(store, one) if isinstance(event, StateChanged)]


def now(store: Store, one: Analysis, owner: str = "") -> Analysis:
    """The analysis as it is now."""
    return store.shelf(owner).analyses.get(one.id)


def row(store: Store, one: Analysis | Claim) -> Any:
    """The row of a call."""
    with store._database.read() as connection:
        return connection.execute(sa.select(call).where(call.c.id == one.call_id)).one()


def change(store: Store, one: Analysis | Claim, **values: Any) -> None:
    """Change the row of a call past everybody."""
    with store._database.write() as connection:
        connection.execute(sa.update(call).where(call.c.id == one.call_id).values(**values))


def silent(store: Store, *claims: Claim) -> None:
    """Let the leases of `claims` be over."""
    for claim in claims:
        change(store, claim, lease=0.0)


def nobody(worker: str) -> bool:
    """Nobody is surely gone."""
    return False


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Do `jobs` in threads that begin at the same time; return what each returned or raised."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def do(number: int, job: Callable[[], Any]) -> None:
        start.wait(LONG)
        try:
            results[number] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    return results


def texts(said: Sequence[Happening]) -> str:
    return "".join(getattr(one, "text", "") for one in said)


def spoil_question(store: Store, one: Analysis, text: Any = '{"tone": "warm"}') -> None:
    """Put a question into the row of an analysis that this version cannot read."""
    with store._database.write() as connection:
        of = sa.update(analysis_table).where(analysis_table.c.id == one.id)
        connection.execute(of.values(question=text))


def spoil_entry(store: Store, one: Analysis | Claim, seq: int, **values: Any) -> None:
    """Put a body, or a kind, into one row of a call's record that this version cannot read."""
    with store._database.write() as connection:
        row = sa.and_(event.c.call_id == one.call_id, event.c.seq == seq)
        connection.execute(sa.update(event).where(row).values(**values or {"body": "{"}))
