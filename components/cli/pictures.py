"""The command that has a model look at pictures."""

import argparse

from components.cli.analyse import read_options, watch
from components.cli.output import note_model, out_json
from components.scripting import about_pictures, open_file, open_pictures, result, running
from components.store import State


def pictures(arguments: argparse.Namespace) -> int:
    """Look at pictures with one model; print the text as it arrives."""
    shown = open_pictures(arguments.files)
    manuscript = open_file(arguments.manuscript) if arguments.manuscript else None
    options = read_options(arguments.option)
    with running() as app:
        question = about_pictures(
            app, shown, manuscript, arguments.model, arguments.prompt, options
        )
        note_model(arguments, question.model)
        analysis = app.jobs.submit(app.shelf(), question, pictures=shown)
        outcome = watch(app, analysis, streams=not arguments.json)
    if arguments.json:
        out_json(result(analysis, outcome))
    return 0 if outcome.state is State.DONE else 1
