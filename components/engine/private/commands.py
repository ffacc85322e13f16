"""Run the recipe's tools side by side: output to logs, progress in plain lines, a clean stop.

Each tool runs supervised (see `supervise`), so that neither Ctrl-C nor a killed setup leaves a
compiler running. The first failure stops the others, and is explained in an editor's words.
"""

import math
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.engine.private.pins import MINIMUM_GO
from components.engine.private.supervise import ended_within, supervised, wait_or_kill
from components.errors import SetupFailed

#: Shows one plain line to the person who waits.
Say = Callable[[str], None]

#: Seconds between two lines of progress, and between two looks whether a tool has ended.
PROGRESS_EVERY, POLL = 15.0, 0.1

#: Seconds that optional tools get after the others have ended.
PATIENCE = 120.0

#: Lines of a tool's output that are looked at to explain its failure.
TAIL = 60

#: What tools print, and what it means; the first that is found in their last lines holds.
_MEANINGS = {
    r"no space left on device|disk quota exceeded": "the disk is full",
    r"do not match the hashes|checksum mismatch|SECURITY ERROR": (
        "a download is not the file that was pinned; it was thrown away"
    ),
    r"requires go >= |toolchain not available|go\.mod: invalid go version": (
        f"the Go on this computer is too old (version {MINIMUM_GO} is needed)"
    ),
    r"dial tcp|no such host|name resolution|i/o timeout|network is unreachable|"
    r"connection refused|connection reset|failed to establish a new connection|"
    r"connection broken|read timed out|connecttimeout|proxyerror|tls handshake|"
    r"unexpected eof|no route to host|could not resolve": (
        "the network cannot be reached, or went away in the middle"
    ),
    r"no matching distribution|is not a supported wheel": (
        "the package registry has nothing that suits this kind of computer and Python"
    ),
    r"c compiler .*not found|cgo: .*executable file not found|C compiler cannot": (
        "there is no working C compiler"
    ),
}


@dataclass(eq=False)
class Tool:
    """One tool to run; `doing` completes the line "… 30 s" in an editor's words.

    Its output goes to `log`. `finish` takes its exit status, and is called when it has succeeded.
    The failure of an `optional` one stops no other: there `finish` is called however it ended, with
    None where it takes too long. `progress` says how far it is, in place of the seconds.
    """

    doing: str
    argv: Sequence[str]
    log: Path
    finish: Callable[[int | None], None]
    environ: Mapping[str, str] | None = None
    optional: bool = False
    progress: Callable[[], str] = lambda: ""

    def start(self, users: Path) -> None:
        """Start it under supervision."""
        self.start_time = time.monotonic()
        with self.log.open("wb") as sink:
            self.process = subprocess.Popen(
                supervised(self.argv, users),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self.environ,
                start_new_session=True,
            )

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.start_time


def run_together(
    tools: Sequence[Tool], *, users: Path, say: Say, patience: float = PATIENCE
) -> None:
    """Run `tools` at the same time, as long as the file `users` is locked (see `supervise`).

    Once only optional ones are left they are stopped after `patience` seconds.
    Raises: SetupFailed for the first that fails; what `finish` raises. Both stop the others.
    """
    running: list[Tool] = []
    next_line, deadline = time.monotonic() + PROGRESS_EVERY, math.inf
    try:
        for tool in tools:
            tool.start(users)
            running.append(tool)
        while running and time.monotonic() < deadline:
            ended_within(running[0].process, POLL)
            for tool in [tool for tool in running if tool.process.poll() is not None]:
                running.remove(tool)
                if tool.process.returncode and not tool.optional:
                    raise failure(tool.doing, tool.log)
                tool.finish(tool.process.returncode)
                if not tool.process.returncode:
                    say(f"  {tool.doing}: done in {tool.seconds:.0f} s")
            if all(tool.optional for tool in running):
                deadline = min(deadline, time.monotonic() + patience)
            if time.monotonic() >= next_line:
                next_line = time.monotonic() + PROGRESS_EVERY
                for tool in running:
                    say(f"  … {tool.doing}: {tool.progress() or f'{tool.seconds:.0f} s'}")
        for tool in running:
            tool.finish(None)
    finally:
        for tool in running:
            tool.process.terminate()
        for tool in running:
            wait_or_kill(tool.process)


def last_lines(log: Path) -> list[str]:
    """Return the last lines of a tool's output, as far as they explain how it ended."""
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]


def reason(log: Path, tool: str) -> str:
    """Return what the last lines of a `tool` that failed mean, else the last one as it stands."""
    lines = last_lines(log)
    for pattern, meaning in _MEANINGS.items():
        if re.search(pattern, "\n".join(lines), re.IGNORECASE):
            return meaning
    last = next((line.strip()[:200] for line in reversed(lines) if line.strip()), "nothing")
    return f"{tool} said “{last}”"


def failure(doing: str, log: Path) -> SetupFailed:
    """Return the error for a tool that failed while `doing`, from what it wrote to `log`."""
    why = reason(log, f"{doing} failed and")
    return SetupFailed(f"The private Ollama was not built: {why}. Details: {log}.")
