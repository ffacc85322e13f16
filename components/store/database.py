"""The database: SQLite in the user's folder, or Postgres by its address.

SQLite runs in WAL mode, so that pages read while a worker writes; a write begins IMMEDIATE, so that
it waits for another at its beginning and never fails in its middle. In one process a lock queues
the writers, because SQLite's own waiting sleeps in steps. A commit survives a killed process; for
one that has to survive a power cut the log is synchronised after it, when others may write again:
a busy disk takes a second for that, and no text waits for it. Nor does any for the log to be taken
over into the file, which `checkpoint` does.
"""

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Connection, make_url

from components.errors import (
    SettingsError,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreUnavailable,
    UnknownAnalysis,
    UnknownManuscript,
)
from components.store.backup.open_file import OpenFile
from components.store.call_events import storable

#: Seconds that one process waits for another's write.
_BUSY_SECONDS = 10

#: Threads of one process that use the database at the same moment: each page that is open is one,
#: and a connection that is closed after each use costs twenty times a query. A Postgres has 100
#: connections for everybody, unless told otherwise.
_SQLITE_POOL: dict[str, Any] = {"pool_size": 64, "max_overflow": 64}
_POSTGRES_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}

#: Bytes of SQLite's log from which it is taken over into the file.
_LONG_LOG = 4_000_000

#: Of our advisory lock in Postgres: "fr" and a number.
_LOCK = 0x6672_0001

#: Where a connection keeps whether its transaction changes the queue.
_QUEUE = "queue changed"

_FULL = "The disk is full: nothing more can be written."

_RIGHTS = (
    "See that your user account may write to that file, its folder and its disk, then try again."
)

#: What SQLite's refusals mean for its file, by the beginning of their names, and what to do.
_REFUSED = {
    "SQLITE_BUSY": (
        "is held by another program",
        "Close what else uses its folder, as a backup program does, then try again.",
    ),
    "SQLITE_READONLY": ("may be read and not written", _RIGHTS),
    "SQLITE_CANTOPEN": ("cannot be opened", _RIGHTS),
    "SQLITE_IOERR": (
        "cannot be read or written: its disk reports an error",
        "See that the disk is connected and sound, then try again.",
    ),
}

#: Values in one statement: SQLite takes 32,766, and several lists may stand in it.
_AT_ONCE = 5000

T = TypeVar("T")


class Database:
    """A pool of connections to a SQLite file, or to the Postgres at an address.

    Raises: SettingsError, StoreError.
    """

    def __init__(self, location: Path | str) -> None:
        self.path = location if isinstance(location, Path) else None
        #: Where other processes on the same file see that the queue has changed, by its time: a
        #: thousandth of what it costs to ask the database.
        self._queue_file = self.path and Path(f"{self.path}-queue")
        self._writing = threading.Lock()
        #: Called after each transaction of this process, by the thread that wrote.
        self.on_written: list[Callable[[], object]] = []
        #: Held while the file is copied: emptying its log would wait for that, and writers for it.
        self.copying = threading.Lock()
        self._file: OpenFile | None = None
        with stored():
            if isinstance(location, Path):
                self._file = OpenFile(location)
            self.engine = _sqlite(location) if isinstance(location, Path) else _postgres(location)
        # One query needs no transaction, whose beginning and end are half of the time.
        self._reader = self.engine.execution_options(
            **{"reading": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        )
        self._writer = self.engine.execution_options(writing=True)
        self._background = ThreadPoolExecutor(1, thread_name_prefix="first-reader-sync")
        self._syncing: Future[None] | None = None
        if self._file is not None:
            try:
                with self.read():  # Makes a new file one of SQLite's, which others may then open.
                    self._file.share()
            except BaseException:
                self.close()
                raise

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file on this computer."""
        return self.path is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading. Raises: StoreError."""
        with stored(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True, alone: bool = False) -> Iterator[Connection]:
        """Give a connection for one transaction, committed at the end of the block.

        `durable` survives a power cut; `alone` runs beside no other such transaction, in whatever
        process (on SQLite none ever does). Raises: StoreError.
        """
        if not self.is_sqlite:
            with stored(), self.engine.begin() as connection:
                if alone:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                if not durable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
                yield connection
        else:
            with stored(), self._writing, self._writer.begin() as connection:
                connection.info.pop(_QUEUE, None)
                yield connection
                is_queue_changed = connection.info.pop(_QUEUE, False)
            if is_queue_changed and self._queue_file is not None:
                now = time.time_ns()
                with suppress(OSError):  # The next look at the queue finds it, only later.
                    os.close(os.open(self._queue_file, os.O_CREAT | os.O_WRONLY, 0o600))
                    os.utime(self._queue_file, ns=(now, now))
        for call in self.on_written:
            call()
        if durable:
            self.synchronise()

    def synchronise(self) -> None:
        """Have all survive a power cut; Postgres does so itself, soon. Raises: StoreError."""
        if self.path is None:
            return
        with stored(), suppress(FileNotFoundError), Path(f"{self.path}-wal").open("rb+") as log:
            os.fsync(log.fileno())

    def synchronise_soon(self) -> None:
        """Schedule `synchronise` in the background, unless it runs there already."""
        if self.path is not None and (self._syncing is None or self._syncing.done()):
            self._syncing = self._background.submit(self.synchronise)

    def checkpoint(self) -> None:
        """Take a log that has become long over into SQLite's file. Raises: StoreError."""
        if self.path is None:
            return
        with stored(), suppress(FileNotFoundError):
            if Path(f"{self.path}-wal").stat().st_size > _LONG_LOG:
                with self._reader.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def now(self) -> sa.ColumnElement[float]:
        """Return SQL for seconds since 1970, by a clock that all workers share."""
        if self.is_sqlite:
            return sa.bindparam(None, callable_=time.time, type_=sa.Float(), unique=True)
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)

    def close(self) -> None:
        """Close all connections; one that is in use closes when it is given back."""
        self._background.shutdown()
        event.listen(self.engine.pool, "checkin", lambda _, record: record.invalidate())
        self.engine.dispose()
        if self._file is not None:
            self._file.close()

    def queue_mark(self) -> int:
        """Return a number that changes with the queue; 0 on Postgres: procrastinate tells there."""
        if self._queue_file is not None:
            with suppress(OSError):
                return self._queue_file.stat().st_mtime_ns
        return 0


class UserRecords:
    """What a user has of one kind. Each method raises StoreError where the store fails."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(query).all()


class NamedRecords(UserRecords):
    """Rows of a table, each with an address and a name, which are hidden before the purge."""

    _table: ClassVar[sa.Table]
    _name: ClassVar[str] = "name"
    _unknown: ClassVar[type[UnknownAnalysis | UnknownManuscript]] = UnknownAnalysis
    _message: ClassVar[str] = "There is nothing under this address any more."

    def has(self, record_id: str) -> bool:
        """Whether there is one with this id that is not deleted."""
        return bool(self._rows(sa.select(self._table.c.id).where(self._is_open(record_id))))

    def rename(self, record_id: str, name: str) -> None:
        """Give one another name. Raises: UnknownAnalysis, UnknownManuscript."""
        self._change(record_id, **{self._name: storable(name)})

    def delete(self, record_id: str) -> None:
        """Hide one, with all that belongs to it, until `restore` or the purge.

        Raises: UnknownAnalysis, UnknownManuscript.
        """
        self._change(record_id, deleted=time.time())

    def restore(self, record_id: str) -> None:
        """Undo `delete`. Raises: UnknownAnalysis, UnknownManuscript once it was purged."""
        self._change(record_id, deleted=None)

    def _change(self, record_id: str, **values: Any) -> None:
        is_restored = values == {"deleted": None}
        which = self._is_mine(record_id) if is_restored else self._is_open(record_id)
        with self._database.write() as connection:
            changed = connection.execute(sa.update(self._table).where(which).values(**values))
            if not changed.rowcount:
                raise self._unknown(self._message)
            self._change_members(connection, record_id, values)

    def _is_mine(self, record_id: str) -> sa.ColumnElement[bool]:
        return sa.and_(self._table.c.id == record_id, self._table.c.owner == self._owner)

    def _is_open(self, record_id: str) -> sa.ColumnElement[bool]:
        return sa.and_(self._is_mine(record_id), self._table.c.deleted.is_(None))

    def _change_members(
        self, connection: Connection, record_id: str, values: dict[str, Any]
    ) -> None:
        """Change what belongs to a record with it."""


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give `values` in parts that one statement takes."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def date(seconds: float) -> datetime:
    """Return a time that is stored as seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def queue_changed(connection: Connection) -> None:
    """Have other processes told, after the commit, that this transaction changes the queue."""
    connection.info[_QUEUE] = True


@contextmanager
def stored() -> Iterator[None]:
    """Turn errors of the database and of its folder into ours. Raises: StoreError."""
    try:
        yield
    except exc.DBAPIError as error:
        # Neither the statement nor its parameters: they hold text of the manuscript.
        raise _explained(error.orig) from None
    except sqlite3.Error as error:
        raise _explained(error) from None
    except exc.SQLAlchemyError as error:
        raise StoreError(f"The store failed ({type(error).__name__}).") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(_FULL) from error
        raise StoreUnavailable(
            f"The folder for manuscripts and analyses cannot be used ({error.strerror})."
        ) from error


def _explained(error: BaseException | None) -> StoreError:
    # SQLite's words are always English; Postgres' may be any language's, its codes are not.
    message, code = str(error).lower(), getattr(error, "sqlstate", None)
    name = getattr(error, "sqlite_errorname", "")
    # Without room for the index of its log SQLite cannot even read.
    if "disk is full" in message or name == "SQLITE_IOERR_SHMSIZE" or code == "53100":
        return StoreFull(_FULL)
    damaged = "malformed" in message or "not a database" in message or is_no_text(error)
    if damaged or code in {"XX001", "XX002"}:
        return StoreDamaged("The database of manuscripts and analyses is damaged.")
    for beginning, (what, advice) in _REFUSED.items():
        if name.startswith(beginning):
            return StoreUnavailable(f"The file of manuscripts and analyses {what}.", advice=advice)
    # By name: what reaches Postgres is not installed everywhere.
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"OperationalError", "InterfaceError"}:
        return StoreUnavailable("The store of manuscripts and analyses does not answer.")
    return StoreError(f"The store failed ({type(error).__name__}).")


def is_no_text(error: BaseException | None) -> bool:
    """Whether SQLite found bytes that are no text; that row alone cannot be read."""
    return isinstance(error, sqlite3.Error) and "could not decode" in str(error).lower()


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
        **_SQLITE_POOL,
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(address: str) -> sa.Engine:
    try:
        url = make_url(address)
    except (exc.ArgumentError, ValueError):  # The latter of a port that is no number.
        url = None
    if url is None or url.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingsError(
            "The address of the database cannot be understood.",
            advice="Set FIRST_READER_DATABASE to postgresql://user:password@host/name.",
        )
    try:
        return sa.create_engine(url.set(drivername="postgresql+psycopg"), **_POSTGRES_POOL)
    except ModuleNotFoundError as error:
        raise SettingsError(
            "What Postgres needs is not installed.", advice="Run: make setup POSTGRES=1"
        ) from error


def _connected(connection: Any, _: Any) -> None:
    """Set up one connection of SQLite's."""
    # It refuses to keep a log of writes to all but one process at a moment.
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(0.01)
    rest = ("synchronous=NORMAL", "wal_autocheckpoint=0", "foreign_keys=ON", "secure_delete=ON")
    for pragma in rest:
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows ASCII only.
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)


def _begin(connection: Connection) -> None:
    """Begin a transaction, which sqlite3 leaves to us: so DDL is part of it."""
    options = connection.get_execution_options()
    if options.get("reading"):
        return
    # Past SQLAlchemy, which takes longer over these than SQLite does.
    sqlite: Any = connection.connection.dbapi_connection
    sqlite.execute("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
