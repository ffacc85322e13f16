from __future__ import annotations

import os
import shutil
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from components.engine import Text
from components.errors import StoreError, StoreTooNew, StoreUnavailable
from components.store import Kind, NewReport, State, Step, Store
from components.store import store as store_module
from components.store.database import Database
from components.store.tables import metadata
from tests.store.conftest import AddMigration, OpenStore, head
from tests.store.making import (
    WAY,
    WHALE,
    backups,
    begun,
    claimed,
    finished,
    moments,
    question,
    spoil_question,
    together,
)

DATABASES = ("sqlite", "postgres")

#: Takes away what version 0009 added.
ORDER = ("ALTER TABLE call DROP COLUMN put_first", "ALTER TABLE call DROP COLUMN not_before")


def differences(place: Path | str) -> list[object]:
    with closing(Database(place)) as database, database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))


def revision(place: Path | str) -> str | None:
    with closing(Database(place)) as database, database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def tables(place: Path | str) -> set[str]:
    with closing(Database(place)) as database, database.read() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_a_new_one_has_the_tables_of_this_version(store: Store, place: Path | str) -> None:
    assert store.backup is None
    assert differences(place) == []
    assert revision(place) == head()
    assert backups(place) == []


def test_opening_again_changes_nothing(
    store: Store, place: Path | str, reopened: OpenStore
) -> None:
    analysis = begun(store)
    again = reopened()
    assert again.backup is None
    assert again.shelf().analyses.all() == [analysis]
    assert backups(place) == []


def test_many_may_open_a_new_one_at_the_same_moment(place: Path | str, reopened: OpenStore) -> None:
    stores = together(*[reopened] * 6)
    assert [type(store) for store in stores] == [Store] * 6
    assert differences(place) == []


def test_an_old_one_is_brought_up_to_date_with_what_is_in_it(
    store: Store, place: Path | str, reopened: OpenStore, add_migration: AddMigration
) -> None:
    analysis = begun(store)
    newest = add_migration()
    again = reopened()
    assert again.shelf().analyses.all() == [analysis]
    assert revision(place) == newest
    assert f"table_{newest}" in tables(place)


def test_a_file_is_copied_before(sqlite: Store, add_migration: AddMigration) -> None:
    assert sqlite.path is not None
    kept, old = sqlite.shelf().manuscripts.keep(WHALE), head()
    add_migration()
    with closing(Store(sqlite.path)) as again:
        copy = again.backup
    assert copy is not None
    assert backups(sqlite.path) == [copy]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert revision(copy) == old
    with closing(Database(copy)) as database, database.read() as connection:
        assert connection.execute(sa.select(metadata.tables["manuscript"].c.id)).scalar() == kept


def test_an_old_copy_can_be_used_again(sqlite: Store, add_migration: AddMigration) -> None:
    assert sqlite.path is not None
    kept = sqlite.shelf().manuscripts.keep(WHALE)
    newest = add_migration()
    with closing(Store(sqlite.path)) as again:
        assert again.backup is not None
        copy = shutil.copy(again.backup, sqlite.path.with_name("copy"))
    with closing(Store(copy)) as restored:
        assert restored.shelf().manuscripts.get(kept) == WHALE
    assert revision(copy) == newest


def test_two_copies_are_kept(sqlite: Store, add_migration: AddMigration) -> None:
    assert sqlite.path is not None
    made = []
    for _ in range(4):
        add_migration()
        with closing(Store(sqlite.path)) as again:
            made.append(again.backup)
    assert backups(sqlite.path) == made[-2:]


def test_without_a_copy_nothing_is_changed(sqlite: Store, add_migration: AddMigration) -> None:
    assert sqlite.path is not None
    (sqlite.path.parent / "backups").write_text("not a folder")
    old = head()
    add_migration()
    with pytest.raises(StoreUnavailable):
        Store(sqlite.path)
    assert revision(sqlite.path) == old


def test_half_a_copy_is_not_left(
    sqlite: Store, add_migration: AddMigration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert sqlite.path is not None
    add_migration()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError):
        Store(sqlite.path)
    assert backups(sqlite.path) == []


def test_one_of_a_newer_version_is_left_alone(
    store: Store,
    place: Path | str,
    reopened: OpenStore,
    add_migration: AddMigration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    analysis, scripts = begun(store), store_module._SCRIPTS
    newest = add_migration()
    reopened()
    copies = backups(place)
    monkeypatch.setattr(store_module, "_SCRIPTS", scripts)
    for _ in range(3):
        with pytest.raises(StoreTooNew) as raised:
            reopened()
        assert "newer" in raised.value.advice
    assert revision(place) == newest
    assert backups(place) == copies
    assert store.shelf().analyses.all() == [analysis]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ('op.execute("INSERT INTO nowhere VALUES (1)")', StoreError),
        ("1 / 0", ZeroDivisionError),
    ],
)
def test_one_that_fails_leaves_the_old_tables(
    store: Store,
    place: Path | str,
    reopened: OpenStore,
    add_migration: AddMigration,
    monkeypatch: pytest.MonkeyPatch,
    more: str,
    kind: type[Exception],
) -> None:
    analysis, scripts, old, before = begun(store), store_module._SCRIPTS, head(), tables(place)
    add_migration()
    add_migration(more)
    with pytest.raises(kind):
        reopened()
    assert (revision(place), tables(place)) == (old, before)
    monkeypatch.setattr(store_module, "_SCRIPTS", scripts)
    assert differences(place) == []
    assert reopened().shelf().analyses.all() == [analysis]


def test_what_the_version_before_left_waiting_is_neither_first_nor_put_off(
    store: Store, place: Path | str, reopened: OpenStore
) -> None:
    first, second = begun(store), begun(store)
    with store._database.write() as connection:
        for statement in (*ORDER, "UPDATE alembic_version SET version_num = '0009'"):
            connection.execute(sa.text(statement))
    again = reopened()
    assert differences(place) == []
    assert again.shelf().analyses.all() == [second, first]
    assert [claimed(again).call_id for _ in range(2)] == [first.call_id, second.call_id]


def test_what_the_version_before_left_is_blind_and_as_fast_as_it_was(
    store: Store, place: Path | str, reopened: OpenStore
) -> None:
    """It had no columns for these, but JSON and texts in which they stand."""
    kept = store.shelf().manuscripts.keep(WHALE)
    store.shelf().manuscripts.keep(replace(WHALE, title="渡口", text="渡船来得很晚。"))
    for blind in (True, False):
        store.shelf().series.begin_comparison(
            [NewReport([Step(question(kept))], {}) for _ in range(2)],
            name="c",
            manuscript_id=kept,
            details={"blind": blind},
        )
    store.calls.end(claimed(store), State.DONE, moments(*WAY, Text("a"), finished()), at=9.0)
    spoil_question(store, begun(store))
    digest = question().digest
    before = store.shelf().reports.speeds(digest)
    assert before is not None
    with store._database.write() as connection:
        for statement in (
            "DROP INDEX ix_call_digest",
            "DROP INDEX manuscript_listed",
            "ALTER TABLE call DROP COLUMN digest",
            "ALTER TABLE series DROP COLUMN blind",
            "ALTER TABLE manuscript DROP COLUMN unit",
            *ORDER,
            "UPDATE alembic_version SET version_num = '0006'",
        ):
            connection.execute(sa.text(statement))
    shelf = reopened().shelf()
    assert differences(place) == []
    assert len(shelf.series.all(Kind.REPORT)) == 2
    units = {one.title: one.unit for one in shelf.manuscripts.all()}
    assert units == {WHALE.title: "words", "渡口": "characters"}
    assert shelf.reports.speeds(digest) == before
    assert shelf.reports.speeds("another") is None


def test_what_asks_no_model_has_ended_with_its_answer(store: Store) -> None:
    asked = replace(begun(store).question, model="", digest="")
    chat = store.shelf().series.begin(
        Kind.CHAT,
        [Step(asked, answer="Looked up\x00.")],
        name="A chat",
        manuscript_id=asked.manuscript_id,
    )
    (exchange,) = store.shelf().analyses.in_series(chat.id)
    assert exchange.state is State.DONE
    assert exchange.ended is not None
    outcome = store.journal.outcome(exchange.call_id)
    assert (outcome.state, outcome.text) == (State.DONE, "Looked up\ufffd.")
