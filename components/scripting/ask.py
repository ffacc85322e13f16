"""A question to the whole of a manuscript, answered from passages, as a script asks it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.analysis import Subject, passage_step, question_about, read_findings
from components.application import Application
from components.engine import Model, Options
from components.evidence import Index
from components.retrieval import Retriever, missing_words, retriever_of
from components.scripting.analyze import (
    checked_options,
    find,
    follow,
    open_file,
    result,
    running,
    to_ask,
    whole,
)
from components.store import Analysis, Step


def ask_manuscript(
    path: str | Path,
    question: str,
    *,
    model: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask a question of a manuscript and return the response with Ollama's fields and `answer`.

    `answer` are statements, each with the words that it rests on (`start` and `end` count
    characters of the text), its `chapter`, and whether it `is_supported`; `passages` are those that
    the model read, the best first, and `missing_words` those of the question that the manuscript
    nowhere has. What can be counted is answered without a model. Without `model`
    it is chosen as for `analyze_file`.
    Raises: OSError, ManuscriptError, SettingsError, EngineError, StoreError.
    """
    words, chosen = to_ask(question, None).prompt, checked_options(options or {})
    manuscript = open_file(path)
    retriever = retriever_of(manuscript)
    with running() as app:
        asked = whole(app, manuscript)
        step = question_step(app, asked, retriever, find(app, model), words, chosen)
        analysis = app.jobs.submit(app.shelf(), step)
        outcome = follow(app, analysis)
        if outcome.error is not None:
            raise outcome.error
        return result(analysis, outcome) | cited(analysis, outcome.text, retriever.index)


def question_step(
    app: Application,
    subject: Subject,
    retriever: Retriever,
    model: Model,
    words: str,
    options: Options,
) -> Step:
    """Return the step that asks `words` of a whole manuscript. Raises: EngineError."""
    suited = app.suited(options, model)
    question = question_about(subject, model, suited, lens="Ask", prompt=words)
    limit, count = options.num_ctx or model.context_length, app.token_counter(model)
    return passage_step(question, subject.manuscript, (), retriever, count=count, limit=limit)


def cited(analysis: Analysis, answer: str, index: Index) -> dict[str, Any]:
    """Return an answer as JSON can hold it: its statements, and the passages it was made from."""
    question = analysis.question
    return {
        "question": question.prompt,
        "answer": [
            {
                "statement": finding.claim,
                "is_supported": finding.is_supported,
                "chapter": finding.chapter or None,
                "start": finding.start,
                "end": finding.end,
                "words": finding.words or None,
                "remarks": list(finding.remarks),
            }
            for finding in read_findings(question, answer, index)
        ],
        "missing_words": missing_words(question.prompt, index),
        "passages": [passage_json(index, start, end) for start, end in question.ranges],
    }


def passage_json(index: Index, start: int, end: int) -> dict[str, Any]:
    """Return a passage as JSON can hold it."""
    chapter = index.chapter_at(start)
    name = " ".join(chapter.name.split()) if chapter else None
    return {"chapter": name, "start": start, "end": end, "text": index.text[start:end]}
