from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from components.engine.private.supervise import CANNOT_START, supervised
from tests.engine.private.helpers import alive
from tests.waiting import until

#: Says who it is and waits; `deaf` does not end when asked.
WAITING = "echo $$; while :; do sleep 1; done"
FAMILY = "sleep 600 & echo $!; echo $$; wait"


@pytest.fixture
def users(tmp_path: Path) -> Iterator[BinaryIO]:
    """The file of the users, locked by one."""
    with (tmp_path / "users").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file


def start(users: BinaryIO, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        supervised(command, Path(users.name)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def read_pid(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def finish(process: subprocess.Popen[bytes]) -> int:
    """Read to the end of its output, which all its children hold."""
    assert process.stdout is not None
    process.stdout.read()
    process.stdout.close()
    return process.wait(timeout=30)


def test_the_end_of_its_last_user_ends_the_whole_group(users: BinaryIO) -> None:
    process = start(users, "/bin/sh", "-c", FAMILY)
    grandchild, child = read_pid(process), read_pid(process)
    assert alive(grandchild)
    assert alive(child)
    users.close()
    assert finish(process) == 0
    assert not alive(grandchild)
    assert not alive(child)


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_childs_own_end_is_told(users: BinaryIO, script: str, status: int) -> None:
    process = start(users, "/bin/sh", "-c", script)
    assert process.wait(timeout=30) == status
    finish(process)


def test_what_the_child_leaves_behind_ends_with_it(users: BinaryIO) -> None:
    process = start(users, "/bin/sh", "-c", "sleep 600 & echo $!; exit 3")
    left = read_pid(process)
    assert process.wait(timeout=30) == 3
    until(lambda: not alive(left))  # The kernel may take a moment.
    finish(process)


def test_a_polite_end_of_the_supervisor_ends_the_child(users: BinaryIO) -> None:
    process = start(users, "/bin/sh", "-c", WAITING)
    child = read_pid(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not alive(child)
    finish(process)


def test_a_child_that_cannot_be_started(users: BinaryIO) -> None:
    process = start(users, "/nonexistent/program")
    assert process.wait(timeout=30) == CANNOT_START
    finish(process)


def test_a_killed_holder_takes_the_child_along(tmp_path: Path) -> None:
    """The holder is killed outright: nothing in it can clean up."""
    code = (
        "import fcntl, subprocess, sys\n"
        "users = open(sys.argv[1], 'w')\n"
        "fcntl.flock(users, fcntl.LOCK_SH)\n"
        "p = subprocess.Popen(sys.argv[2:], start_new_session=True)\n"
        "p.wait()\n"
    )
    users = tmp_path / "users"
    command = [sys.executable, "-c", code, users, *supervised(["/bin/sh", "-c", FAMILY], users)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE)
    grandchild, child = read_pid(holder), read_pid(holder)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert holder.stdout is not None
    holder.stdout.read()  # Returns when the last of the family is gone.
    holder.stdout.close()
    assert not alive(grandchild)
    assert not alive(child)
