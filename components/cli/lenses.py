"""The command that lists the lenses; it asks no model."""

import argparse
import json

from components.application import own_lenses
from components.cli.output import note, out, out_json
from components.scripting.analyze import known_lenses
from components.settings import Settings


def show(arguments: argparse.Namespace) -> int:
    """List the editor's own lenses and the shipped ones; name the files that are none."""
    known = known_lenses()
    unreadable = own_lenses(Settings.from_environment()).problems()
    if arguments.json:
        out_json(
            [
                {
                    "name": lens.name,
                    "title": lens.title,
                    "own": lens.is_own,
                    "prompt": lens.prompt,
                    "schema": json.loads(lens.schema) if lens.schema else None,
                }
                for lens in known
            ]
        )
    else:
        for lens in known:
            out("\t".join([lens.name, lens.title, *(["yours"] if lens.is_own else [])]))
    for problem in unreadable:
        note(f"{problem.file}: {problem.error} {problem.error.advice}".strip())
    return 0
