"""The command that has a model look at pictures."""

from __future__ import annotations

import argparse
import json

from components.cli.analyse import read_options, watch
from components.cli.output import note_model, out
from components.scripting import about_pictures, open_file, open_pictures, result, running
from components.store import State


def pictures(given: argparse.Namespace) -> int:
    """Look at pictures with one model; print the text as it arrives."""
    shown = open_pictures(given.files)
    manuscript = open_file(given.manuscript) if given.manuscript else None
    options = read_options(given.option)
    with running() as app:
        question = about_pictures(app, shown, manuscript, given.model, given.prompt, options)
        note_model(given, question.model)
        analysis = app.submit(question, pictures=shown)
        outcome = watch(app, analysis, streams=not given.json)
    if given.json:
        out(json.dumps(result(analysis, outcome), ensure_ascii=False, indent=2))
    return 0 if outcome.state is State.DONE else 1
