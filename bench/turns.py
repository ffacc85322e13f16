"""Page and shell on one store: whose turn it is, the wait that is shown, and what waiting costs.

A shell's process begins a report of 60 steps; questions are asked as from a page in this process.
For each it is measured how many calls ran before it, the wait that was shown when it was asked
beside the one that it was, and how long the server stood idle before it. Then processor time of
both processes while one call runs and the shell's waits. Scripted servers write at a fixed rate in
a process of their own; `--ollama ADDRESS --model NAME` asks a real one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from bench.hosts import Order, fleet
from bench.scene import application, entered, place, question, until_state, using
from components.application import Application
from components.scripting.analyze import running
from components.settings import PROJECT
from components.store import CallOutcome, Kind, Question, State, Step
from tests.doubles.scripted_ollama import MODEL

#: Steps of the report, and what a model writes of each: they differ by a tenth.
STEPS, TOKENS, RATE = 60, 200, 40.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--ollama", metavar="ADDRESS", help="a server to ask")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--questions", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0, help="of the look at idle processes")
    given = parser.parse_args(arguments)
    servers = nullcontext(None) if given.ollama else fleet(1)
    with place(None) as environ, servers as scripted:
        urls = [given.ollama] if scripted is None else scripted.urls
        figures: dict[str, object] = turns(using(environ, urls), given.model, given.questions)
    if not given.ollama:
        with place(None) as environ, fleet(1) as scripted:
            figures["idle"] = idle(using(environ, scripted.urls), given.seconds)
    print(json.dumps(figures))


def turns(environ: dict[str, str], model: str, questions: int) -> dict[str, object]:
    """Ask questions while a shell's report goes on."""
    shown, gaps, before = [], [], []
    print(f"{'calls before':>12} {'shown s':>8} {'real s':>8} {'idle ms':>8}", flush=True)
    with application(environ) as app, process("report", environ, model):
        while len(ended(app)) < 3:  # Until it is known how long they take.
            time.sleep(0.2)
        usual = question(app.shelf(), "", model=model)
        for number in range(questions):
            time.sleep(random.uniform(0.1, 1.0) * TOKENS / RATE)
            new = about(usual, 1000 + number)
            done, asked_at = len(ended(app)), time.time()
            asked = app.jobs.submit(app.shelf(), new)
            at = app.jobs.queue_position(asked)
            until_state(app, asked, State.CONTACTING)
            calls = ended(app)
            began = entered(app.store.journal.after(asked.call_id), State.CONTACTING) or 0.0
            real, said = began - asked_at, at.seconds if at else None
            before.append(len(calls) - done)
            gaps.append(1000 * (began - max(calls, default=began)))
            if said is not None and before[-1]:
                shown.append(said / real)
            known = "unknown" if said is None else f"{said:.1f}"
            print(f"{before[-1]:12} {known:>8} {real:8.1f} {gaps[-1]:8.0f}", flush=True)
            until_state(app, asked, State.DONE)
    return {
        "most_calls_before": max(before),
        "shown_to_real": sorted(round(one, 2) for one in shown),
        "idle_ms_median": round(statistics.median(gaps)),
    }


def idle(environ: dict[str, str], seconds: float) -> dict[str, float]:
    """Return the percent of a processor that each takes while one call runs and another waits."""
    with process("page", environ) as page, process("shell", environ) as shell:
        both = {"page": page, "shell": shell}
        time.sleep(3.0)
        began, before = time.monotonic(), {name: cpu(one.pid) for name, one in both.items()}
        time.sleep(seconds)
        took = time.monotonic() - began
        shares = {name: (cpu(one.pid) - before[name]) / took for name, one in both.items()}
    percent = {name: round(100 * share, 2) for name, share in shares.items()}
    print(f"idle: {percent} % of a processor", flush=True)
    return percent


def cpu(process: int) -> float:
    """Return the seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ended(app: Application) -> list[float]:
    """Return when each call ended that has."""
    shelf = app.shelf()
    reports = shelf.series.all(Kind.REPORT)
    steps = [step.ended for one in reports for step in shelf.reports.steps(one.id)]
    asked = [one.ended and one.ended.timestamp() for one in shelf.analyses.all()]
    return [at for at in (*steps, *asked) if at is not None]


def about(usual: Question, number: int, tokens: int = TOKENS) -> Question:
    """Return a question as `usual`, answered in about `tokens`."""
    length = round(tokens * random.Random(number).uniform(0.95, 1.05))
    is_scripted = usual.model == MODEL
    told = f"{number}: Tell all of it again, in your own words and in every detail."
    prompt = Order(number, length, RATE).prompt() if is_scripted else told
    options = replace(usual.options, num_predict=length or None)
    return replace(usual, prompt=prompt, options=options)


@contextmanager
def process(
    what: str, environ: dict[str, str], model: str = MODEL
) -> Iterator[subprocess.Popen[str]]:
    """Run `what` in a process of its own, which has asked when this is entered."""
    command = [sys.executable, "-m", "bench.turns", what, model]
    with subprocess.Popen(
        command, cwd=PROJECT, env=os.environ | environ, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert "asked" in started.stdout.readline()
        try:
            yield started
        finally:
            started.kill()


def act(what: str, model: str) -> None:
    """Be the process that asks: a `report` or a question of a `shell`, or what runs on a `page`."""
    if what == "page":
        with application({**os.environ}) as app:
            usual = question(app.shelf(), "", model=model)
            wait(app, app.jobs.submit(app.shelf(), about(usual, 1, 0)).call_id)
    with running() as app:
        usual = question(app.shelf(), "", model=model)
        if what == "shell":
            wait(app, app.jobs.submit(app.shelf(), about(usual, 2)).call_id)
        shelf = app.shelf()
        steps = [Step(replace(about(usual, 10 + one), part="notes")) for one in range(STEPS)]
        report = shelf.series.begin(Kind.REPORT, steps, name="report")
        app.jobs.perform(report.id)
        wait(app, shelf.reports.steps(report.id)[-1].call_id)


def wait(app: Application, call_id: str) -> None:
    """Say that a call was asked, and wait for its end as a page or a shell does."""
    print("asked", flush=True)
    outcome, seq = CallOutcome(), 0
    while not outcome.state.has_ended:
        for entry in app.store.journal.after(call_id, seq, timeout=1.0):
            seq = entry.seq
            outcome.add(entry)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"page", "shell", "report"}:
        act(*sys.argv[1:3])
    else:
        main()
