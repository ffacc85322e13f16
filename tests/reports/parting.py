"""Scripted models that read alike and yet part: in scores, in quotations, in whom they name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama, Step, tokens_of
from tests.reports.reading import INVENTED, PROSE, reads, scores_of, summary_of, text_of

#: The first reads as `reading` has it; the second parts from it; the third scores nothing at all.
NAMES = ("albatross:1b", "barnacle:1b", "cormorant:1b")

#: A name that the second finds and no book here has.
GHOST = "Banquo"


def parting(**more: Any) -> ScriptedOllama:
    """Return a server with models that part from each other."""
    return ScriptedOllama(reads=reads_of_each, models=NAMES, **more)


def reads_of_each(body: dict[str, Any]) -> Sequence[Step]:
    """Return the answer of the model that is asked."""
    number = NAMES.index(body["model"])
    if not number:
        return reads(body)
    asked = body["messages"][-1]["content"]
    if len(body["messages"]) > 2:
        asked = body["messages"][-3]["content"]
    form = json.dumps(body.get("format"))
    if "statement" in form:
        return reads(body)
    if "sentences" in form:
        summary = json.loads(summary_of(asked))
        more = {"findings": [999_999], "sentence": f"And it says “{INVENTED}”"}
        said = json.dumps({"sentences": [*summary["sentences"], more]})
    elif "format" in body:
        said = "{}" if number == 2 or "Chapter 4" in text_of(asked) else _scores(asked)
    else:
        said = f"{PROSE}\nAnd it says “{INVENTED}”\n"
    figures = {"prompt_eval_count": tokens_of(body), "eval_count": 9, "eval_duration": 10**9}
    return Say(said), Done(figures={**figures, "prompt_eval_duration": 10**9})


def _scores(asked: str) -> str:
    """Return what `reading` says, its tension five away in chapter 2 and one elsewhere."""
    scores = json.loads(scores_of(asked))
    away = 5 if "Chapter 2" in text_of(asked) else 1
    up = scores["tension"] + away <= 10
    scores["tension"] += away if up else -away
    scores["characters"] += [GHOST]
    scores["summary"] = "The second sees it otherwise."
    return json.dumps(scores)
