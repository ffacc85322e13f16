"""Starting a worker, and what the status with which it ended says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT = Path(__file__).resolve().parents[2]

#: What Python itself needs to start and to find its packages, and Tesseract its data; no token or
#: address goes along.
_ENVIRONMENT = (
    "PATH", "HOME", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMPDIR", "TESSDATA_PREFIX",
)  # fmt: skip

#: A group of its own, so that what a worker starts can be killed with it.
OWN_GROUP: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}


def start(module: str, *, more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start `module` as a process that talks through its standard input and output.

    `more` goes into its environment. Raises: OSError where there is no room for another process.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=_ROOT,
        env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ} | dict(more or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could show text of the manuscript
        **OWN_GROUP,
    )


def ran_out_of_time(status: int) -> bool:
    """Whether a process with this exit status used up its processor time."""
    name = getattr(signal, "SIGXCPU", None)
    return name is not None and status == -name


def ran_out_of_memory(status: int) -> bool:
    """Whether a process with this exit status was killed by the system, as it is for memory."""
    return status == -getattr(signal, "SIGKILL", 9)
