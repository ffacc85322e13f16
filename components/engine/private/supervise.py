"""Run a program that must not outlive the process that started it.

A killed process cannot clean up, so the app starts this small program instead of Ollama and holds
the other end of its standard input. When that closes, or this program's parent is gone, the child's
whole process group is asked to end, then killed. A program that several processes share ends when
none of them holds a lock on the file `users` any more.

It is run as a file (`python supervise.py -- COMMAND ...`) with the standard library alone.
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

#: Seconds between two checks of the parent, in case a forked sibling of it holds the pipe open; a
#: closed pipe is noticed at once.
PARENT_CHECK = 1.0

#: Exit status of a shell for a command that cannot be started.
CANNOT_START = 127


def supervised(command: Sequence[str], *, users: Path | None = None) -> list[str]:
    """Return the command line that runs `command` under supervision.

    The caller starts it with a pipe as its standard input and in a new session, and closes the
    pipe to stop it. With `users`, a file that each user has locked (flock, shared), neither the
    pipe nor the caller counts. The output of `command` goes where that of the supervisor goes.
    """
    shared = [] if users is None else ["--users", str(users)]
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *shared, "--", *command]


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command after `--` until it ends or standard input closes, or nobody uses it.

    Returns the command's exit status (128 + n when signal n ended it), 0 when it was stopped.
    """
    options = list(sys.argv[1:] if arguments is None else arguments)
    users = options[1] if options[:1] == ["--users"] else None
    command = options[options.index("--") + 1 :] if "--" in options else options
    parent = os.getppid()
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
    inputs = [wake_reader] if users else [0, wake_reader]
    while True:
        ready, _, _ = select.select(inputs, [], [], PARENT_CHECK)
        if wake_reader in ready:
            break
        if users and _is_unused(users):
            break
        if not users and ((0 in ready and not os.read(0, 4096)) or os.getppid() != parent):
            break
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


def _is_unused(users: str) -> bool:
    """Whether nobody has `users` locked; then it stays locked until this process ends."""
    descriptor = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return  # Nobody is left (macOS says the latter of a group of zombies).


if __name__ == "__main__":
    sys.exit(main())
