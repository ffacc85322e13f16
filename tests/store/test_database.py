from __future__ import annotations

import errno
import os
import sqlite3
import stat
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg import errors as pg

from components.errors import (
    SettingsError,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from components.store import Store, database
from components.store.database import Database, stored
from components.store.tables import manuscript, metadata, preference
from tests.postgres import Postgres, running
from tests.store.conftest import OpenStore
from tests.store.making import LONG, SECRET, WHALE, begun, together

DATABASES = ("sqlite", "postgres")


@pytest.fixture
def bare(place: Path | str) -> Iterator[Database]:
    """A database with its tables and nothing else."""
    one = Database(place)
    with one.write() as connection:
        metadata.create_all(connection)
    yield one
    one.close()


def test_a_connection_that_is_in_use_at_the_close_is_closed_after_it(bare: Database) -> None:
    with bare.read() as connection:
        used = connection.connection.dbapi_connection
        assert used is not None
        bare.close()
        assert connection.scalar(sa.text("SELECT 1")) == 1
    with pytest.raises(Exception, match="closed"):
        used.cursor().execute("SELECT 1")


def put(one: Database, value: int) -> None:
    with one.write() as connection:
        connection.execute(sa.insert(preference).values(owner="", name="n", value=str(value)))


def value(one: Database) -> int | None:
    with one.read() as connection:
        found = connection.scalar(sa.select(preference.c.value))
    return None if found is None else int(found)


def count_up(one: Database, *, times: int) -> None:
    """Read, then write what is one more."""
    for _ in range(times):
        with one.write(alone=True) as connection:
            seen = int(connection.scalar(sa.select(preference.c.value)) or 0)
            connection.execute(sa.update(preference).values(value=str(seen + 1)))


def full_text(error: BaseException) -> str:
    """All that a log would hold of `error`."""
    return "".join(traceback.format_exception(error))


class TestTransactions:
    def test_what_was_written_is_read(self, bare: Database) -> None:
        put(bare, 7)
        assert value(bare) == 7

    @pytest.mark.parametrize("durable", [True, False])
    def test_what_breaks_off_has_written_nothing(self, bare: Database, durable: bool) -> None:
        def broken() -> None:
            with bare.write(durable=durable) as connection:
                connection.execute(sa.insert(preference).values(owner="", name="n", value="1"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        assert value(bare) is None
        put(bare, 7)

    def test_tables_are_part_of_a_transaction(self, bare: Database) -> None:
        def broken() -> None:
            with bare.write() as connection:
                connection.execute(sa.text("CREATE TABLE other (x INTEGER)"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        with bare.read() as connection:
            assert not sa.inspect(connection).has_table("other")

    def test_those_who_write_alone_write_one_after_another(
        self, bare: Database, place: Path | str
    ) -> None:
        put(bare, 0)
        with closing(Database(place)) as other:
            jobs = [lambda one=one: count_up(one, times=20) for one in (bare, other) * 2]
            assert together(*jobs) == [None] * 4
        assert value(bare) == 80

    def test_a_reader_does_not_wait_for_a_writer(self, bare: Database) -> None:
        put(bare, 1)
        with bare.write() as connection:
            connection.execute(sa.update(preference).values(value="2"))
            assert together(lambda: value(bare)) == [1]
        assert value(bare) == 2

    def test_a_connection_that_has_read_does_not_stand_still(
        self, bare: Database, place: Path | str
    ) -> None:
        put(bare, 1)
        with closing(Database(place)) as other, other.read() as connection:
            assert connection.scalar(sa.select(preference.c.value)) == "1"
            count_up(bare, times=1)
            assert connection.scalar(sa.select(preference.c.value)) == "2"


class TestNow:
    def test_it_is_the_time(self, bare: Database) -> None:
        with bare.read() as connection:
            assert abs(float(connection.scalar(sa.select(bare.now())) or 0) - time.time()) < 60

    def test_it_goes_on_in_a_transaction(self, bare: Database) -> None:
        now = sa.select(bare.now())
        with bare.write() as connection:
            first = connection.scalar(now)
            deadline = time.monotonic() + LONG
            while connection.scalar(now) == first:
                assert time.monotonic() < deadline

    def test_a_statement_that_was_made_before_knows_the_time_after(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = [1.0]
        monkeypatch.setattr(database.time, "time", lambda: clock[0])
        with closing(Database(tmp_path / "file")) as one, one.read() as connection:
            now = sa.select(one.now() + 10.0)
            for clock[0] in (1.0, 5.0):
                assert connection.scalar(now) == clock[0] + 10.0


class TestFile:
    def test_folder_and_files_are_for_this_user_alone(self, sqlite: Store) -> None:
        begun(sqlite)
        assert sqlite.path is not None
        files = {one.name: stat.S_IMODE(one.stat().st_mode) for one in sqlite.path.parent.iterdir()}
        assert files == dict.fromkeys(
            [f"first-reader.sqlite{end}" for end in ("", "-wal", "-shm", "-queue")], 0o600
        )
        assert stat.S_IMODE(sqlite.path.parent.stat().st_mode) == 0o700

    def test_a_folder_that_was_left_open_is_closed_where_it_is_the_stores_own(
        self, tmp_path: Path
    ) -> None:
        for name, other, mode in (
            ("own", ("api-tokens",), 0o700),
            ("shared", ("letter.txt",), 0o777),
        ):
            folder = tmp_path / name
            folder.mkdir()
            folder.chmod(0o777)
            for one in other:
                (folder / one).touch()
            for _ in range(2):
                Store(folder / "first-reader.sqlite").close()
                assert stat.S_IMODE(folder.stat().st_mode) == mode

    def test_the_users_mask_takes_nothing_away(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            with closing(Database(tmp_path / "a" / "file")) as one, one.write() as connection:
                metadata.create_all(connection)
                assert {
                    stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "a").iterdir()
                } == {0o600}
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700

    def test_pages_read_while_a_worker_writes(self, sqlite: Store) -> None:
        with sqlite._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1

    def test_what_is_durable_is_on_the_disk_once_others_may_write(
        self, sqlite: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synchronised: list[bool] = []
        database = sqlite._database
        monkeypatch.setattr(
            os, "fsync", lambda file: synchronised.append(not database._writing.locked())
        )
        with database.write(durable=False):
            pass
        assert synchronised == []
        with database.write():
            assert synchronised == []
        assert synchronised == [True]

    def test_a_long_log_is_taken_over_into_the_file(self, sqlite: Store, tmp_path: Path) -> None:
        database = sqlite._database
        assert database.path is not None
        before = database.path.stat().st_size
        shelf = sqlite.shelf()
        for number in range(6):
            shelf.preferences.put(str(number), "x" * 1_000_000)
        assert database.path.stat().st_size == before
        sqlite.checkpoint()
        assert database.path.stat().st_size > 6_000_000


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "",
            "nonsense",
            "mysql://user:word@host/name",
            "sqlite:///x",
            "postgresql://user:word@host:port/name",
        ],
    )
    def test_what_is_no_address_of_a_postgres(self, address: str) -> None:
        with pytest.raises(SettingsError) as raised:
            Database(address)
        assert "postgresql://" in raised.value.advice
        assert "word@" not in full_text(raised.value)

    def test_postgres_by_its_old_name(self, postgres: Postgres) -> None:
        with (
            closing(
                Database(postgres.address("postgres").replace("postgresql", "postgres"))
            ) as one,
            one.read() as connection,
        ):
            assert connection.scalar(sa.text("SELECT 1")) == 1

    def test_what_postgres_needs_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(SettingsError) as raised:
            Database("postgresql://user@host/name")
        assert "POSTGRES=1" in raised.value.advice


class Full:
    """A connection of SQLite's that finds no room for a table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, _: str) -> None:
        self._connection.execute("PRAGMA max_page_count=1")
        self._connection.execute("CREATE TABLE t (a)")


def refusal(name: str) -> sqlite3.OperationalError:
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


class TestFull:
    def test_a_full_disk(self, sqlite: Store) -> None:
        analysis = begun(sqlite)
        with sqlite._database.read() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")  # As many as there are.
        long = f"{SECRET} " * 10_000
        with pytest.raises(StoreFull) as raised:
            sqlite.shelf().manuscripts.rename(analysis.question.manuscript_id, long)
        assert SECRET not in full_text(raised.value)
        assert "room" in raised.value.advice
        assert sqlite.shelf().manuscripts.get(analysis.question.manuscript_id) == WHALE

    def test_a_file_that_could_not_be_begun_is_begun_once_there_is_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An empty one would seem to have lost what it held."""

        def full(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA max_page_count=1")
            connection.execute("CREATE TABLE t (a)")

        path = tmp_path / "data" / "first-reader.sqlite"
        with monkeypatch.context() as patch:
            patch.setattr(database, "_connected", full)
            with pytest.raises(StoreFull):
                Store(path)
        with closing(Store(path)) as store:
            begun(store)

    def test_it_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As a file is that another process opens at the same moment."""
        monkeypatch.setattr(database.time, "sleep", lambda _: pytest.fail("It waits."))
        with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(StoreFull), stored():
            database._connected(Full(connection), None)

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    def test_a_folder_without_room(self, code: int) -> None:
        with pytest.raises(StoreFull), stored():
            raise OSError(code, "No space left on device")

    def test_no_room_for_the_index_of_the_log(self) -> None:
        with pytest.raises(StoreFull), stored():
            raise refusal("SQLITE_IOERR_SHMSIZE")

    def test_a_full_disk_of_postgres(self) -> None:
        with pytest.raises(StoreFull), stored():
            raise sa.exc.OperationalError("statement", {}, pg.DiskFull("Auf dem Gerät ..."))


class TestDamaged:
    def test_a_file_that_is_something_else(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"It was a dark and stormy night. " * 1000)
        with pytest.raises(StoreDamaged) as raised:
            Store(path)
        assert "backups" in raised.value.advice
        assert path.read_bytes().startswith(b"It was")

    def test_a_file_with_a_broken_page(self, sqlite: Store) -> None:
        kept = sqlite.shelf().manuscripts.keep(WHALE)
        sqlite.close()
        assert sqlite.path is not None
        with closing(sqlite3.connect(sqlite.path)) as connection:
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'manuscript'"
            ).fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        with sqlite.path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
        with closing(Store(sqlite.path)) as again, pytest.raises(StoreDamaged):
            again.shelf().manuscripts.get(kept)

    def test_a_broken_page_of_postgres(self) -> None:
        with pytest.raises(StoreDamaged), stored():
            raise sa.exc.InternalError("statement", {}, pg.DataCorrupted("Ungültige Seite ..."))


class TestUnavailable:
    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("")
        with pytest.raises(StoreUnavailable):
            Store(tmp_path / "data" / "file")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_only_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir(mode=0o500)
        with pytest.raises(StoreUnavailable):
            Store(tmp_path / "data" / "file")

    def test_a_file_that_may_only_be_read(self, sqlite: Store) -> None:
        analysis = begun(sqlite)
        with sqlite._database.read() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(StoreUnavailable) as raised:
            begun(sqlite)
        assert "not written" in str(raised.value)
        assert "account" in raised.value.advice
        assert sqlite.shelf().analyses.all() == [analysis]

    @pytest.mark.parametrize(
        ("name", "advice"), [("SQLITE_CANTOPEN_ISDIR", "account"), ("SQLITE_IOERR_READ", "disk")]
    )
    def test_what_a_disk_refuses(self, name: str, advice: str) -> None:
        with pytest.raises(StoreUnavailable) as raised, stored():
            raise refusal(name)
        assert advice in raised.value.advice

    def test_a_file_that_another_process_does_not_let_go_of(
        self, sqlite: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)
        assert sqlite.path is not None
        with closing(Store(sqlite.path)) as other:
            with sqlite._database.write(), pytest.raises(StoreUnavailable) as raised:
                begun(other)
            assert "another program" in str(raised.value)
            assert "Close" in raised.value.advice
            begun(other)

    def test_a_file_that_another_process_has_alone_is_opened_when_it_lets_go(
        self, sqlite: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)
        analysis, path = begun(sqlite), sqlite.path
        assert path is not None
        sqlite.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreUnavailable, match="another program"):
                Store(path)
        with closing(Store(path)) as store:
            assert store.shelf().analyses.all() == [analysis]

    def test_a_postgres_that_is_not_there(self, postgres: Postgres) -> None:
        with pytest.raises(StoreUnavailable) as raised:
            Store("postgresql://user:word@127.0.0.1:1/name")
        assert "word" not in str(raised.value)

    def test_a_database_that_is_not_there(self, postgres: Postgres) -> None:
        with pytest.raises(StoreUnavailable):
            Store(postgres.address("nobody_made_it"))

    def test_a_postgres_that_stops_and_comes_back(self, postgres: Postgres) -> None:
        with running() as server, closing(Store(server.new_database())) as store:
            analysis = begun(store)
            server.stop()
            for use in (
                lambda: begun(store),
                lambda: store.shelf().analyses.all(),
                lambda: store.journal.after(analysis.call_id),
                lambda: store.journal.after(analysis.call_id, 1, timeout=LONG),
                lambda: store.calls.recover(bool, at=1.0),
                store.purge,
            ):
                with pytest.raises(StoreUnavailable):
                    use()
            server.start()
            assert store.shelf().analyses.all() == [analysis]

    def test_connections_that_the_server_closed_are_opened_again(self, postgres: Postgres) -> None:
        address = postgres.new_database()
        with closing(Store(address)) as store:
            analysis = begun(store)
            postgres.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = '{address.rpartition('/')[2]}'"
            )
            assert store.shelf().analyses.all() == [analysis]
        postgres.drop(address)


class TestOtherErrors:
    def test_neither_text_nor_statement_is_said(self, bare: Database) -> None:
        names = ("id", "owner", "hash", "title", "text", "details")
        row: dict[str, Any] = dict.fromkeys(names, SECRET)

        def twice() -> None:
            with bare.write() as connection:
                for _ in range(2):
                    connection.execute(sa.insert(manuscript).values(words=1, created=1.0, **row))

        with pytest.raises(StoreError) as raised:
            twice()
        assert type(raised.value) is StoreError
        assert SECRET not in full_text(raised.value)
        assert "INSERT" not in full_text(raised.value)

    def test_those_of_sqlalchemy_itself(self, bare: Database) -> None:
        with pytest.raises(StoreError, match="NoResultFound"), bare.read() as connection:
            connection.execute(sa.select(preference)).one()

    def test_those_of_sqlite_itself(self) -> None:
        with pytest.raises(StoreUnavailable), stored():
            raise sqlite3.OperationalError("unable to open database file")
        with pytest.raises(StoreFull), stored():
            raise sqlite3.OperationalError("database or disk is full")

    def test_ours_and_everybodys_stay(self) -> None:
        for error in (StoreFull("full"), ZeroDivisionError()):
            with pytest.raises(type(error)) as raised, stored():
                raise error
            assert raised.value is error


class TestManyAtOnce:
    def test_more_threads_than_connections_are_kept(self, store: Store) -> None:
        analysis = begun(store)
        seen = together(*[lambda: store.shelf().analyses.all()] * 20)
        assert seen == [[analysis]] * 20

    def test_writers_of_two_processes_wait_for_each_other(
        self, store: Store, reopened: OpenStore
    ) -> None:
        stores, each = [store, reopened()], 10

        def write(one: Store) -> None:
            for _ in range(each):
                begun(one)

        assert together(*[lambda one=one: write(one) for one in stores * 3]) == [None] * 6
        assert len(store.shelf().analyses.all()) == 6 * each
        assert len(store.shelf().manuscripts.all()) == 1

    def test_a_writer_that_breaks_off_lets_the_next_one_write(self, sqlite: Store) -> None:
        entered, broke = threading.Event(), threading.Event()

        def breaks() -> None:
            with sqlite._database.write():
                entered.set()
                broke.wait(LONG)
                raise ZeroDivisionError

        def waits() -> None:
            entered.wait(LONG)
            broke.set()
            begun(sqlite)

        first, second = together(breaks, waits)
        assert isinstance(first, ZeroDivisionError)
        assert second is None


def test_manuscripts_are_listed_by_an_index_that_has_what_stands_behind_their_texts(
    sqlite: Store,
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    sa.event.listen(sqlite._database.engine, "before_cursor_execute", note)
    sqlite.shelf().manuscripts.all(7)
    statement, parameters = asked[-1]
    with sqlite._database.engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "manuscript_listed" in steps[0][-1]
    assert len(steps) == 1  # Nothing is sorted.
