"""The commands that ask models: one question, a whole book, a comparison, or of pictures."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from components.analysis import fair_options, schedule, suited_lens, with_shared_context
from components.application import Application
from components.cli.output import note, note_model, out, out_json, status_line
from components.cli.progress_line import CallProgress, ReportProgress
from components.engine import Options, Statistics, Text, free_memory
from components.errors import SettingsError
from components.evidence import Index
from components.export import as_json, report_markdown, report_sections
from components.reports import Depth, ReadingRequest
from components.scripting.analyze import (
    about,
    about_pictures,
    checked_options,
    find,
    follow,
    open_file,
    open_pictures,
    result,
    running,
    to_ask,
)
from components.scripting.book import begin_reading, chapters_of, finished, named
from components.store import Analysis, CallOutcome, JournalEntry, State

_MAX_COLUMNS = 4

_WAITS = "Ollama does not answer; what is done is kept, and it goes on when Ollama answers again"


def analyse(arguments: argparse.Namespace) -> int:
    """Read a file with one model; print the text as it arrives."""
    if arguments.lens:
        return _analyse_book(arguments)
    lens = to_ask(arguments.prompt, None)
    manuscript = open_file(arguments.file)
    options = read_options(arguments.option)
    with running() as app:
        analysis = app.jobs.submit(
            app.shelf(), about(app, manuscript, arguments.model, lens, options)
        )
        note_model(arguments, analysis.question.model)
        streams = not arguments.json and not arguments.no_stream
        outcome = watch(app, analysis, streams=streams)
    if arguments.json:
        out_json(result(analysis, outcome))
    elif not streams:
        out(outcome.text)
    return 0 if outcome.state is State.DONE else 1


def _analyse_book(arguments: argparse.Namespace) -> int:
    """Read all of a book by one or more lenses; print the reports with their receipt at the end.

    Ctrl+C stops it: what is done is kept, and used when the same is asked again.
    """
    if arguments.prompt is not None:
        raise SettingsError("A lens and a prompt were given.", advice="Give one of them.")
    lenses, chapters = named(arguments.lens), chapters_of(arguments.chapters)
    options = read_options(arguments.option)
    manuscript = open_file(arguments.file)
    with running() as app:
        status_line.show("planning", lambda: "counting the tokens of the book")
        model = find(app, arguments.model)  # Before anything is stored.
        request = ReadingRequest(
            manuscript_id=app.shelf().manuscripts.keep(manuscript),
            model=model,
            lenses=lenses,
            chapters=chapters,
            depth=Depth(arguments.depth),
            has_scores=not arguments.no_scores,
            language=arguments.language,
            options=options,
            is_anew=arguments.anew,
        )
        report = begin_reading(app, request)
        passages = len(report.setting.passages)
        how = "as a whole" if report.setting.is_whole else f"in {passages} passages"
        note_model(arguments, report.setting.model)
        note(f"{len(report.steps)} calls, read {how}; {report.copied} done before")
        progress = ReportProgress(app, report)
        try:
            report = finished(
                app,
                report,
                on_step=progress.step,
                on_wait=lambda: note(_WAITS),
                on_look=progress.show,
            )
        except KeyboardInterrupt:
            app.jobs.stop(app.shelf(), report.id)
            finished(app, report, on_look=progress.show)
            note("stopped; what is done is kept, and serves when the same is asked again")
            raise
        status_line.clear()
    index = Index(report.manuscript)
    if arguments.json:
        out_json(as_json(report, index))
    else:
        out(report_markdown(report_sections(report, index)))
    for step in report.short:
        note(f"NOT COMPLETE: {step.name}: {step.state.value}. {step.problem}".strip())
    return 0 if report.is_complete else 1


def compare(arguments: argparse.Namespace) -> int:
    """Read a file with several models, the same question and the same options."""
    if not 2 <= len(arguments.model) <= _MAX_COLUMNS:
        raise SettingsError(f"A comparison takes two to {_MAX_COLUMNS} models.")
    lens = to_ask(arguments.prompt, arguments.lens)
    manuscript = open_file(arguments.file)
    given = read_options(arguments.option).given()
    results = []
    with running() as app:
        models = [find(app, name) for name in arguments.model]
        lens = suited_lens(lens, *models)  # The same question for all.
        options = Options.of(fair_options(models) | given)
        planned = schedule(models, app.installed(), free_memory())
        note("at the same time" if planned.together else "one after another")
        questions = [about(app, manuscript, model.name, lens, options) for model in models]
        alike = with_shared_context(questions, models)
        comparison = app.jobs.compare(app.shelf(), alike, planned)
        for column in app.shelf().analyses.in_series(comparison.id):
            if not arguments.json:
                out(f"\n# {column.question.model}\n")
            results.append((column, watch(app, column, streams=not arguments.json)))
    if arguments.json:
        out_json([result(column, outcome) for column, outcome in results])
    return 0 if all(outcome.state is State.DONE for _, outcome in results) else 1


def pictures(arguments: argparse.Namespace) -> int:
    """Have one model look at pictures; print the text as it arrives."""
    shown = open_pictures(arguments.files)
    manuscript = open_file(arguments.manuscript) if arguments.manuscript else None
    options = read_options(arguments.option)
    with running() as app:
        model, prompt = arguments.model, arguments.prompt
        question = about_pictures(app, shown, manuscript, model, prompt, options)
        note_model(arguments, question.model)
        analysis = app.jobs.submit(app.shelf(), question, pictures=shown)
        outcome = watch(app, analysis, streams=not arguments.json)
    if arguments.json:
        out_json(result(analysis, outcome))
    return 0 if outcome.state is State.DONE else 1


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
    """Return the options of NAME=VALUE pairs. Raises: SettingsError."""
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
