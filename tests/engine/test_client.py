"""What a server has is listed often, and asked about in detail once."""

from __future__ import annotations

from tests.doubles.scripted_ollama import MODEL, ScriptedOllama
from tests.engine.calls import run, scripted


def shows(server: ScriptedOllama) -> int:
    return sum(path == "/api/show" for path, _ in server.requests)


def test_a_model_is_shown_once_for_each_version_of_it() -> None:
    async def listed() -> None:
        async with scripted() as (server, engine):
            for _ in range(3):
                await engine.models()
            assert shows(server) == 1
            server.models.models[MODEL]["digest"] = "1" * 64
            for _ in range(3):
                await engine.models()
            assert shows(server) == 2

    run(listed())


def test_a_server_that_shows_nothing_is_not_asked_at_every_look() -> None:
    """One too old to know the request is asked for its models every five seconds."""

    async def listed() -> None:
        async with scripted() as (server, engine):
            known = server.models.answer
            server.models.answer = lambda request, body: (
                (404, {"error": "not found"})
                if request == "POST /api/show"
                else known(request, body)
            )
            found = [await engine.models() for _ in range(3)]
            assert [one.name for one in found[-1]] == [MODEL]
            assert shows(server) == 1

    run(listed())
