"""Whether an answer has the form that was asked for.

Ollama constrains an answer to a JSON schema, but not always (its issue 15502), and where the answer
runs into its limit the JSON is cut. So every such answer is held against its schema here; one that
does not keep to it is refused with the reason, which the model is told when it is asked again.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from components.errors import AnswerRefused
from components.store import Question


def check_form(question: Question, answer: str, *, done_reason: str | None) -> Any:
    """Hold an answer against the options' `format`; one that asks for none has any form.

    Return its JSON, None where none is asked for. A step of a report must say something at all:
    others build on it.
    Raises: AnswerRefused, with the reason and without a word of the answer.
    """
    if question.part and not answer.strip():
        raise AnswerRefused(
            "The answer is empty.",
            advice="A model that thinks may have spent its room on that: choose another, or "
            "switch thinking off in the options.",
        )
    if question.options.format is None:
        return None
    value = parsed(answer, done_reason=done_reason)
    if question.options.format == "json":
        return value
    error = _broken_rule(value, json.loads(question.options.format))
    if error is not None:
        where = " in " + ", ".join(map(str, error.absolute_path)) if error.absolute_path else ""
        rule = json.dumps(error.validator_value)[:200]
        raise AnswerRefused(
            f"The answer breaks a rule of its form{where}: {error.validator} {rule}."
        )
    return value


def _broken_rule(value: Any, schema: Any) -> Any:
    """Return the rule of `schema` that tells most of what is wrong, None where nothing is.

    With a registry of its own, nothing that the schema refers to is fetched from elsewhere.
    """
    kind = validator_for(schema)
    try:
        kind.check_schema(schema)
        return best_match(kind(schema, registry=Registry()).iter_errors(value))
    except jsonschema.SchemaError:
        wrong = "is no JSON schema"
    except Unresolvable:
        wrong = "refers to what is not in it"
    except RecursionError:
        wrong = "refers to itself without an end"
    raise AnswerRefused(
        f"The form that was asked for {wrong}.",
        advice="Correct the schema of the lens, then run the step again.",
    )


def parsed(answer: str, *, done_reason: str | None = None) -> Any:
    """Return the JSON of an answer. Raises: AnswerRefused."""
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        cut = "it ran into its limit and was cut" if done_reason == "length" else "it is no JSON"
        raise AnswerRefused(f"The answer cannot be read: {cut}.") from None
