"""What the benchmarks of jobs share: an application, its workers, questions, and a real Ollama."""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.hosts import Chat, Order
from components.application import Application
from components.engine import Options, Text
from components.engine.private import locate, start_private
from components.manuscripts import read, sample
from components.settings import PROJECT, Settings
from components.store import Analysis, JournalEntry, Question, State, StateChanged, UserStore
from tests.doubles.scripted_ollama import MODEL

#: Longer than anything here takes that does not hang.
LONG = 120.0

#: Worker processes, where they are processes of their own.
WORKERS = 2


@contextmanager
def place(postgres: str | None) -> Iterator[dict[str, str]]:
    """Give the environment of a store of its own: a folder, or a database of `postgres`'s server.

    What was there is removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="first-reader-bench-") as folder:
        environ = {"FIRST_READER_DATA_DIR": folder}
        if postgres is None:
            yield environ
            return
        import psycopg  # Not everybody has it.

        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(_at(postgres, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            try:
                yield environ | {"FIRST_READER_DATABASE": _at(postgres, name)}
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _at(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


#: Nothing is left to chance, and a small model repeats nothing, for which it would be stopped.
STEADY = Options(temperature=0.0, seed=1, repeat_penalty=1.1, repeat_last_n=512)


def using(environ: dict[str, str], urls: Iterable[str], *, slots: int = 1) -> dict[str, str]:
    """Return `environ` with these hosts."""
    hosts = ",".join(f"{url}={slots}" for url in urls)
    return environ | {"FIRST_READER_OLLAMA_HOSTS": hosts}


@contextmanager
def application(environ: dict[str, str], *, works: bool = True) -> Iterator[Application]:
    """Run the app's parts in this process; with Postgres, `works` says who performs."""
    app = Application(Settings.from_environment(environ), works=works)
    app.start()
    try:
        app.wait_connected(LONG)
        yield app
    finally:
        app.close()


@contextmanager
def workers(environ: dict[str, str], count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Run so many `python -m components.worker`."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "components.worker"],
            env=os.environ | environ,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for one in started:
            assert one.stdout is not None
            assert "begun" in one.stdout.readline()
        yield started
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(timeout=LONG)
            assert one.stdout is not None
            one.stdout.close()


@contextmanager
def performed(
    environ: dict[str, str], *, separate: bool
) -> Iterator[tuple[Application, list[subprocess.Popen[str]]]]:
    """Run the app, and beside it workers where they are processes of their own."""
    with ExitStack() as stack:
        others = stack.enter_context(workers(environ, WORKERS)) if separate else []
        app = stack.enter_context(application(environ, works=False))
        yield app, others


def question(shelf: UserStore, prompt: str, *, model: str = MODEL, tokens: int = 4096) -> Question:
    """Return a question to the sample, which is kept in `shelf`."""
    name, data = sample()
    manuscript = read(data, name=name)
    return Question(
        manuscript_id=shelf.manuscripts.keep(manuscript),
        title=manuscript.title,
        scope="the whole manuscript",
        ranges=((0, len(manuscript.text)),),
        words=0,
        tokens=len(manuscript.text) // 4,
        lens="bench",
        prompt=prompt,
        model=model,
        options=replace(STEADY, num_predict=tokens),
    )


def submit(app: Application, orders: Sequence[Order]) -> list[Analysis]:
    """Queue a call for each order, named by its number."""
    shelf = app.shelf()
    usual = question(shelf, "")
    return [
        app.jobs.submit(shelf, replace(usual, prompt=one.prompt()), name=str(one.call))
        for one in orders
    ]


def wait_all(app: Application, *, look: float = 0.1, seconds: float = LONG) -> None:
    """Wait until no analysis waits or runs. Raises: TimeoutError."""
    until = time.monotonic() + seconds
    analyses = app.shelf().analyses
    while active := analyses.active():
        if time.monotonic() > until:
            raise TimeoutError(f"{len(active)} do not end: {[one.state for one in active]}")
        time.sleep(look)


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


def entries(app: Application, asked: Iterable[Analysis]) -> dict[int, list[JournalEntry]]:
    """Return the entries of each call, by its number."""
    return {int(one.name): app.store.journal.after(one.call_id) for one in asked}


def entered(journal: Iterable[JournalEntry], state: str, *, attempt: int = 0) -> float | None:
    """Return when `state` was entered, in an attempt from `attempt` on."""
    return next(
        (
            one.at
            for one in journal
            if isinstance(one.event, StateChanged)
            and one.event.state == state
            and one.attempt >= attempt
        ),
        None,
    )


def check(journals: dict[int, list[JournalEntry]], chats: Sequence[Chat]) -> int:
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


@contextmanager
def ollama_server() -> Iterator[str]:
    """Give a real Ollama: the one there is, else the private one."""
    settings = Settings.from_environment()
    found = locate(os.environ, root=settings.ollama_folder)
    if found.url is not None:
        yield found.url
    else:
        with start_private(Path(settings.ollama_folder)) as process:
            yield process.url


def summary(values: Sequence[float], *, scale: float = 1000.0) -> dict[str, float]:
    """Return p50, p95 and max of `values`, in thousandths unless `scale` says otherwise."""
    ranked = sorted(values)
    if not ranked:
        return {}
    return {
        "p50": round(statistics.median(ranked) * scale, 1),
        "p95": round(ranked[min(int(len(ranked) * 0.95), len(ranked) - 1)] * scale, 1),
        "max": round(ranked[-1] * scale, 1),
    }
