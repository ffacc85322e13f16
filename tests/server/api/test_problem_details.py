"""Every error of ours has a status; of others nothing is said."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from components.errors import (
    ContextExceeded,
    DamagedFile,
    FirstReaderError,
    LeaseLost,
    ModelCannot,
    ServerError,
    StoreDamaged,
    UnknownAnalysis,
    WrongPassword,
)
from components.server.api import api_routes
from components.server.api.operations import Operations
from components.server.api.problem_details import problem, status_of
from components.settings import Settings

SECRET = "It was a dark and stormy night"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DamagedFile("x"), 422),
        (WrongPassword("x"), 422),
        (ContextExceeded(2, 1), 422),
        (ModelCannot("x"), 422),
        (ServerError("x", status_code=500), 502),
        (StoreDamaged("x"), 503),
        (UnknownAnalysis("x"), 404),
        (LeaseLost("x"), 409),
        (FirstReaderError("x"), 500),
    ],
)
def test_the_nearest_kind_decides_the_status(error: FirstReaderError, status: int) -> None:
    assert status_of(error) == status
    fields = problem(error)
    assert fields["kind"] == type(error).__name__
    assert fields["detail"] == str(error)
    assert fields["advice"] == error.advice


def test_nothing_is_said_of_a_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any) -> Any:
        raise ValueError(SECRET)

    monkeypatch.setattr(Operations, "asker", fails)
    app = Starlette(routes=api_routes(Settings.from_environment({})))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/manuscripts")

    with caplog.at_level(logging.DEBUG):
        answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text + caplog.text
    assert "ValueError" in caplog.text
