"""What all tests share: nobody's own data is touched, and one real Ollama serves the whole run."""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from components import sandbox
from components.engine.private import Folder, OllamaProcess, locate, problem
from components.engine.private.launchers import write_launchers
from components.engine.private.pins import MODEL
from components.engine.private.start import import_model
from components.settings import Settings
from components.store import store
from tests import shortcuts
from tests.environment import GIVEN, in_ci
from tests.postgres import NoPostgres, Postgres, running

#: Where Playwright keeps its browsers; it looks under HOME, which the tests redirect.
BROWSERS = Path.home() / (
    "Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright"
)


#: What a test needs, by the fixtures that bring it: `make quick` leaves these tests out.
NEEDS = {
    "browser": {"chromium"},
    "ollama": {"ollama_url", "private_root", "small_model_url"},
    "postgres": {"postgres", "distributed"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with what it needs, whether by a fixture or by a parameter of one.

    The longest come first, so that two processes end at about the same time. A browser test that
    fails is tried once more: what a busy machine does to one is reported.
    """
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        uses = {*getattr(item, "fixturenames", ()), *map(str, parameters.values())}
        for marker, names in NEEDS.items():
            if uses & names:
                item.add_marker(marker)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: min((*map([*NEEDS].index, marks(item)), len(NEEDS))))


def marks(item: pytest.Item) -> list[str]:
    """Return what a test needs, of NEEDS."""
    return [marker.name for marker in item.iter_markers() if marker.name in NEEDS]


def pytest_configure() -> None:
    # httpcore looks for it six times a request, and pytest's own finder makes that a millisecond.
    if importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    if BROWSERS.is_dir():
        os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(BROWSERS))


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give new folders, which pytest would number by looking at all that there are."""
    homes = tmp_path_factory.mktemp("homes")
    return (homes / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a home of its own, and none of the user's settings."""
    home = next(_homes)
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("FIRST_READER_", "OLLAMA_", "STREAMLIT_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("FIRST_READER_OLLAMA_DIR", str(home / "ollama"))


@pytest.fixture(scope="session", autouse=True)
def _migrated_once() -> Iterator[None]:
    """Have the migrations run for the first SQLite file only; the others become as it became."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_migrate", shortcuts.migrate)
        yield


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files read in the test's own process, unless it is about the sandbox or the whole."""
    is_real = request.node.get_closest_marker("sandbox") or marks(request.node)
    if not is_real and not {"workers", "watch"} & {*request.fixturenames}:
        monkeypatch.setattr(sandbox, "run", shortcuts.run_here)


@pytest.fixture(scope="session")
def private_root() -> Path:
    """The folder of the real private Ollama.

    Skips when it is not built; fails in CI when `make setup` should have built it there.
    """
    root = Settings.from_environment(GIVEN).ollama_folder.absolute()
    environ = {"PATH": ""}  # Only the private one counts, whatever else there is.
    if locate(environ, root=root, default_url="http://127.0.0.1:1").kind != "private":
        why = problem(root)
        reason = "the private Ollama is not built" + (f": {why}" if why else "")
        if locate(GIVEN, root=root).kind == "missing":
            _without(reason)
        pytest.skip(f"{reason}: this machine has another Ollama")
    return root


@pytest.fixture(scope="session")
def ollama_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a real Ollama: OLLAMA_HOST's, or the private one, started once for the run.

    The private one has the small model alone, whatever else `make run` has fetched into it.

    Skips, or in CI fails, when there is neither.
    """
    settings = Settings.from_environment(GIVEN)
    if settings.ollama_host is not None:
        located = locate(GIVEN, root=settings.ollama_folder)
        assert located.url is not None
        yield located.url
        return
    built = Folder(request.getfixturevalue("private_root"))
    folder = Folder(tmp_path_factory.mktemp("ollama") / "private")
    write_launchers(built)
    with OllamaProcess(built.binary, folder, private=True) as server:
        import_model(server.url, MODEL, built.weights)
        yield server.url


@pytest.fixture(scope="session")
def small_model_url(ollama_url: str) -> str:
    """The address of a real Ollama that has the small model; skips where it has only others."""
    answer = httpx.get(f"{ollama_url}/api/tags", trust_env=False).json()
    if MODEL not in [model["name"] for model in answer["models"]]:
        pytest.skip(f"this Ollama has no {MODEL}")
    return ollama_url


@pytest.fixture
def empty_ollama(private_root: Path, tmp_path: Path) -> Iterator[OllamaProcess]:
    """A real Ollama of the test's own, without any model, in the folder `tmp_path / "ollama"`."""
    folder = Folder(tmp_path / "ollama")
    with OllamaProcess(Folder(private_root).binary, folder, private=True) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real Postgres, started once for the run; `new_database()` gives the address of a fresh one.

    Skips, or in CI fails, when there is none.
    """
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except NoPostgres as error:
            if in_ci():
                pytest.fail(f"CI needs a real Postgres: {error}", pytrace=False)
            pytest.skip(f"no Postgres: {error} (python -m tests.install_postgres)")
        yield server


def _without(reason: str) -> None:
    if in_ci():
        pytest.fail(f"CI needs a real Ollama, and {reason}", pytrace=False)
    pytest.skip(f"{reason} (make setup builds one, or set OLLAMA_HOST)")
