"""What a killed app loses: kill -9 at random moments, and a start after each.

The app's parts run in a process of their own, which nobody but the kill ends; scripted servers in
another write numbered tokens at a fixed rate and remember when each was sent. After each kill a
copy of the store is held against what the servers had sent; the store itself is left as the kill
left it, for the next start to find. At the end each call must be done, once, with its server's
text.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from bench.hosts import Chat, Fleet, Order, fleet
from bench.scene import LONG, entered, place, question, summary, using
from components.engine import Text
from components.settings import PROJECT, Settings
from components.store import Analysis, JournalEntry, State, StateChanged, Store

#: Answers of 10 to MOST tokens: some end between two kills, and some are cut again and again.
HOSTS, MOST, RATE = 4, 90, 60.0

#: Calls for each kill: the queue must not be empty before the last.
CALLS = 1.5

#: The share of kills that come while the app starts, and the seconds in which they do.
STARTING, START_SECONDS = 0.2, 1.0

#: Seconds after the first text of a run in which the other kills come.
RUN_SECONDS = 1.5

#: What the app may lose.
ALLOWED_SECONDS = 0.5


@dataclass
class Seen:
    """What was found after the kills, in seconds.

    `lost` is, for each call that was cut, the text that was sent and is not in the store; `age`
    the time from the sending of its last stored token to the kill; `next` from a start to the next
    attempt of a call that was cut; `text` from a start to the first text. `cut` has the attempt of
    each call that was cut and not begun again, and when the app was started after that.
    """

    lost: list[float] = field(default_factory=list)
    age: list[float] = field(default_factory=list)
    next: list[float] = field(default_factory=list)
    text: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    journals: dict[int, list[JournalEntry]] = field(default_factory=dict)
    cut: dict[int, tuple[int, float | None]] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make a database in")
    given = parser.parse_args(arguments)
    with place(given.postgres) as environ, fleet(HOSTS) as servers:
        chance = random.Random(given.seed)
        report(given.kills, crash(given.kills, chance, using(environ, servers.urls), servers))


def crash(kills: int, chance: random.Random, environ: dict[str, str], servers: Fleet) -> Seen:
    """Kill and start again, then let everything end; return what was seen."""
    settings = Settings.from_environment(environ)
    with opened(settings) as store:
        asked = queue(store, int(kills * CALLS) + 2 * HOSTS, chance)
    seen, started, killed = Seen(), 0.0, 0.0
    for _ in range(kills):
        started = time.time()
        with running(environ) as process:
            if chance.random() < STARTING:
                time.sleep(chance.uniform(0.0, START_SECONDS))
            else:
                seen.text.append(until_text(servers, started) - started)
                time.sleep(chance.uniform(0.0, RUN_SECONDS))
            killed = time.time()
            process.kill()
        with copied(settings) as store:
            take_in(seen, store, asked, servers.chats(), started, killed)
    started = time.time()
    with running(environ) as process:
        with opened(settings) as store:
            until_ended(store)
            seen.counts["given_up"] = again(store)
            until_ended(store)
        process.kill()
    with opened(settings) as store:
        take_in(seen, store, asked, servers.chats(), started, time.time())
        check(seen, store, asked, servers.chats())
    return seen


@contextmanager
def running(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the app's parts in a process of their own; at the end it has ended."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.performing"],
        cwd=PROJECT,
        env=os.environ | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """Open the app's own store."""
    store = Store(settings.database or settings.data_folder / "first-reader.sqlite")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def copied(settings: Settings) -> Iterator[Store]:
    """Open a copy of what a kill left: whoever opens a SQLite file, mends it."""
    if settings.database is not None:
        with opened(settings) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="first-reader-bench-") as folder:
        for one in settings.data_folder.glob("*.sqlite*"):
            if not one.name.endswith("-shm"):
                shutil.copy(one, folder)
        with opened(replace(settings, data_folder=Path(folder))) as store:
            yield store


def queue(store: Store, calls: int, chance: random.Random) -> list[Analysis]:
    """Queue so many calls."""
    shelf = store.shelf()
    usual = question(shelf, "")
    orders = [Order(number, chance.randint(10, MOST), RATE) for number in range(calls)]
    return [
        shelf.analyses.begin(replace(usual, prompt=one.prompt()), name=str(one.call))
        for one in orders
    ]


def until_text(servers: Fleet, since: float) -> float:
    """Wait until a call that began after `since` has a token; return when that was."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        for chat in reversed(servers.chats()):
            if chat.began > since and chat.sent:
                return chat.sent[0]
        time.sleep(0.02)
    raise TimeoutError("nothing goes on")


def until_ended(store: Store) -> None:
    """Wait until nothing waits or runs, or for so long that it is stuck."""
    deadline = time.monotonic() + LONG
    while store.shelf().analyses.active() and time.monotonic() < deadline:
        time.sleep(0.1)


def again(store: Store) -> int:
    """Ask once more for what was cut too often before any text came; return how many there are."""
    given_up = [one for one in store.shelf().analyses.all() if one.state is State.INTERRUPTED]
    return sum(store.control.again(one.id) for one in given_up)


def take_in(
    seen: Seen,
    store: Store,
    asked: Sequence[Analysis],
    chats: Sequence[Chat],
    started: float,
    killed: float,
) -> None:
    """Hold the store after a kill against what it held after the one before, and what was sent."""
    latest = {chat.order.call: chat for chat in chats if chat.began <= killed}
    for analysis in asked:
        call = int(analysis.name)
        before, journal = seen.journals.get(call, []), store.journal.after(analysis.call_id)
        seen.journals[call] = journal
        seen.counts["changed"] += journal[: len(before)] != before
        seen.counts["gaps"] += [one.seq for one in journal] != list(range(1, len(journal) + 1))
        if call in seen.cut:
            attempt, since = seen.cut.pop(call)
            went_on = entered(journal, State.CONTACTING, attempt=attempt + 1)
            if went_on is not None:
                seen.next.append(went_on - (since or started))
            elif not has_ended(journal):
                seen.cut[call] = attempt, since or started
        attempt = journal[-1].attempt
        claimed = entered(journal, State.CONTACTING, attempt=attempt) or 0.0
        waits = journal[-1].event == StateChanged(State.QUEUED)
        if claimed > started and not waits and not has_ended(journal):
            seen.cut[call] = attempt, None
            seen.counts["cut"] += 1
            if call in latest and latest[call].began > claimed:
                weigh(seen, journal, latest[call], killed)


def weigh(seen: Seen, journal: Sequence[JournalEntry], chat: Chat, killed: float) -> None:
    """Note what of `chat` was sent before the kill and is not in `journal`."""
    sent = [at for at in chat.sent if at <= killed]
    text, stored = written(journal, journal[-1].attempt)
    if text != chat.text(stored):
        seen.counts["different"] += 1
    if not sent:
        return
    seen.counts["complete_but_cut"] += chat.done is not None and chat.done <= killed
    before = sent[stored - 1] if stored else sent[0] - 1 / chat.order.rate
    seen.lost.append(max(sent[-1] - before, 0.0))
    seen.age.append(max(killed - before, 0.0) if chat.done is None else 0.0)


def written(journal: Sequence[JournalEntry], attempt: int) -> tuple[str, int]:
    """Return the text of an attempt and its tokens."""
    own = [one.event for one in journal if one.attempt == attempt and isinstance(one.event, Text)]
    return "".join(one.text for one in own), sum(one.pieces for one in own)


def has_ended(journal: Sequence[JournalEntry]) -> bool:
    """Whether the last that happened is an end."""
    last = journal[-1].event
    return isinstance(last, StateChanged) and last.state.has_ended


def check(seen: Seen, store: Store, asked: Sequence[Analysis], chats: Sequence[Chat]) -> None:
    """Count what went wrong by the end."""
    counts, by_call, by_host = seen.counts, {}, {}
    for chat in chats:
        by_call.setdefault(chat.order.call, []).append(chat)
        by_host.setdefault(chat.host, []).append(chat)
    for analysis in asked:
        call = int(analysis.name)
        journal, own = seen.journals[call], by_call.get(call, [])
        done = [one.at for one in journal if one.event == StateChanged(State.DONE)]
        counts["stuck"] += journal[-1].event != StateChanged(State.DONE)
        counts["repeated"] += len(done) > 1 or any(chat.began > at for chat in own for at in done)
        text = store.journal.outcome(analysis.call_id).text
        counts["different"] += not own or text != own[-1].text()
    for each in [*by_call.values(), *by_host.values()]:
        # Neither a call nor a host's one slot is ever performed twice at the same time.
        counts["overlaps"] += sum(
            two.began < (one.ended or float("inf")) for one, two in pairwise(each)
        )
    counts["over_allowed"] = sum(one > ALLOWED_SECONDS for one in seen.lost)
    counts["calls"], counts["requests"] = len(asked), len(chats)


def report(kills: int, seen: Seen) -> None:
    """Print the table and the line of JSON."""
    counts = seen.counts
    print(f"{kills} kills, {counts['calls']} calls, {counts['requests']} requests")
    print(f"{'ms':>42} {'of':>6} {'p50':>8} {'p95':>8} {'max':>8}")
    rows = {
        "text sent and lost": seen.lost,
        "from the last stored token to the kill": seen.age,
        "from a start to the next attempt": seen.next,
        "from a start to the first text": seen.text,
    }
    for name, values in rows.items():
        cells = " ".join(f"{value:8.1f}" for value in summary(values).values())
        print(f"{name:>42} {len(values):6} {cells}")
    names = {
        "over_allowed": f"cuts that lost more than {ALLOWED_SECONDS} s",
        "stuck": "calls that are not done",
        "repeated": "calls that ran again when done",
        "different": "texts that are not the server's",
        "gaps": "journals with gaps",
        "changed": "journals whose past changed",
        "overlaps": "calls or hosts performed twice at once",
        "complete_but_cut": "cut between the server's end and its storing",
        "given_up": "cut three times before any text, by hand",
    }
    for name, words in names.items():
        print(f"{words:>48} {counts[name]:>6}")
    figures = {f"{name}_ms": summary(getattr(seen, name)) for name in ("lost", "age", "next")}
    print(
        json.dumps(
            {"kills": kills, **figures, "cut": counts["cut"], **{n: counts[n] for n in names}}
        )
    )


if __name__ == "__main__":
    main()
