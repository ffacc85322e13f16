"""Answers held against the form that was asked for."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from components.analysis import lens
from components.analysis.answers import decode
from components.analysis.lens import from_text
from components.engine import Options
from components.errors import AnswerRefused, LensError
from components.store import Question
from tests.store.making import question


def asked(schema: Any) -> Question:
    options = Options(format=schema if schema == "json" else json.dumps(schema))
    return replace(question(part="notes"), options=options)


def hold(question: Question, answer: str) -> None:
    decode(question, answer)


def test_what_keeps_to_the_form_passes() -> None:
    schema = {
        "$defs": {"name": {"type": "string"}},
        "type": "object",
        "properties": {"who": {"$ref": "#/$defs/name"}},
        "required": ["who"],
    }
    hold(asked(schema), '{"who": "Anna"}')
    hold(asked("json"), "[1]")


@pytest.mark.parametrize(
    ("answer", "schema", "said"),
    [
        (" ", {}, "is empty"),
        ("Anna", {}, "it is no JSON"),
        ('{"who": 1}', {"properties": {"who": {"type": "string"}}}, "in who: type"),
        ("{}", {"type": "strong"}, "no JSON schema"),
        ("{}", {"$ref": "#/$defs/none"}, "refers to what is not in it"),
        ("{}", {"$ref": "#"}, "without an end"),
    ],
)
def test_what_does_not_is_refused_with_the_reason(answer: str, schema: Any, said: str) -> None:
    with pytest.raises(AnswerRefused, match=said):
        hold(asked(schema), answer)


def test_nothing_that_a_schema_names_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Any] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda *given, **_: fetched.append(given))
    with pytest.raises(AnswerRefused, match="refers to what is not in it"):
        hold(asked({"$ref": "http://127.0.0.1:1/schema.json"}), "{}")
    assert fetched == []


@pytest.mark.parametrize(
    "where", ["https://evil.example/x.json", "other.json", "file:///etc/hosts"]
)
def test_a_lens_whose_schema_points_elsewhere_is_none(where: str) -> None:
    schema = json.dumps({"properties": {"a": {"items": [{"$ref": where}]}}})
    text = f"# A\n\nWho?\n\n## Answer as JSON\n```json\n{schema}\n```\n"
    with pytest.raises(LensError, match="nothing is fetched"):
        from_text("a", text)
    assert from_text("a", text.replace(where, "#/$defs/a")).schema
    assert lens().schema is None
