"""Two models side by side: through jobs and journal, and in a browser, against two raw clients.

A real Ollama holds both models; each way asks both the same at the same time, the ways take turns.
The rate is the tokens of both answers over the time from the question to the last token. The app
is a process of its own, with a headless Chromium on its compare page in one of the ways: on two
cores that draws with processor time of the models'.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserType, Page, sync_playwright

from bench.scene import LONG, application, ollama_server, place, question, using
from components.analysis import ask, shared_context
from components.application import Application
from components.engine import BackgroundLoop, Call, Options
from components.engine.client import _body
from components.engine.private.pins import MODEL
from components.engine.wire import Wire
from components.manuscripts import read, sample
from components.store import Material, Outcome, Question
from tests.browser.conftest import ARGUMENTS, chromium_path, serving
from tests.twin import TWIN, make_twin, remove_twin

LOOP = BackgroundLoop()

ASKED = "Write a long letter."

#: Short, so that writing is what is measured, whatever of it the servers have in their caches.
TEXT = sample()[1].decode()[:1200]


async def raw(url: str, calls: Sequence[Call], num_ctx: int) -> None:
    """Ask through as many raw clients, at once, until both have ended."""

    async def one(call: Call) -> None:
        wire = Wire(url)
        try:
            body = _body(call, num_ctx, messages=call.sent(), stream=True)
            async for _ in await wire.answer(body):
                pass
        finally:
            await wire.shut()

    await asyncio.gather(*map(one, calls))


def journal(app: Application, asked: Sequence[Question]) -> None:
    """Compare, and read both journals as the page does, until both have ended."""
    shelf = app.shelf()
    series = app.jobs.compare(shelf, asked, name="bench", details={}, together=True)
    outcomes = {one.call_id: Outcome() for one in shelf.analyses.in_series(series.id)}
    seen = dict.fromkeys(outcomes, 0)
    while going := {of: seq for of, seq in seen.items() if not outcomes[of].state.has_ended}:
        for of, entries in app.store.journal.after_each(going, timeout=LONG).items():
            for entry in entries:
                seen[of] = entry.seq
                outcomes[of].add(entry)


def prepare(page: Page, address: str, tokens: int, num_ctx: int) -> None:
    """Open the compare page with the text, and what is asked as the other ways ask it."""
    page.goto(f"{address}/compare")
    page.locator("input[type=file]").set_input_files(
        {"name": "text.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    )
    page.get_by_role("button", name="Analyse this manuscript").wait_for()
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_text("The question:").click()
    page.get_by_label("What the models are asked").fill(ASKED)
    for number in range(2):
        page.get_by_role("button", name="Options and question").nth(number).click()
        page.get_by_label("Longest answer").last.fill(str(tokens))
        page.get_by_label("Longest answer").last.press("Enter")
        page.get_by_label("Context, in tokens").last.fill(str(num_ctx))
        page.get_by_label("Context, in tokens").last.press("Enter")
        page.get_by_label("Temperature").last.fill("0")
        page.get_by_label("Temperature").last.press("Enter")
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare", exact=True).wait_for()


def browser(page: Page) -> None:
    """Click, and wait until both columns have ended."""
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("button", name="New comparison").wait_for(timeout=1000 * LONG)


def measure(
    url: str,
    address: str,
    app: Application,
    chromium: BrowserType,
    rounds: int,
    tokens: int,
) -> dict[str, list[float]]:
    """Return for each way the seconds of its rounds."""
    options = Options(num_predict=tokens, temperature=0.0, seed=1)
    text = read(TEXT.encode(), name="text.txt")
    first = replace(
        question(app.shelf(), ASKED, model=MODEL),
        options=options,
        manuscript_id=app.shelf().manuscripts.keep(text),
        ranges=((0, len(text.text)),),
    )
    installed = {model.name: model for model in app.models()[0]}
    pair = [installed[MODEL], installed[TWIN]]
    material = Material(app.shelf().manuscripts.get(first.manuscript_id))
    prompt = app.token_counter(None)(ask(first, material).prompt)
    num_ctx = shared_context([prompt], [tokens], pair)
    asked = [replace(first, model=one.name, digest=one.digest, least_ctx=num_ctx) for one in pair]
    calls = [ask(one, material) for one in asked]
    page = chromium.launch(executable_path=chromium_path(), args=ARGUMENTS).new_page()
    prepare(page, address, tokens, num_ctx)
    run: dict[str, Callable[[], None]] = {
        "raw": lambda: LOOP.call(raw(url, calls, num_ctx)),
        "journal": lambda: journal(app, asked),
        "browser": lambda: browser(page),
    }
    run["raw"]()  # Both are loaded then, and have the manuscript in their caches.
    seconds: dict[str, list[float]] = {way: [] for way in run}
    for _ in range(rounds):
        for way, once in run.items():
            seconds[way].append(timed(once))
            if way == "browser":
                page.get_by_role("button", name="New comparison").click()
                page.get_by_role("button", name="Compare", exact=True).wait_for()
    return seconds


def timed(once: Callable[[], None]) -> float:
    """Return how many seconds it takes."""
    began = time.monotonic()
    once()
    return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=200, help="of each answer")
    given = parser.parse_args()
    with (
        ollama_server() as url,
        tempfile.TemporaryDirectory() as folder,
        place(None) as environ,
        application(using(environ, [url])) as app,
        serving(url) as address,
        sync_playwright() as running,
    ):
        make_twin(url, Path(folder))
        try:
            seconds = measure(url, address, app, running.chromium, given.rounds, given.tokens)
        finally:
            remove_twin(url)
    print(f"way        seconds for {given.tokens} tokens of both   median of {given.rounds}")
    for way, values in seconds.items():
        print(f"{way:<10} {median(values):>10.2f}")
    ratios = {
        f"{way}_rate_ratio": round(median(seconds["raw"]) / median(values), 3)
        for way, values in seconds.items()
        if way != "raw"
    }
    print(json.dumps({**ratios, "rounds": given.rounds, "tokens": given.tokens}))


if __name__ == "__main__":
    main()
