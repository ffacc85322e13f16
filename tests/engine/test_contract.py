"""What the rest of the app relies on, asked of a real Ollama and of the scripted one alike."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from components.engine import (
    Call,
    ContextChosen,
    Event,
    Finished,
    Message,
    Model,
    Options,
    Stage,
    StageBegan,
    Text,
)
from components.engine.private.pins import MODEL as REAL_MODEL
from components.errors import ContextExceeded, EngineError, ModelNotFound
from components.manuscripts import sample
from tests.doubles.scripted_ollama import MODEL as SCRIPTED_MODEL
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.engine.calls import FOREVER, engine_at, make_call, run, run_call, stages, text_of
from tests.environment import in_ci
from tests.scripting import playing

#: What of the figures comes from the server.
SERVERS = (
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
)

#: The context of the real model, trained and asked for.
LIMIT = 8192


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    model: str


@pytest.fixture(params=["scripted", pytest.param("real", marks=pytest.mark.ollama)])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "real":
        yield request.getfixturevalue("real")
        return
    figures = dict.fromkeys(SERVERS, 1_000_000) | {"prompt_eval_count": 12, "eval_count": 4}
    answer = [*map(Say, ("It ", "is ", "a ", "ship.")), Done(figures=figures)]
    with playing(ScriptedOllama(answer)) as scripted:
        yield Server(scripted.url, SCRIPTED_MODEL)


@pytest.fixture
def real(ollama_url: str) -> Server:
    names = [one["name"] for one in httpx.get(f"{ollama_url}/api/tags").json()["models"]]
    if REAL_MODEL not in names:
        pytest.skip(f"this Ollama has no {REAL_MODEL}")
    return Server(ollama_url, REAL_MODEL)


def ask(server: Server, call: Call) -> tuple[list[Event], EngineError | None]:
    async def once() -> tuple[list[Event], EngineError | None]:
        async with engine_at(server.url) as engine:
            return await run_call(engine, call)

    return run(once())


class TestAnAnswer:
    @pytest.fixture
    def events(self, server: Server) -> list[Event]:
        call = make_call("What floats on the sea?", model=server.model, num_predict=8)
        events, error = ask(server, call)
        assert error is None
        return events

    def test_stages_in_order(self, events: list[Event]) -> None:
        assert events[0] == StageBegan(Stage.CONTACTING)
        assert stages(events) == ["contacting", "loading", "reading", "writing"]

    def test_the_context_is_chosen_before_loading(self, events: list[Event]) -> None:
        chosen = events[events.index(StageBegan(Stage.LOADING)) - 1]
        assert isinstance(chosen, ContextChosen)
        assert chosen.limit == LIMIT
        assert 0 < chosen.num_ctx <= LIMIT

    def test_the_text_comes_in_pieces_while_it_is_written(self, events: list[Event]) -> None:
        writing = events.index(StageBegan(Stage.WRITING))
        assert all(isinstance(event, Text) for event in events[writing + 1 : -1])
        assert not any(isinstance(event, Text) for event in events[:writing])
        assert len(events[writing + 1 : -1]) > 1
        assert text_of(events).strip()

    def test_finished_is_last_with_all_figures(self, events: list[Event]) -> None:
        (finished,) = [event for event in events if isinstance(event, Finished)]
        assert events[-1] is finished
        statistics = finished.statistics
        assert all(getattr(statistics, name) is not None for name in SERVERS)
        assert statistics.prompt_eval_count
        assert statistics.eval_count
        assert statistics.eval_duration
        assert statistics.done_reason in {"stop", "length"}
        assert statistics.tokens_per_second
        assert statistics.prompt_tokens_per_second
        assert statistics.load_wait is not None
        assert statistics.time_to_first_token is not None
        assert statistics.time_to_first_token > 0
        assert statistics.received == sum(isinstance(event, Text) for event in events)

    def test_the_context_asked_for_is_the_one_in_use(self, events: list[Event]) -> None:
        (chosen,) = [event for event in events if isinstance(event, ContextChosen)]
        assert isinstance(events[-1], Finished)
        assert events[-1].statistics.num_ctx == chosen.num_ctx


def test_an_unknown_model(server: Server) -> None:
    events, error = ask(server, make_call(model="no-such-model:1b"))
    assert isinstance(error, ModelNotFound)
    assert "no-such-model:1b" in str(error)
    assert stages(events) == ["contacting"]


def test_the_version(server: Server) -> None:
    async def once() -> None:
        async with engine_at(server.url) as engine:
            assert await engine.version()

    run(once())


def test_the_models(server: Server) -> None:
    async def once() -> list[Model]:
        async with engine_at(server.url) as engine:
            return await engine.models()

    models = {model.name: model for model in run(once())}
    model = models[server.model]
    assert model.context_length == LIMIT
    assert model.digest
    assert model.size > 0
    assert model.can("completion")
    assert not model.is_cloud


def test_the_engine_may_be_used_again(server: Server) -> None:
    async def once() -> None:
        call = make_call("What floats?", model=server.model, num_predict=4)
        async with engine_at(server.url) as engine:
            for _ in range(2):
                events, error = await run_call(engine, call)
                assert error is None
                assert isinstance(events[-1], Finished)

    run(once())


class TestNothingIsCut:
    def test_a_text_that_is_too_long_is_refused_with_the_exact_count(self, real: Server) -> None:
        text = sample()[1].decode()
        while len(text.split()) < 14_000:
            text += "\n\n" + text
        call = make_call(" ".join(text.split()[:14_000]), model=real.model)
        events, error = ask(real, call)
        assert isinstance(error, ContextExceeded)
        assert error.available == LIMIT
        assert error.needed == counted(real, call, num_ctx=LIMIT)
        assert error.needed > 14_000
        assert f"needs {error.needed:,} of 8,192 tokens" in str(error)
        assert not any(isinstance(event, Text | Finished) for event in events)
        assert "writing" not in stages(events)

    def test_a_text_that_fits_is_read_to_the_last_token(self, real: Server) -> None:
        text = " ".join(sample()[1].decode().split()[:300])
        call = make_call(text, model=real.model, num_predict=4)
        read = []
        for _ in range(2):  # The second is answered from the prefix cache, and counts the same.
            events, error = ask(real, call)
            assert error is None
            assert isinstance(events[-1], Finished)
            read.append(events[-1].statistics.prompt_eval_count or 0)
        assert read[0] == read[1]
        assert abs(read[0] - counted(real, call, num_ctx=256)) <= 2

    def test_a_long_system_message_is_not_what_is_dropped(self, real: Server) -> None:
        words = " ".join(sample()[1].decode().split()[:150])
        few = Options(num_predict=4)
        both = Call(real.model, (Message("system", words), Message("user", words)), few)
        one = Call(real.model, (Message("user", words),), few)
        read = [ask(real, call)[0][-1] for call in (both, one)]
        counts = [e.statistics.prompt_eval_count for e in read if isinstance(e, Finished)]
        assert counts[0] is not None
        assert counts[1] is not None
        assert counts[0] > 1.8 * counts[1]


def test_a_stopped_answer_stops_the_server(real: Server) -> None:
    """Soon after the end of the stream its runner computes nothing more; the rest takes minutes."""
    if urlsplit(real.url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        pytest.skip("the server runs on another machine: its runner cannot be looked at")
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this system has no /proc to find the runner by")

    async def once() -> None:
        call = make_call("Tell a very long story of a whale.", model=real.model, num_predict=4096)
        async with engine_at(real.url) as engine, httpx.AsyncClient(trust_env=False) as client:
            stream = engine.stream(call)
            pieces = 0
            async for event in stream:
                pieces += isinstance(event, Text)
                if pieces == 5:
                    break
            runners = [one for one in runners_of(real.url) if await one.works(client)]
            if not runners:
                assert not in_ci(), "the runner was not found"
                pytest.skip("no process of this server's runner can be looked at from here")
            assert pieces == 5
            await stream.aclose()
            deadline = time.monotonic() + 15
            while [one for one in runners if await one.works(client)]:
                assert time.monotonic() < deadline, "the server goes on writing for nobody"

    run(once())


def counted(server: Server, call: Call, *, num_ctx: int) -> int:
    """The tokens of `call`'s prompt as the server counts them when it refuses to answer."""
    body = {
        "model": call.model,
        "messages": [{"role": one.role, "content": one.content} for one in call.messages],
        "stream": False,
        "truncate": False,
        "options": {"num_ctx": num_ctx},
    }
    answer = httpx.post(f"{server.url}/api/chat", json=body, timeout=FOREVER, trust_env=False)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    inner = json.loads(answer.json()["error"])
    return int(inner["error"]["n_prompt_tokens"])


@dataclass(slots=True)
class Runner:
    """A llama-server that Ollama started; `task` is what it works at, once it was asked."""

    pid: int
    port: int
    task: Any = None

    async def works(self, client: httpx.AsyncClient) -> bool:
        """Whether it computes: by its own word, else by the time that it spends.

        Where it tells its task, only the one that it worked at first counts: others may use the
        server too. A runner with `/slots` off (ours) is watched for a fifth of a second instead.
        """
        try:
            answer = await client.get(f"http://127.0.0.1:{self.port}/slots")
        except httpx.HTTPError:
            return False
        if answer.status_code == httpx.codes.OK:
            tasks = {slot["id_task"] for slot in answer.json() if slot["is_processing"]}
            if self.task is None and tasks:
                self.task = tasks
            return bool(tasks & (self.task or set()))
        before = self._ticks()
        await asyncio.sleep(0.2)
        return self._ticks() - before > 4

    def _ticks(self) -> int:
        """Hundredths of a second of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


def runners_of(url: str) -> list[Runner]:
    """Return the runners of the server at `url`: the environment that each has from it says so."""
    host = f"OLLAMA_HOST=127.0.0.1:{urlsplit(url).port}"
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            environment = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        # The program itself, or the interpreter of our launcher's, which has its path soon after.
        names = {Path(word).name for word in words[:4]}
        theirs = any(one.startswith("OLLAMA_HOST=") and one != host for one in environment)
        if not theirs and "--port" in words and names & {"llama-server", "llama_server.py"}:
            found.append(Runner(int(folder.name), int(words[words.index("--port") + 1])))
    return found
