"""What running analyses durably costs: processor time, delay, rate.

Scripted hosts in a process of their own write at a fixed rate; the app's parts run in this process
with SQLite, and with `--postgres ADDRESS` beside `python -m components.worker` processes. Processor
time is that of the whole process that performs, a token, beside the official client's for the same
streams in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from subprocess import Popen
from typing import Any

import ollama

from bench.hosts import Chat, Fleet, Order, fleet
from bench.scene import (
    application,
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
from components.engine import Call, Engine, Message, Text
from components.store import Analysis, JournalEntry, State, StateChanged
from tests.doubles.scripted_ollama import MODEL

#: Tokens a second of each scripted host.
RATE = 50.0

#: Hosts of which the aggregate is taken.
HOSTS = (1, 2, 4, 8, 16)

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.jobs", description=__doc__)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make databases in")
    parser.add_argument("--only", default="", help="overhead,cancel,scale")
    parser.add_argument("--tokens", type=int, default=400, help="of each scripted answer")
    parser.add_argument("--rounds", type=int, default=5, help="of what takes turns")
    given = parser.parse_args(arguments)
    only = set(filter(None, given.only.split(",")))
    stores: dict[str, str | None] = {"sqlite": None}
    if given.postgres:
        stores["postgres"] = given.postgres
    figures: Figures = {}
    for name, address in stores.items():
        parts: dict[str, Callable[[], Figures]] = {
            "overhead": lambda a=address: overhead(a, given.tokens, given.rounds),  # type: ignore[misc]
            "cancel": lambda a=address: cancel(a, 4 * given.rounds),  # type: ignore[misc]
            "scale": lambda a=address: scale(a, given.tokens),  # type: ignore[misc]
        }
        for part, measure in parts.items():
            if not only or part in only:
                print(f"\n{name}: {part}", flush=True)
                figures.setdefault(name, {})[part] = measure()
    print(json.dumps(figures))


# Processor time a token.


def overhead(postgres: str | None, tokens: int, rounds: int) -> Figures:
    """Compare the processor time of three ways, which take turns, at 1 and at 8 hosts."""
    figures: Figures = {}
    print(f"{'hosts':>6} {'way':8} {'cpu ms a token':>15}   median of {rounds}")
    with place(postgres) as environ, fleet(8) as servers:
        for hosts in (1, 8):
            urls = servers.urls[:hosts]
            ways: dict[str, list[float]] = {"jobs": [], "engine": [], "client": []}
            for _ in range(rounds):
                with application(using(environ, urls)) as app:
                    through_jobs(app, hosts, 10)
                    ways["jobs"].append(through_jobs(app, hosts, tokens))
                    if "idle_cpu_percent" not in figures:
                        figures["idle_cpu_percent"] = round(100 * idle(3.0), 2)
                ways["engine"].append(asyncio.run(through(engine_reads, urls, tokens)))
                ways["client"].append(asyncio.run(through(client_reads, urls, tokens)))
            for way, each in ways.items():
                milliseconds = 1000 * statistics.median(each)
                figures[f"{way}_{hosts}_ms"] = round(milliseconds, 3)
                print(f"{hosts:6} {way:8} {milliseconds:15.3f}")
            added = figures[f"jobs_{hosts}_ms"] - figures[f"client_{hosts}_ms"]
            figures[f"added_{hosts}_ms"] = round(added, 3)
    print(f"idle {figures['idle_cpu_percent']} % of one processor")
    return figures


def idle(seconds: float) -> float:
    """Return the share of a processor that this process takes while nothing happens."""
    time.sleep(0.5)
    began = time.process_time()
    time.sleep(seconds)
    return (time.process_time() - began) / seconds


def through_jobs(app: Application, hosts: int, tokens: int) -> float:
    """Have each host write once; return this process's seconds a token."""
    began = time.process_time()
    submit(app, [Order(number, tokens, RATE) for number in range(hosts)])
    wait_all(app, look=0.5)
    return (time.process_time() - began) / (hosts * tokens)


async def through(reads: Callable[..., Any], urls: Sequence[str], tokens: int) -> float:
    """Have each of `urls` write once to a reader; return this process's seconds a token."""
    began = time.process_time()
    await asyncio.gather(
        *(reads(url, Order(number, tokens, RATE)) for number, url in enumerate(urls))
    )
    return (time.process_time() - began) / (len(urls) * tokens)


async def client_reads(url: str, order: Order) -> None:
    """Read an answer with the official client."""
    client = ollama.AsyncClient(url, trust_env=False)
    text = ""
    async for part in await client.chat(
        MODEL, [{"role": "user", "content": order.prompt()}], stream=True
    ):
        text += part.message.content or ""
    await client.close()  # type: ignore[no-untyped-call]


async def engine_reads(url: str, order: Order) -> None:
    """Read an answer with the engine layer."""
    engine = Engine(url)
    text = ""
    async for event in engine.stream(Call(MODEL, (Message("user", order.prompt()),))):
        if isinstance(event, Text):
            text += event.text
    await engine.close()


# From the wish to stop to the end.


def cancel(postgres: str | None, times: int) -> Figures:
    """Stop calls that write and calls that wait for their first token."""
    figures: Figures = {}
    print(f"{'stopped while':16} {'until':18} {'p50 ms':>8} {'p95':>8} {'max':>8}   of {times}")
    with (
        place(postgres) as environ,
        fleet(1) as servers,
        performed(using(environ, servers.urls), separate=postgres is not None) as (app, _),
    ):
        for number, (name, state, tokens) in enumerate(
            (("writing", State.WRITING, 3000), ("first_token", State.READING, 0))
        ):
            closed, stopped = [], []
            for index in range(times):
                order = Order(1000 * number + index, tokens, RATE)
                (analysis,) = submit(app, [order])
                seen = until_state(app, analysis, state)
                # At any moment between two signs of life.
                time.sleep(0.1 + 0.5 * index / times)
                began = time.time()
                app.jobs.stop(app.shelf(), analysis.id)
                until_state(app, analysis, State.STOPPED, after=seen)
                stopped.append(time.time() - began)
                chat = servers.chats()[-1]
                assert chat.order == order
                closed.append((chat.ended or time.time()) - began)
            for until, each in (("closed", closed), ("stopped", stopped)):
                figures[f"{name}_{until}_ms"] = row = summary(each)
                cells = " ".join(f"{value:8.1f}" for value in row.values())
                print(f"{name:16} {until:18} {cells}")
    return figures


# Rates over many hosts.


def scale(postgres: str | None, tokens: int) -> Figures:
    """Take the aggregate rate over ever more hosts, two answers each, against that of one."""
    figures: Figures = {"hosts": {}}
    print(
        f"{'hosts':>6} {'tokens/s':>9} {'ratio':>6} {'submit to done':>15} {'ratio':>6}"
        f" {'next call ms':>13} {'reader p50 ms':>14} {'p95':>6} {'cpu %':>6}"
    )
    one: tuple[float, float] | None = None
    with place(postgres) as environ, fleet(max(HOSTS)) as servers:
        for hosts in HOSTS:
            row = aggregate(environ, servers, hosts, tokens, separate=postgres is not None)
            writing, whole = row["tokens_s"], row["whole_tokens_s"]
            one = one or (writing, whole)
            row["ratio"] = round(writing / (hosts * one[0]), 4)
            row["whole_ratio"] = round(whole / (hosts * one[1]), 4)
            figures["hosts"][str(hosts)] = row
            print(
                f"{hosts:6} {writing:9.1f} {row['ratio']:6.3f} {whole:15.1f}"
                f" {row['whole_ratio']:6.3f} {row['next_call_ms'].get('p50', 0):13.1f}"
                f" {row['reader_ms']['p50']:14.1f} {row['reader_ms']['p95']:6.1f}"
                f" {row['cpu_percent']:6.1f}",
                flush=True,
            )
    return figures


def aggregate(
    environ: dict[str, str], servers: Fleet, hosts: int, tokens: int, *, separate: bool
) -> Figures:
    """Have `hosts` hosts write two answers each, one of which somebody watches."""
    with performed(using(environ, servers.urls[:hosts]), separate=separate) as (app, others):
        submit(app, [Order(number, 3, RATE) for number in range(hosts)])
        wait_all(app)
        before = len(servers.chats())
        used, began = cpu(others), time.time()
        asked = submit(app, [Order(number, tokens, RATE) for number in range(2 * hosts)])
        watched: list[tuple[float, int]] = []
        watch(app, asked[0], watched)
        wait_all(app)
        used = cpu(others) - used
        journals = entries(app, asked)
        chats = servers.chats()[before:]
        check(journals, chats)
    texts = sorted((e.at, e.event.pieces) for e in flat(journals) if isinstance(e.event, Text))
    done = max(entered(journal, State.DONE) or 0.0 for journal in journals.values())
    # What an entry holds began at its time: what the last holds was still to come then.
    written = sum(pieces for at, pieces in texts if at < texts[-1][0])
    sent = next(chat.sent for chat in chats if chat.order.call == 0)
    total = 2 * hosts * tokens
    return {
        "tokens_s": written / (texts[-1][0] - texts[0][0]),
        "whole_tokens_s": total / (done - began),
        "next_call_ms": summary(list(pauses(chats))),
        "reader_ms": summary([at - sent[count - 1] for at, count in watched if count]),
        "cpu_percent": round(100 * used / (done - began), 1),
        "cpu_ms_token": round(1000 * used / total, 3),
    }


def watch(app: Application, analysis: Analysis, watched: list[tuple[float, int]]) -> None:
    """Read the journal as a page does, noting at each look when how many tokens were there."""
    count = seq = 0
    while True:
        for entry in app.store.journal.after(analysis.call_id, seq, timeout=1.0):
            seq = entry.seq
            if isinstance(entry.event, Text):
                count += entry.event.pieces
            elif isinstance(entry.event, StateChanged) and entry.event.state.has_ended:
                return
        watched.append((time.time(), count))


def pauses(chats: Sequence[Chat]) -> Iterator[float]:
    """Give the seconds from the end of an answer to the first token of the host's next."""
    by_host: dict[int, list[Chat]] = {}
    for chat in chats:
        by_host.setdefault(chat.host, []).append(chat)
    for each in by_host.values():
        for before, after in pairwise(each):
            yield after.sent[0] - (before.done or before.sent[-1])


def cpu(others: Sequence[Popen[str]]) -> float:
    """Return the processor seconds of those who perform: this process where there are none."""
    if not others:
        return time.process_time()
    tick = os.sysconf("SC_CLK_TCK")
    used = 0.0
    for one in others:
        with open(f"/proc/{one.pid}/stat") as stat:  # noqa: PTH123 - Linux's, no file
            fields = stat.read().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / tick
    return used


def flat(journals: dict[int, list[JournalEntry]]) -> Iterator[JournalEntry]:
    """Give all entries of all journals."""
    for journal in journals.values():
        yield from journal


if __name__ == "__main__":
    main()
