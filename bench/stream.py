"""How fast the answer reaches the engine layer, and the eye, against the raw official client.

Four ways take turns in one run, on the same server, prompt, options and model variant (temperature
0, so that all get the same text): the raw client, the engine, the journal as its readers see it
(question, job, engine, store), and the page through its websocket. The rate counts letters up to
the one that ends token TOKENS; time to first token runs from sending (raw, engine, journal) or from
the click (page). The prompt is read once before and is then in the server's cache, so that what
differs is the way and not the reading.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import ollama

from bench.page import PageClient
from bench.page import letters as in_text
from bench.scene import (
    LONG,
    STEADY,
    application,
    ollama_server,
    place,
    question,
    using,
    wait_all,
)
from components.analysis import ask, lens, suited_lens
from components.application import Application
from components.engine import DEFAULT_NUM_PREDICT, BackgroundLoop, Call, Engine, Options, Text
from components.engine.http import HttpClient
from components.manuscripts import read, sample
from components.store import PromptInputs, Question, StateChanged
from tests.browser.app_process import serving

ROUNDS = 5
TOKENS = 250
SAMPLE = "Try its first chapter"
MODEL = "first-reader-bench:latest"

Times = list[tuple[float, int]]

#: Where the raw client and the engine run, as in the app.
LOOP = BackgroundLoop()


def main() -> None:
    """Measure and print."""
    with ollama_server() as url:
        client = ollama.Client(url, trust_env=False)
        base = client.list().models[0].model
        client.create(model=MODEL, from_=base, parameters=STEADY.given())
        try:
            report(measure(url))
        finally:
            client.delete(MODEL)


def measure(url: str) -> dict[str, list[tuple[float, float]]]:
    """Return for each way its rounds as (letters a second, seconds to the first token)."""
    ways: dict[str, list[tuple[float, float]]] = {}
    with (
        serving(url) as address,
        place(None) as environ,
        application(using(environ, [url])) as app,
    ):
        app.wait_connected(LONG)
        model = next(model for model in app.models()[0] if model.name == MODEL)
        prompt = suited_lens(lens(), model).prompt  # As the page asks a model of its size.
        asked = question(app.shelf(), prompt, model=MODEL, tokens=DEFAULT_NUM_PREDICT)
        asked = replace(
            asked, options=Options(num_predict=DEFAULT_NUM_PREDICT)
        )  # The variant has them.
        name, data = sample()
        call = ask(asked, PromptInputs(read(data, name=name)))
        through_page(address, letters=50)
        num_ctx = LOOP.call(context(url))
        # The first answer reads the text, and may differ from those that find it in the cache; the
        # rest is room for an answer that ends a little earlier.
        LOOP.call(raw(url, call, num_ctx))
        enough = LOOP.call(raw(url, call, num_ctx))[-1][1] * 3 // 4
        run: dict[str, Callable[[], Times]] = {
            "raw": lambda: LOOP.call(raw(url, call, num_ctx)),
            "engine": lambda: LOOP.call(engine(url, call)),
            "journal": lambda: journal(app, asked, letters=enough),
            "page": lambda: through_page(address, letters=enough),
        }
        for _ in range(ROUNDS):
            for way, once in run.items():
                ways.setdefault(way, []).append(rate(once(), enough))
    return ways


def through_page(address: str, *, letters: int) -> Times:
    """Analyse the sample on the page until `letters` arrived, then stop; seconds from the click."""
    page = PageClient(address)
    try:
        page.run(query="")
        page.until_button(SAMPLE)
        page.run(click=SAMPLE)
        page.until_button("Analyse")
        began = time.monotonic()
        page.run(click="Analyse")
        times = []
        for at, count in page.letters():
            times.append((at - began, count))
            if count >= letters:
                break
        page.run(click="Stop")
        page.until_button("New analysis")
    finally:
        page.close()
    return times


def journal(app: Application, asked: Question, *, letters: int) -> Times:
    """Ask through all parts and read the journal as a page does, until `letters` arrived."""
    began = time.monotonic()
    analysis = app.jobs.submit(app.shelf(), asked)
    times: Times = []
    count = seq = 0
    while count < letters:
        for entry in app.store.journal.after(analysis.call_id, seq, timeout=LONG):
            seq = entry.seq
            if isinstance(entry.event, Text):
                count += in_text(entry.event.text)
            elif isinstance(entry.event, StateChanged) and entry.event.state.has_ended:
                raise RuntimeError(f"the answer ended after {count} of {letters} letters")
        times.append((time.monotonic() - began, count))
    app.jobs.stop(app.shelf(), analysis.id)
    wait_all(app)
    return times


async def raw(url: str, call: Call, num_ctx: int) -> Times:
    """Ask through the official client, with the same body."""
    client = HttpClient(url)
    times, count = [], 0
    began = time.monotonic()
    parts = client.answer(call.body(num_ctx))
    received = 0
    async for part in parts:
        count += in_text(part.message.content or "")
        times.append((time.monotonic() - began, count))
        received += 1
        if received >= TOKENS:
            break
    await parts.aclose()
    await client.close()
    return times


async def engine(url: str, call: Call) -> Times:
    """Ask through the engine layer, as the jobs do."""
    one = Engine(url)
    times, count = [], 0
    began = time.monotonic()
    events = one.stream(call)
    async for event in events:
        if isinstance(event, Text):
            count += in_text(event.text)
            times.append((time.monotonic() - began, count))
            if len(times) >= TOKENS:
                break
    await events.aclose()
    await one.close()
    return times


async def context(url: str) -> int:
    """Return the context that the page had the model loaded with."""
    client = HttpClient(url)
    loaded = await client.get("/api/ps")
    await client.close()
    return int(loaded["models"][0]["context_length"])


def rate(times: Times, enough: int) -> tuple[float, float]:
    """Return letters a second and seconds to the first.

    The rate is taken from a tenth of the letters on: what is seen lags by a tick or two behind
    what is sent, at both ends alike, while the very first letter is shown without any.
    """
    start = next(at for at, count in times if count)
    after = [(at, count) for at, count in times if count >= enough / 10]
    low, high = after[0], next((one for one in after if one[1] >= enough), after[-1])
    return (high[1] - low[1]) / (high[0] - low[0]), start


def report(ways: dict[str, list[tuple[float, float]]]) -> None:
    """Print the table and the line of JSON; ratios are taken round by round."""
    print(f"{'way':8} {'letters/s':>10} {'first token ms':>15}   median of {ROUNDS}")
    for way, rounds in ways.items():
        speed, first = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{way:8} {speed:10.1f} {first * 1000:15.0f}")
    figures: dict[str, float] = {}
    for way, prefix in (("page", ""), ("journal", "journal_"), ("engine", "engine_")):
        pairs = list(zip(ways[way], ways["raw"], strict=True))
        figures[f"{prefix}rate_ratio"] = round(statistics.median(a[0] / b[0] for a, b in pairs), 3)
        figures[f"{prefix}added_ttft_ms"] = round(
            statistics.median((a[1] - b[1]) * 1000 for a, b in pairs), 1
        )
    print(json.dumps(figures | {"rounds": ROUNDS, "tokens": TOKENS}))


if __name__ == "__main__":
    main()
