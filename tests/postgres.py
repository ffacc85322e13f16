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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The only user of the server; Postgres does not run as root, and Debian's package makes this one.
USER = "postgres"

#: Seconds within which a server starts or stops, however slow the machine.
LIMIT = 60.0

#: A locale that knows letters beyond ASCII, on every machine the same.
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")

#: No test needs what survives a power cut.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")


class NoPostgres(Exception):
    """There is no Postgres on this machine that the tests could start."""


@dataclass(slots=True)
class Postgres:
    """A server that runs now, on 127.0.0.1 and without passwords."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path
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

    def stop(self) -> None:
        """Stop at once, as if it had been switched off properly."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # Postgres' fast shutdown.
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


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
        server = _started(bin_, folder, become)
        try:
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


def _started(bin_: Path, folder: Path, become: dict[str, Any]) -> Postgres:
    settings = [*OPTIONS, "listen_addresses=127.0.0.1", "unix_socket_directories="]
    options = [word for setting in settings for word in ("-c", setting)]
    log = folder / "log"
    for _ in range(3):  # Somebody may take the port before Postgres does.
        port = _free_port()
        with log.open("wb") as out:
            process = subprocess.Popen(
                [bin_ / "postgres", "-D", folder / "data", "-p", str(port), *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl+C in pytest is for pytest; the fixture stops it.
                **become,
            )
        server = Postgres(port, process, folder)
        try:
            if _answers(server):
                return server
        except BaseException:
            server.stop()
            raise
    raise NoPostgres(f"Postgres does not start: {_last(log.read_text(errors='replace'))}")


def _answers(server: Postgres) -> bool:
    """Wait until the server answers; return False where it has ended instead."""
    import psycopg

    deadline = time.monotonic() + LIMIT
    while server.process.poll() is None:
        try:
            psycopg.connect(server.address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise NoPostgres(f"Postgres did not answer within {LIMIT:.0f} s") from None
            time.sleep(0.05)  # Nothing tells when it is ready.
        else:
            return True
    return False


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
