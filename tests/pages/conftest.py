"""The app's own parts, new for each test of a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

from components.application import application, close_application
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.pages.actions import started
from tests.scripting import playing


@pytest.fixture(scope="session", autouse=True)
def _looked_once() -> Iterator[None]:
    """Have AppTest look for installed components, and compile a page, once and not each time."""
    found, cache = manifest_scanner.scan_component_manifests(), ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        patch.setattr(app_test, "ScriptCache", lambda: cache)
        yield


@pytest.fixture
def scripted() -> ScriptedOllama:
    """The server's script; a test may replace it with a fixture of its own."""
    return ScriptedOllama()


@pytest.fixture
def ollama(scripted: ScriptedOllama, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedOllama]:
    """A scripted Ollama that the app is told to use."""
    with playing(scripted):
        monkeypatch.setenv("OLLAMA_HOST", scripted.url)
        yield scripted
        close_application()


@pytest.fixture
def app(ollama: ScriptedOllama) -> AppTest:
    """The app, connected and run once."""
    application().wait_connected(10)
    return started()
