"""What could load a model gives way to calls, and calls of one model share its context."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from components.engine import Call, ContextChosen, Demand, Engine, Message, Options, client
from components.engine.admission import ModelUse
from components.engine.model import Loaded, Model
from components.errors import ServerBusy
from tests.doubles.scripted_ollama import MODEL, Done, Say, ScriptedOllama, Wait
from tests.engine.calls import engine_at, make_call, run, run_call
from tests.reports.reading import reader
from tests.waiting import until

TEXTS = ("One two three.", "Four.")

#: A call that runs, and the next of its report, which waits.
BUSY = {MODEL: Demand(2, 8192)}


class Store:
    """What calls run and wait, as a test says."""

    def __init__(self, asked: Mapping[str, Demand] | None = None) -> None:
        self.asked = asked or {}
        self.looked = 0

    def demand(self, _: str) -> Mapping[str, Demand]:
        self.looked += 1
        return self.asked


@asynccontextmanager
async def serving(
    store: Store, server: ScriptedOllama | None = None
) -> AsyncIterator[tuple[ScriptedOllama, Engine]]:
    server = server or reader(keeps=True)
    async with server.running(), engine_at(server.url, demand_of=store.demand) as engine:
        yield server, engine


def chats(server: ScriptedOllama) -> list[dict[str, Any]]:
    return [body for path, body in server.requests if path == "/api/chat"]


def step(num_ctx: int, **changes: Any) -> Call:
    options = Options(num_predict=8, num_ctx=num_ctx, **changes)
    return Call(MODEL, (Message("user", "What happens?"),), options, shares_ctx=True)


class TestCounting:
    def test_a_loaded_model_is_asked_in_its_context_and_stays_in_it(self) -> None:
        async def counted() -> None:
            async with serving(Store()) as (server, engine):
                await run_call(engine, step(6144))
                assert await engine.count_tokens(MODEL, TEXTS) == [3, 1]
                assert server.models.launches == [(MODEL, 6144)]

        run(counted())

    def test_a_model_is_loaded_once_for_counting_and_not_again_for_each_text(self) -> None:
        async def counted() -> None:
            async with serving(Store()) as (server, engine):
                assert await engine.count_tokens(MODEL, TEXTS) == [3, 1]
                assert server.models.launches == [(MODEL, 2048)]

        run(counted())

    @pytest.mark.parametrize("other", [MODEL, "other:7b"])
    def test_a_server_that_has_calls_is_asked_nothing(self, other: str) -> None:
        async def counted() -> None:
            server = reader(models=(MODEL, "other:7b"))
            async with serving(Store({other: Demand(1)}), server) as (_, engine):
                assert await engine.count_tokens(MODEL, TEXTS) is None
                assert chats(server) == []

        run(counted())

    def test_calls_of_models_that_a_server_has_not_are_none_of_its_business(self) -> None:
        async def counted() -> None:
            async with serving(Store({"elsewhere:7b": Demand(1)})) as (_, engine):
                assert await engine.count_tokens(MODEL, TEXTS) == [3, 1]

        run(counted())

    def test_it_is_withdrawn_when_a_call_begins_here(self) -> None:
        async def counted() -> None:
            server = ScriptedOllama((Say("Yes."), Done()), loading=(Wait(),))
            async with serving(Store(), server) as (_, engine):
                counting = asyncio.ensure_future(engine.count_tokens(MODEL, TEXTS))
                await chatted(server)
                async with aclosing(engine.stream(make_call())) as events:
                    await anext(events)
                    calling = asyncio.ensure_future(anext(events))
                    await server.closed.wait()
                    assert await counting is None
                    server.release.set()
                    await calling

        run(counted())

    def test_it_is_withdrawn_when_a_call_comes_in_another_process(self) -> None:
        async def counted() -> None:
            server, store = ScriptedOllama(loading=(Wait(),)), Store()
            async with serving(store, server) as (_, engine):
                counting = asyncio.ensure_future(engine.count_tokens(MODEL, TEXTS))
                await chatted(server)
                store.asked = BUSY
                assert await counting is None
                await server.closed.wait()

        run(counted())

    def test_it_is_withdrawn_when_nobody_waits_for_it_any_more(self) -> None:
        async def counted() -> None:
            server = ScriptedOllama(loading=(Wait(),))
            async with serving(Store(), server) as (_, engine):
                counting = asyncio.ensure_future(engine.count_tokens(MODEL, TEXTS))
                await chatted(server)
                counting.cancel()
                await server.closed.wait()
                with pytest.raises(asyncio.CancelledError):
                    await counting

        run(counted())


class TestManaging:
    def test_a_model_that_is_loaded_is_kept_in_its_context(self) -> None:
        async def kept() -> None:
            store = Store()
            async with serving(store) as (server, engine):
                await run_call(engine, step(6144))
                store.asked = BUSY
                await engine.management.keep(MODEL, "4h")
                assert server.models.loaded == {MODEL: "4h"}
                assert server.models.launches == [(MODEL, 6144)]

        run(kept())

    @pytest.mark.parametrize("other", [MODEL, "other:7b"])
    def test_no_model_is_loaded_beside_calls(self, other: str) -> None:
        async def kept() -> None:
            server = reader(models=(MODEL, "other:7b"))
            async with serving(Store({other: Demand(1)}), server) as (_, engine):
                with pytest.raises(ServerBusy):
                    await engine.management.keep(MODEL, "30m")
                assert chats(server) == []

        run(kept())

    def test_a_load_gives_way_to_a_call(self) -> None:
        async def kept() -> None:
            server, store = ScriptedOllama(loading=(Wait(),)), Store()
            async with serving(store, server) as (_, engine):
                keeping = asyncio.ensure_future(engine.management.keep(MODEL, "30m"))
                await chatted(server)
                store.asked = BUSY
                with pytest.raises(ServerBusy):
                    await keeping
                assert server.closed.is_set()

        run(kept())

    def test_a_model_that_calls_want_is_neither_unloaded_nor_deleted(self) -> None:
        async def managed() -> None:
            server = reader(models=(MODEL, "other:7b"), keeps=True)
            async with serving(Store(BUSY), server) as (_, engine):
                await run_call(engine, step(6144))
                with pytest.raises(ServerBusy):
                    await engine.management.unload(MODEL)
                with pytest.raises(ServerBusy):
                    await engine.management.delete(MODEL)
                await engine.management.unload("other:7b")
                assert MODEL in server.models.models
                assert MODEL in server.models.loaded

        run(managed())


class TestCalls:
    def test_a_chat_beside_a_report_is_asked_in_its_context(self) -> None:
        async def asked() -> None:
            store = Store({MODEL: Demand(1, 6144)})
            async with serving(store) as (server, engine):
                await run_call(engine, step(6144))
                store.asked = {MODEL: Demand(2, 6144)}
                events, error = await run_call(engine, make_call("Hello?"))
                assert error is None
                assert ContextChosen(6144, 8192) in events
                await run_call(engine, replace(make_call(), options=Options(num_ctx=2048)))
                await run_call(engine, step(6144))
                assert server.models.launches == [(MODEL, 6144)]

        run(asked())

    def test_one_that_comes_before_the_first_step_loads_the_context_of_the_report(self) -> None:
        async def asked() -> None:
            async with serving(Store({MODEL: Demand(2, 6144)})) as (server, engine):
                await run_call(engine, make_call("Hello?"))
                await run_call(engine, step(6144))
                assert server.models.launches == [(MODEL, 6144)]

        run(asked())

    def test_the_last_step_keeps_the_larger_context_that_a_chat_needed(self) -> None:
        async def asked() -> None:
            store = Store({MODEL: Demand(2, 4096)})
            async with serving(store) as (server, engine):
                await run_call(engine, step(4096))
                await run_call(engine, replace(make_call(), options=Options(num_ctx=8192)))
                store.asked = {MODEL: Demand(1, 4096)}
                await run_call(engine, step(4096))
                assert server.models.launches == [(MODEL, 4096), (MODEL, 8192)]

        run(asked())

    def test_alone_a_call_has_the_context_that_its_options_give(self) -> None:
        async def asked() -> None:
            store = Store({MODEL: Demand(1, 2048)})
            async with serving(store) as (server, engine):
                await run_call(engine, step(6144))
                await run_call(engine, replace(make_call(), options=Options(num_ctx=2048)))
                assert server.models.launches == [(MODEL, 6144), (MODEL, 2048)]

        run(asked())

    def test_a_call_that_would_let_go_of_the_model_does_not_while_others_want_it(self) -> None:
        async def asked(demand: Demand, keep_alive: str) -> Any:
            async with serving(Store({MODEL: demand})) as (server, engine):
                await run_call(engine, step(6144, keep_alive=keep_alive))
                return chats(server)[-1].get("keep_alive")

        assert run(asked(Demand(2), "0")) is None
        assert run(asked(Demand(2), "5m")) is None
        assert run(asked(Demand(2), "1h30m")) == "1h30m"
        assert run(asked(Demand(2), "-1")) == -1
        assert run(asked(Demand(1), "0")) == 0

    def test_a_model_that_others_wait_for_stays_while_another_answers(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(client, "HELD_SECONDS", 1e12)  # What the script has stays till 2030.

        async def asked() -> None:
            store = Store({MODEL: Demand(1)})
            async with serving(store, reader(models=(MODEL, "other:7b"), keeps=True)) as (
                server,
                engine,
            ):
                await run_call(engine, step(6144))
                store.asked = {MODEL: Demand(1, 6144), "other:7b": Demand(1)}
                await run_call(engine, make_call(model="other:7b"))
                assert server.models.loaded[MODEL] == 10**12
                assert server.models.launches[0] == (MODEL, 6144)
                assert [name for name, _ in server.models.launches].count(MODEL) == 1

        run(asked())

    def test_a_variant_shares_the_context_of_what_it_was_made_from(self) -> None:
        async def asked() -> None:
            server = reader(models={"base:7b": {}, "line:latest": {"parent_model": "base:7b"}})
            server.models.loaded["base:7b"] = "5m"  # Its context is the script's: 8,192.
            store = Store({"base:7b": Demand(1, 8192), "line": Demand(1)})
            async with serving(store, server) as (_, engine):
                events, error = await run_call(engine, make_call(model="line"))
                assert error is None
                assert ContextChosen(8192, 8192) in events

        run(asked())


class TestContext:
    """What a call that others share the model with is asked in."""

    MODEL = Model("m", "d", 1, "f", "1B", "Q4", 32_768, frozenset(), None)

    def use(self, loaded: int | None, *, calls: int = 2, given: int = 0) -> ModelUse:
        model = replace(self.MODEL, loaded=Loaded(loaded, 1, 0) if loaded else None)
        return ModelUse(model, loaded, Demand(calls, given), is_idle=False)

    def chosen(self, use: ModelUse, tokens: int, **options: Any) -> int:
        call = Call("m", (), Options(**options))
        return use.num_ctx(call, tokens, exact=True)

    def test_it_fits_beside_a_long_answer(self) -> None:
        """Room for the longest answer there may be is no reason to load the model anew."""
        assert self.chosen(self.use(8192), 5000) == 8192
        assert self.chosen(self.use(8192, calls=1), 5000) == 10_240

    def test_it_does_not_fit(self) -> None:
        assert self.chosen(self.use(8192), 7000) == 12_288

    def test_the_options_ask_for_more(self) -> None:
        assert self.chosen(self.use(8192), 100, num_ctx=16_384) == 16_384

    def test_what_waits_asks_for_more(self) -> None:
        assert self.chosen(self.use(None, given=16_384), 100) == 16_384
        assert self.chosen(self.use(8192, given=16_384), 100) == 8192
        assert self.chosen(self.use(8192, given=16_384), 9000) == 16_384

    def test_no_more_than_the_model_has(self) -> None:
        assert self.chosen(self.use(None, given=65_536), 100) == 32_768


async def chatted(server: ScriptedOllama) -> None:
    """Wait until the server was sent a chat."""
    await asyncio.to_thread(until, lambda: bool(chats(server)))
