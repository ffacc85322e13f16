"""Exact counts: what the server says of a text is what it reads of it later."""

from __future__ import annotations

import httpx
import pytest

from components.engine import Finished
from components.engine.private.pins import MODEL as REAL_MODEL
from components.errors import CloudModelRefused
from components.manuscripts import sample
from tests.doubles.scripted_ollama import MODEL, Refuse, ScriptedOllama
from tests.engine.calls import engine_at, make_call, run, run_call
from tests.reports.reading import reader
from tests.scripting import playing

TEXTS = ("", "One.", sample()[1].decode()[:3000], "Käse “ж” 語\n\n* * *\n\n\tend")


def test_a_real_server_reads_as_many_tokens_as_it_counted(ollama_url: str) -> None:
    names = [one["name"] for one in httpx.get(f"{ollama_url}/api/tags").json()["models"]]
    if REAL_MODEL not in names:
        pytest.skip(f"this Ollama has no {REAL_MODEL}")

    async def both() -> tuple[list[int], list[int]]:
        async with engine_at(ollama_url) as engine:
            counted = await engine.count_tokens(REAL_MODEL, TEXTS)
            assert counted is not None
            read = []
            for text in TEXTS:
                call = make_call(f"Here:\n{text}", model=REAL_MODEL, num_predict=1)
                events, error = await run_call(engine, call)
                assert error is None
                finished = events[-1]
                assert isinstance(finished, Finished)
                read.append(finished.statistics.prompt_eval_count or 0)
            return counted, [one - read[0] for one in read]

    counted, read = run(both())
    assert counted[0] == 0
    for one, other in zip(counted, read, strict=True):
        assert abs(one - other) <= 2  # Where it meets what stands around it, they may differ.


def test_nothing_is_generated_and_a_text_is_counted_once() -> None:
    with playing(reader()) as server:

        async def twice() -> list[list[int] | None]:
            async with engine_at(server.url) as engine:
                return [await engine.count_tokens(MODEL, TEXTS) for _ in range(2)]

        first, second = run(twice())
        chats = [body for path, body in server.requests if path == "/api/chat"]
    assert first == second == [len(text.split()) for text in TEXTS]
    loads = [body for body in chats if not body["messages"]]
    assert len(loads) == 1
    assert len(chats) == 1 + len(TEXTS) + 2
    assert all(body["truncate"] is False for body in chats if body["messages"])


@pytest.mark.parametrize(
    "server",
    [
        ScriptedOllama(),  # It answers whatever its length.
        ScriptedOllama((Refuse(500, {"error": "no"}),)),
        ScriptedOllama((Refuse(400, {"error": "the prompt is too long"}),)),
    ],
)
def test_a_server_that_does_not_say_is_believed_to_know_nothing(server: ScriptedOllama) -> None:
    with playing(server):

        async def once() -> list[int] | None:
            async with engine_at(server.url) as engine:
                return await engine.count_tokens(MODEL, TEXTS)

        assert run(once()) is None


def test_a_cloud_model_is_sent_nothing_to_count() -> None:
    with playing(reader(remote_host="https://elsewhere.example")) as server:

        async def once() -> None:
            async with engine_at(server.url) as engine:
                await engine.count_tokens(MODEL, TEXTS)

        with pytest.raises(CloudModelRefused):
            run(once())
        assert [path for path, _ in server.requests if path == "/api/chat"] == []
