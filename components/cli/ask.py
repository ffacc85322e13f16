"""A question to the whole of a manuscript: the passages that are found for it, and the answer."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from components.analysis import readable_items
from components.cli.analyse import read_options, watch
from components.cli.output import note, note_model, out, out_json
from components.errors import SettingsError
from components.retrieval import missing_words, retriever_of
from components.scripting.analyze import find, open_file, result, running, whole
from components.scripting.ask import cited, passage_json, question_step
from components.store import State

#: Passages that are printed for a question.
_MOST = 20


def ask(arguments: argparse.Namespace) -> int:
    """Answer a question, or each line of a file of questions, or print its passages alone."""
    questions = _questions(arguments)
    retriever = retriever_of(manuscript := open_file(arguments.file))
    if arguments.retrieve_only:
        for question in questions:
            hits = retriever.search(question, _MOST)
            passages = [passage_json(retriever.index, hit.start, hit.end) for hit in hits]
            _print(arguments, {"question": question, "passages": passages}, _plain(passages))
            _note_missing(missing_words(question, retriever.index))
        return 0
    options, status = read_options(arguments.option), 0
    with running() as app:
        model = find(app, arguments.model)
        note_model(arguments, model.name)
        subject = whole(app, manuscript)
        for question in questions:
            step = question_step(app, subject, retriever, model, question, options)
            analysis = app.jobs.submit(app.shelf(), step)
            outcome = watch(app, analysis, streams=False)
            if outcome.state is not State.DONE:
                status = 1
            value = result(analysis, outcome) | cited(analysis, outcome.text, retriever.index)
            _note_missing(value["missing_words"])
            rows = readable_items(analysis.question, outcome.text, retriever.index)
            _print(arguments, value, rows or ["The passages that were found do not say it."])
    return status


def _note_missing(words: Sequence[str]) -> None:
    if words:
        note(f"the manuscript does not have: {', '.join(words)}")


def _questions(arguments: argparse.Namespace) -> list[str]:
    if (arguments.question is None) == (arguments.questions is None):
        raise SettingsError("Give one question, or a file of them with --questions.")
    if arguments.questions is None:
        lines = [arguments.question]
    else:
        lines = Path(arguments.questions).read_text(encoding="utf-8-sig").split("\n")
    questions = [line.strip() for line in lines if line.strip()]
    if not questions:
        raise SettingsError("There is no question.")
    return questions


def _print(arguments: argparse.Namespace, value: dict[str, Any], rows: Iterable[str]) -> None:
    """Print as JSON, in one line of many or alone, or as Markdown."""
    if not arguments.json:
        out("\n\n".join([f"# {value['question']}", *rows]))
    elif arguments.questions is None:
        out_json(value)
    else:
        out(json.dumps(value, ensure_ascii=False))


def _plain(passages: Sequence[dict[str, Any]]) -> Iterator[str]:
    for number, passage in enumerate(passages, 1):
        where = f"{passage['start']}-{passage['end']}"
        head = ", ".join(filter(None, (passage["chapter"], where)))
        yield f"[{number}] {head}\n{passage['text']}"
