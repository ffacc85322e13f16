"""The commands that ask models of a manuscript, and the one that lists them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from components.analysis import fair_options, schedule, shared_context, suited_lens
from components.application import Application
from components.cli.output import note, note_model, out, status_line
from components.cli.progress_line import CallProgress
from components.engine import Options, Statistics, Text, free_memory
from components.errors import SettingsError
from components.scripting import (
    about,
    checked_options,
    find,
    follow,
    open_file,
    result,
    running,
    to_ask,
)
from components.store import Analysis, CallOutcome, JournalEntry, State

_MOST = 4


def analyse(given: argparse.Namespace) -> int:
    """Read a file with one model; print the text as it arrives."""
    if given.lens:
        # Imported here: what it writes needs more than a question does.
        from components.cli import book

        return book.analyse(given)
    asked = to_ask(given.prompt, None)
    manuscript = open_file(given.file)
    options = read_options(given.option)
    with running() as app:
        analysis = app.submit(about(app, manuscript, given.model, asked, options))
        note_model(given, analysis.question.model)
        streams = not given.json and not given.no_stream
        outcome = watch(app, analysis, streams=streams)
    if given.json:
        out(json.dumps(result(analysis, outcome), ensure_ascii=False, indent=2))
    elif not streams:
        out(outcome.text)
    return 0 if outcome.state is State.DONE else 1


def compare(given: argparse.Namespace) -> int:
    """Read a file with several models, the same question and the same options."""
    if not 2 <= len(given.model) <= _MOST:
        raise SettingsError(f"A comparison takes two to {_MOST} models.")
    lens = to_ask(given.prompt, given.lens)
    manuscript = open_file(given.file)
    options = read_options(given.option).given()
    results = []
    with running() as app:
        found = [find(app, name) for name in given.model]
        lens = suited_lens(lens, *found)  # The same question for all.
        options = fair_options(found) | options
        planned = schedule(found, app.installed(), free_memory())
        note("at the same time" if planned.together else "one after another")
        asked = [about(app, manuscript, model.name, lens, Options.of(options)) for model in found]
        context = shared_context(
            [one.tokens for one in asked], [one.options.num_predict for one in asked], found
        )
        columns = app.compare(asked, least_ctx=context, planned=planned)
        for column in columns:
            if not given.json:
                out(f"\n# {column.question.model}\n")
            outcome = watch(app, column, streams=not given.json)
            results.append((column, outcome))
    if given.json:
        values = [result(column, outcome) for column, outcome in results]
        out(json.dumps(values, ensure_ascii=False, indent=2))
    return 0 if all(outcome.state is State.DONE for _, outcome in results) else 1


def models(given: argparse.Namespace) -> int:
    """List the models of all servers."""
    rows: list[dict[str, Any]] = []
    with running() as app:
        for host, installed in app.installed():
            rows += [
                {
                    "name": model.name,
                    "host": host.url,
                    "parameters": model.parameter_size,
                    "quantization": model.quantization_level,
                    "size": model.size,
                    "context": model.context_length,
                    "capabilities": sorted(model.capabilities),
                    "writes": model.can("completion"),
                    "loaded": model.loaded is not None,
                    "cloud": model.remote_host if model.is_cloud else None,
                }
                for model in installed
            ]
    if given.json:
        out(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        facts = [row["name"], row["parameters"], row["quantization"], f"{row['size']:,} bytes"]
        facts.append(f"context {row['context']:,}" if row["context"] else "")
        facts.append("loaded" if row["loaded"] else "")
        facts.append("" if row["writes"] else "cannot write an analysis")
        facts.append("cloud: refused unless allowed" if row["cloud"] else "")
        out("\t".join(fact for fact in facts if fact))
    return 0


def watch(app: Application, analysis: Analysis, *, streams: bool) -> CallOutcome:
    """Follow an analysis: its text to standard output, the rest to standard error.

    Ctrl+C stops it; what was written is kept.
    """
    progress = CallProgress(app, analysis)

    def show(entry: JournalEntry) -> None:
        if streams and isinstance(entry.event, Text):
            out(entry.event.text, end="")

    def look(outcome: CallOutcome) -> None:
        # Where the text itself is written to the terminal, it says enough.
        if not (streams and outcome.text and sys.stdout.isatty()):
            progress.show(outcome)

    try:
        outcome = follow(app, analysis, on_entry=show, on_look=look)
    except KeyboardInterrupt:
        app.jobs.stop(app.shelf(), analysis.id)
        follow(app, analysis, on_look=progress.show)
        note("stopped; what was written is kept")
        raise
    if streams:
        out("")
    if outcome.error is not None:
        note(f"{outcome.error} {outcome.error.advice}")
    if outcome.statistics is not None:
        note(_figures(outcome.statistics))
    status_line.clear()
    return outcome


def read_options(pairs: Sequence[str]) -> Options:
    """Return the options that NAME=VALUE say. Raises: SettingsError."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return checked_options(values)


def _figures(figures: Statistics) -> str:
    speed = figures.tokens_per_second
    parts = [
        f"done_reason {figures.done_reason}",
        f"read {figures.prompt_eval_count} tokens",
        f"wrote {figures.eval_count} tokens",
        f"{speed:.1f} tokens/s" if speed else "",
        f"{figures.total_duration / 1e9:.1f} s" if figures.total_duration else "",
    ]
    return ", ".join(part for part in parts if part)
