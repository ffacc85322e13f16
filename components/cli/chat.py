"""A chat in a shell: each line is a question, the end of input ends it."""

import argparse
import sys
from dataclasses import replace

from components.analysis import ask, fitted, lens, question_about
from components.cli.analyse import read_options, watch
from components.cli.output import note, note_model, out
from components.errors import NoUse
from components.scripting.analyze import about, find, open_file, running
from components.store import Exchange, PromptInputs, State


def chat(arguments: argparse.Namespace) -> int:
    """Answer each line of standard input, with all exchanges before it."""
    options = read_options(arguments.option)
    manuscript = open_file(arguments.file) if arguments.file else None
    with running() as app:
        model = find(app, arguments.model)
        note_model(arguments, model.name)
        if manuscript is not None:
            template = about(app, manuscript, model.name, lens(), options)
        else:
            template = question_about(None, model, options, lens="Chat", prompt="")
        template = replace(template, lens="Chat", system=arguments.system)
        exchanges: list[Exchange] = []
        chat_id: str | None = None
        parent: str | None = None
        status = 0
        if sys.stdin.isatty():
            note("ask; Ctrl+D ends")
        for prompt in filter(None, map(str.strip, sys.stdin)):
            inputs = PromptInputs(manuscript, tuple(exchanges))
            question = replace(template, prompt=prompt)
            count = app.token_counter(model)
            limit = options.num_ctx or model.context_length
            question = fitted(question, inputs, count=count, limit=limit) or replace(
                question, tokens=count(ask(question, inputs).prompt)
            )
            if question.left_out:
                note(f"the {question.left_out} oldest exchanges do not fit and are not sent")
            if chat_id is None:
                analysis = app.jobs.submit(app.shelf(), question, chat_name=template.title)
                chat_id = analysis.series_id
            else:
                analysis = app.jobs.submit(app.shelf(), question, chat_id=chat_id, parent_id=parent)
            outcome = watch(app, analysis, streams=True)
            if isinstance(outcome.error, NoUse):  # Not part of the chat, which goes on.
                status = 1
                continue
            if outcome.state is not State.DONE:
                return 1
            exchanges.append(Exchange(prompt, outcome.text))
            parent = analysis.id
    out("")
    return status
