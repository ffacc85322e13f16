"""Scores of a passage: what a model says of its tension, pace and people, as JSON of a fixed form.

They are a model's opinion, and shown as that. Numbers come after the summary and the sentence that
they rest on: a model that has said why says more sensible numbers. The sentence is looked up in the
manuscript like every quotation, so that a point of a plot leads to what is behind it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from components.analysis import parsed
from components.errors import AnswerRefused

#: What is scored, from where to where.
SCALES = {"tension": (0, 10), "pace": (0, 10), "conflict": (0, 10), "valence": (-5, 5)}

#: Longest strings in characters: small models run a string on until their limit.
_TEXTS = {"summary": 260, "setting": 90, "point_of_view": 60, "purpose": 160, "evidence": 240}
_NAME, _NAMES = 40, 8

#: Characters of the sentence that scores rest on, at most: one as long as this may have been cut.
LONGEST_SENTENCE = _TEXTS["evidence"]


def _schema() -> dict[str, Any]:
    texts: dict[str, Any] = {
        name: {"type": "string", "maxLength": most} for name, most in _TEXTS.items()
    }
    names = {
        "type": "array",
        "maxItems": _NAMES,
        "items": {"type": "string", "maxLength": _NAME},
    }
    scales: dict[str, Any] = {
        name: {"type": "integer", "minimum": low, "maximum": high}
        for name, (low, high) in SCALES.items()
    }
    properties = {
        "summary": texts["summary"],
        "setting": texts["setting"],
        "point_of_view": texts["point_of_view"],
        "characters": names,
        "purpose": texts["purpose"],
        "evidence": texts["evidence"],
        **scales,
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


#: The form of the answer, as `Options.format` takes it.
SCHEMA = json.dumps(_schema())


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model said of one passage.

    `tension`, `pace` and `conflict` are 0 to 10, `valence` is -5 (dark) to 5 (bright). `evidence`
    is the sentence behind the tension, as the model gave it.
    """

    tension: int
    pace: int
    conflict: int
    valence: int
    summary: str
    setting: str
    point_of_view: str
    characters: tuple[str, ...]
    purpose: str
    evidence: str


def read_scores(answer: str) -> Scores | None:
    """Return the scores in an answer; None for what is none, which `check_form` has refused."""
    try:
        value = parsed(answer)
        names = tuple(dict.fromkeys(str(one).strip() for one in value["characters"]))
        fields: dict[str, Any] = {name: int(value[name]) for name in SCALES}
        fields |= {name: " ".join(str(value[name]).split()) for name in _TEXTS}
        return Scores(**fields, characters=tuple(name for name in names if name))
    except (AnswerRefused, KeyError, TypeError, ValueError):
        return None
