"""What it costs to watch: bytes and processor time a token, and how far the page is behind.

A scripted server writes at a fixed rate and puts the moment into each token. One page watches
4,000 and 20,000 tokens; the same stream goes through `st.write_stream`, in the same run. Then many
analyses run at once, each watched by a page of its own. Bytes are those of the websocket's messages
from the first token to the last. Processor time is that of showing: the pages' process, while
another performs the analysis, against `st.write_stream` over a generator; and that of everything:
both, against `st.write_stream` over the client.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.pacing import RATE, age, paced, release
from bench.page import PageClient
from components.engine import Options
from components.manuscripts import read, sample
from components.settings import PROJECT
from components.store import Question, Store
from tests.browser.app_process import serving

MODEL = "scripted:1b"

#: Tokens a second of each of many analyses at once: what 50 share of a server's processors.
CROWD_RATE = 10.0
CROWD_TOKENS = 300

_WORD = re.compile(r"z[0-9a-z]{6}")
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Watched:
    """What one page received: bytes and messages, and the lag of each token in seconds."""

    bytes: int = 0
    messages: int = 0
    lags: list[float] = field(default_factory=list)
    last: str = ""

    def take(self, data: bytes) -> bool:
        """Take in one message; return whether the run that watches has ended."""
        message = ForwardMsg()
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta":
            element = message.delta.new_element
            text = element.html.body or element.markdown.body
            self._words(html.unescape(_TAG.sub(" ", text)))
        if self.lags:
            self.bytes += len(data)
            self.messages += 1
        return kind == "script_finished"

    def _words(self, text: str) -> None:
        fresh = [word for word in _WORD.findall(text) if word > self.last]
        self.lags += map(age, fresh)
        if fresh:
            self.last = fresh[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, nargs="*", default=[4_000, 20_000])
    parser.add_argument("--viewers", type=int, nargs="*", default=[1, 20, 50])
    arguments = parser.parse_args()
    figures: dict[str, float] = {}
    print(f"{'one page':>32} {'bytes/token':>11} {'CPU ms/token':>12} {'p50 ms':>7} {'p95 ms':>7}")
    for tokens in arguments.tokens:
        watched, shown, performed = page(tokens)
        show(f"First Reader, {tokens:,}", watched, shown, tokens)
        show("and its worker", watched, shown + performed, tokens)
        figures[f"bytes_per_token_{tokens}"] = round(watched.bytes / tokens, 1)
        if tokens == arguments.tokens[0]:
            for name, generator, cpu in (
                ("cpu_ratio_showing", True, shown),
                ("cpu_ratio_all", False, shown + performed),
            ):
                watched, naive_cpu = naive(tokens, generator=generator)
                source = "a generator" if generator else "the client"
                show(f"st.write_stream of {source}", watched, naive_cpu, tokens)
                figures[name] = round(cpu / naive_cpu, 3)
            figures["write_stream_bytes_per_token"] = round(watched.bytes / tokens, 1)
    print(f"{'pages, an analysis each':>32} {'':>11} {'CPU cores':>12} {'p50 ms':>7} {'p95 ms':>7}")
    for viewers in arguments.viewers:
        lags, cores = crowd(viewers)
        p50, p95 = quantiles(lags)
        print(f"{viewers:>32} {'':>11} {cores:>12.2f} {p50:>7.0f} {p95:>7.0f}", flush=True)
        figures |= {f"p50_ms_{viewers}": round(p50, 1), f"p95_ms_{viewers}": round(p95, 1)}
    print(json.dumps(figures | {"rate": RATE, "crowd_rate": CROWD_RATE}))


def page(tokens: int) -> tuple[Watched, float, float]:
    """Watch one analysis on the app's page; return it, and CPU seconds of pages and of worker."""
    with paced(tokens, RATE) as (url, host), tempfile.TemporaryDirectory() as folder:
        more = {"FIRST_READER_DATA_DIR": folder}
        nobody = "http://127.0.0.1:9"
        with serving(nobody, **more) as address, performing(url, more) as worker:
            (analysis_id,) = begin(Path(folder), 1)
            pages = listener(address)
            client = PageClient(address)
            client.run(query=f"analysis={analysis_id}")
            client.until(b"Reading the manuscript")
            watched = Watched()
            before = processor_seconds(pages), processor_seconds(worker)
            release(host)
            watch(client, watched)
            shown = processor_seconds(pages) - before[0]
            performed = processor_seconds(worker) - before[1]
            client.close()
    return watched, shown, performed


@contextmanager
def performing(url: str, more: dict[str, str]) -> Iterator[int]:
    """Run a process that performs analyses on the server at `url`; give its id."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.performing"],
        cwd=PROJECT,
        env=os.environ | {"OLLAMA_HOST": url} | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.terminate()


def naive(tokens: int, *, generator: bool) -> tuple[Watched, float]:
    """Watch the same stream through `st.write_stream`."""
    with paced(tokens, RATE) as (url, host), tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", "bench/naive.py"]
        options = [f"--server.port={port}", "--server.headless=true"]
        environ = os.environ | {"OLLAMA_HOST": url, "BENCH_MODEL": MODEL, "HOME": folder}
        environ |= {"PYTHONPATH": str(PROJECT), "BENCH_TOKENS": str(tokens if generator else 0)}
        with subprocess.Popen(
            [*command, *options], cwd=PROJECT, env=environ, stdout=subprocess.DEVNULL
        ) as process:
            try:
                client = patiently(lambda: PageClient(f"http://127.0.0.1:{port}"))
                client.run(query="")
                client.until_button("Analyse")
                client.run(click="Analyse")
                watched, before = Watched(), processor_seconds(process.pid)
                release(host)
                watch(client, watched)
                spent = processor_seconds(process.pid) - before
                client.close()
            finally:
                process.terminate()
    return watched, spent


def crowd(viewers: int) -> tuple[list[float], float]:
    """Watch as many analyses, each on a page of its own; return all lags and the cores used."""
    with app(CROWD_TOKENS, CROWD_RATE, slots=viewers) as (address, pid, data, go):
        ids = begin(data, viewers)
        clients = [PageClient(address) for _ in ids]
        for client, analysis_id in zip(clients, ids, strict=True):
            client.run(query=f"analysis={analysis_id}")
            client.until(b"Reading the manuscript")
        all_watched = [Watched() for _ in clients]
        threads = [
            threading.Thread(target=watch, args=pair)
            for pair in zip(clients, all_watched, strict=True)
        ]
        for thread in threads:
            thread.start()
        before, began = processor_seconds(pid), time.monotonic()
        go()
        for thread in threads:
            thread.join()
        cores = (processor_seconds(pid) - before) / (time.monotonic() - began)
        for client in clients:
            client.close()
    return [lag for watched in all_watched for lag in watched.lags], cores


@contextmanager
def app(
    tokens: int, rate: float, *, slots: int
) -> Iterator[tuple[str, int, Path, Callable[[], None]]]:
    """Run the app on a paced server; give its address, process, data folder and the start."""
    with paced(tokens, rate) as (url, host), tempfile.TemporaryDirectory() as folder:
        more = {"FIRST_READER_DATA_DIR": folder, "FIRST_READER_PARALLEL": str(slots)}
        with serving(url, **more) as address:
            yield address, listener(address), Path(folder), lambda: release(host)


def begin(data: Path, count: int) -> list[str]:
    """Queue `count` analyses in the app's store, as another process on it; return their ids."""
    store = Store(data / "first-reader.sqlite")
    name, text = sample()
    manuscript = read(text, name=name)
    shelf = store.shelf()
    kept = shelf.manuscripts.keep(manuscript)
    question = Question(
        manuscript_id=kept,
        title=manuscript.title,
        scope="the whole manuscript",
        ranges=((0, len(manuscript.text)),),
        words=manuscript.words,
        tokens=4_000,
        lens="Analysis",
        prompt="Write.",
        model=MODEL,
        options=Options(num_predict=30_000),
    )
    ids = [shelf.analyses.begin(question).id for _ in range(count)]
    store.close()
    return ids


def watch(client: PageClient, watched: Watched) -> None:
    """Read until the run that watches has ended."""
    for data in client.raw():
        if watched.take(data):
            return


def listener(address: str) -> int:
    """Return the id of the process that listens at `address`."""
    port = f"{int(address.rsplit(':', 1)[1]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if row[1].endswith(f":{port}") and row[3] == "0A")
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(entry.readlink()) == f"socket:[{inode}]":
                return int(entry.parts[2])
        except OSError:
            continue
    raise ProcessLookupError(address)


def processor_seconds(pid: int) -> float:
    """Return user and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens at."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def patiently(attempt: Callable[[], PageClient], *, seconds: float = 30.0) -> PageClient:
    """Try until it works."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def quantiles(lags: list[float]) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds."""
    cuts = statistics.quantiles(lags, n=20)
    return cuts[9] * 1000, cuts[18] * 1000


def show(name: str, watched: Watched, cpu: float, tokens: int) -> None:
    """Print one row."""
    p50, p95 = quantiles(watched.lags)
    print(
        f"{name:>32} {watched.bytes / tokens:>11.1f} {cpu / tokens * 1000:>12.3f} "
        f"{p50:>7.0f} {p95:>7.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
