"""The server in a process of its own, with a scripted Ollama, and programs that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing
from tests.server.api.asking import client, token_in


@pytest.fixture(scope="module")
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama()) as server:
        yield server


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def address(ollama: ScriptedOllama, data: Path) -> Iterator[str]:
    with serving(ollama.url, FIRST_READER_DATA_DIR=str(data)) as address:
        yield address


@pytest.fixture
def asking(address: str, data: Path) -> Iterator[httpx.Client]:
    """A program that has the token."""
    with client(address, token_in(data)) as asking:
        yield asking
