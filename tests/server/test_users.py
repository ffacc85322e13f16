"""Users that a reverse proxy names: each sees what is theirs, and nobody gets past the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from bench.page import PageClient
from components.store import Store
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.scripting import playing

SAMPLE = "Try its first chapter"


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with playing(ScriptedOllama()) as server:
        yield server


def opened(address: str, user: str, query: str = "") -> PageClient:
    page = PageClient(address, {"X-Remote-User": user})
    page.run(query=query)
    return page


def test_each_user_has_a_library_of_their_own(ollama: ScriptedOllama, tmp_path: Path) -> None:
    data = {"FIRST_READER_DATA_DIR": str(tmp_path), "FIRST_READER_USER_HEADER": "X-Remote-User"}
    with serving(ollama.url, **data) as address:
        anna = opened(address, "anna")
        anna.until_button(SAMPLE)
        anna.run(click=SAMPLE)
        anna.until_button("Analyse")
        store = Store(tmp_path / "first-reader.sqlite")
        (kept,) = store.shelf("anna").manuscripts.all()
        assert store.shelf("ben").manuscripts.all() == []
        assert store.shelf("").manuscripts.all() == []
        store.close()
        ben = opened(address, "ben", f"manuscript={kept.id}")
        ben.until(b"no manuscript under this address")
        for page in (anna, ben):
            page.close()


def test_without_one_name_nothing_is_answered_but_that_it_runs(
    ollama: ScriptedOllama, tmp_path: Path
) -> None:
    data = {"FIRST_READER_DATA_DIR": str(tmp_path), "FIRST_READER_USER_HEADER": "X-Remote-User"}
    two = [("X-Remote-User", "anna"), ("x-remote-user", "ben")]
    with serving(ollama.url, **data) as address:
        for path in ("/", "/media/0123456789abcdef.md", "/_stcore/host-config", "/library"):
            for headers in ([], [("X-Remote-User", "")], two):
                answer = httpx.get(address + path, headers=headers, trust_env=False)
                assert answer.status_code == 403
        with pytest.raises(InvalidStatus):
            PageClient(address)
        assert httpx.get(f"{address}/_stcore/health", trust_env=False).status_code == 200


def test_nobody_gets_past_the_proxy(ollama: ScriptedOllama, tmp_path: Path) -> None:
    data = {"FIRST_READER_DATA_DIR": str(tmp_path), "FIRST_READER_USER_HEADER": "X-Remote-User"}
    with serving(ollama.url, FIRST_READER_PROXY="192.0.2.1", **data) as address:
        forged = {"X-Remote-User": "anna", "X-Forwarded-For": "192.0.2.1"}
        answer = httpx.get(address, headers=forged, trust_env=False)
        assert answer.status_code == 403
        with pytest.raises(InvalidStatus):
            PageClient(address, forged)
