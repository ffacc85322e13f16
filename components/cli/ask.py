"""The command that finds the passages of a manuscript for a question."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from components.cli.output import note, out, out_json
from components.errors import SettingsError
from components.retrieval import Hit, Retriever, retriever_of
from components.scripting.api import open_file

#: Passages that are printed for a question.
_MOST = 20


def ask(arguments: argparse.Namespace) -> int:
    """Print the passages for a question, or for each line of a file of questions."""
    if not arguments.retrieve_only:
        raise SettingsError("Give --retrieve-only.")
    questions = _questions(arguments)
    retriever = retriever_of(open_file(arguments.file))
    for question in questions:
        hits = retriever.search(question, _MOST)
        if arguments.json and arguments.questions is not None:
            out(json.dumps(_as_json(retriever, question, hits), ensure_ascii=False))
        elif arguments.json:
            out_json(_as_json(retriever, question, hits))
        else:
            out("\n\n".join(_plain(retriever, question, hits)))
        if unknown := retriever.unknown(question):
            note(f"the manuscript does not have: {', '.join(unknown)}")
    return 0


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


def _as_json(retriever: Retriever, question: str, hits: Sequence[Hit]) -> dict[str, Any]:
    return {
        "question": question,
        "passages": [
            {
                "chapter": _chapter(retriever, hit),
                "start": hit.start,
                "end": hit.end,
                "text": retriever.index.text[hit.start : hit.end],
            }
            for hit in hits
        ],
    }


def _plain(retriever: Retriever, question: str, hits: Sequence[Hit]) -> Iterator[str]:
    yield f"# {question}"
    for number, hit in enumerate(hits, 1):
        chapter = _chapter(retriever, hit)
        where = f"{chapter}, {hit.start}-{hit.end}" if chapter else f"{hit.start}-{hit.end}"
        yield f"[{number}] {where}\n{retriever.index.text[hit.start : hit.end]}"


def _chapter(retriever: Retriever, hit: Hit) -> str | None:
    """Return the name of the chapter of a passage."""
    chapter = retriever.index.chapter_at(hit.start)
    return " ".join(chapter.name.split()) if chapter else None
