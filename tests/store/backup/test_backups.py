"""What is deleted for good is not kept by the copies from before a migration."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from components.engine import Text
from components.store import QuestionPicture, State, Store
from tests.store.conftest import AddMigration
from tests.store.making import (
    SECRET,
    WAY,
    WHALE,
    backups,
    begun,
    claimed,
    does,
    moments,
    question,
    step,
    steps_of,
)

ANSWER, TITLE, NOTE, AUTHOR = (
    "The narrator is not to be trusted",
    "A title that nobody knows",
    "A step said",
    "An author whom nobody knows",
)

FOR_EVER = float("inf")


@pytest.fixture
def migrated(sqlite: Store, add_migration: AddMigration) -> Store:
    """A store with two manuscripts and a copy of it from before a migration."""
    assert sqlite.path is not None
    shelf = sqlite.shelf()
    kept = shelf.manuscripts.keep(replace(WHALE, title=TITLE, text=f"{TITLE}. {SECRET}. " * 300))
    shelf.preferences.put(f"permission-{kept}", {"given_by": AUTHOR})
    shelf.analyses.begin(
        question(kept, title=TITLE), pictures=[QuestionPicture("p", ANSWER.encode())]
    )
    said = moments(*WAY, Text(ANSWER * 300))
    sqlite.calls.end(claimed(sqlite), State.DONE, said, at=9.0)
    begun(sqlite, read=replace(WHALE, title="Another", text="Another text. " * 300))
    does(sqlite, "Another answer")
    report = steps_of(sqlite, step(), step(needs=(0,)))
    for _ in range(2):
        does(sqlite, NOTE)
    shelf.series.delete(report.id)
    add_migration()
    with closing(Store(sqlite.path)) as again:
        assert again.backup is not None
    for title in (TITLE, "The Whale"):
        (one,) = [one for one in shelf.manuscripts.all() if one.title == title]
        shelf.manuscripts.delete(one.id)
    return sqlite


def held(store: Store) -> bytes:
    """Return all bytes of the copies and of what SQLite keeps beside them."""
    assert store.path is not None
    return b"".join(one.read_bytes() for one in backups(store.path))


def test_text_that_is_purged_goes_from_the_copies_too(migrated: Store) -> None:
    secrets = [one.encode() for one in (SECRET, ANSWER, TITLE, NOTE, AUTHOR)]
    assert all(one in held(migrated) for one in secrets)
    assert migrated.purge() == 0
    assert all(one in held(migrated) for one in secrets)  # It can be restored for a while.
    assert migrated.purge(before=FOR_EVER) > 0
    assert not [one for one in secrets if one in held(migrated)]
    assert migrated.path is not None
    assert AUTHOR.encode() not in migrated.path.read_bytes()


def test_the_rest_of_a_copy_can_still_be_used(migrated: Store, tmp_path: Path) -> None:
    migrated.purge(before=FOR_EVER)
    assert migrated.path is not None
    (copy,) = [one for one in backups(migrated.path) if one.suffix == ".sqlite"]
    place = tmp_path / "again" / "first-reader.sqlite"
    place.parent.mkdir()
    copy.rename(place)
    with closing(Store(place)) as again:
        shelf = again.shelf()
        assert [one.title for one in shelf.manuscripts.all()] == ["Another"]
        assert len(shelf.analyses.all()) == 1


def test_a_copy_that_cannot_be_changed_goes_as_a_whole(
    migrated: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert migrated.path is not None
    (copy,) = backups(migrated.path)
    copy.write_bytes(b"no database at all, with " + SECRET.encode())
    with caplog.at_level(logging.WARNING):
        assert migrated.purge(before=FOR_EVER) > 0
    assert backups(migrated.path) == []
    assert copy.name in caplog.text
