"""The document says what the routes do, and what they answer is as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from components.server.api import api_routes
from components.server.api.openapi import document
from components.server.api.routes import OPERATIONS
from components.settings import Settings
from tests.server.api.asking import polled, submitted

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

DOCUMENT = document(OPERATIONS)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in a document."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list | tuple):
            yield from parts(one)


def problems(schema: str, value: Any) -> list[str]:
    """Return where a value is not as a schema of the document has it."""
    whole = {**DOCUMENT, "$ref": f"#/components/schemas/{schema}"}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_the_document_and_the_routes_have_the_same_paths() -> None:
    routes = [getattr(route, "path", "") for route in api_routes(Settings.from_environment({}))]
    assert [path for path in routes if "{rest:path}" not in path] == list(DOCUMENT["paths"])


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_the_document_and_the_routes_have_the_same_methods(asking: httpx.Client, path: str) -> None:
    documented = {method for at, method, _ in operations() if at == path}
    for method in METHODS:
        answer = asking.request(method, path.format(job_id="x"))
        assert (answer.status_code != 405) == (method in documented)
        if answer.status_code == 405:
            assert set(answer.headers["allow"].split(", ")) == documented
            assert problems("Problem", answer.json()) == []


def test_the_document_is_served_to_everybody(address: str) -> None:
    answer = httpx.get(f"{address}/openapi.json", trust_env=False)
    assert answer.status_code == 200
    assert answer.json() == DOCUMENT


def test_the_document_is_one_of_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    refs = {part["$ref"] for part in parts(DOCUMENT) if "$ref" in part}
    assert refs == {f"#/components/schemas/{name}" for name in schemas}
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    for path, _, operation in operations():
        assert operation["responses"]
        assert all(answer["description"] for answer in operation["responses"].values())
        given = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        assert given == (["job_id"] if "{job_id}" in path else [])
        for one in (*operation.get("parameters", ()), *bodies(operation)):
            Draft202012Validator.check_schema(one["schema"])


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from operation.get("requestBody", {}).get("content", {}).values()


def test_what_is_answered_is_as_the_document_says(asking: httpx.Client) -> None:
    job = polled(asking, submitted(asking))
    assert problems("Job", job) == []
    assert problems("Job", asking.delete(f"/jobs/{job['jobId']}").json()) == []
    assert problems("Models", asking.get("/models").json()) == []
    assert problems("Manuscripts", asking.get("/manuscripts").json()) == []
    assert problems("Problem", asking.get("/status/x").json()) == []
    assert problems("Job", {**job, "status": "unheard of"}) != []
