"""Run a program that must not outlive those who use it.

A killed process cannot clean up, so the app starts this small program instead of Ollama. Each
process that uses the child holds a lock on a file, which the system takes from it however it ends.
When nobody holds one any more, or this program is told to end, the child's whole process group is
asked to end, then killed.

It is run as a file (`python supervise.py USERS COMMAND ...`) with the standard library alone.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

#: Seconds between a polite end and a forced one. Ollama stops its runners within one.
GRACE = 8.0

#: Seconds between two looks whether anybody uses the child.
CHECK = 1.0

#: Exit status of a shell for a command that cannot be started.
CANNOT_START = 127


def supervised(command: Sequence[str], users: Path) -> list[str]:
    """Return the command line that runs `command` as long as the file `users` is locked (flock).

    The caller starts it in a new session, and terminates it to stop it. The output of `command`
    goes where that of the supervisor goes.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(users), *command]


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a process, for so many seconds; return whether it came."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a supervisor that was asked to stop, and enforce it."""
    if not ended_within(process, 2 * GRACE + 2):
        process.kill()
        process.wait()


def take_lock(file: int, how: int) -> bool:
    """Lock a file, given by its descriptor, if nobody prevents it; return whether it was locked."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(users: str, *command: str) -> int:
    """Run the command until it ends, or nobody has `users` locked, or this process is told to end.

    Returns the command's exit status (128 + n when signal n ended it), 0 when it was stopped.
    """
    lock = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    wake_reader, wake_writer = os.pipe()

    def wake(_signal: int, _frame: FrameType | None) -> None:
        os.write(wake_writer, b"s")

    signal.signal(signal.SIGTERM, wake)
    signal.signal(signal.SIGINT, wake)
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return CANNOT_START

    def wait_for_child() -> None:
        child.wait()
        os.write(wake_writer, b"e")

    waiter = threading.Thread(target=wait_for_child, daemon=True)
    waiter.start()
    # Once nobody has the file of users locked this process has, until it ends.
    while not (select.select([wake_reader], [], [], CHECK)[0] or take_lock(lock, fcntl.LOCK_EX)):
        pass
    status = child.returncode
    if status is None:
        _signal_group(child.pid, signal.SIGTERM)
        waiter.join(GRACE)
    # Always: what the child started and left behind goes with it.
    _signal_group(child.pid, signal.SIGKILL)
    waiter.join(GRACE)
    if status is None:
        return 0
    return status if status >= 0 else 128 - status


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return  # Nobody is left (macOS says the latter of a group of zombies).


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
