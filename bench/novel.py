"""What a whole-book report costs.

Tokens evaluated for one, three and six lenses; time against the raw client that sends the same
prompts in the same order; what a second draft runs again.

Tokens are llama.cpp's own counts, from its log: Ollama's `prompt_eval_count` counts what the cache
held too. "Net" leaves out what the plan cannot avoid: the findings that summaries are written from.
A summary's own question weighs the more the fewer chapters are read: `--chapters 99` reads all of
them. The context is the one that the app chooses for a report, unless `--num-ctx` says another.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bench.reading import Served, opened, planned, reading, run, seconds, serving
from bench.scene import STEADY
from components.analysis import ask, lenses
from components.application import Application, Counter
from components.engine import BackgroundLoop, Call, Model
from components.engine.http import HttpClient
from components.manuscripts import Manuscript
from components.reports import Depth, ReadingRequest, Report, in_context, story_chapters
from components.store import EarlierAnswer, PromptInputs, StepStatus

LOOP = BackgroundLoop()


def calls(app: Application, report: Report) -> list[tuple[StepStatus, Call]]:
    """Return each step of a finished report with what was asked, in the order of sending."""
    steps = app.shelf().reports.steps(report.id)  # A report's own answers are made readable.
    made = []
    for one in sorted(steps, key=lambda one: one.started or 0.0):
        needed = [steps[at] for at in one.needs]
        notes = tuple(EarlierAnswer(before.question, before.answer) for before in needed)
        made.append((one, ask(one.question, PromptInputs(report.manuscript, notes=notes))))
    return made


def bodies(app: Application, report: Report) -> list[dict[str, Any]]:
    """Return what was sent for each step of a finished report, in the order of sending."""
    return [call.body(report.setting.num_ctx) for _, call in calls(app, report)]


async def raw(url: str, sent: Sequence[dict[str, Any]]) -> int:
    """Send bodies one after another with a raw client; return the tokens that were written."""
    client, written = HttpClient(url), 0
    try:
        for body in sent:
            async for part in client.answer(body):
                if part.done:
                    written += part.eval_count or 0
    finally:
        await client.close()
    return written


def unload(url: str, model: Model) -> None:
    """Have the server forget the model and with it what its cache holds."""

    async def forget() -> None:
        client = HttpClient(url)
        await client.load({"model": model.name, "messages": [], "keep_alive": 0, "stream": False})
        await client.close()

    LOOP.call(forget())


def reuse(
    app: Application,
    served: Served,
    book: Manuscript,
    model: Model,
    ctx: int,
    counts: Sequence[int],
) -> list[Any]:
    """Return for each number of lenses what the server evaluated of a book."""
    rows = []
    for count in counts:
        made = planned(
            app,
            book,
            model,
            lenses=lenses()[:count],
            depth=Depth.STANDARD,
            has_scores=False,
            num_ctx=ctx,
            options=STEADY,
            is_anew=True,
        )
        at = served.place()
        report = run(app, book, made, say=True)
        assert report.is_complete, report.short
        evaluated, cached = served.evaluated(at)
        rows.append(
            (count, made.book_tokens, evaluated, evaluated - told(app, model, report), cached)
        )
    return rows


def told(app: Application, model: Model, report: Report) -> int:
    """Return the tokens of findings, and of summaries of them, that other steps read."""
    asked = ((one, call.messages[-1].content) for one, call in calls(app, report) if one.needs)
    texts = [content.removesuffix(one.question.prompt) for one, content in asked]
    return sum(Counter(app, model).all(texts))


def overhead(
    app: Application, url: str, book: Manuscript, model: Model, ctx: int, rounds: int
) -> list[float]:
    """Return, round by round, the time of a report over that of the raw client."""
    made = planned(
        app,
        book,
        model,
        lenses=lenses()[:1],
        chapters=tuple(one.index for one in book.chapters),
        has_scores=False,
        num_ctx=ctx,
        options=STEADY,
        is_anew=True,
    )
    ratios = []
    for _ in range(rounds):
        unload(url, model)
        report = run(app, book, made)
        written = sum(one.statistics.eval_count or 0 for one in report.steps if one.statistics)
        unload(url, model)
        began = time.monotonic()
        also = LOOP.call(raw(url, bodies(app, report)))
        # The same prompts, and as good as the same answers: time is taken for each token written.
        ratios.append((seconds(report) / written) / ((time.monotonic() - began) / also))
    return ratios


def second_draft(
    app: Application, served: Served, book: Manuscript, model: Model, ctx: int
) -> tuple[int, int, int, int]:
    """Return steps and evaluated tokens of a skim, and of one after a chapter was changed."""
    asked: dict[str, Any] = {
        "lenses": lenses()[:1],
        "depth": Depth.SKIM,
        "num_ctx": ctx,
        "options": STEADY,
    }
    unload(served.url, model)  # Else the server has the text from before.
    at = served.place()
    first = run(app, book, planned(app, book, model, is_anew=True, **asked), say=True)
    whole = served.evaluated(at)[0]
    place = book.chapters[len(book.chapters) // 2].body_start
    text = f"{book.text[:place]}X{book.text[place + 1 :]}"
    changed = replace(book, text=text, sha256="0" * 64)
    at = served.place()
    second = run(app, changed, planned(app, changed, model, **asked))
    ran = len(second.steps) - second.copied
    return len(first.steps), whole, ran, served.evaluated(at)[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", help="the book; the shortest novel there is unless given")
    parser.add_argument("--chapters", type=int, default=4, help="of the book, from its first")
    parser.add_argument("--lenses", type=int, nargs="*", default=[1, 3, 6], help="how many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--num-ctx", type=int, default=0, help="the app's choice unless given")
    given = parser.parse_args()
    book = opened(given.file)
    with serving() as served, reading(served.url) as (app, model):
        few = cut(book, given.chapters)
        ctx = given.num_ctx or suited(app, few, model)
        rows = reuse(app, served, few, model, ctx, given.lenses)
        print("lenses   book tokens   evaluated    net   net/book   from the cache")
        for count, tokens, evaluated, net, cached in rows:
            print(f"{count:>6} {tokens:>13,} {evaluated:>11,} {net:>6,} {net / tokens:>10.3f}"
                  f" {cached:>16,}")  # fmt: skip
        two = cut(book, min(given.chapters, 2))
        ratios = overhead(app, served.url, two, model, ctx, given.rounds)
        print("report/raw, round by round:", ", ".join(f"{one:.3f}" for one in ratios))
        drafts: dict[str, list[int]] = {}
        if given.rounds:
            steps, whole, ran, again = second_draft(app, served, few, model, ctx)
            drafts = {"steps": [ran, steps], "evaluated": [again, whole]}
            print(f"a skim: {steps} steps, {whole:,} tokens; one chapter changed: {ran}, {again:,}")
    print(
        json.dumps(
            {
                "net_ratio": {count: round(net / tokens, 3) for count, tokens, _, net, _ in rows},
                "overhead": [round(one, 3) for one in ratios],
                "second_draft": drafts,
                "num_ctx": ctx,
            }
        )
    )


def suited(app: Application, book: Manuscript, model: Model) -> int:
    """Return the context, in tokens, that the app chooses for a report of a book by each lens."""
    kept = app.shelf().manuscripts.keep(book)
    request = ReadingRequest(kept, model, lenses=lenses(), chapters=story_chapters(book))
    return in_context(book, request, Counter(app, model).all).num_ctx


def cut(book: Manuscript, chapters: int) -> Manuscript:
    """Return the first chapters of a book as a book of its own."""
    kept = book.chapters[:chapters]
    end = kept[-1].end if kept else len(book.text)
    return replace(book, text=book.text[:end], chapters=kept, sha256="1" * 64)


if __name__ == "__main__":
    main()
