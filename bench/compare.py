"""Two models side by side: through jobs and journal, and in a browser, against two raw clients.

A real Ollama holds both models. Each way asks both the same question at the same time; the ways
take turns within a round, in the order of the round before reversed, and ratios are taken round by
round, since a computer's speed drifts. What is counted:

- the rate: the sum of both models' `eval_count / eval_duration`, by the server's own clock in every
  way. It holds the writing alone, from the first token to the last, and neither the click, nor the
  reading of the prompt, nor what a page shows before and after. That all ways asked the same is
  checked: their counts of tokens read and written must agree;
- what is seen: the same tokens over the time from the first text to the last that is shown at the
  way's end, in the browser by the page's own clock. A page that shows several times a second is
  behind by so much at the last text and not at the first, which counts against it;
- the first text: seconds from sending, or from the click, apart from the rate;
- processor time a token, of all processes but the server's: where the model runs on the same
  processors, that is what it is slowed down by.

The app is a process of its own, with a headless Chromium on its compare page in one of the ways.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from ollama import ChatResponse
from playwright.sync_api import Page, sync_playwright

from bench.scene import LONG, STEADY, application, ollama_server, place, question, using
from bench.watch import listener, processor_seconds
from components.analysis import Reason, Schedule, ask, with_shared_context
from components.application import Application
from components.engine import BackgroundLoop, Call, Statistics, Text
from components.engine.http import HttpClient
from components.engine.private.pins import MODEL
from components.manuscripts import read, sample
from components.store import CallOutcome, PromptInputs, Question, Store
from tests.browser.app_process import ARGUMENTS, chromium_path, serving
from tests.twin import TWIN, make_twin, remove_twin

LOOP = BackgroundLoop()

ASKED = "Write a long letter."

#: Short, so that writing is what is measured, whatever of it the servers have in their caches.
TEXT = sample()[1].decode()[:1200]

#: Notes in the page when more of the columns' text was there than ever, in seconds from now.
NOTE_TEXT = """() => {
  const began = performance.now();
  let most = 0;
  window.textCame = [];
  new MutationObserver(() => {
    const texts = document.querySelectorAll(".st-key-comparison .fr-analysis");
    const length = Array.from(texts).reduce((sum, one) => sum + one.textContent.length, 0);
    if (length <= most) return;
    most = length;
    window.textCame.push((performance.now() - began) / 1000);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


@dataclass(slots=True)
class Way:
    """What one way measured in one round, both models together."""

    first: float
    last: float
    #: Of each model: tokens read, tokens written, nanoseconds of writing.
    figures: list[tuple[int, int, int]] = field(default_factory=list)
    processor: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens that both wrote."""
        return sum(written for _, written, _ in self.figures)

    @property
    def rate(self) -> float:
        """Tokens a second by the server's clock."""
        return sum(written / nanoseconds * 1e9 for _, written, nanoseconds in self.figures)

    @property
    def seen(self) -> float:
        """Tokens a second as they were shown."""
        return self.tokens / (self.last - self.first)


async def raw(url: str, calls: Sequence[Call], num_ctx: int) -> Way:
    """Ask through as many raw clients, at once, until both have ended."""
    shown: list[float] = []
    figures: list[tuple[int, int, int]] = []
    began = time.monotonic()

    async def one(call: Call) -> None:
        client = HttpClient(url)
        try:
            body = call.body(num_ctx)
            async for part in client.answer(body):
                if part.message.content:
                    shown.append(time.monotonic() - began)
                if part.done:
                    figures.append(_figures(part))
        finally:
            await client.close()

    await asyncio.gather(*map(one, calls))
    return Way(shown[0], shown[-1], figures)


def journal(app: Application, asked: Sequence[Question]) -> Way:
    """Compare, and read both journals as the page does, until both have ended."""
    shelf = app.shelf()
    began = time.monotonic()
    series = app.jobs.compare(shelf, asked, Schedule(True, Reason.LOADED))
    outcomes = {one.call_id: CallOutcome() for one in shelf.analyses.in_series(series.id)}
    seen = dict.fromkeys(outcomes, 0)
    shown: list[float] = []
    while going := {of: seq for of, seq in seen.items() if not outcomes[of].state.has_ended}:
        for of, entries in app.store.journal.after_each(going, timeout=LONG).items():
            if any(isinstance(entry.event, Text) for entry in entries):
                shown.append(time.monotonic() - began)
            for entry in entries:
                seen[of] = entry.seq
                outcomes[of].add(entry)
    return Way(shown[0], shown[-1], [_figures(one.statistics) for one in outcomes.values()])


def browser(page: Page, store: Store) -> Way:
    """Click, and wait until both columns have ended; the figures are those that the app kept."""
    known = {one.id for one in store.shelf().analyses.all()}
    page.evaluate(NOTE_TEXT)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("button", name="New comparison").wait_for(timeout=1000 * LONG)
    shown = page.evaluate("window.textCame")
    mine = [one for one in store.shelf().analyses.all() if one.id not in known]
    return Way(
        shown[0],
        shown[-1],
        [_figures(store.journal.outcome(one.call_id).statistics) for one in mine],
    )


def _figures(of: ChatResponse | Statistics | None) -> tuple[int, int, int]:
    """Return tokens read, tokens written and nanoseconds of writing. Raises: AssertionError."""
    assert of is not None, "an answer broke off"
    assert of.prompt_eval_count is not None
    assert of.eval_count is not None
    assert of.eval_duration is not None
    return of.prompt_eval_count, of.eval_count, of.eval_duration


def prepare(page: Page, address: str, tokens: int, num_ctx: int) -> None:
    """Open the compare page with the text, and what is asked as the other ways ask it."""
    page.goto(f"{address}/compare")
    page.locator("input[type=file]").set_input_files(
        {"name": "text.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    )
    page.get_by_text("Instructions to the model:").click()
    page.get_by_label("What the models are asked").fill(ASKED)
    for number in range(2):
        page.get_by_role("button", name="Options and question").nth(number).click()
        for label, value in (
            ("Longest answer", tokens),
            ("Context, in tokens", num_ctx),
            ("Temperature", 0),
            ("Repeat penalty", STEADY.repeat_penalty),
            ("Penalty looks back", STEADY.repeat_last_n),
        ):
            page.get_by_label(label).last.fill(str(value))
            page.get_by_label(label).last.press("Enter")
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Compare", exact=True).wait_for()


def measure(
    url: str,
    address: str,
    app: Application,
    of_page: Store,
    page: Page,
    rounds: int,
    tokens: int,
) -> dict[str, list[Way]]:
    """Return what each way measured, round by round."""
    options = replace(STEADY, num_predict=tokens)
    text = read(TEXT.encode(), name="text.txt")
    first = replace(
        question(app.shelf(), ASKED, model=MODEL),
        options=options,
        manuscript_id=app.shelf().manuscripts.keep(text),
        ranges=((0, len(text.text)),),
    )
    installed = {model.name: model for model in app.models()[0]}
    pair = [installed[MODEL], installed[TWIN]]
    material = PromptInputs(app.shelf().manuscripts.get(first.manuscript_id))
    prompt = app.token_counter(None)(ask(first, material).prompt)
    asked = [replace(first, model=one.name, digest=one.digest, tokens=prompt) for one in pair]
    asked = with_shared_context(asked, pair)
    num_ctx = asked[0].least_ctx
    calls = [ask(one, material) for one in asked]
    run: dict[str, tuple[Callable[[], Way], Callable[[], list[int]]]] = {
        "raw": (lambda: LOOP.call(raw(url, calls, num_ctx)), lambda: [os.getpid()]),
        "journal": (lambda: journal(app, asked), lambda: [os.getpid()]),
        "browser": (lambda: browser(page, of_page), lambda: [listener(address), *chromium()]),
    }
    expected = sorted(one[:2] for one in run["raw"][0]().figures)  # Both are loaded then.
    measured: dict[str, list[Way]] = {way: [] for way in run}
    for number in range(rounds):
        for name in list(run)[:: 1 if number % 2 == 0 else -1]:
            once, processes = run[name]
            if name == "browser":
                prepare(page, address, tokens, num_ctx)
            before = spent(processes())
            way = once()
            way.processor = spent(processes()) - before
            assert sorted(one[:2] for one in way.figures) == expected, "not the same was asked"
            measured[name].append(way)
    return measured


def chromium() -> list[int]:
    """Return the ids of the browser's processes, which are below this one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(entry.parts[2])] = int(entry.read_text().rpartition(")")[2].split()[1])
    below = [os.getpid()]
    for parent in below:
        below += [pid for pid, of in parents.items() if of == parent]
    return [pid for pid in below if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def spent(processes: Iterable[int]) -> float:
    """Return the processor seconds that these have used."""
    return sum(map(processor_seconds, processes))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=300, help="of each answer, at most")
    given = parser.parse_args()
    with (
        ollama_server() as url,
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as data,
        place(None) as environ,
        application(using(environ, [url])) as app,
        serving(url, FIRST_READER_DATA_DIR=data) as address,
        sync_playwright() as running,
    ):
        make_twin(url, Path(folder))
        of_page = Store(Path(data) / "first-reader.sqlite")
        try:
            launched = running.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            page = launched.new_page()
            measured = measure(url, address, app, of_page, page, given.rounds, given.tokens)
        finally:
            of_page.close()
            remove_twin(url)
    report(measured)


def report(measured: dict[str, list[Way]]) -> None:
    """Print the table, and the line of JSON with the medians of the rounds' ratios."""
    tokens = measured["raw"][0].tokens
    print(f"{tokens} tokens of both together; medians of {len(measured['raw'])} rounds")
    print(f"{'way':<9}{'tokens/s':>10}{'seen/s':>9}{'first text s':>14}{'CPU ms/token':>14}")
    figures: dict[str, float] = {}
    for way, rounds in measured.items():
        rate, seen, first, processor = (
            median(values)
            for values in zip(
                *((one.rate, one.seen, one.first, one.processor) for one in rounds), strict=True
            )
        )
        print(f"{way:<9}{rate:>10.1f}{seen:>9.1f}{first:>14.2f}{processor / tokens * 1000:>14.2f}")
        if way == "raw":
            continue
        pairs = list(zip(rounds, measured["raw"], strict=True))
        figures |= {
            f"{way}_rate_ratio": round(median(a.rate / b.rate for a, b in pairs), 3),
            f"{way}_seen_ratio": round(median(a.seen / b.seen for a, b in pairs), 3),
            f"{way}_added_first_ms": round(median(a.first - b.first for a, b in pairs) * 1000, 1),
            f"{way}_cpu_ms_per_token": round(processor / tokens * 1000, 2),
        }
    print(json.dumps(figures | {"rounds": len(measured["raw"]), "tokens": tokens}))


if __name__ == "__main__":
    main()
