"""Run the recipe's tools side by side: output to a log, progress in plain lines, a clean stop.

Each tool runs supervised (see `supervise`), so that neither Ctrl-C nor a killed setup leaves a
compiler running. The first failure stops the others, and is explained in an editor's words.
"""

from __future__ import annotations

import math
import os
import queue
import re
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.engine.private.pins import MINIMUM_GO
from components.engine.private.supervise import supervised, wait_or_kill
from components.errors import SetupFailed

#: Shows one plain line to the person who waits.
Say = Callable[[str], None]

#: Seconds between two lines of progress.
PROGRESS_EVERY = 15.0

#: Seconds that optional commands get after the others have ended.
PATIENCE = 120.0

#: Lines of a tool's output that are kept to explain its failure.
TAIL = 60

#: What tools print, and what it means; the first that is found in their last lines holds.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"no space left on device|disk quota exceeded", "the disk is full"),
    (
        r"do not match the hashes|checksum mismatch|SECURITY ERROR",
        "a download is not the file that was pinned; it was thrown away",
    ),
    (
        r"requires go >= |toolchain not available|go\.mod: invalid go version",
        f"the Go on this computer is too old (version {MINIMUM_GO} is needed)",
    ),
    (
        (
            r"dial tcp|no such host|name resolution|i/o timeout|network is unreachable|"
            r"connection refused|connection reset|failed to establish a new connection|"
            r"connection broken|read timed out|connecttimeout|proxyerror|tls handshake|"
            r"unexpected eof|no route to host|could not resolve"
        ),
        "the network cannot be reached, or went away in the middle",
    ),
    (
        r"no matching distribution|is not a supported wheel",
        "the package registry has nothing that suits this kind of computer and Python",
    ),
    (
        r"c compiler .*not found|cgo: .*executable file not found|C compiler cannot",
        "there is no working C compiler",
    ),
)


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


class _Running:
    """A command that was started; its lines, and None at its end, are put into `output`."""

    def __init__(
        self, command: Command, output: queue.SimpleQueue[tuple[_Running, str | None]]
    ) -> None:
        self.command = command
        self.tail: deque[str] = deque(maxlen=TAIL)
        self._start = time.monotonic()
        self.process = subprocess.Popen(
            supervised(command.argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(command.environ),
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(output,), daemon=True).start()

    def _read(self, output: queue.SimpleQueue[tuple[_Running, str | None]]) -> None:
        lines = self.process.stdout
        assert lines is not None  # noqa: S101 - tells mypy
        with lines:
            for line in lines:
                output.put((self, line.decode("utf-8", errors="replace").rstrip()))
        self.process.wait()
        output.put((self, None))

    def progress(self) -> str:
        progress = self.command.progress and self.command.progress(tuple(self.tail))
        return progress or f"{time.monotonic() - self._start:.0f} s"

    def result(self) -> CommandResult:
        seconds = time.monotonic() - self._start
        return CommandResult(self.command, self.process.poll(), tuple(self.tail), seconds)

    def stop(self) -> None:
        """Ask the supervisor to end it."""
        if self.process.stdin is not None:
            self.process.stdin.close()


def run_together(
    commands: Sequence[Command],
    *,
    log: Path,
    say: Say,
    finished: Callable[[CommandResult], None],
    patience: float = PATIENCE,
) -> CommandResult | None:
    """Run `commands` at the same time and return the result of the first that fails, or None.

    `finished` is called for each that succeeds, and for each optional one however it ended; it may
    raise, which stops the others. Once only optional ones are left they are stopped after
    `patience` seconds. The tools' output goes to `log`, each line with its command's name.
    """
    output: queue.SimpleQueue[tuple[_Running, str | None]] = queue.SimpleQueue()
    running: list[_Running] = []
    deadline = math.inf
    with log.open("a", encoding="utf-8", errors="replace") as sink:
        try:
            for command in commands:  # One by one: those started are stopped if the next is not.
                running.append(_Running(command, output))  # noqa: PERF401
            next_line = time.monotonic() + PROGRESS_EVERY
            while running:
                if all(item.command.optional for item in running):
                    deadline = min(deadline, time.monotonic() + patience)
                try:
                    timeout = min(next_line, deadline) - time.monotonic()
                    item, line = output.get(timeout=max(timeout, 0.0))
                except queue.Empty:
                    if time.monotonic() >= deadline:
                        break
                    next_line = time.monotonic() + PROGRESS_EVERY
                    for item in running:
                        say(f"  … {item.command.doing}: {item.progress()}")
                    continue
                if line is not None:
                    item.tail.append(line)
                    sink.write(f"[{item.command.name}] {line}{os.linesep}")
                    sink.flush()
                    continue
                running.remove(item)
                item.stop()
                result = item.result()
                if result.code != 0 and not item.command.optional:
                    return result
                finished(result)
            for item in running:
                finished(item.result())
            return None
        finally:
            for item in running:
                item.stop()
            for item in running:
                wait_or_kill(item.process)


def reason(tail: Sequence[str], tool: str) -> str:
    """Return what the last lines of a `tool` that failed mean, else the last one as it stands."""
    text = "\n".join(tail)
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, text, re.IGNORECASE):
            return meaning
    last = next((line.strip()[:200] for line in reversed(tail) if line.strip()), "nothing")
    return f"{tool} said “{last}”"


def explain(doing: str, tail: Sequence[str], log: Path) -> SetupFailed:
    """Return the error for a tool that failed while `doing`, from the last lines it wrote."""
    why = reason(tail, f"{doing} failed and")
    return SetupFailed(f"The private Ollama was not built: {why}. Details: {log}.")
