"""The database: SQLite in the user's folder, or Postgres by its address.

SQLite runs in WAL mode, so that pages read while a worker writes; a write begins IMMEDIATE, so that
it waits for another at its beginning and never fails in its middle. In one process a lock queues
the writers, because SQLite's own waiting sleeps in steps. A commit survives a killed process; for
one that has to survive a power cut the log is synchronised after it, when others may write again:
a disk that is busy takes a second for that, and no text waits for it. Nor does any for the log to
be taken over into the file, which `checkpoint` does when it is asked to.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Connection, make_url

from components.errors import (
    SettingsError,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from components.store.backup.open_file import OpenFile
from components.store.queue.queue_signal import QueueSignal

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

#: Values in one statement: SQLite takes 32,766, and several lists may stand in it.
AT_ONCE = 5000


class Database:
    """A pool of connections to a SQLite file, or to the Postgres at an address.

    Raises: SettingsError, StoreError.
    """

    def __init__(self, place: Path | str) -> None:
        self.path = place if isinstance(place, Path) else None
        self.queue_signal = QueueSignal(self.path)
        self._writing = threading.Lock()
        #: Called after each transaction of this process, by the thread that wrote.
        self.on_written: list[Callable[[], object]] = []
        #: Held while the file is copied: emptying its log would wait for that, and writers for it.
        self.copying = threading.Lock()
        self._file: OpenFile | None = None
        with stored():
            if isinstance(place, Path):
                self._file = OpenFile(place)
            self.engine = _sqlite(place) if isinstance(place, Path) else _postgres(place)
        # One query needs no transaction, whose beginning and end are half of the time.
        self._reader = self.engine.execution_options(
            **{"reading": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        )
        self._background = ThreadPoolExecutor(1, thread_name_prefix="first-reader-sync")
        self._syncing: Future[None] | None = None
        self._writer = self.engine.execution_options(writing=True)
        if self._file is not None:
            self._share(self._file)

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
                is_other = connection.info.pop(_QUEUE, False)
            if is_other:
                self.queue_signal.give()
        for call in self.on_written:
            call()
        if durable:
            self.synchronise()

    def synchronise(self) -> None:
        """Have all that was written survive a power cut; Postgres does so by itself, soon.

        Raises: StoreError.
        """
        if self.path is None:
            return
        with stored(), suppress(FileNotFoundError):
            log = os.open(f"{self.path}-wal", os.O_RDWR)
            try:
                os.fsync(log)
            finally:
                os.close(log)

    def synchronise_soon(self) -> None:
        """Do so in the background, unless it is being done; who writes does not wait for it."""
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
        """Return what is, where it is executed, seconds since 1970 by a clock all workers share."""
        if self.is_sqlite:
            return sa.bindparam(None, callable_=time.time, type_=sa.Float(), unique=True)
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)

    def close(self) -> None:
        """Close all connections; one that is in use closes when it is given back."""
        self._background.shutdown()
        event.listen(self.engine.pool, "checkin", _shut)
        self.engine.dispose()
        if self._file is not None:
            self._file.close()

    def _share(self, file: OpenFile) -> None:
        """Connect once, which makes a new file one of SQLite's, then let others open it."""
        try:
            with self.read():
                file.share()
        except BaseException:
            self.close()
            raise


def queue_changed(connection: Connection) -> None:
    """Note that this transaction changes the queue: other processes are told after its commit."""
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
        raise StoreUnavailable(
            f"The folder for manuscripts and analyses cannot be used ({error.strerror})."
        ) from error


def _explained(error: BaseException | None) -> StoreError:
    # SQLite's words are always English; Postgres' may be any language's, its codes are not.
    said, code = str(error).lower(), getattr(error, "sqlstate", None)
    if "disk is full" in said or code == "53100":
        return StoreFull("The disk is full: nothing more can be written.")
    damaged = "malformed" in said or "not a database" in said or is_no_text(error)
    if damaged or code in {"XX001", "XX002"}:
        return StoreDamaged("The database of manuscripts and analyses is damaged.")
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


def _shut(_: Any, record: Any) -> None:
    """Close a connection that comes back to a pool which nobody uses any more."""
    record.invalidate()


def _connected(connection: Any, _: Any) -> None:
    """Set up one connection of SQLite's."""
    cursor = connection.cursor()
    _log_writes(cursor)
    for pragma in (
        "synchronous=NORMAL",
        "wal_autocheckpoint=0",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows ASCII only.
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)


def _log_writes(cursor: Any) -> None:
    """Have SQLite keep a log of writes beside its file.

    Of processes that open a new file at the same moment one may set this, and SQLite refuses the
    others without waiting.
    """
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    """Begin a transaction; sqlite3 is told to leave that to us, which makes its DDL part of it."""
    options = connection.get_execution_options()
    if options.get("reading"):
        return
    # Past SQLAlchemy, which takes longer over these than SQLite does.
    sqlite: Any = connection.connection.dbapi_connection
    sqlite.execute("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
