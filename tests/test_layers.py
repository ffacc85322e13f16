"""Imports point one way."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from components.settings import PROJECT

#: What each package of `components` may import, itself aside; what these may import, it may too.
DIRECTLY: dict[str, set[str]] = {
    "errors": set(),
    "settings": {"errors"},
    "markdown": {"errors"},
    "sandbox": {"errors"},
    "manuscripts": {"errors", "settings", "markdown", "sandbox"},
    "evidence": {"manuscripts"},
    "measures": {"errors", "manuscripts"},
    "engine": {"errors", "settings", "markdown"},
    "pictures": {"errors", "settings", "sandbox"},
    "store": {"manuscripts", "engine"},
    "analysis": {"store"},
    "reports": {"analysis", "evidence"},
    "jobs": {"analysis"},
    "plots": {"reports", "measures", "evidence"},
    "export": {"jobs", "plots"},
    "application": {"export"},
    "ui": {"application", "pictures", "plots"},
    "server": {"ui"},
    "worker": {"application"},
    "scripting": {"application", "pictures"},
    "cli": {"scripting", "measures"},
}

#: Outside of `components`.
TOPS = {"pages": {"ui"}, "streamlit_app": {"ui"}}

#: Where Streamlit may be known.
PAGES = {"ui", "server", "pages", "streamlit_app"}

LONGEST = 300

MODULES = sorted(
    [
        *(PROJECT / "components").rglob("*.py"),
        *(PROJECT / "pages").rglob("*.py"),
        PROJECT / "streamlit_app.py",
    ]
)


def part(path: Path) -> str:
    """The package of `path`, as the tables above name it."""
    names = path.relative_to(PROJECT).with_suffix("").parts
    return names[1] if names[0] == "components" else names[0]


def imported(path: Path) -> set[str]:
    """All modules that `path` names in an import, wherever in it, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path: Path) -> set[str]:
    """The packages of `components` that `path` imports, its own aside."""
    names = {name.split(".")[1] for name in imported(path) if name.startswith("components.")}
    return names - {part(path)}


def below(name: str) -> set[str]:
    """All that `name` may import."""
    direct = (DIRECTLY | TOPS)[name]
    return direct.union(*(below(one) for one in direct))


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(PROJECT)))


def test_the_tables_know_all_there_is() -> None:
    assert {part(path) for path in MODULES} - {"__init__"} == set(DIRECTLY) | set(TOPS)
    found = {one.name.split(".")[0] for one in (PROJECT / "components").iterdir()}
    assert found - {"__init__", "__pycache__"} == set(DIRECTLY)


def test_the_order_is_an_order() -> None:
    for name in DIRECTLY:
        assert name not in below(name)
    chain = ("engine", "store", "analysis", "jobs", "export", "application", "ui", "server")
    for lower, upper in pairwise(chain):
        assert lower in below(upper)


def test_siblings_do_not_know_each_other() -> None:
    assert "engine" not in below("manuscripts")
    assert "manuscripts" not in below("engine")
    assert not {"manuscripts", "engine"} & below("pictures")


@each([path for path in MODULES if part(path) != "__init__"])
def test_imports_point_down(path: Path) -> None:
    assert ours(path) <= below(part(path))


@each([path for path in MODULES if part(path) not in PAGES])
def test_nothing_below_the_pages_knows_streamlit(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] == "streamlit"}


@each([path for path in MODULES if part(path) == "pages"])
def test_pages_know_the_ui_and_streamlit_only(path: Path) -> None:
    assert ours(path) <= {"ui"}
    roots = {name.split(".")[0] for name in imported(path)}
    assert roots <= {"__future__", "components", "streamlit"}


@each([path for path in MODULES if part(path) not in {"engine", "__init__"}])
def test_only_the_engine_knows_the_client(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"ollama", "httpx"}


@each([path for path in MODULES if part(path) not in {"store", "__init__"}])
def test_only_the_store_knows_its_database(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"sqlalchemy", "alembic", "sqlite3"}


@each([path for path in MODULES if path.name != "distributed.py"])
def test_only_one_way_of_dispatch_knows_the_queue_in_postgres(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"procrastinate", "psycopg"}


@each([path for path in MODULES if part(path) not in PAGES])
def test_domain_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@each(MODULES)
def test_files_are_named_for_what_they_hold(path: Path) -> None:
    assert not {"utils", "common"} & set(path.relative_to(PROJECT).with_suffix("").parts)
