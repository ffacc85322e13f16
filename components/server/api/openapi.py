"""The OpenAPI 3.1 document, made of the table of operations and of the types that are sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from http import HTTPStatus
from types import UnionType
from typing import Any, get_args, get_type_hints

from starlette.requests import Request
from starlette.responses import Response

from components.engine import Options, Statistics
from components.server.api.operations import Asker, Operations
from components.server.api.problem_details import MEDIA_TYPE
from components.server.api.uploads import TEXTS
from components.store import State

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `answers` are the names of schemas by status, "" without a body.

    Without `handle` it is the document itself, which needs no token. `resumes` says that it takes
    the number of an event, `has_form` that it takes a manuscript. `refuses` are statuses of
    problems beside those that all have.
    """

    method: str
    path: str
    name: str
    says: str
    answers: Mapping[int, str]
    handle: Callable[[Operations, Request, Asker], Awaitable[Response]] | None = None
    resumes: bool = False
    has_form: bool = False
    refuses: Sequence[int] = ()


def document(operations: Iterable[Operation]) -> Schema:
    """Return the document of these operations."""
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    token = {"type": "http", "scheme": "bearer", "description": "The page Settings shows it."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "First Reader", "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": token}, "schemas": _SCHEMAS},
    }


def _operation(operation: Operation) -> Schema:
    answers = dict(operation.answers)
    if operation.handle is not None:
        answers |= dict.fromkeys((401, 403, *operation.refuses, 503), "Problem")
    made: Schema = {
        "operationId": operation.name,
        "summary": operation.says,
        "responses": {str(code): _answer(code, schema) for code, schema in answers.items()},
        "parameters": [],
    }
    if operation.handle is None:
        made["security"] = []
    if "{job_id}" in operation.path:
        made["parameters"].append(_parameter("job_id", "path", "The `jobId`.", _TEXT))
    if operation.resumes:
        says = "The number of the last event that came; the header goes before `after`."
        for name, place in (("after", "query"), ("Last-Event-ID", "header")):
            made["parameters"].append(_parameter(name, place, says, _WHOLE | {"minimum": 0}))
    if operation.has_form:
        form = _object(_FORM, *TEXTS) | {"additionalProperties": False}
        made["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}},
        }
    return made


def _parameter(name: str, place: str, says: str, schema: Schema) -> Schema:
    is_required = place == "path"
    return {
        "name": name,
        "in": place,
        "required": is_required,
        "description": says,
        "schema": schema,
    }


def _answer(code: int, schema: str) -> Schema:
    made: Schema = {"description": HTTPStatus(code).phrase}
    if schema:
        media_types = {"Problem": MEDIA_TYPE, "Events": "text/event-stream"}
        media_type = media_types.get(schema, "application/json")
        made["content"] = {media_type: {"schema": _ref(schema)}}
    return made


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(hint: Any) -> Schema:
    """Return the schema of a value of this type."""
    names = {int: "integer", float: "number", str: "string", bool: "boolean", type(None): "null"}
    if isinstance(hint, UnionType):
        return {"type": [names[kind] for kind in get_args(hint)]}
    return {"type": names[hint]}


def _object(properties: Mapping[str, Schema], *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": dict(properties)}


def _list_of(name: str, properties: Mapping[str, Schema]) -> Schema:
    return _object({name: {"type": "array", "items": _object(properties)}})


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, _TEXT)


_TEXT, _WHOLE, _YES_NO, _MAYBE_TEXT = _of(str), _of(int), _of(bool), _of(str | None)

_FIGURES = {name: _of(hint) for name, hint in get_type_hints(Statistics).items()}

_FORM: dict[str, Schema] = {
    "novel": {"contentMediaType": "application/octet-stream", "description": "The file."},
    "prompt": _TEXT
    | {"description": "What is asked; without it and a lens, the storyteller's analysis."},
    "lens": _TEXT
    | {
        "description": "The name of a lens. Its one question is asked, at once; reports by chapter "
        "are begun on the page or in a shell."
    },
    "model": _TEXT | {"description": "Else the one chosen last, or the largest that fits."},
    "scope": _TEXT | {"description": "`all`, or numbers of chapters as in `1-3,7`."},
    "options": {
        "type": "object",
        "additionalProperties": False,
        "properties": {option.name: {} for option in fields(Options)},
        "description": "Ollama's, by its names.",
    },
}

_SCHEMAS: dict[str, Schema] = {
    "Problem": _object(
        _texts("type", "title", "detail", "advice", "kind")
        | dict.fromkeys(("status", "needed", "available"), _WHOLE),
        *("status", "advice", "kind", "needed", "available"),
    ),
    "Result": _object(
        _FIGURES
        | {"tokens_per_second": _of(float | None), "error": _MAYBE_TEXT, "kind": _MAYBE_TEXT}
        | _texts("model", "title", "state", "response", "thinking", "analysis"),
        *(_FIGURES.keys() - {"model"}),  # There once Ollama has said them.
        "tokens_per_second",
    ),
    "Job": _object(
        _texts("jobId", "model", "manuscript", "scope", "created")
        | {
            "status": {"enum": ["processing", "completed", "error"]},
            "state": {"enum": [state.value for state in State]},
            "attempt": _WHOLE,
            "result": {"anyOf": [_ref("Result"), {"type": "null"}]},
            "error": {"anyOf": [_ref("Problem"), {"type": "null"}]},
        }
    ),
    "Models": _list_of(
        "models",
        _texts("name", "host", "parameters", "quantization")
        | {"size": _WHOLE, "context": _of(int | None), "cloud": _MAYBE_TEXT}
        | {"capabilities": {"type": "array", "items": _TEXT}}
        | {"writes": _YES_NO, "loaded": _YES_NO},
    ),
    "Manuscripts": _list_of(
        "manuscripts", _texts("id", "title", "unit", "created") | {"words": _WHOLE}
    ),
    "Document": {"type": "object"},
    "Events": {
        "type": "string",
        "description": "Server-sent events, each with the number of its entry as id and JSON as "
        "data: `state` (state, status), `text` and `thinking` (text, tokens), `context` (num_ctx), "
        "`figures` (Ollama's), `problem`; all with `attempt`, a new one of which begins a new "
        "text, and `at`, seconds since 1970. The stream ends with the analysis.",
    },
}
