"""What a killed app loses: kill -9 at random moments, and a start after each.

The app's parts run in a process of their own on a store that this one reads too; scripted servers
in a third write numbered tokens at a fixed rate and remember when each was sent. After each kill
the text that the store has of each call under way is held against what its server had sent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from bench.hosts import Chat, Fleet, Order, fleet
from bench.scene import LONG, place, question, summary, using
from components.engine import Text
from components.settings import PROJECT, Settings
from components.store import Analysis, Entry, State, StateChanged, Store

#: Answers of 10 to MOST tokens: some end between two kills, and some are cut again and again.
HOSTS, WAITING, MOST, RATE = 4, 4, 90, 60.0


@dataclass
class Losses:
    """What was seen: seconds of text lost at each cut call, seconds until the app went on."""

    text: list[float] = field(default_factory=list)
    going_on: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make a database in")
    given = parser.parse_args(arguments)
    with place(given.postgres) as environ, fleet(HOSTS) as servers:
        environ = using(environ, servers.urls)
        report(given.kills, *crash(given.kills, random.Random(given.seed), environ, servers))


def crash(
    kills: int, chance: random.Random, environ: dict[str, str], servers: Fleet
) -> tuple[Losses, dict[str, int]]:
    """Kill and start again, then let everything end; return what was lost and what went wrong."""
    settings = Settings.from_environment(environ)
    losses, asked = Losses(), []
    with running(environ):  # Makes the tables.
        pass
    store = Store(settings.database or settings.data_folder / "first-reader.sqlite")
    for _ in range(kills):
        top_up(store, asked)
        started = time.time()
        with running(environ) as process:
            went_on = until_writing(servers, started)
            losses.going_on.append(went_on - started)
            time.sleep(chance.uniform(0.0, 1.5))
            process.kill()
            process.wait()
            killed = time.time()
        losses.text += cut(store, asked, servers.chats(), killed)
    with running(environ):
        until_ended(store)
        wrong = check(store, asked, servers.chats())
    store.close()
    return losses, wrong


@contextmanager
def running(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the app's parts in a process of their own."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.performing"],
        cwd=PROJECT,
        env=os.environ | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.terminate()


def top_up(store: Store, asked: list[Analysis]) -> None:
    """Have something wait, whatever has been done."""
    shelf = store.shelf()
    usual = question(shelf, "")
    for _ in range(HOSTS + WAITING - len(shelf.analyses.active())):
        order = Order(len(asked), random.Random(len(asked)).randint(10, MOST), RATE)
        name = str(order.call)
        asked.append(shelf.analyses.begin(replace(usual, prompt=order.prompt()), name=name))


def until_writing(servers: Fleet, since: float) -> float:
    """Wait until a call that began after `since` has a token; return when that was."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        for chat in servers.chats():
            if chat.began > since and chat.sent:
                return chat.sent[0]
        time.sleep(0.02)
    raise TimeoutError("nothing goes on")


def until_ended(store: Store) -> None:
    """Wait until nothing waits or runs."""
    deadline = time.monotonic() + LONG
    while store.shelf().analyses.active():
        if time.monotonic() > deadline:
            return  # Counted as stuck.
        time.sleep(0.1)


def cut(store: Store, asked: list[Analysis], chats: list[Chat], killed: float) -> list[float]:
    """Return the seconds of text that were sent before the kill and are not in the store."""
    lost = []
    latest = {chat.order.call: chat for chat in chats}
    for chat in latest.values():
        sent = [at for at in chat.sent if at <= killed]
        if not sent or (chat.done is not None and chat.done < killed - 1.0):
            continue
        entries = store.journal.after(asked[chat.order.call].call_id)
        if entries[-1].attempt != chat.number:
            continue  # Ended long ago, or not yet claimed anew.
        have = tokens(entries, chat)
        lost.append(max(sent[-1] - sent[have - 1], 0.0) if have else sent[-1] - sent[0])
    return lost


def tokens(entries: Sequence[Entry], chat: Chat) -> int:
    """Return how many tokens of `chat` the store has; they must be its first ones."""
    mine = [one.event for one in entries if one.attempt == chat.number]
    text = "".join(one.text for one in mine if isinstance(one, Text))
    count = sum(one.pieces for one in mine if isinstance(one, Text))
    assert text == chat.text(count), "the store holds what was never sent"
    return count


def check(store: Store, asked: list[Analysis], chats: list[Chat]) -> dict[str, int]:
    """Return how many calls are stuck, ran again when done, end wrongly or miss a number."""
    wrong = {"stuck": 0, "repeated": 0, "different": 0, "gaps": 0}
    for analysis in asked:
        entries = store.journal.after(analysis.call_id)
        own = [chat for chat in chats if chat.order.call == int(analysis.name)]
        outcome = store.journal.outcome(analysis.call_id)
        done = [one.at for one in entries if one.event == StateChanged(State.DONE)]
        wrong["stuck"] += outcome.state is not State.DONE
        wrong["repeated"] += any(chat.began > at for chat in own for at in done) or len(done) > 1
        wrong["different"] += outcome.text != own[-1].text()
        wrong["gaps"] += [one.seq for one in entries] != list(range(1, len(entries) + 1))
    return wrong | {"calls": len(asked), "requests": len(chats)}


def report(kills: int, losses: Losses, wrong: dict[str, int]) -> None:
    """Print the table and the line of JSON."""
    lost, went_on = summary(losses.text), summary(losses.going_on)
    print(f"{kills} kills, {wrong['calls']} calls, {wrong['requests']} requests")
    print(f"{'':>24} {'p50':>8} {'p95':>8} {'max':>8}")
    print(f"{'text lost, ms':>24} {lost['p50']:>8} {lost['p95']:>8} {lost['max']:>8}")
    print(f"{'start to text, ms':>24} {went_on['p50']:>8} {went_on['p95']:>8} {went_on['max']:>8}")
    for name in ("stuck", "repeated", "different", "gaps"):
        print(f"{name:>24} {wrong[name]:>8}")
    print(json.dumps({"kills": kills, "lost_ms": lost, "cut": len(losses.text), **wrong}))


if __name__ == "__main__":
    main()
