"""Manuscripts, questions and workers to test with."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from components.engine import Finished, Statistics, Text
from components.errors import JobError, ServerError
from components.manuscripts import Manuscript
from components.store import (
    Analysis,
    Claim,
    Happening,
    Kind,
    Moment,
    Offer,
    Question,
    Series,
    State,
    StateChanged,
    Step,
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

OTHER = Offer("http://two:11434", 1000)

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
    return append(store, claim, moments(*events))


def append(store: Store, claim: Claim, happened: Sequence[Moment]) -> bool:
    """Write what happened as the worker of `claim`; return whether the call is to stop."""
    (answer,) = store.calls.append_all([(claim, happened)], durable=False)
    if isinstance(answer, JobError):
        raise answer
    return answer


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


def steps_of(store: Store, *steps: Step, owner: str = "") -> Series:
    """A report of these steps, of a manuscript of `owner`'s."""
    shelf = store.shelf(owner)
    kept = shelf.manuscripts.keep(WHALE)
    own = [replace(one, question=replace(one.question, manuscript_id=kept)) for one in steps]
    return shelf.series.begin(Kind.REPORT, own, name="r", manuscript_id=kept, details={"a": 1})


def step(part: str = "notes", **changes: object) -> Step:
    asked = {name: changes.pop(name) for name in ("scope", "prompt", "retries") if name in changes}
    return Step(question(part=part, **asked), **changes)  # type: ignore[arg-type]


def take(store: Store, *offers: Offer) -> Claim | None:
    return store.calls.claim("worker", offers or [HOST])


def does(store: Store, said: str, *offers: Offer) -> Claim:
    """Take the next call and answer it."""
    claim = take(store, *offers)
    assert claim is not None
    figures = Finished(Statistics("m", 2048, "stop", prompt_eval_count=7, eval_count=1))
    store.calls.end(claim, State.DONE, moments(*WAY, Text(said), figures), at=9.0)
    return claim


def until_waiting(store: Store, count: int) -> None:
    """Wait until so many threads wait for entries."""
    deadline = time.monotonic() + LONG
    while len(store.journal._waiters) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)  # Nothing tells that a thread waits.


def damage(path: Path) -> None:
    """Overwrite the root of the table of manuscripts, in a file that is closed."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'manuscript'"
        (page,) = connection.execute(query).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def backups(place: Path | str) -> list[Path]:
    """The copies of a file; of Postgres none."""
    return sorted(place.parent.glob("backups/*")) if isinstance(place, Path) else []


def finished(**figures: int) -> Finished:
    """The end of an answer with the figures of Ollama, in tokens and nanoseconds."""
    usual = {
        "prompt_eval_count": 600,
        "prompt_eval_duration": 10**9,
        "eval_count": 20,
        "eval_duration": 10**9,
    }
    return Finished(Statistics("m", 2048, "stop", **usual | figures))


class Disk:
    """Where the file of `store` is: SQLite itself refuses what is written, as it is told to.

    `is_full` and `is_read_only` hold for this store; `is_locked` is another process's doing.
    """

    def __init__(self, store: Store) -> None:
        self.is_full = self.is_read_only = False
        self.refused = 0
        self._path, engine = store.path, store._database.engine
        self._other: sqlite3.Connection | None = None
        # Before a transaction begins: a limit of the last one would refuse that already.
        sa.event.listen(engine.pool, "checkout", self._limit)
        sa.event.listen(engine, "handle_error", self._count)

    @property
    def is_locked(self) -> bool:
        return self._other is not None

    @is_locked.setter
    def is_locked(self, value: bool) -> None:
        if value:
            self._other = sqlite3.connect(str(self._path), isolation_level=None)
            self._other.execute("BEGIN IMMEDIATE")
        elif self._other is not None:
            self._other.close()
            self._other = None

    def _limit(self, sqlite: Any, *_: Any) -> None:
        """The limits are a connection's own; that of pages is never below those that there are."""
        sqlite.execute(f"PRAGMA max_page_count={1 if self.is_full else 1_000_000}")
        sqlite.execute(f"PRAGMA query_only={int(self.is_read_only)}")

    def _count(self, _: Any) -> None:
        self.refused += 1
