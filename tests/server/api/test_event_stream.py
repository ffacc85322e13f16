"""A stream that nothing happens in, whose analysis is deleted, or that is one too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.server.api import event_stream
from components.server.api.event_stream import Streams
from components.server.api.problem_details import Refused
from components.store import Analysis, Store
from tests.store.making import begun


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(event_stream, "_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(event_stream, "_ALIVE_SECONDS", 0.0)
    opened = Store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


async def parts(streams: Streams, store: Store, analysis: Analysis) -> AsyncIterator[str]:
    app: Any = SimpleNamespace(store=store)
    current = lambda: store.shelf().analyses.get(analysis.id)  # noqa: E731
    response: Any = await streams.response(app, current, 0)
    async for part in response.body_iterator:
        yield part


def test_a_stream_shows_that_it_lives_and_ends_with_the_analysis(store: Store) -> None:
    analysis = begun(store)

    async def watch() -> list[str]:
        seen = []
        async for part in parts(Streams(), store, analysis):
            seen.append(part)
            if part == ": still here\n\n" and seen.count(part) == 2:
                store.control.stop(analysis.id)
        return seen

    seen = asyncio.run(watch())
    assert seen[-1].endswith("\n\n")
    assert "event: state" in seen[-1]
    assert '"stopped"' in seen[-1]


def test_the_stream_of_what_is_deleted_ends_with_a_problem(store: Store) -> None:
    analysis = begun(store)

    async def watch() -> list[str]:
        seen = []
        async for part in parts(Streams(), store, analysis):
            seen.append(part)
            if part == ": still here\n\n":
                store.shelf().analyses.delete(analysis.id)
        return seen

    assert '"kind": "UnknownAnalysis"' in asyncio.run(watch())[-1]


def test_a_stream_ends_when_the_store_is_closed(store: Store) -> None:
    analysis = begun(store)

    async def watch() -> None:
        async for part in parts(Streams(), store, analysis):
            if part == ": still here\n\n":
                store.journal.close()

    asyncio.run(asyncio.wait_for(watch(), 10))


def test_a_stream_too_many_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "MOST_STREAMS", 1)
    analysis = begun(store)

    async def watch() -> None:
        streams = Streams()
        async with streams._threads:
            with pytest.raises(Refused) as refused:
                await anext(parts(streams, store, analysis))
        assert refused.value.status == 503
        assert await anext(parts(streams, store, analysis))

    asyncio.run(watch())
