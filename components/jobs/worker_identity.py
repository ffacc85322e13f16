"""Who a worker is, so that another can tell at once that it is gone.

A worker's name holds the boot of its machine, its process and when that began. On the same machine
a process that is gone, or whose number another one has now, surely works no more, and nobody needs
to wait for its lease. Linux only; elsewhere, and for other machines, the lease decides.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


def new_name() -> str:
    """Return a name for a worker in this process."""
    return f"{_machine()}/{os.getpid()}/{_began(os.getpid())}/{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Whether the worker of this name surely runs no more."""
    machine, process, began, _ = name.split("/") if name.count("/") == 3 else ("", "", "", "")
    if not machine or machine != _machine() or not process.isdecimal():
        return False
    return _began(int(process)) != began


@cache
def _machine() -> str:
    """Return this boot of this machine; in a container, of that container. Empty if not known."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        # Numbers of processes mean something in their own namespace only.
        return f"{boot}.{(_PROC / 'self/ns/pid').readlink()}".replace("/", "")
    except OSError:
        return ""


def _began(process: int) -> str:
    """Return when a process began, in ticks since the boot; empty where it does not run."""
    try:
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    # A zombie has ended, and only its parent has not noticed.
    return "" if fields[0] in {"Z", "X"} else fields[19]
