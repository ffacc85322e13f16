"""The loss of a part in mid-run: a host's death, and with a Postgres a worker's, or its long sleep.

Scripted hosts in a process of their own write at a fixed rate. Each call must be done in the end,
once, with what was sent; how long the cut ones waited for their next attempt is what is measured.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Sequence
from contextlib import nullcontext
from subprocess import Popen
from typing import Any

import sqlalchemy as sa

from bench.hosts import Fleet, Order, fleet
from bench.scene import (
    check,
    entered,
    entries,
    performed,
    place,
    submit,
    summary,
    until_state,
    using,
    wait_all,
)
from components.application import Application
from components.store import Analysis, State, StateChanged
from components.store.tables import call as call_table

#: Tokens a second of each scripted host.
RATE = 50.0

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.losing", description=__doc__)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make databases in")
    given = parser.parse_args(arguments)
    print(json.dumps(kill(given.postgres)))


def kill(postgres: str | None) -> Figures:
    """End a host in mid-run; with Postgres also a worker, and suspend one for a while."""
    print(
        f"{'lost':18} {'calls':>6} {'done':>6} {'ran again':>10} {'twice done':>11}"
        f" {'next attempt s':>15} {'max':>6} {'its first token s':>18} {'max':>6}"
    )
    ways = ["host"] if postgres is None else ["host", "worker", "suspended worker"]
    figures = {}
    for way in ways:
        with place(postgres) as environ, fleet(7) as most, fleet(1, first=7) as one:
            figures[way.replace(" ", "_")] = row = lose(way, environ, most, one)
        print(
            f"{way:18} {row['calls']:6} {row['done']:6} {row['ran_again']:10}"
            f" {row['done_ran_again']:11} {row['next_attempt_s'].get('p50', 0):15.2f}"
            f" {row['next_attempt_s'].get('max', 0):6.2f}"
            f" {row['first_token_s'].get('p50', 0):18.2f}"
            f" {row['first_token_s'].get('max', 0):6.2f}",
            flush=True,
        )
    return figures


def lose(way: str, environ: dict[str, str], most: Fleet, one: Fleet) -> Figures:
    """Lose a part while eight hosts write the first of three answers each."""
    separate = "FIRST_READER_DATABASE" in environ
    environ = using(environ, most.urls + one.urls)
    with performed(environ, separate=separate) as (app, others):
        orders = [Order(number, 150, RATE) for number in range(24)]
        asked = submit(app, orders)
        for analysis in asked[:8]:
            until_state(app, analysis, State.WRITING)
        time.sleep(1.0)
        chats = one.chats()
        cut, process = calls_of(app, asked, others)
        lost_at = time.time()
        if way == "host":
            cut = {chats[-1].order.call}
            one.kill()
        elif way == "worker":
            process.kill()
        else:
            process.send_signal(signal.SIGSTOP)
        try:
            wait_all(app)
        finally:
            process.send_signal(signal.SIGCONT) if separate else None
        if way == "suspended worker":
            # What it was about to write is refused now.
            time.sleep(2.0)
        journals = entries(app, asked)
        chats += most.chats() if way == "host" else most.chats() + one.chats()
        chats.sort(key=lambda chat: chat.began)
        again = check(journals, chats)
    went_on = [entered(journals[call], State.CONTACTING, attempt=2) for call in cut]
    wrote = [entered(journals[call], State.WRITING, attempt=2) for call in cut]
    done = {call: entered(journal, State.DONE) or 0.0 for call, journal in journals.items()}
    return {
        "calls": len(asked),
        "done": sum(journal[-1].event == StateChanged(State.DONE) for journal in journals.values()),
        "cut": len(cut),
        "ran_again": again,
        "done_ran_again": sum(chat.began > done[chat.order.call] for chat in chats),
        "next_attempt_s": summary([at - lost_at for at in went_on if at], scale=1.0),
        "first_token_s": summary([at - lost_at for at in wrote if at], scale=1.0),
    }


def calls_of(
    app: Application, asked: Sequence[Analysis], others: Sequence[Popen[str]]
) -> tuple[set[int], Any]:
    """Return the worker process that performs most, and the calls that it performs."""
    if not others:
        return set(), nullcontext()
    numbers = {one.call_id: int(one.name) for one in asked}
    with app.store._database.read() as connection:
        rows = connection.execute(
            sa.select(call_table.c.id, call_table.c.worker).where(
                call_table.c.state == State.WRITING
            )
        ).all()
    by_process: dict[int, set[int]] = {one.pid: set() for one in others}
    for row in rows:
        by_process[int(row.worker.split("/")[1])].add(numbers[row.id])
    process = max(others, key=lambda one: len(by_process[one.pid]))
    return by_process[process.pid], process


if __name__ == "__main__":
    main()
