"""What memory this computer has, for choosing models that it can hold."""

from __future__ import annotations

import os
from pathlib import Path


def memory() -> int | None:
    """Return the bytes of memory of this computer, None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf.
        return None


def free_memory() -> int | None:
    """Return the bytes of memory that are free on this computer, None where it does not say."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
