"""Run the recipe's tools side by side: output to a log, progress in plain lines, a clean stop.

Each tool runs supervised (see `supervise`), so that neither Ctrl-C nor a killed setup leaves a
compiler running. The first failure ends the others: there is no use in waiting for them.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from components.engine.private.supervise import GRACE, supervised

#: Takes one plain line for the person who waits.
Say = Callable[[str], None]

#: Seconds between two lines of progress.
PROGRESS_EVERY = 15.0

#: Seconds that optional commands get after the others have ended.
PATIENCE = 120.0

#: Lines of a tool's output that are kept to explain its failure.
TAIL = 60


@dataclass(frozen=True, slots=True)
class Command:
    """One tool to run; `doing` completes the line "… 30 s" in an editor's words.

    The failure of an `optional` one stops no other. `progress` says how far it is, by the last
    lines of its output, in place of the seconds.
    """

    name: str
    doing: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    optional: bool = False
    progress: Callable[[Sequence[str]], str] | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended: exit `code` (None when it was stopped), last lines, `seconds`."""

    command: Command
    code: int | None
    tail: Sequence[str]
    seconds: float


@dataclass(slots=True)
class _Running:
    command: Command
    process: subprocess.Popen[bytes]
    started: float
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))

    def progress(self) -> str:
        said = self.command.progress and self.command.progress(tuple(self.tail))
        return said or f"{time.monotonic() - self.started:.0f} s"

    def stop(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()

    def outcome(self, code: int | None) -> CommandResult:
        return CommandResult(self.command, code, tuple(self.tail), time.monotonic() - self.started)


def run_together(
    commands: Sequence[Command],
    *,
    log: Path,
    say: Say,
    finished: Callable[[CommandResult], None],
    every: float = PROGRESS_EVERY,
    patience: float = PATIENCE,
) -> CommandResult | None:
    """Run `commands` at the same time and return the outcome of the first that fails, or None.

    `finished` is called for each that succeeds, and for each optional one however it ended, from
    this thread; it may raise, which stops the others. Once only optional ones are left they are
    stopped after `patience` seconds. A line is said every `every` seconds. The tools' output goes
    to `log`, each line with its command's name.
    """
    ended: queue.SimpleQueue[tuple[_Running, int]] = queue.SimpleQueue()
    running: list[_Running] = []
    until: float | None = None
    with log.open("a", encoding="utf-8", errors="replace") as sink:
        try:
            lock = threading.Lock()
            for command in commands:
                started = _start(command)
                running.append(started)
                threading.Thread(
                    target=_follow, args=(started, sink, lock, ended), daemon=True
                ).start()
            while running:
                if until is None and all(item.command.optional for item in running):
                    until = time.monotonic() + patience
                left = every if until is None else until - time.monotonic()
                try:
                    done, code = ended.get(timeout=max(min(every, left), 0.0))
                except queue.Empty:
                    if left <= 0:
                        break
                    for item in running:
                        say(f"  … {item.command.doing}: {item.progress()}")
                    continue
                running.remove(done)
                if code != 0 and not done.command.optional:
                    return done.outcome(code)
                finished(done.outcome(code))
            for item in running:
                finished(item.outcome(None))
            return None
        finally:
            for item in running:
                item.stop()
            for item in running:
                _end(item)


def _start(command: Command) -> _Running:
    process = subprocess.Popen(
        supervised(command.argv),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(command.environ),
        start_new_session=True,
    )
    return _Running(command, process, time.monotonic())


def _follow(
    item: _Running,
    sink: IO[str],
    lock: threading.Lock,
    ended: queue.SimpleQueue[tuple[_Running, int]],
) -> None:
    output = item.process.stdout
    assert output is not None  # noqa: S101 - it was asked for above; this tells mypy
    with output:
        for raw in output:
            line = raw.decode("utf-8", errors="replace").rstrip()
            item.tail.append(line)
            with lock:
                if not sink.closed:
                    sink.write(f"[{item.command.name}] {line}{os.linesep}")
                    sink.flush()
    ended.put((item, item.process.wait()))
    item.stop()


def _end(item: _Running) -> None:
    try:
        item.process.wait(timeout=2 * GRACE)
    except subprocess.TimeoutExpired:
        item.process.kill()
        item.process.wait()
