"""The command that reads a whole book; `analyse` with a lens."""

from __future__ import annotations

import argparse
import json

from components.cli.analyse import read_options
from components.cli.output import note, note_model, out, status_line
from components.cli.progress_line import ReportProgress
from components.errors import SettingsError
from components.evidence import Index
from components.export import as_json, report_markdown, report_sections
from components.reports import Depth
from components.scripting import (
    Reading,
    chapters_of,
    finished,
    named,
    open_file,
    read_book,
    running,
)


def analyse(given: argparse.Namespace) -> int:
    """Read all of a book by one or more lenses; print the reports with their receipt at the end.

    Ctrl+C stops it: what is done is kept, and serves when the same is asked again.
    """
    if given.prompt is not None:
        raise SettingsError("A lens and a prompt were given.", advice="Give one of them.")
    asked = Reading(
        model=given.model,
        lenses=named(given.lens),
        depth=Depth(given.depth),
        chapters=chapters_of(given.chapters),
        has_scores=not given.no_scores,
        language=given.language,
        options=read_options(given.option),
        is_anew=given.anew,
    )
    manuscript = open_file(given.file)
    with running() as app:
        status_line.show("planning", lambda: "counting the tokens of the book")
        report = read_book(app, manuscript, asked)
        passages = len(report.setting.passages)
        how = "as a whole" if report.setting.is_whole else f"in {passages} passages"
        note_model(given, report.setting.model)
        note(f"{len(report.steps)} calls, read {how}; {report.copied} done before")
        progress = ReportProgress(app, report)
        try:
            report = finished(
                app, report, on_step=progress.step, on_wait=_wait, on_look=progress.show
            )
        except KeyboardInterrupt:
            app.jobs.stop_series(app.shelf(), report.id)
            finished(app, report, on_look=progress.show)
            note("stopped; what is done is kept, and serves when the same is asked again")
            raise
        status_line.clear()
    index = Index(report.manuscript)
    if given.json:
        out(json.dumps(as_json(report, index), ensure_ascii=False, indent=2))
    else:
        out(report_markdown(report_sections(report, index)))
    for one in report.short:
        note(f"NOT COMPLETE: {one.name}: {one.state.value}. {one.problem}".strip())
    return 0 if report.is_complete else 1


def _wait() -> None:
    note("Ollama does not answer; what is done is kept, and it goes on when Ollama answers again")
