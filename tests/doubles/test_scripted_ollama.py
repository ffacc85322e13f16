"""What a real server cannot be made to do on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from components.engine import (
    ContextChosen,
    Engine,
    Event,
    Finished,
    Stage,
    StageBegan,
    Text,
    Thought,
)
from components.engine.context import SMALLEST_CONTEXT
from components.errors import (
    BadResponse,
    CloudModelRefused,
    ConnectionLost,
    ContextExceeded,
    EngineError,
    ModelCannot,
    OllamaUnavailable,
    ServerError,
    StreamStalled,
)
from tests.doubles.scripted_ollama import (
    CONTEXT,
    MODEL,
    Break,
    Done,
    Refuse,
    Say,
    ScriptedOllama,
    Send,
    Wait,
)
from tests.engine.calls import engine_at, make_call, run, run_call, scripted, stages, text_of


def exceeded(needed: int, available: int) -> Refuse:
    inner = {
        "code": 400,
        "message": "too long",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": needed,
        "n_ctx": available,
    }
    return Refuse(400, {"error": json.dumps({"error": inner})})


def chats(server: ScriptedOllama) -> list[dict[str, Any]]:
    """The prompts that were sent."""
    return [body for path, body in server.requests if path == "/api/chat" and body["messages"]]


def of_script(*steps: Any, **script: Any) -> tuple[list[Event], EngineError | None]:
    """Ask once, and return what happened."""

    async def once() -> tuple[list[Event], EngineError | None]:
        async with scripted(*steps, **script) as (_, engine):
            return await run_call(engine, make_call())

    return run(once())


class TestEndsOfAStream:
    def test_an_error_in_mid_stream_keeps_the_text_before_it(self) -> None:
        events, error = of_script(Say("Once "), Say("upon"), Send(b'{"error": "it died"}\n'))
        assert text_of(events) == "Once upon"
        assert isinstance(error, ServerError)
        assert error.status_code is None
        assert "it died" in str(error)
        assert not any(isinstance(event, Finished) for event in events)

    def test_a_broken_connection(self) -> None:
        events, error = of_script(Say("Once"), Break())
        assert text_of(events) == "Once"
        assert isinstance(error, ConnectionLost)

    def test_a_connection_that_breaks_before_the_answer(self) -> None:
        events, error = of_script(Break())
        assert stages(events) == ["contacting", "loading", "reading"]
        assert isinstance(error, ConnectionLost)

    def test_a_connection_that_breaks_while_loading(self) -> None:
        events, error = of_script(loading=[Break()])
        assert stages(events) == ["contacting", "loading"]
        assert isinstance(error, ConnectionLost)

    def test_a_stream_that_ends_without_done(self) -> None:
        events, error = of_script(Say("Once"))
        assert text_of(events) == "Once"
        assert isinstance(error, ConnectionLost)

    @pytest.mark.parametrize(
        "garbage",
        [
            b"\xff\xfe\x00garbage\n",
            b"<html>\n",
            b"[]\n",
            b'"text"\n',
            b"5\n",
            b"null\n",
            b"[" * 100_000 + b"\n",
            b'{"message": 5, "done": false}\n',
            b'{"message": {"role": "assistant", "content": 5}, "done": false}\n',
            b'{"done": false}\n',
            b'{"done": true}\n',
            b"{}\n",
        ],
        ids=lambda data: data[:40].decode(errors="replace").strip(),
    )
    def test_what_is_not_the_protocol(self, garbage: bytes) -> None:
        events, error = of_script(Say("Once"), Send(garbage))
        assert text_of(events) == "Once"
        assert isinstance(error, BadResponse)
        assert not any(isinstance(event, Finished) for event in events)

    @pytest.mark.parametrize("reason", ["stop", "length", "load", "unload", "something new"])
    def test_done_reason_passes_through(self, reason: str) -> None:
        events, error = of_script(Say("Once"), Done(reason))
        assert error is None
        assert isinstance(events[-1], Finished)
        assert events[-1].statistics.done_reason == reason

    def test_an_answer_of_nothing_never_writes(self) -> None:
        events, error = of_script(Done())
        assert error is None
        assert stages(events) == ["contacting", "loading", "reading"]
        assert isinstance(events[-1], Finished)
        assert events[-1].statistics.time_to_first_token is None
        assert events[-1].statistics.received == 0

    def test_figures_that_the_server_leaves_out_are_none(self) -> None:
        events, _ = of_script(Say("Once"), Done())
        assert isinstance(events[-1], Finished)
        statistics = events[-1].statistics
        assert statistics.eval_count == statistics.received == 1
        assert statistics.eval_duration is None
        assert statistics.total_duration is None
        assert statistics.tokens_per_second is None

    def test_figures_that_the_server_gives_are_its_own(self) -> None:
        figures = {"total_duration": 5, "prompt_eval_count": 7, "eval_duration": 3}
        events, _ = of_script(Say("Once"), Done(figures=figures))
        assert isinstance(events[-1], Finished)
        assert {name: getattr(events[-1].statistics, name) for name in figures} == figures

    @pytest.mark.parametrize("status", [400, 500, 503])
    def test_a_refusal(self, status: int) -> None:
        events, error = of_script(Refuse(status, {"error": "the runner has died"}))
        assert isinstance(error, ServerError)
        assert error.status_code == status
        assert stages(events)[-1] == "reading"

    def test_a_refusal_to_load(self) -> None:
        refusal = Refuse(500, {"error": "model requires more system memory (9 GiB)"})
        events, error = of_script(loading=[refusal])
        assert isinstance(error, ServerError)
        assert stages(events)[-1] == "loading"
        assert "smaller model" in error.advice


class TestThinking:
    def test_thoughts_are_told_from_the_answer(self) -> None:
        events, error = of_script(Say("Hm. ", thinking=True), Say("So.", thinking=True), Say("42"))
        assert isinstance(error, ConnectionLost)
        assert [e.text for e in events if isinstance(e, Thought)] == ["Hm. ", "So."]
        assert text_of(events) == "42"

    def test_writing_begins_with_the_first_thought(self) -> None:
        events, _ = of_script(Say("Hm.", thinking=True), Done())
        first = events.index(Thought("Hm."))
        assert events[first - 1] == StageBegan(Stage.WRITING)
        assert isinstance(events[-1], Finished)
        assert events[-1].statistics.received == 1
        assert events[-1].statistics.time_to_first_token is not None

    def test_a_part_may_hold_both(self) -> None:
        part = {"role": "assistant", "content": "b", "thinking": "a"}
        line = json.dumps({"model": MODEL, "message": part, "done": False}).encode() + b"\n"
        events, _ = of_script(Send(line), Done())
        assert events[-3:-1] == [Thought("a"), Text("b")]
        assert stages(events).count("writing") == 1


class TestWaiting:
    def test_a_load_may_take_its_time(self) -> None:
        async def once() -> list[Event]:
            async with scripted(Say("a"), Done(), loading=[Wait()]) as (server, engine):
                seen: list[Event] = []
                async for event in engine.stream(make_call()):
                    seen.append(event)
                    if event == StageBegan(Stage.LOADING):
                        server.release.set()
                return seen

        events = run(once())
        assert stages(events) == ["contacting", "loading", "reading", "writing"]

    @pytest.mark.parametrize(
        ("script", "stage"),
        [
            pytest.param({"loading": [Wait()]}, Stage.LOADING, id="loading"),
            pytest.param({"answer": [Wait(), Done()]}, Stage.READING, id="reading"),
        ],
    )
    def test_loading_and_reading_have_no_limit(self, script: dict[str, Any], stage: Stage) -> None:
        """A stall counts between two tokens only, however short it may be."""

        async def once() -> None:
            async with scripted(**{"answer": [Done()]} | script, engine={"stall_seconds": 0.0}) as (
                server,
                engine,
            ):

                async def release() -> None:
                    await until(lambda: asked(server, stage))
                    for _ in range(100):
                        await asyncio.sleep(0)
                    server.release.set()

                releasing = asyncio.create_task(release())
                events, error = await run_call(engine, make_call())
                await releasing
                assert error is None
                assert stages(events)[-1] == "reading"

        run(once())

    def test_a_stall_in_writing(self) -> None:
        async def once() -> None:
            settings = {"stall_seconds": 0.05}
            async with scripted(Say("Once"), Wait(), engine=settings) as (server, engine):
                events, error = await run_call(engine, make_call())
                assert text_of(events) == "Once"
                assert isinstance(error, StreamStalled)
                await server.closed.wait()

        run(once())


class TestStopping:
    """Ending the stream at any point ends the connection, and so the server's work."""

    WHERE = (
        pytest.param({"loading": [Wait()]}, Stage.LOADING, id="loading"),
        pytest.param({"answer": [Wait(), Done()]}, Stage.READING, id="reading"),
        pytest.param({"answer": [Say("a"), Wait(), Done()]}, Stage.WRITING, id="writing"),
    )

    @pytest.mark.parametrize(("script", "stage"), WHERE)
    def test_cancelling_the_task(self, script: dict[str, Any], stage: Stage) -> None:
        async def once() -> None:
            reached = asyncio.Event()

            async def follow(engine: Engine) -> None:
                async for event in engine.stream(make_call()):
                    if event == StageBegan(stage):
                        reached.set()

            async with scripted(**script) as (server, engine):
                task = asyncio.create_task(follow(engine))
                await reached.wait()
                await until(lambda: asked(server, stage))
                assert not server.closed.is_set()
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                assert task.cancelled()
                await server.closed.wait()
                await until(lambda: server.generating == 0)

        run(once())

    def test_closing_the_iterator_while_it_writes(self) -> None:
        async def once() -> None:
            async with scripted(Say("a"), Say("b"), Wait(), Done()) as (server, engine):
                stream = engine.stream(make_call())
                async for event in stream:
                    if event == Text("a"):
                        break
                await stream.aclose()
                # All of it has ended, and nothing is left to the collector.
                assert connections(engine) == 0
                await server.closed.wait()

        run(once())

    def test_the_engine_works_after_it(self) -> None:
        async def once() -> None:
            answers = [[Say("a"), Wait()], [Say("b"), Done()]]
            async with scripted(answers=answers) as (_, engine):
                stream = engine.stream(make_call())
                async for event in stream:
                    if isinstance(event, Text):
                        break
                await stream.aclose()
                events, error = await run_call(engine, make_call())
                assert error is None
                assert text_of(events) == "b"

        run(once())

    def test_closing_the_engine_ends_what_runs(self) -> None:
        async def once() -> None:
            async with scripted(Say("a"), Wait(), Done()) as (server, engine):
                async for event in (stream := engine.stream(make_call())):
                    if isinstance(event, Text):
                        break
                await engine.close()
                with pytest.raises(ConnectionLost):
                    await anext(stream)
                await server.closed.wait()

        run(once())


class TestCloud:
    HOST = "https://ollama.com:443"

    def test_nothing_of_the_text_is_sent(self) -> None:
        async def once() -> None:
            async with scripted(remote_host=self.HOST) as (server, engine):
                events, error = await run_call(engine, make_call("A secret story."))
                assert isinstance(error, CloudModelRefused)
                assert self.HOST in str(error)
                assert stages(events) == ["contacting"]
                assert "/api/chat" not in [path for path, _ in server.requests]
                assert "secret" not in json.dumps(server.requests)

        run(once())

    def test_unless_it_is_allowed(self) -> None:
        settings = {"allow_cloud": True}
        events, error = of_script(remote_host=self.HOST, engine=settings)
        assert error is None
        assert text_of(events) == "Hello"


class TestTooLong:
    def test_a_short_estimate_is_tried_once_more_by_the_servers_count(self) -> None:
        async def once() -> None:
            # Dense text: 2,000 letters that are 3,000 tokens, where 540 are expected.
            answers = [[exceeded(3000, 2048)], [Say("a"), Done()]]
            async with scripted(answers=answers) as (server, engine):
                events, error = await run_call(engine, make_call("x" * 2000, num_predict=64))
                assert error is None
                assert stages(events) == [
                    "contacting",
                    *("loading", "reading"),
                    *("loading", "reading", "writing"),
                ]
                chosen = [event for event in events if isinstance(event, ContextChosen)]
                assert chosen == [ContextChosen(2048, CONTEXT), ContextChosen(4096, CONTEXT)]
                assert [body["options"]["num_ctx"] for body in chats(server)] == [2048, 4096]
                assert isinstance(events[-1], Finished)
                assert events[-1].statistics.num_ctx == 4096

        run(once())

    def test_and_only_once(self) -> None:
        async def once() -> None:
            async with scripted(exceeded(3000, 2048)) as (server, engine):
                events, error = await run_call(engine, make_call("x" * 2000))
                assert isinstance(error, ContextExceeded)
                assert (error.needed, error.available) == (3000, CONTEXT)
                assert len(chats(server)) == 2
                assert text_of(events) == ""

        run(once())

    def test_the_next_question_knows_the_count(self) -> None:
        async def once() -> None:
            answers = [[exceeded(3000, 2048)], [Say("a"), Done()], [Say("b"), Done()]]
            async with scripted(answers=answers) as (server, engine):
                await run_call(engine, make_call("x" * 2000))
                await run_call(engine, make_call("y" * 2000))
                sizes = [body["options"]["num_ctx"] for body in chats(server)]
                assert sizes == [2048, 4096, 4096]

        run(once())

    def test_what_cannot_fit_is_not_tried_again(self) -> None:
        async def once() -> None:
            text = "x" * 100_000
            async with scripted(exceeded(20_000, SMALLEST_CONTEXT)) as (server, engine):
                events, error = await run_call(engine, make_call(text))
                assert isinstance(error, ContextExceeded)
                assert (error.needed, error.available) == (20_000, CONTEXT)
                assert [body["options"]["num_ctx"] for body in chats(server)] == [SMALLEST_CONTEXT]
                assert text_of(events) == ""

        run(once())

    def test_what_fills_the_context_is_not_either(self) -> None:
        async def once() -> None:
            needed = CONTEXT
            async with scripted(exceeded(needed, 2048)) as (server, engine):
                _, error = await run_call(engine, make_call("x" * 2000))
                assert isinstance(error, ContextExceeded)
                assert len(chats(server)) == 1

        run(once())


class TestWhatIsSent:
    def test_nothing_may_be_cut_and_the_context_is_explicit(self) -> None:
        async def once() -> None:
            async with scripted() as (server, engine):
                await run_call(engine, make_call("A story.", num_predict=99))
                bodies = [body for path, body in server.requests if path == "/api/chat"]
                load, ask = bodies
                for body in bodies:
                    assert body["truncate"] is False
                    assert body["shift"] is False
                    assert body["model"] == MODEL
                    assert isinstance(body["options"]["num_ctx"], int)
                    assert body["options"]["num_predict"] == 99
                assert load["messages"] == []
                assert ask["messages"] == [{"role": "user", "content": "A story."}]
                # What launches a model must not differ, or it would be loaded twice.
                assert load["options"] == ask["options"]

        run(once())

    def test_in_order(self) -> None:
        async def once() -> None:
            async with scripted() as (server, engine):
                await run_call(engine, make_call())
                paths = [path for path, _ in server.requests]
                once, calls = ["/api/show"], ["/api/chat", "/api/chat"]
                assert paths == ["/api/tags", "/api/ps", *once, *calls]
                server.requests.clear()
                await run_call(engine, make_call())
                paths = [path for path, _ in server.requests]
                assert paths == ["/api/tags", "/api/ps", *calls]

        run(once())

    def test_no_proxy_of_the_environment_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        events, error = of_script()
        assert error is None
        assert text_of(events) == "Hello"

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_no_redirect_is_followed(self, status: int) -> None:
        async def once() -> None:
            async with ScriptedOllama().running() as elsewhere:
                head = f"HTTP/1.1 {status} X\r\nLocation: {elsewhere.url}/api/chat\r\n"
                async with answering(head) as url, engine_at(url) as engine:
                    _, error = await run_call(engine, make_call("A secret story."))
                    assert isinstance(error, BadResponse)
                    with pytest.raises(BadResponse):
                        await engine._client.load({"model": MODEL, "messages": []})
                assert elsewhere.requests == []

        run(once())


class TestAServerThatIsNone:
    def test_nothing_listens(self) -> None:
        async def once() -> None:
            async with ScriptedOllama().running() as server:
                url = server.url
            async with engine_at(url) as engine:
                with pytest.raises(OllamaUnavailable, match="does not answer"):
                    await engine.version()
                events, error = await run_call(engine, make_call())
                assert isinstance(error, OllamaUnavailable)
                assert stages(events) == ["contacting"]

        run(once())

    @pytest.mark.parametrize(
        "body", ["<html>", "[]", "5", "null", '{"models": 5}', '{"models": [{}]}', "[" * 100_000]
    )
    def test_it_answers_something_else(self, body: str) -> None:
        async def once() -> None:
            async with answering("HTTP/1.1 200 OK\r\n", body) as url, engine_at(url) as engine:
                with pytest.raises(BadResponse):
                    await engine.models()

        run(once())

    def test_it_has_no_such_pages(self) -> None:
        async def once() -> None:
            head = "HTTP/1.1 404 Not Found\r\n"
            async with answering(head, "<h1>Not found</h1>") as url, engine_at(url) as engine:
                with pytest.raises(BadResponse, match="not Ollama"):
                    await engine.version()

        run(once())

    def test_it_speaks_no_http(self) -> None:
        async def once() -> None:
            async with answering("220 mail.example ESMTP\r\n") as url, engine_at(url) as engine:
                with pytest.raises(ConnectionLost):
                    await engine.version()

        run(once())

    @pytest.mark.parametrize("url", ["http://[::1", "http://a:99999999"])
    def test_it_is_no_address(self, url: str) -> None:
        with pytest.raises(EngineError):
            Engine(url)


def test_an_old_server_is_asked_what_it_does_not_list() -> None:
    async def once() -> None:
        tags = {"models": [{"name": "old:7b", "details": {"family": "llama"}}]}
        info = {"general.architecture": "llama", "llama.context_length": 4096}
        pages = {
            "GET /api/tags": tags,
            "GET /api/ps": {"models": []},
            "POST /api/show": {"model_info": info, "capabilities": ["completion"]},
        }
        async with answering("HTTP/1.1 200 OK\r\n", pages=pages) as url, engine_at(url) as engine:
            (model,) = await engine.models()
            assert model.context_length == 4096
            assert model.capabilities == {"completion"}

    run(once())


def test_what_show_says_of_a_model_wins_over_the_list() -> None:
    async def once() -> None:
        tags = {"models": [{"name": "embeds:1b", "capabilities": ["completion"]}]}
        shows = {
            "GET /api/tags": tags,
            "GET /api/ps": {"models": []},
            "POST /api/show": {"capabilities": ["embedding"]},
        }
        async with answering("HTTP/1.1 200 OK\r\n", pages=shows) as url, engine_at(url) as engine:
            (model,) = await engine.models()
            assert model.capabilities == {"embedding"}
            _, error = await run_call(engine, make_call(model="embeds:1b"))
            assert isinstance(error, ModelCannot)
            assert str(error).startswith("embeds:1b cannot write")

    run(once())


def test_a_model_that_cannot_be_shown_is_taken_as_it_is_listed() -> None:
    async def once() -> None:
        async with scripted(models=["a:1b", "b:1b"]) as (server, engine):
            answer = server.models.answer
            server.models.answer = lambda request, body: (  # type: ignore[method-assign]
                (500, {"error": "unexpected EOF"})
                if request == "POST /api/show" and body["model"] == "a:1b"
                else answer(request, body)
            )
            assert [model.name for model in await engine.models()] == ["a:1b", "b:1b"]

    run(once())


def asked(server: ScriptedOllama, stage: Stage) -> bool:
    """Whether the server has been asked for what it does in `stage`."""
    if stage is Stage.LOADING:
        return server.requests[-1:] != [] and server.requests[-1][0] == "/api/chat"
    return server.generating == 1


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until `condition` holds; `run` bounds it."""
    while not condition():  # noqa: ASYNC110 - nothing sets an event for it
        await asyncio.sleep(0)


def connections(engine: Engine) -> int:
    """How many connections the engine holds open."""
    return len(engine._client._client._transport._pool.connections)  # type: ignore[attr-defined]


@asynccontextmanager
async def answering(
    head: str, body: str = "", *, pages: dict[str, Any] | None = None
) -> AsyncIterator[str]:
    """A server that says the same to every request, or what `pages` has for it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked = request.rsplit(" HTTP/", 1)[0]
        said = body if pages is None else json.dumps(pages[asked])
        writer.write(f"{head}Content-Length: {len(said)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(said.encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
