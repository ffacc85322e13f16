"""A store of the test's own, on SQLite, or on Postgres too where a module or class asks for it.

`DATABASES = ("sqlite", "postgres")` in a module or a class has its tests run on both: for what
differs by database, as claims, leases, locks, notifications, migrations and transactions do.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.store import Store
from components.store import store as store_module
from tests.postgres import store_place

OpenStore = Callable[[], Store]

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    op.create_table("table_{revision}", sa.Column("x", sa.Integer(), primary_key=True))
    {more}
"""

AddMigration = Callable[..., str]


def head() -> str:
    return max(path.stem[1:5] for path in store_module._SCRIPTS.glob("versions/m*.py"))


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddMigration:
    """Add one to what this version can do; it makes a table of its name."""
    scripts = tmp_path / "migrations"
    shutil.copytree(store_module._SCRIPTS, scripts)
    before = head()

    def add(more: str = "") -> str:
        nonlocal before
        revision = f"{int(before) + 1:04}"
        text = MIGRATION.format(revision=revision, before=before, more=more)
        (scripts / "versions" / f"m{revision}_test.py").write_text(text)
        monkeypatch.setattr(store_module, "_SCRIPTS", scripts)
        before = revision
        return revision

    return add


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        of_module = getattr(metafunc.module, "DATABASES", ("sqlite",))
        metafunc.parametrize("backend", getattr(metafunc.cls, "DATABASES", of_module))


@pytest.fixture
def place(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a store may be opened that nobody has opened yet."""
    with store_place(backend, request, tmp_path) as place:
        yield place


@pytest.fixture
def reopened(place: Path | str) -> Iterator[OpenStore]:
    """Open the same place once more, as another process would."""
    opened: list[Store] = []

    def again() -> Store:
        opened.append(Store(place))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(reopened: OpenStore) -> Store:
    return reopened()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """A store in a file, for what Postgres has not."""
    store = Store(tmp_path / "data" / "first-reader.sqlite")
    yield store
    store.close()
