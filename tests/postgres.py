"""A real Postgres for the tests: Debian's binaries, a temporary folder, a free port."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

#: The only user of the server; Postgres does not run as root, and Debian's package makes this one.
USER = "postgres"

#: Seconds within which a server starts or stops, however slow the machine.
LIMIT = 60.0

#: A locale that knows letters beyond ASCII, on every machine the same.
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")

#: No test needs what survives a power cut, and nobody else is to reach it.
OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
)


@contextmanager
def store_place(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Path | str]:
    """Give where a store may be opened: a file in `folder`, or a new database for `postgres`."""
    if kind == "sqlite":
        yield folder / "data" / "first-reader.sqlite"
        return
    server: Postgres = request.getfixturevalue("postgres")
    address = server.new_database()
    yield address
    server.drop(address)


class NoPostgres(Exception):
    """There is no Postgres on this machine that the tests could start."""


@dataclass(slots=True)
class Postgres:
    """A server on 127.0.0.1, without passwords; `start` and `stop` may be called again."""

    port: int
    command: Sequence[str]
    how: dict[str, Any]
    folder: Path
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def address(self, database: str) -> str:
        """Return the address of a database of this server."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Drop a database of this server, whoever is connected to it."""
        self.execute(f"DROP DATABASE {address.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str, *, database: str = "postgres") -> None:
        """Execute one statement outside of any transaction."""
        import psycopg

        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start the server and wait until it answers. Raises: NoPostgres."""
        log = self.folder / "log"
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl+C in pytest is for pytest; the fixture stops it.
                **self.how,
            )
        deadline = time.monotonic() + LIMIT
        while not self._answers():
            if self._process.poll() is not None:
                raise NoPostgres(f"postgres: {_last(log.read_text(errors='replace'))}")
            if time.monotonic() > deadline:
                self.stop()
                raise NoPostgres(f"postgres did not answer within {LIMIT:.0f} s")
            time.sleep(0.05)  # Nothing tells when it is ready.

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # Postgres' fast shutdown.
        try:
            self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def binaries() -> Path | None:
    """Return the folder of the newest Postgres on this machine, or None."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    found = shutil.which("initdb")
    return debian[-1].parent if debian else Path(found).parent if found else None


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server of its own, stopped and removed at the end. Raises: NoPostgres."""
    try:
        import psycopg  # noqa: F401 - what reaches the server
    except ModuleNotFoundError as error:
        raise NoPostgres("psycopg is not installed") from error
    bin_ = binaries()
    if bin_ is None:
        raise NoPostgres("Postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="first-reader-postgres-"))
    try:
        become = _become(folder)
        _run(
            [str(bin_ / "initdb"), "-D", str(folder / "data"), "-U", USER, *INITDB],
            cwd=folder,
            **become,
        )
        port = _free_port()
        options = [word for setting in OPTIONS for word in ("-c", setting)]
        command = [str(bin_ / "postgres"), "-D", str(folder / "data"), "-p", str(port), *options]
        server = Postgres(port, command, become, folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _become(folder: Path) -> dict[str, Any]:
    """Return how to start Postgres' programs: as USER where we are root."""
    environ = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    become: dict[str, Any] = {"env": environ | {"HOME": str(folder)}}
    if os.geteuid() != 0:
        return become
    try:
        user = pwd.getpwnam(USER)
    except KeyError as error:
        raise NoPostgres(f"we are root and there is no user {USER}") from error
    os.chown(folder, user.pw_uid, user.pw_gid)
    return become | {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(command: list[str], **how: Any) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LIMIT, **how
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPostgres(f"{Path(command[0]).name}: {error}") from error
    if done.returncode != 0:
        raise NoPostgres(f"{Path(command[0]).name}: {_last(done.stderr or done.stdout)}")


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]
