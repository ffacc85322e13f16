"""The command that lists the lenses; it asks no model."""

from __future__ import annotations

import argparse
import json

from components.application import own_lenses
from components.cli.output import note, out
from components.scripting import known_lenses
from components.settings import Settings


def show(given: argparse.Namespace) -> int:
    """List the editor's own lenses and the shipped ones; say which files are none."""
    known = known_lenses()
    unread = own_lenses(Settings.from_environment()).problems()
    if given.json:
        rows = [
            {
                "name": one.name,
                "title": one.title,
                "own": one.is_own,
                "prompt": one.prompt,
                "schema": json.loads(one.schema) if one.schema else None,
            }
            for one in known
        ]
        out(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for one in known:
            out("\t".join([one.name, one.title, *(["yours"] if one.is_own else [])]))
    for problem in unread:
        note(f"{problem.file}: {problem.error} {problem.error.advice}".strip())
    return 0
