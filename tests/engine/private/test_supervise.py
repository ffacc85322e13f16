from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from components.engine.private.supervise import CANNOT_START, supervised
from tests.engine.private.helpers import alive
from tests.waiting import until

#: Says who it is and waits; `deaf` does not end when asked.
WAITING = "echo $$; while :; do sleep 1; done"
FAMILY = "sleep 600 & echo $!; echo $$; wait"


def start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        supervised(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def read_pid(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def finish(process: subprocess.Popen[bytes]) -> int:
    """Close its input and read to the end of its output, which all its children hold."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    return process.wait(timeout=30)


def test_the_end_of_input_ends_the_whole_group() -> None:
    process = start("/bin/sh", "-c", FAMILY)
    grandchild, child = read_pid(process), read_pid(process)
    assert alive(grandchild)
    assert alive(child)
    assert finish(process) == 0
    assert not alive(grandchild)
    assert not alive(child)


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_childs_own_end_is_told(script: str, status: int) -> None:
    process = start("/bin/sh", "-c", script)
    assert process.wait(timeout=30) == status
    finish(process)


def test_what_the_child_leaves_behind_ends_with_it() -> None:
    process = start("/bin/sh", "-c", "sleep 600 & echo $!; exit 3")
    left = read_pid(process)
    assert process.wait(timeout=30) == 3
    until(lambda: not alive(left))  # The kernel may take a moment.
    finish(process)


def test_a_polite_end_of_the_supervisor_ends_the_child() -> None:
    process = start("/bin/sh", "-c", WAITING)
    child = read_pid(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not alive(child)
    finish(process)


def test_a_child_that_cannot_be_started() -> None:
    process = start("/nonexistent/program")
    assert process.wait(timeout=30) == CANNOT_START
    finish(process)


def test_a_killed_holder_takes_the_child_along(tmp_path: Path) -> None:
    """The holder is killed outright: nothing in it can clean up."""
    code = (
        "import subprocess, sys\n"
        "p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True)\n"
        "p.wait()\n"
    )
    command = [sys.executable, "-c", code, *supervised(["/bin/sh", "-c", FAMILY])]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE)
    grandchild, child = read_pid(holder), read_pid(holder)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert holder.stdout is not None
    holder.stdout.read()  # Returns when the last of the family is gone.
    holder.stdout.close()
    assert not alive(grandchild)
    assert not alive(child)
