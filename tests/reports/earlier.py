"""Reports as the version before made them: accounts of the story, notes in prose, books at once.

That version planned them; what it stored of them is written down here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from components.application import Application
from components.engine import Options
from components.manuscripts import Manuscript
from components.reports import STORY, Report, open_report
from components.reports.scores import SCHEMA
from components.store import Kind, Question, Step
from tests.doubles.scripted_ollama import Done, Say
from tests.doubles.scripted_ollama import Step as Scripted
from tests.reports.reading import INVENTED, quotation_of, reads, text_of

LENS = "Storyteller's analysis"

#: How its questions began.
PROMPTS = {
    "story": "This was {}. Bring your notes up to date for whoever reads on.",
    "notes": "This was {}. Of it alone, in at most 180 words: what happens and why.",
    "scores": "This was {}. Describe and rate it as JSON.",
    "digest": "These are your notes on {}. Join them into one for this: what happens and why.",
    "report": "You are an experienced storyteller who reads for an editor. Analyse the manuscript.",
}


def answers(body: dict[str, Any]) -> Sequence[Scripted]:
    """Answer in prose as a model answered then: with a sentence of the text in quotation marks."""
    *_, done = said = reads(body)
    if "format" in body:
        return said
    assert isinstance(done, Done)
    prompt = body["messages"][-1]["content"]
    if text := text_of(prompt):
        return (Say(f"The text says “{quotation_of(text)}” and goes on.\n"), done)
    quoted = "\n".join(f"- It says: “{one}”." for one in re.findall("“([^”]+)”", prompt)[:3])
    return (Say(f"## What the notes come to\n\n{quoted}\n\nIt also says: “{INVENTED}”\n"), done)


def begun_earlier(app: Application, manuscript: Manuscript, *, at_once: bool = False) -> Report:
    """Begin a report of all chapters, in parts or `at_once`, with its settings as JSON had them."""
    shelf = app.shelf()
    kept = shelf.manuscripts.keep(manuscript)
    model = app.models()[0][0]
    steps: list[Step] = []

    def add(part: str, scope: str, spans: tuple[tuple[int, int], ...] = (), **more: Any) -> int:
        question = Question(
            kept,
            manuscript.title,
            scope,
            ranges=spans,
            words=100,
            tokens=200,
            lens={"story": STORY, "scores": "Scores"}.get(part, LENS),
            prompt=PROMPTS[part].format(scope),
            model=model.name,
            digest=model.digest,
            options=Options(
                num_ctx=8192, num_predict=450, format=SCHEMA if part == "scores" else None
            ),
            part=part,
            passage=more.get("passage", 0),
            chapters=more.get("chapters", ()),
            retries=2,
        )
        needs = more.get("needs", ())
        steps.append(Step(question, needs, passage=str(question.passage or "")))
        return len(steps) - 1

    indexes = tuple(chapter.index for chapter in manuscript.chapters)
    whole = (0, len(manuscript.text))
    names = [("the whole manuscript", indexes, whole)]
    if at_once:
        place: dict[str, Any] = {"passage": 1}
        add("report", "the whole manuscript", (whole,), chapters=indexes, **place)
        for chapter in manuscript.chapters:
            add("scores", chapter.name, (whole,), chapters=(chapter.index,), **place)
    else:
        names = [(one.name, (one.index,), (one.start, one.end)) for one in manuscript.chapters]
        before: tuple[int, ...] = ()
        notes = []
        for number, (name, chapters, span) in enumerate(names, 1):
            place = {"passage": number, "chapters": chapters, "needs": before}
            story = add("story", name, (span,), **place)
            notes.append(add("notes", name, (span,), **place))
            add("scores", name, (span,), **place)
            before = (story,)
        first, second, *rest = notes
        scope = f"{names[0][0]} to {names[1][0]}"
        joined = add("digest", scope, chapters=indexes[:2], needs=(first, second))
        scope = "the whole manuscript"
        add("report", scope, chapters=indexes, needs=(joined, *rest))
    details = {
        "model": model.name,
        "digest": model.digest,
        "depth": "standard",
        "lenses": [["storyteller", LENS]],
        "chapters": list(indexes),
        "has_scores": True,
        "language": "",
        "num_ctx": 8192,
        "options": {},
        "is_whole": at_once,
        "passages": [
            {
                "number": number,
                "name": name,
                "chapters": list(chapters),
                "start": start,
                "end": end,
                "words": 100,
                "tokens": 150,
            }
            for number, (name, chapters, (start, end)) in enumerate(names, 1)
        ],
        "tokens": {str(index): 150 for index in indexes},
        "is_counted": False,
        "sha256": manuscript.sha256,
    }
    series = shelf.series.begin(
        Kind.REPORT, steps, name="An earlier reading", manuscript_id=kept, details=details
    )
    app.jobs.perform(series.id)
    return open_report(shelf, series)
