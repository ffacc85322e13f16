"""Every test of the store runs on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.store import Store
from tests.postgres import Postgres

OpenStore = Callable[[], Store]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a store may be opened that nobody has opened yet."""
    if request.param == "sqlite":
        yield tmp_path / "data" / "first-reader.sqlite"
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.new_database()
    yield address
    server.drop(address)


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
