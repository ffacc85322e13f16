"""Talking in a shell: a line is a question, the end of input is the end."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from components.analysis import ask, fitted, lens
from components.cli.analyse import read_options, watch
from components.cli.output import note, note_model, out
from components.engine import Options
from components.errors import NoUse
from components.scripting import about, find, open_file, running
from components.store import Exchange, PromptInputs, Question, State


def chat(given: argparse.Namespace) -> int:
    """Answer each line of standard input, with all that was said before it."""
    options = read_options(given.option)
    manuscript = open_file(given.file) if given.file else None
    with running() as app:
        model = find(app, given.model)
        note_model(given, model.name)
        if manuscript is not None:
            first = about(app, manuscript, model.name, lens(), options)
        else:
            first = _free(model.name, model.digest, options)
        first = replace(first, lens="Chat", system=given.system)
        said: list[Exchange] = []
        chat_id: str | None = None
        parent: str | None = None
        status = 0
        if sys.stdin.isatty():
            note("ask; Ctrl+D ends")
        for line in sys.stdin:
            asked = line.strip()
            if not asked:
                continue
            material = PromptInputs(manuscript, tuple(said))
            question = replace(first, prompt=asked)
            count = app.token_counter(model)
            limit = options.num_ctx or model.context_length
            question = fitted(question, material, count=count, limit=limit) or replace(
                question, tokens=count(ask(question, material).prompt)
            )
            if question.left_out:
                note(f"the {question.left_out} oldest exchanges do not fit and are not sent")
            if chat_id is None:
                exchange = app.submit(question, chat_name=first.title)
                chat_id = exchange.series_id
            else:
                exchange = app.submit(question, chat_id=chat_id, parent_id=parent)
            outcome = watch(app, exchange, streams=True)
            if isinstance(outcome.error, NoUse):  # It is no part of the talk, which goes on.
                status = 1
                continue
            if outcome.state is not State.DONE:
                return 1
            said.append(Exchange(asked, outcome.text))
            parent = exchange.id
    out("")
    return status


def _free(model: str, digest: str, options: Options) -> Question:
    return Question(
        manuscript_id="",
        title="Chat",
        scope="no manuscript",
        ranges=(),
        words=0,
        tokens=0,
        lens="Chat",
        prompt="",
        model=model,
        digest=digest,
        options=options,
    )
