"""A scripted model that reads: finds a sentence of what it was given, scores it, and sums up.

What it says depends on nothing but the request, so that a test knows every answer beforehand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from components.evidence import sentences
from components.reports import Report
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama, Step, tokens_of

#: Words in one part of an answer; Ollama sends each token by itself, and a test waits for each.
_TOGETHER = 8

#: A quotation that no manuscript holds.
INVENTED = "The dragon of Wessex had never learned to knit."

#: What it says where neither JSON nor notes are asked for.
PROSE = f"It also says: “{INVENTED}”"

#: An answer in which every string stands in quotation marks, and none of them is in a book.
JSON = json.dumps({"tension": "Nobody in this passage says a word of it.", "title": INVENTED})


def reader(**more: Any) -> ScriptedOllama:
    """Return a server whose one model reads."""
    return ScriptedOllama(reads=reads, **more)


def asks_about(body: dict[str, Any], chapter: int, *, findings: bool = False) -> bool:
    """Return whether a chapter is read in a chat of a report, or for its findings."""
    asked = body["messages"][-1]["content"]
    is_asked = "Which of its sentences" in asked or not findings
    return f"\nChapter {chapter}\n" in asked and is_asked


def reads(body: dict[str, Any]) -> Sequence[Step]:
    """Return the answer to a chat of a report: JSON where that is asked for, else prose."""
    prompt = body["messages"][-1]["content"]
    if len(body["messages"]) > 2:  # Asked again: what was asked first stands before.
        prompt = body["messages"][-3]["content"]
    form = body.get("format") or {}
    form = json.loads(form) if isinstance(form, str) and form != "json" else form
    properties = form.get("properties", {}) if isinstance(form, dict) else {}
    if kinds := kinds_of(properties):
        said = findings_of(prompt, kinds)
    elif "sentences" in properties:
        said = summary_of(prompt)
    else:
        said = scores_of(prompt) if form else PROSE
    pieces = re.findall(r"\s*\S+\s*$|\s*\S+", said)
    most = body["options"].get("num_predict", len(pieces))
    reason, pieces = ("length" if len(pieces) > most else "stop"), pieces[:most]
    count = tokens_of(body)
    figures = {
        "prompt_eval_count": count,
        "prompt_eval_duration": count * 1_000_000,
        "eval_count": len(pieces),
        "eval_duration": len(pieces) * 20_000_000,
        "total_duration": count * 1_000_000 + len(pieces) * 20_000_000,
        "load_duration": 1_000_000,
    }
    parts = ("".join(pieces[at : at + _TOGETHER]) for at in range(0, len(pieces), _TOGETHER))
    return (*map(Say, parts), Done(reason, figures=figures))


def text_of(prompt: str) -> str:
    """Return the manuscript's text in a prompt; empty where there is none."""
    found = re.search(
        r"=== manuscript (\w+) begins ===\n(.*)\n=== manuscript \1 ends", prompt, re.DOTALL
    )
    return found[2] if found else ""


def kinds_of(properties: dict[str, Any]) -> dict[str, list[str]]:
    """Return the fields of each kind of finding that is asked for; none where none are."""
    items = {kind: form.get("items", {}) for kind, form in properties.items()}
    fields = {kind: list(form.get("properties", ())) for kind, form in items.items()}
    return {kind: names for kind, names in fields.items() if "statement" in names}


def findings_of(prompt: str, kinds: dict[str, list[str]]) -> str:
    """Return one finding in JSON: the first sentence of at least six words, said as it stands."""
    findings: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    first, text = next(iter(kinds)), text_of(prompt)
    for start, end in sentences(text, 0, len(text)):
        if len(text[start:end].split()) >= 6:
            said = {"statement": unquoted(text[start:end])[:200]}
            findings[first].append(dict.fromkeys(kinds[first], "") | said)
            break
    return json.dumps(findings)


def unquoted(text: str) -> str:
    """Return a text without the marks that no statement may have."""
    return re.sub(r'[\[\]"\\\s]+', " ", text).strip()


def quotation_of(text: str) -> str:
    """Return a sentence of `text`: the first of at least six words that ends in a full stop."""
    for found in re.finditer(r"[A-Z][^.!?\n\"“”]{30,200}\.", text):
        if len(found[0].split()) >= 6:
            return found[0]
    return ""


def summary_of(prompt: str) -> str:
    """Return a summary in JSON: a sentence for a few findings, and one of none that invents."""
    found = re.findall(r"(?m)^\[(\d+)[\d, ]*\] (.+)", prompt)[:3]
    sentences = [
        {"findings": [int(number)], "sentence": f"The text shows this: {claim[:200]}"}
        for number, claim in found
    ]
    invented = {"findings": [999_999], "sentence": PROSE}
    return json.dumps({"sentences": [*sentences, invented]})


def scores_of(prompt: str) -> str:
    """Return scores: tension by how long the text is, so that chapters differ."""
    text = text_of(prompt)
    words = len(text.split())
    names = list(dict.fromkeys(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)))[:4]
    return json.dumps(
        {
            "summary": f"A passage of {words} words.",
            "setting": "A house",
            "point_of_view": "first person",
            "characters": names,
            "purpose": "It moves the story on.",
            "evidence": quotation_of(text)[:240],
            "tension": words % 11,
            "pace": (words // 3) % 11,
            "conflict": (words // 7) % 11,
            "valence": words % 11 - 5,
        }
    )


def in_json(report: Report) -> Report:
    """The report with notes in JSON for findings, as a lens with a schema has them."""
    steps = []
    for one in report.steps:
        if one.question.part == "findings":
            options = replace(one.question.options, format="json")
            question = replace(one.question, part="notes", options=options)
            one = replace(one, answer=JSON, question=question)
        steps.append(one)
    return replace(report, steps=tuple(steps))
