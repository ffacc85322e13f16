"""What went wrong in a step of the recipe, in words for an editor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from components.engine.private.pins import MINIMUM_GO
from components.errors import SetupFailed

#: Free bytes under which the build is not begun: Go's module and build caches take 0.9 GB, the
#: program, the packages and the model 0.4 GB.
NEEDED_SPACE = 2 * 10**9

#: What tools say, and what it means; the first that is found in their last lines holds.
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


def meaning(tail: Sequence[str]) -> str | None:
    """Return what the last lines of a tool that failed mean, None where they are not known."""
    text = "\n".join(tail)
    found = (said for pattern, said in _MEANINGS if re.search(pattern, text, re.IGNORECASE))
    return next(found, None)


def last_line(tail: Sequence[str]) -> str:
    """Return the last line that a tool wrote, at most 200 characters of it."""
    return next((line.strip()[:200] for line in reversed(tail) if line.strip()), "nothing")


def explain(doing: str, tail: Sequence[str], log: Path) -> SetupFailed:
    """Return the error for a tool that failed while `doing`, from the last lines it wrote."""
    why = meaning(tail) or f"{doing} failed and said “{last_line(tail)}”"
    return SetupFailed(f"The private Ollama was not built: {why}. Details: {log}.")


def no_go() -> SetupFailed:
    """Return the error for a computer without Go."""
    return SetupFailed(
        "No Ollama was found, and a private one cannot be built: "
        f"Go (version {MINIMUM_GO} or later) is not installed."
    )


def no_compiler() -> SetupFailed:
    """Return the error for a computer without a C compiler."""
    return SetupFailed(
        "No Ollama was found, and a private one cannot be built: there is no C compiler."
    )


def no_space(free: int) -> SetupFailed:
    """Return the error for a disk with `free` bytes left."""
    return SetupFailed(
        "No Ollama was found, and a private one cannot be built: "
        f"it needs {NEEDED_SPACE / 1e9:.0f} GB of disk and {free / 1e9:.1f} GB are free."
    )
