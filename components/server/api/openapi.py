"""The OpenAPI 3.1 document, made of the table of operations and of the types that are sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, get_args, get_type_hints

from starlette.requests import Request
from starlette.responses import Response

from components.engine import Options, Statistics
from components.server.api.operations import Asker, Operations
from components.server.api.problems import MEDIA_TYPE
from components.server.api.uploads import TEXTS
from components.store import State, StoredManuscript

Schema = dict[str, Any]
Handler = Callable[[Operations, Request, Asker], Awaitable[Response]]

_TYPES = {int: "integer", float: "number", str: "string", bool: "boolean", type(None): "null"}

#: What each field of the form is.
_FIELDS = {
    "prompt": "What the model is asked about the manuscript; without it and a lens, the "
    "storyteller's analysis.",
    "lens": "The name of a lens, one's own or First Reader's. Its one question is asked, at once; "
    "reports by chapter are begun on the page and in a shell.",
    "model": "A model's name; without it the one chosen last, else the largest that fits.",
    "scope": "Which chapters are read: `all`, or numbers from 1 as in `1-3,7`.",
    "options": "Ollama's options by its names, as a JSON object.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers with: a schema of the document, or a text of another type."""

    says: str
    schema: str = ""
    media_type: str = "application/json"
    headers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. Without `handle` it is the document itself, which needs no token.

    `query` and `headers` are optional parameters with what they are. `refuses` are statuses of
    problems beside those that all have.
    """

    method: str
    path: str
    name: str
    says: str
    answers: Mapping[int, Answer]
    handle: Handler | None = None
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    has_form: bool = False
    refuses: Sequence[int] = ()


def document(operations: Iterable[Operation]) -> Schema:
    """Return the document of these operations."""
    paths: dict[str, Schema] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "First Reader",
            "version": "1",
            "description": "Analyses of manuscripts by models on your own computer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The page Settings shows it.",
                }
            },
            "schemas": _SCHEMAS,
        },
    }


def _operation(operation: Operation) -> Schema:
    made: Schema = {
        "operationId": operation.name,
        "summary": operation.says,
        "responses": {str(code): _answer(one) for code, one in operation.answers.items()},
    }
    if operation.handle is None:
        return made | {"security": []}
    refusals = {401: "No token, or a wrong one.", 403: "From a page of another site."}
    refusals |= dict.fromkeys((*operation.refuses, 503), "Why it was refused.")
    for code, says in refusals.items():
        made["responses"][str(code)] = _answer(Answer(says, "Problem", MEDIA_TYPE))
    parameters = [
        _parameter(name, says, place)
        for place, named in (("query", operation.query), ("header", operation.headers))
        for name, says in (named or {}).items()
    ]
    if "{job_id}" in operation.path:
        parameters.append(_parameter("job_id", "The `jobId` of an analysis.", "path"))
    if parameters:
        made["parameters"] = parameters
    if operation.has_form:
        made["requestBody"] = _form()
    return made


def _parameter(name: str, says: str, place: str) -> Schema:
    schema = {"type": "string" if place == "path" else "integer"}
    required = place == "path"
    return {"name": name, "in": place, "required": required, "description": says, "schema": schema}


def _answer(answer: Answer) -> Schema:
    made: Schema = {"description": answer.says}
    if answer.schema:
        made["content"] = {answer.media_type: {"schema": _ref(answer.schema)}}
    if answer.headers:
        made["headers"] = {name: {"schema": {"type": "string"}} for name in answer.headers}
    return made


def _form() -> Schema:
    options = {
        "additionalProperties": False,
        "properties": {one.name: {} for one in fields(Options)},
    }
    properties: Schema = {
        "novel": {"contentMediaType": "application/octet-stream", "description": "The file."},
        **{name: {"type": "string", "description": _FIELDS[name]} for name in TEXTS},
    }
    properties["options"] |= {"type": "object", **options}
    form = {
        "type": "object",
        "required": ["novel"],
        "properties": properties,
        "additionalProperties": False,
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(hint: Any) -> Schema:
    """Return the schema of a value of this type."""
    kinds = [_TYPES[kind] for kind in (get_args(hint) if isinstance(hint, UnionType) else [hint])]
    return {"type": kinds if len(kinds) > 1 else kinds[0]}


def _object(properties: Mapping[str, Schema], *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": dict(properties)}


_TEXT, _WHOLE, _YES_NO = _of(str), _of(int), _of(bool)
_MAYBE_TEXT: Schema = _of(str | None)

_FIGURES = {name: _of(hint) for name, hint in get_type_hints(Statistics).items()}

_PROBLEM = {
    **dict.fromkeys(("type", "title", "detail", "advice", "kind"), _TEXT),
    **dict.fromkeys(("status", "needed", "available"), _WHOLE),
}

#: Of an analysis that has ended: Ollama's fields where Ollama has sent them, and the answer.
_RESULT = {
    **_FIGURES,
    "tokens_per_second": _of(float | None),
    **dict.fromkeys(("title", "state", "response", "thinking", "analysis"), _TEXT),
    **dict.fromkeys(("error", "kind"), _MAYBE_TEXT),
}

_MODEL = {
    **dict.fromkeys(("name", "host", "parameters", "quantization"), _TEXT),
    "size": _WHOLE,
    "context": _of(int | None),
    "capabilities": {"type": "array", "items": _TEXT},
    **dict.fromkeys(("writes", "loaded"), _YES_NO),
    "cloud": _MAYBE_TEXT,
}

_JOB = {
    "jobId": _TEXT,
    "status": {"enum": ["processing", "completed", "error"]},
    "state": {"enum": [state.value for state in State]},
    "attempt": _WHOLE,
    **dict.fromkeys(("model", "manuscript", "scope", "created"), _TEXT),
    "result": {"anyOf": [_ref("Result"), {"type": "null"}]},
    "error": {"anyOf": [_ref("Problem"), {"type": "null"}]},
}


def _list_of(name: str, item: Schema) -> Schema:
    return _object({name: {"type": "array", "items": item}})


_SCHEMAS: dict[str, Schema] = {
    "Problem": _object(_PROBLEM, "status", "advice", "kind", "needed", "available"),
    "Result": _object(_RESULT, *_FIGURES.keys() - {"model"}, "tokens_per_second"),
    "Job": _object(_JOB),
    "Models": _list_of("models", _object(_MODEL)),
    "Manuscripts": _list_of(
        "manuscripts",
        _object(
            {name: _WHOLE if name == "words" else _TEXT for name in StoredManuscript.__slots__}
        ),
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
