"""A day of a house in twenty minutes: `python -m bench.soak`.

Editors work in one process, each on a shelf of their own, as pages do; worker processes and
scripted hosts are killed at random moments and started again. Then every call must be accounted
for, and memory, handles and the size of the database flat, or explained by what is kept.

The first worker is never killed where there are several, so that one is as old as the house. The
Postgres is the tests' own, which is fast and would lose data in a power cut, unless `--postgres`
names another. What is random is so by `--seed`; when what happens is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.scene import LONG, place, summary
from bench.soak_account import FAULTS, Account, Evidence, account, acts_in
from bench.soak_editors import House
from bench.soak_host import FAULTS as HOST_FAULTS
from bench.soak_host import Script, answers_in
from components.settings import PROJECT
from components.store import Store
from tests.doubles.scripted_ollama import MODEL
from tests.postgres import running as postgres_running

#: The models of the hosts; every fourth has the first only.
MODELS = (MODEL, "scripted:3b")

#: Tokens a second that a host writes.
RATE = 15.0

#: Every fourth host runs so many calls at once, the others one.
SLOTS = 2

#: Seconds between two samples, from a kill to the start after it, and of the longest drain: one
#: call after another may stall for two minutes.
SAMPLE_SECONDS = 3.0
DOWN_SECONDS = (2.0, 10.0)
DRAIN_SECONDS = 420.0

#: The share of kills that are a worker's; the others are a host's.
WORKERS_SHARE = 0.4

#: The fewest samples of a process of which quarters are compared, and what counts as grown: more
#: than this share, and more than so many bytes, handles or threads.
LEAST_SAMPLES = 40
GROWN, GROWN_BY = 0.10, {"memory": 8_000_000, "handles": 4, "threads": 4}

_WAITING = """SELECT
    (SELECT count(*) FROM call WHERE state = 'queued' AND NOT EXISTS (SELECT FROM need
        JOIN call needed ON needed.id = need.of
        WHERE need.call_id = call.id AND needed.state <> 'done')),
    (SELECT count(*) FROM call WHERE state NOT IN
        ('queued', 'done', 'stopped', 'failed', 'interrupted')),
    (SELECT count(*) FROM analysis),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
    pg_database_size(current_database())"""

_TABLES = """SELECT c.relname, pg_total_relation_size(c.oid), coalesce(s.n_live_tup, 0),
    coalesce(s.n_dead_tup, 0)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 2 DESC"""


@dataclass(frozen=True, slots=True)
class Use:
    """What a process uses at one moment: bytes of memory, open files and sockets, threads."""

    memory: int
    handles: int
    sockets: int
    threads: int


@dataclass(slots=True)
class Life:
    """One process from its start to its end, with what it used."""

    name: str
    process: subprocess.Popen[str]
    uses: list[Use] = field(default_factory=list)

    def sample(self) -> None:
        """Look at what it uses, if it still runs."""
        folder = Path(f"/proc/{self.process.pid}")
        try:
            status = (folder / "status").read_text()
            links = [str(entry.readlink()) for entry in (folder / "fd").iterdir()]
        except OSError:  # It has ended, or one of its files was closed meanwhile.
            return
        figures = dict(re.findall(r"(VmRSS|Threads):\s+(\d+)", status))
        if "VmRSS" not in figures:
            return
        sockets = sum(link.startswith("socket:") for link in links)
        memory, threads = int(figures["VmRSS"]) * 1024, int(figures["Threads"])
        self.uses.append(Use(memory, len(links), sockets, threads))


@dataclass(slots=True)
class Moment:
    """The house at one moment."""

    at: float
    waiting: int
    running: int
    analyses: int
    connections: int
    database: int


class Day:
    """The processes of a house, killed and started again; made by `main`."""

    def __init__(self, given: argparse.Namespace, environ: dict[str, str], folder: Path) -> None:
        self._given = given
        self._chance = random.Random(given.seed)
        self._folder = folder
        rates = [RATE if number % 5 else RATE / 2 for number in range(given.hosts)]
        self.slots = {number: 1 if number % 4 else SLOTS for number in range(given.hosts)}
        self._scripts = [
            Script(
                index=number,
                port=port,
                log=str(folder / f"host-{number}.log"),
                seed=given.seed,
                models=MODELS if number % 4 != 1 else MODELS[:1],
                rate=rates[number],
                stalls=given.minutes >= 5,  # It is waited for longer than a short day lasts.
            )
            for number, port in enumerate(_ports(given.hosts, self._chance))
        ]
        hosts = [
            f"http://127.0.0.1:{script.port}={self.slots[script.index]}" for script in self._scripts
        ]
        # With glibc's arenas as the units of `deploy` set them: in those of 50 threads 50 MB lie
        # that were freed.
        set_here = {"FIRST_READER_OLLAMA_HOSTS": ",".join(hosts), "MALLOC_ARENA_MAX": "2"}
        self.environ = os.environ | environ | set_here
        self.lives: list[Life] = []
        self.workers: list[Life] = []
        self.hosts: list[subprocess.Popen[str]] = []
        self.kills: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.moments: list[Moment] = []
        self._due: list[tuple[float, str, int]] = []
        self._said = (folder / "workers.log").open("a")

    def start(self) -> None:
        """Start hosts and workers."""
        self.hosts = [self._host(script) for script in self._scripts]
        self.workers = [self._worker(number) for number in range(self._given.workers)]
        for life in self.workers:
            say(life.process, "begun")

    def close(self) -> None:
        """End all processes."""
        for process in self.hosts:
            process.kill()
        for life in self.lives:
            life.process.kill()
        for process in (*self.hosts, *(life.process for life in self.lives)):
            process.wait()
        self._said.close()

    def kill(self) -> None:
        """Kill a worker or a host that runs; it is started again some seconds later."""
        spared = 1 if self._given.workers > 1 else 0
        down = {(what, number) for _, what, number in self._due}
        workers = [("worker", number) for number in range(spared, self._given.workers)]
        hosts = [("host", number) for number in range(self._given.hosts)]
        rest = [[one for one in all_of if one not in down] for all_of in (workers, hosts)]
        which = rest[0] if self._chance.random() < WORKERS_SHARE and rest[0] else rest[1]
        if not which:
            return
        what, number = self._chance.choice(which)
        process = self.workers[number].process if what == "worker" else self.hosts[number]
        process.kill()
        process.wait()
        self.counts[what] += 1
        seconds = self._chance.uniform(*DOWN_SECONDS)
        if what == "host":
            self.kills[number].append((time.time(), time.time() + seconds))
        self._due.append((time.monotonic() + seconds, what, number))

    def start_again(self, *, all_of_them: bool = False) -> None:
        """Start what was killed long enough ago."""
        due = [one for one in self._due if all_of_them or one[0] <= time.monotonic()]
        self._due = [one for one in self._due if one not in due]
        for _, what, number in due:
            if what == "worker":
                self.workers[number] = self._worker(number)
            else:
                script = self._scripts[number]
                self._scripts[number] = replace(script, life=script.life + 1)
                self.hosts[number] = self._host(self._scripts[number])

    def until(self, end: float, connection: Any, *, kills: bool) -> Iterator[Moment]:
        """Let the day go on until `end`, killing at random; give each sample."""
        mean = self._given.kill_every
        kill_at = time.monotonic() + self._chance.expovariate(1 / mean)
        sample_at = time.monotonic()
        while (now := time.monotonic()) < end:
            self.start_again()
            if kills and now >= kill_at:
                self.kill()
                kill_at = now + self._chance.expovariate(1 / mean)
            if now >= sample_at:
                sample_at = now + SAMPLE_SECONDS
                yield self._sample(connection)
            time.sleep(0.1)

    def _sample(self, connection: Any) -> Moment:
        for life in self.lives:
            life.sample()
        moment = Moment(time.time(), *connection.execute(_WAITING).fetchone())
        self.moments.append(moment)
        return moment

    def _host(self, script: Script) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.soak_host", json.dumps(asdict(script))]
        return self._process(command, stdout=subprocess.DEVNULL)

    def _worker(self, number: int) -> Life:
        command = [sys.executable, "-m", "components.worker"]
        return self.live(f"worker {number + 1}", command, stdout=subprocess.PIPE)

    def live(self, name: str, command: Sequence[str], **how: Any) -> Life:
        """Start a process whose use of memory and handles is sampled."""
        life = Life(name, self._process(command, **how))
        self.lives.append(life)
        return life

    def _process(self, command: Sequence[str], **how: Any) -> subprocess.Popen[str]:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": self._said}
        return subprocess.Popen(command, cwd=PROJECT, env=self.environ, text=True, **streams | how)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; ends with status 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=18.0, help="that the editors work")
    parser.add_argument("--editors", type=int, default=50)
    parser.add_argument("--hosts", type=int, default=16)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=20.0, metavar="S", help="on average")
    parser.add_argument("--think", type=float, default=8.0, metavar="S", help="between two acts")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a Postgres to make a database in")
    parser.add_argument("--keep", metavar="FOLDER", help="where logs and samples are to stay")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # It ends what it started.
    with ExitStack() as stack:
        address = given.postgres
        if address is None:
            address = stack.enter_context(postgres_running()).address("postgres")
        environ = stack.enter_context(place(address))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="first-reader-soak-")))
        if given.keep:
            stack.callback(shutil.copytree, folder, given.keep, dirs_exist_ok=True)
        figures = spend(given, environ, folder)
        if given.keep:
            (folder / "figures.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures))
    sys.exit(1 if figures["faults"] else 0)


def spend(given: argparse.Namespace, environ: dict[str, str], folder: Path) -> dict[str, Any]:
    """Let the house live its day; print and return what was found."""
    import psycopg  # Not everybody has it.

    house = House(given.editors, str(folder / "editors.log"), given.seed, given.think)
    with ExitStack() as stack:
        address = environ["FIRST_READER_DATABASE"]
        store = Store(address)  # It makes the tables, before anybody else looks for them.
        stack.callback(store.close)
        connection = stack.enter_context(psycopg.connect(address, autocommit=True))
        day = Day(given, environ, folder)
        stack.callback(day.close)
        day.start()
        command = [sys.executable, "-m", "bench.soak_editors", json.dumps(asdict(house))]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        editors = day.live("pages", command, **pipes)
        say(editors.process, "begun")
        began = time.time()
        show_head()
        end = time.monotonic() + 60 * given.minutes
        for number, moment in enumerate(day.until(end, connection, kills=True)):
            if number % max(int(60 / SAMPLE_SECONDS), 1) == 0:
                show(moment, began, day)
        day.start_again(all_of_them=True)
        left = time.time()
        drained = drain(day, editors.process, connection)
        show(day.moments[-1], began, day)
        ended = time.time()
        tables = connection.execute(_TABLES).fetchall()
        seconds = end_all(day)
        logs = [folder / f"host-{number}.log" for number in range(given.hosts)]
        answers = [answer for log in logs if log.exists() for answer in answers_in(log)]
        acts = acts_in(Path(house.log))
        it = account(Evidence(store, acts, answers, day.kills, day.slots, ended))
    figures = report(given, day, it, tables, began, left)
    figures |= {"drained_s": drained and round(drained, 1), "worker_ended_s": seconds}
    figures["workers_said"] = said_by(folder / "workers.log")
    print(f"drained in {figures['drained_s']} s; told to end, workers took {seconds} s")
    return figures


def say(process: subprocess.Popen[str], word: str) -> None:
    """Wait until a process has said `word`."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert word in line, f"{line!r}, not {word}"


def drain(day: Day, editors: subprocess.Popen[str], connection: Any) -> float | None:
    """Have the editors leave and wait until nothing runs or may run; return the seconds."""
    assert editors.stdin is not None
    began = time.monotonic()
    editors.stdin.write("\n")
    editors.stdin.flush()
    quiet = 0
    for moment in day.until(began + DRAIN_SECONDS, connection, kills=False):
        # What waits for a step that failed is left to the editors.
        quiet = quiet + 1 if not (moment.running or moment.waiting) else 0
        if quiet >= 3:
            say(editors, "left")
            return time.monotonic() - began
    return None


def end_all(day: Day) -> list[float]:
    """Tell the workers and the pages to end; return the seconds that each worker took."""
    pages = next(life.process for life in day.lives if life.name == "pages")
    assert pages.stdin is not None
    pages.stdin.close()
    for life in day.workers:
        life.process.terminate()
    began, seconds = time.monotonic(), []
    for life in day.workers:
        life.process.wait(LONG)
        seconds.append(round(time.monotonic() - began, 2))
    pages.wait(LONG)
    return seconds


def said_by(log: Path) -> dict[str, int]:
    """Return how often the workers and pages logged what, without figures and names."""
    said: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        words = re.sub(r"^[\d:, -]+", "", line)
        words = re.sub(r"http\S+|\bcall \w+|\d+|'[^']*'", "*", words)
        if words.strip():
            said[words[:140]] += 1
    return dict(said.most_common(20))


def show_head() -> None:
    """Print the head of the lines that come while the day goes on."""
    print(
        f"{'minute':>7} {'analyses':>9} {'waiting':>8} {'running':>8} {'kills':>6}"
        f" {'connections':>12} {'database MB':>12} {'pages MB':>9}",
        flush=True,
    )


def show(moment: Moment, began: float, day: Day) -> None:
    """Print one line of the day."""
    pages = next(life for life in day.lives if life.name == "pages")
    memory = pages.uses[-1].memory / 1e6 if pages.uses else 0.0
    print(
        f"{(moment.at - began) / 60:7.1f} {moment.analyses:9} {moment.waiting:8}"
        f" {moment.running:8} {day.counts.total():6} {moment.connections:12}"
        f" {moment.database / 1e6:12.1f} {memory:9.1f}",
        flush=True,
    )


def report(
    given: argparse.Namespace,
    day: Day,
    it: Account,
    tables: Sequence[tuple[str, int, int, int]],
    began: float,
    left: float,
) -> dict[str, Any]:
    """Print the tables and return the figures."""
    counts = it.counts
    killed = f"{day.counts['worker']} workers and {day.counts['host']} hosts killed"
    print(f"\n{given.editors} editors, {given.minutes:g} minutes, {killed}")
    print(f"{counts['requests']} requests to hosts\n")
    ends = ("done", "looked up", "stopped", "failed", "interrupted",
            "waits for a step that failed or was stopped", "purged")  # fmt: skip
    rows = {"asked": counts["asked"], **{end: counts[end] for end in ends}}
    rows["not accounted for"] = counts["asked"] - sum(counts[end] for end in ends)
    rows |= {"completed by another's answer": counts["copied"]}
    rows |= {"seen complete by an editor": counts["seen completed"]}
    rows |= {"still waited for when the editors left": counts["act waits"]}
    for words, count in rows.items():
        print(f"{words:>60} {count:8}")
    for reason, count in it.reasons.most_common():
        print(f"{f'failed with {reason}':>60} {count:8}")
    faults = it.by_kind
    for kind, words in FAULTS.items():
        print(f"{words:>60} {faults[kind]:8}")
    for kind, what in it.faults[:20]:
        print(f"  {kind}: {what}")
    for words, count in it.told.most_common(10):
        print(f"  an editor was told, {count} times: {words}")
    quarter = (left - began) / 4
    spans = {
        "all": (began, left),
        "second quarter": (began + quarter, began + 2 * quarter),
        "last quarter": (left - quarter, left),
    }
    waits = {
        name: [wait for at, wait in it.waits if since <= at < until]
        for name, (since, until) in spans.items()
    }
    print(f"\n{'seconds':>44} {'of':>6} {'p50':>8} {'p95':>8} {'max':>8}")
    for name, each in waits.items():
        print_row(f"a question's first words, {name}", each)
    print_row("a stop, until its host saw it", it.stops)
    lives = show_lives(day)
    database = show_database(day, tables, began, left)
    queue = sorted(moment.waiting for moment in day.moments if moment.at <= left)
    return {
        "minutes": given.minutes, "editors": given.editors, "hosts": given.hosts,
        "workers": given.workers, "seed": given.seed, "kill_every": given.kill_every,
        "killed": dict(day.counts), "requests": counts["requests"],
        "steps": rows, "failed": dict(it.reasons), "faults": dict(faults),
        "scripted_faults": {name: counts[f"host: {name}"] for name in HOST_FAULTS},
        "acts": {name[4:]: count for name, count in counts.items() if name.startswith("act ")},
        "told": dict(it.told.most_common(20)),
        "first_words_s": {name: summary(each, scale=1.0) for name, each in waits.items()},
         "stop_s": summary(it.stops, scale=1.0),
        "queue": {"p50": statistics.median(queue), "max": queue[-1]} if queue else {},
        "lives": lives, "database": database,
    }  # fmt: skip


def print_row(name: str, seconds: Sequence[float]) -> None:
    """Print p50, p95 and max."""
    cells = " ".join(f"{value:8.2f}" for value in summary(seconds, scale=1.0).values())
    print(f"{name:>44} {len(seconds):6} {cells}")


def show_lives(day: Day) -> list[dict[str, Any]]:
    """Print and return how what each process uses went from its second to its last quarter."""
    print(f"\n{'of a process that lived long enough':>36} {'samples':>8} {'memory MB':>20}"
          f" {'handles':>14} {'sockets':>14} {'threads':>14}")  # fmt: skip
    rows: list[dict[str, Any]] = []
    for life in day.lives:
        if len(life.uses) < LEAST_SAMPLES:
            continue
        row: dict[str, Any] = {"name": life.name, "samples": len(life.uses), "grown": []}
        cells = []
        for what in ("memory", "handles", "sockets", "threads"):
            values = [getattr(use, what) for use in life.uses]
            before, after = quarters(values)
            row[what] = [before, after]
            if (
                what in GROWN_BY
                and after > before * (1 + GROWN)
                and after - before > GROWN_BY[what]
            ):
                row["grown"].append(what)
            scale, width = (1e6, 20) if what == "memory" else (1, 14)
            cells.append(f"{f'{before / scale:.0f} to {after / scale:.0f}':>{width}}")
        grown = f"  {', '.join(row['grown'])} grew" if row["grown"] else ""
        print(f"{life.name:>36} {len(life.uses):8} {' '.join(cells)}{grown}")
        rows.append(row)
    return rows


def quarters(values: Sequence[float]) -> tuple[float, float]:
    """Return the medians of the second and of the last quarter."""
    quarter = len(values) // 4
    return statistics.median(values[quarter : 2 * quarter]), statistics.median(values[-quarter:])


def show_database(
    day: Day, tables: Sequence[tuple[str, int, int, int]], began: float, left: float
) -> dict[str, Any]:
    """Print and return what the database holds, and what each analysis that is kept takes."""
    print(f"\n{'table':>36} {'KB':>8} {'rows':>8} {'dead rows':>10}")
    for name, size, rows, dead in tables:
        if size > 100_000:
            print(f"{name:>36} {size / 1000:8.0f} {rows:8} {dead:10}")
    half = [one for one in day.moments if one.at <= (began + left) / 2][-1]
    first, last = day.moments[0], day.moments[-1]
    each = {
        name: (after.database - before.database) / max(after.analyses - before.analyses, 1)
        for name, before, after in (("first_half", first, half), ("second_half", half, last))
    }
    print(f"a step that is kept: {each['first_half'] / 1000:.1f} KB in the first half of the day, "
          f"{each['second_half'] / 1000:.1f} KB in the second")  # fmt: skip
    return {
        "bytes": last.database,
        "analyses": last.analyses,
        "bytes_each": {name: round(size) for name, size in each.items()},
        "most_connections": max(moment.connections for moment in day.moments),
        "tables": {name: {"bytes": size, "rows": rows, "dead": dead}
                   for name, size, rows, dead in tables if size > 100_000},
    }  # fmt: skip


def _ports(count: int, chance: random.Random) -> list[int]:
    """Return free ports that no other process is given while a host is down."""
    ports: list[int] = []
    for port in chance.sample(range(20_000, 30_000), 1000):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == count:
            break
    return ports


if __name__ == "__main__":
    main()
