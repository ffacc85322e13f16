"""A copy a day, a check after a crash, and a copy in the place of a damaged file."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from components.errors import StoreDamaged, StoreEmpty, StoreFull, StoreUnavailable
from components.settings import PROJECT
from components.store import Store, damaged_files, newest_good, restore
from components.store.backup import backups
from components.store.backup.backups import back_up
from components.store.backup.open_file import unchecked
from tests.store.conftest import AddMigration
from tests.store.making import LONG, SECRET, WHALE, begun, damage, together

MORNING = datetime(2020, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def path(sqlite: Store) -> Path:
    assert sqlite.path is not None
    return sqlite.path


def write(store: Store, title: str) -> str:
    return store.shelf().manuscripts.keep(replace(WHALE, title=title, text=f"{title}. {SECRET}."))


def titles(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM manuscript")}


def daily(store: Store, day: int = 0) -> Path | None:
    return back_up(store._database, now=MORNING + day * DAY)


class TestDaily:
    def test_it_holds_all_and_is_for_this_user_alone(self, sqlite: Store, path: Path) -> None:
        write(sqlite, "One")
        copy = daily(sqlite)
        assert copy is not None
        assert titles(copy) == {"One"}
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
        (kept,) = sqlite.upkeep.backups()
        assert (kept.path, kept.made, kept.is_daily) == (copy, MORNING, True)
        assert [one.name for one in copy.parent.iterdir()] == [copy.name]

    def test_nothing_is_done_twice_a_day_or_without_a_change(
        self, sqlite: Store, path: Path
    ) -> None:
        assert daily(sqlite) is None  # Nothing is kept yet.
        write(sqlite, "One")
        assert daily(sqlite) is not None
        write(sqlite, "Two")
        assert back_up(sqlite._database, now=MORNING + timedelta(hours=19)) is None
        second = daily(sqlite, 1)
        assert second is not None
        assert titles(second) == {"One", "Two"}
        assert daily(sqlite, 2) is None
        sqlite.close()  # Which takes the log over into the file.
        with closing(Store(path)) as again:
            assert daily(again, 3) is None
            write(again, "Three")
            assert daily(again, 4) is not None

    def test_a_few_are_kept_beside_those_from_before_updates(
        self,
        sqlite: Store,
        path: Path,
        add_migration: AddMigration,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        write(sqlite, "One")
        add_migration()
        with closing(Store(path)) as again:
            before = again.backup
        made = []
        for day in range(5):
            write(sqlite, str(day))
            made.append(daily(sqlite, day))
        found = sqlite.upkeep.backups()
        assert {one.path for one in found} == {before, *made[-3:]}
        monkeypatch.setattr(backups, "_MOST_BYTES", found[0].size)
        write(sqlite, "Last")
        last = daily(sqlite, 5)
        assert {one.path for one in sqlite.upkeep.backups()} == {before, last}

    def test_copies_of_a_time_that_is_still_to_come_give_way(
        self, sqlite: Store, path: Path
    ) -> None:
        """The clock was a year ahead for some days."""
        today = datetime.now(UTC)
        for day in range(3):
            write(sqlite, f"Ahead {day}")
            assert back_up(sqlite._database, now=today + 365 * DAY + day * DAY) is not None
        write(sqlite, "Today")
        made = back_up(sqlite._database, now=today)
        assert made is not None
        assert back_up(sqlite._database, now=today + timedelta(hours=1)) is None
        assert made in [one.path for one in sqlite.upkeep.backups()]
        newest = newest_good(path)
        assert newest is not None
        assert newest.path == made
        assert "Today" in titles(newest.path)

    def test_without_room_none_is_made_and_that_is_said(
        self, sqlite: Store, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(sqlite, "One")
        usage = shutil.disk_usage(path.parent)._replace(free=200_000_000)
        with monkeypatch.context() as patch:
            patch.setattr(backups.shutil, "disk_usage", lambda _: usage)
            with pytest.raises(StoreFull):
                sqlite.upkeep.look()
        assert isinstance(sqlite.upkeep.problem, StoreFull)
        assert list(path.parent.joinpath("backups").iterdir()) == []
        sqlite.upkeep.look()
        assert sqlite.upkeep.problem is None
        assert len(sqlite.upkeep.backups()) == 1

    def test_only_one_process_makes_it(self, sqlite: Store, path: Path) -> None:
        write(sqlite, "One")
        with closing(Store(path)) as other:
            both = (sqlite, other) * 3
            made = together(*[lambda one=one: daily(one) for one in both])
        assert len([one for one in made if isinstance(one, Path)]) == 1
        assert [one for one in made if isinstance(one, Exception)] == []

    def test_what_is_written_meanwhile_does_not_wait_and_is_not_in_it(
        self, sqlite: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(sqlite, "One" + "x" * 100_000)
        monkeypatch.setattr(backups, "_PAGES", 1)
        written: list[str] = []

        def meanwhile() -> bool:
            if len(written) < 5:  # In the middle of the copying, from this very thread.
                written.append(write(sqlite, f"Meanwhile {len(written)}"))
            return False

        copy = back_up(sqlite._database, now=MORNING, stopped=meanwhile)
        assert copy is not None
        assert len(written) == 5
        assert len(titles(copy)) == 1

    def test_it_is_broken_off_when_the_process_ends(
        self, sqlite: Store, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(sqlite, "One")
        sqlite.upkeep.stop()
        sqlite.upkeep.look()
        assert list(path.parent.joinpath("backups").iterdir()) == []
        assert sqlite.upkeep.problem is None

    def test_what_a_killed_process_left_is_no_copy_and_goes(
        self, sqlite: Store, path: Path
    ) -> None:
        write(sqlite, "One")
        folder = path.parent / "backups"
        folder.mkdir()
        part = folder / "2026-11-27T09-00-00-000000-daily.part"
        part.write_bytes(b"half")
        assert sqlite.upkeep.backups() == []
        copy = daily(sqlite)
        assert list(folder.iterdir()) == [copy]

    def test_a_damaged_file_does_not_push_out_the_copies(self, sqlite: Store, path: Path) -> None:
        write(sqlite, "One")
        good = [daily(sqlite, 0)]
        sqlite.close()
        damage(path)
        with closing(Store(path)) as again:
            for day in (1, 2, 3, 4):
                with pytest.raises(StoreDamaged):
                    daily(again, day)
            with pytest.raises(StoreDamaged):
                again.upkeep.look()
            again.upkeep.look()  # It is known: nothing is copied any more.
            assert again.upkeep.damage is not None
        assert [one.path for one in backups.backups(path)] == good


class TestPurge:
    def test_text_that_is_purged_goes_from_it_too(self, sqlite: Store) -> None:
        kept = write(sqlite, "Gone")
        write(sqlite, "Stays")
        copy = daily(sqlite)
        assert copy is not None
        sqlite.shelf().manuscripts.delete(kept)
        sqlite.purge(before=float("inf"))
        assert titles(copy) == {"Stays"}
        assert b"Gone" not in copy.read_bytes()

    def test_what_is_purged_while_it_is_made_is_not_in_it(
        self, sqlite: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = write(sqlite, "Gone")
        write(sqlite, "Stays")
        sqlite.shelf().manuscripts.delete(kept)
        checked = backups.check

        def purge_first(*given: object) -> None:
            sqlite.purge(before=float("inf"))
            checked(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(backups, "check", purge_first)
        copy = daily(sqlite)
        assert copy is not None
        assert titles(copy) == {"Stays"}
        assert b"Gone" not in copy.read_bytes()


CRASH = """
import os, signal, sys
from pathlib import Path
from components.store import Store
from tests.store.making import begun
store = Store(Path(sys.argv[1]))
begun(store)
print("written", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A store whose only process was killed."""
    path = tmp_path / "data" / "first-reader.sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", CRASH, str(path)],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        timeout=LONG,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return path


class TestCrash:
    def test_a_file_that_was_closed_is_not_looked_through(self, sqlite: Store, path: Path) -> None:
        begun(sqlite)
        with closing(Store(path)):  # Another process beside it.
            assert not unchecked(path).exists()
        sqlite.close()
        with closing(Store(path)):
            assert not unchecked(path).exists()

    def test_one_that_was_not_closed_is_looked_through_once(self, crashed: Path) -> None:
        with closing(Store(crashed)):
            pass  # Closed before anybody has looked.
        with closing(Store(crashed)) as store:
            assert unchecked(crashed).exists()
            store.upkeep.look()
            assert store.upkeep.damage is None
            assert not unchecked(crashed).exists()
            assert len(store.shelf().analyses.all()) == 1

    def test_damage_is_found_at_once_and_every_time(self, crashed: Path) -> None:
        with closing(Store(crashed)):
            pass
        damage(crashed)
        for _ in range(2):
            with closing(Store(crashed)) as store:
                store.upkeep.look()
                assert isinstance(store.upkeep.damage, StoreDamaged)

    def test_postgres_looks_after_itself(self, store: Store) -> None:
        if store.path is None:
            store.upkeep.look()
            assert store.upkeep.look_for_damage() is None
            assert store.upkeep.backups() == []


class TestEmpty:
    def test_an_empty_file_is_not_an_empty_library(self, sqlite: Store, path: Path) -> None:
        begun(sqlite)
        sqlite.close()
        os.truncate(path, 0)
        for _ in range(2):
            with pytest.raises(StoreEmpty) as raised:
                Store(path)
            assert "backups" in raised.value.advice
        assert path.stat().st_size == 0

    def test_nor_is_a_file_that_is_gone_where_there_are_copies(
        self, sqlite: Store, path: Path
    ) -> None:
        write(sqlite, "One")
        daily(sqlite)
        sqlite.close()
        path.unlink()
        with pytest.raises(StoreEmpty):
            Store(path)
        assert not path.exists()
        shutil.rmtree(path.parent / "backups")
        with closing(Store(path)) as store:
            assert store.shelf().manuscripts.all() == []


class TestRestoring:
    @pytest.fixture
    def broken(self, sqlite: Store, path: Path) -> Path:
        """A damaged file with two copies, of which the newer is damaged too."""
        for day, title in enumerate(("One", "Two")):
            write(sqlite, title)
            copy = daily(sqlite, day)
        sqlite.close()
        assert copy is not None
        damage(copy)
        damage(path)
        return path

    def test_the_newest_good_one_takes_the_place_of_the_damaged_file(self, broken: Path) -> None:
        bytes_before = broken.read_bytes()
        backup = newest_good(broken)
        assert backup is not None
        assert backup.made == MORNING
        unchecked(broken).touch()
        kept = restore(broken, backup)
        assert damaged_files(broken) == [kept]
        assert (kept / broken.name).read_bytes() == bytes_before
        assert stat.S_IMODE(broken.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.stat().st_mode) == 0o700
        with closing(Store(broken)) as store:
            store.upkeep.look()
            assert store.upkeep.damage is None
            assert [one.title for one in store.shelf().manuscripts.all()] == ["One"]

    def test_not_while_it_is_open_somewhere(self, broken: Path) -> None:
        backup = newest_good(broken)
        assert backup is not None
        before = broken.read_bytes()
        with closing(Store(broken)), pytest.raises(StoreUnavailable):
            restore(broken, backup)
        assert broken.read_bytes() == before
        assert damaged_files(broken) == []

    def test_of_an_empty_file(self, broken: Path) -> None:
        os.truncate(broken, 0)
        backup = newest_good(broken)
        assert backup is not None
        restore(broken, backup)
        assert titles(broken) == {"One"}

    def test_there_may_be_none(self, broken: Path) -> None:
        for one in backups.backups(broken):
            one.path.write_bytes(b"no database")
        assert newest_good(broken) is None
