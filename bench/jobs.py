"""What running analyses durably costs: processor time, delay, rate, and the loss of a part.

Scripted hosts in a process of their own write at a fixed rate; the app's parts run in this process
with SQLite, and with `--postgres ADDRESS` beside `python -m components.worker` processes. Processor
time is that of the whole process that performs, a token, beside the official client's for the same
streams in the same run. With `--real` a real Ollama writes, and the rate at which the journal's
reader gets tokens is compared with the official client's, in turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import pairwise
from subprocess import Popen
from typing import Any

import ollama
import sqlalchemy as sa

from bench.hosts import Chat, Fleet, Order, fleet
from bench.scene import (
    LONG,
    application,
    entered,
    entries,
    ollama_server,
    place,
    question,
    submit,
    summary,
    using,
    wait_all,
    workers,
)
from components.analysis import ask
from components.application import Application
from components.engine import Call, ContextChosen, Engine, Finished, Message, Statistics, Text
from components.engine.scripted import MODEL
from components.manuscripts import read, sample
from components.store import Analysis, Entry, State, StateChanged
from components.store.tables import call as call_table

#: Tokens a second of each scripted host.
RATE = 50.0

#: Hosts of which the aggregate is taken.
HOSTS = (1, 2, 4, 8, 16)

#: Worker processes, where they are processes of their own.
WORKERS = 2

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.jobs", description=__doc__)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make databases in")
    parser.add_argument("--real", action="store_true", help="a real Ollama's rate too")
    parser.add_argument("--only", default="", help="overhead,cancel,scale,kill,real")
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
            "kill": lambda a=address: kill(a),  # type: ignore[misc]
        }
        for part, measure in parts.items():
            if not only or part in only:
                print(f"\n{name}: {part}", flush=True)
                figures.setdefault(name, {})[part] = measure()
    if given.real or "real" in only:
        print("\nreal Ollama", flush=True)
        figures["real"] = real(given.rounds)
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


def until_state(app: Application, analysis: Analysis, state: State, *, after: int = 0) -> int:
    """Wait until the journal says `state`; return the number of the last entry read."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        for entry in app.store.journal.after(analysis.call_id, after):
            after = entry.seq
            if entry.event == StateChanged(state):
                return after
        time.sleep(0.002)
    raise TimeoutError(state)


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


@contextmanager
def performed(
    environ: dict[str, str], *, separate: bool
) -> Iterator[tuple[Application, list[Popen[str]]]]:
    """Run the app, and beside it workers where they are processes of their own."""
    with ExitStack() as stack:
        others = stack.enter_context(workers(environ, WORKERS)) if separate else []
        app = stack.enter_context(application(environ, works=False))
        yield app, others


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


def flat(journals: dict[int, list[Entry]]) -> Iterator[Entry]:
    """Give all entries of all journals."""
    for journal in journals.values():
        yield from journal


def check(journals: dict[int, list[Entry]], chats: Sequence[Chat]) -> int:
    """Hold each text of a last attempt against what was sent; return how many calls ran again."""
    last = {chat.order.call: chat for chat in chats}
    for call, journal in journals.items():
        attempt = journal[-1].attempt
        text = "".join(
            one.event.text
            for one in journal
            if one.attempt == attempt and isinstance(one.event, Text)
        )
        assert text == last[call].text(), f"call {call}: the text is not what was sent"
        assert [one.seq for one in journal] == list(range(1, len(journal) + 1))
        assert journal[-1].event == StateChanged(State.DONE)
    return sum(journal[-1].attempt > 1 for journal in journals.values())


# The loss of a part.


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


# A real Ollama.

Times = list[tuple[float, int]]

#: Tokens of a real answer.
REAL_TOKENS = 400


def real(rounds: int) -> Figures:
    """Compare the rate of a real Ollama through all parts with the official client's, in turns."""
    ratios: dict[str, list[float]] = {"reader": [], "server": [], "whole": []}
    print(f"{'round':>6} {'client tokens/s':>16} {'journal tokens/s':>17} {'ratio':>6}")
    with ollama_server() as url, place(None) as environ:
        environ = using(environ, [url])
        model = str(ollama.Client(url, trust_env=False).list().models[0].model)
        _, num_ctx, messages, _ = journal_run(environ, model)  # Reads the prompt, once for all.
        asyncio.run(client_run(url, model, num_ctx, messages))
        for index in range(rounds):
            runs: dict[str, tuple[Times, Statistics]] = {}
            # Who is first takes turns too.
            for way in ("client", "journal") if index % 2 else ("journal", "client"):
                if way == "client":
                    runs[way] = asyncio.run(client_run(url, model, num_ctx, messages))
                else:
                    times, _, _, finished = journal_run(environ, model)
                    runs[way] = times, finished
            (raw, raw_said), (ours, ours_said) = runs["client"], runs["journal"]
            assert raw[-1][1] == ours[-1][1], "the two did not get the same answer"
            ratios["reader"].append(slope(ours) / slope(raw))
            ratios["server"].append(
                (ours_said.tokens_per_second or 0) / (raw_said.tokens_per_second or 1)
            )
            ratios["whole"].append(raw[-1][0] / ours[-1][0])
            print(f"{index:6} {slope(raw):16.1f} {slope(ours):17.1f} {ratios['reader'][-1]:6.3f}")
    figures: Figures = {
        f"{name}_ratio": round(statistics.median(each), 4) for name, each in ratios.items()
    }
    print(", ".join(f"{name} {value}" for name, value in figures.items()))
    return figures | {"model": model, "rounds": rounds, "tokens": raw[-1][1]}


def slope(times: Times) -> float:
    """Return tokens a second: the line through what came between a tenth and nine tenths.

    The reader sees batches, of which neither the first nor the last says anything.
    """
    total = times[-1][1]
    points = [(at, count) for at, count in times if 0.1 * total <= count <= 0.9 * total]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def journal_run(
    environ: dict[str, str], model: str
) -> tuple[Times, int, list[dict[str, str]], Statistics]:
    """Ask through all parts and read the journal as a page does."""
    with application(environ) as app:
        shelf = app.shelf()
        asked = question(shelf, "Tell what happens.", model=model, tokens=REAL_TOKENS)
        name, data = sample()
        call = ask(asked, read(data, name=name))
        began = time.monotonic()
        analysis = app.jobs.submit(shelf, asked)
        times: Times = []
        count = seq = num_ctx = 0
        finished: Statistics | None = None
        while finished is None:
            for entry in app.store.journal.after(analysis.call_id, seq, timeout=LONG):
                seq = entry.seq
                match entry.event:
                    case Text(_, pieces):
                        count += pieces
                    case ContextChosen(chosen, _):
                        num_ctx = chosen
                    case Finished(said):
                        finished = said
                    case StateChanged(State.FAILED):
                        raise RuntimeError(app.store.journal.outcome(analysis.call_id).error)
            times.append((time.monotonic() - began, count))
        wait_all(app)
    messages = [{"role": one.role, "content": one.content} for one in call.messages]
    return times, num_ctx, messages, finished


async def client_run(
    url: str, model: str, num_ctx: int, messages: list[dict[str, str]]
) -> tuple[Times, Statistics]:
    """Ask the same through the official client."""
    client = ollama.AsyncClient(url, trust_env=False)
    options = {"num_ctx": num_ctx, "num_predict": REAL_TOKENS, "temperature": 0.0, "seed": 1}
    times: Times = []
    began, count = time.monotonic(), 0
    async for part in await client.chat(model, messages, stream=True, options=options):
        count += bool(part.message.content)
        times.append((time.monotonic() - began, count))
    await client.close()  # type: ignore[no-untyped-call]
    said = Statistics(
        model=model,
        num_ctx=num_ctx,
        load_wait=0,
        time_to_first_token=None,
        received=count,
        done_reason=part.done_reason,
        total_duration=part.total_duration,
        load_duration=part.load_duration,
        prompt_eval_count=part.prompt_eval_count,
        prompt_eval_duration=part.prompt_eval_duration,
        eval_count=part.eval_count,
        eval_duration=part.eval_duration,
    )
    return times, said


if __name__ == "__main__":
    main()
