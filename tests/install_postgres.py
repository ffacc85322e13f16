"""See that there is a Postgres for the tests; run by `make test` before them.

In order: Debian's or the one on PATH (where the tests look too), Debian's package when this is root
on Debian. Without any the tests that need one are skipped, which is said loudly, and is a failure
where CI is set.
"""

# ruff: noqa: T201

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.postgres import binaries

#: Seconds for one attempt; a download that is slower than this is taken for none.
LIMIT = 240


def main() -> int:
    """Install a Postgres unless there is one; returns the exit status."""
    if binaries() is not None:
        return 0
    if Path("/etc/debian_version").exists() and os.geteuid() == 0:
        print("No Postgres found: installing one for the tests of the store", flush=True)
        _try(["apt-get", "-qq", "update"])
        _try(["apt-get", "-qq", "-y", "--no-install-recommends", "install", "postgresql"])
    if binaries() is not None:
        return 0
    print("=" * 78)
    print("There is no Postgres and none could be installed: ITS TESTS ARE SKIPPED.")
    print("Install Postgres (Debian: apt install postgresql) and run `make test` again.")
    print("=" * 78, flush=True)
    return 1 if os.environ.get("CI", "").lower() not in {"", "0", "false"} else 0


def _try(command: Sequence[str]) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, check=False, timeout=LIMIT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {command[0]}: {error}", flush=True)
        return
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["failed"]
        print(f"  {' '.join(command[:4])}: {last[0]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
