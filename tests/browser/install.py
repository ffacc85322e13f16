"""See that there is a Chromium for the browser tests; run by `make test` before them.

In order: one on PATH (where the tests look too), the one that Playwright downloads, Debian's
package when this is root on Debian. Without any the browser tests are skipped, which is said
loudly, and is a failure where CI is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: Names under which a Chromium is installed, the one to prefer first.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Seconds for one attempt; a download that is slower than this is taken for none.
LIMIT = 240


def on_path() -> str | None:
    """Return the Chromium that is installed on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def from_playwright() -> str | None:
    """Return the Chromium that Playwright has downloaded, or None."""
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    path = done.stdout.strip()
    return path if done.returncode == 0 and Path(path).is_file() else None


def find() -> str | None:
    """Return the Chromium that the tests use, or None."""
    return on_path() or from_playwright()


def main() -> int:
    """Install a Chromium unless there is one; returns the exit status."""
    if find() is not None:
        return 0
    print("No Chromium found: installing one for the browser tests", flush=True)
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    if find() is None and Path("/etc/debian_version").exists() and os.geteuid() == 0:
        _try(["apt-get", "-qq", "update"])
        _try(["apt-get", "-qq", "-y", "--no-install-recommends", "install", "chromium"])
    if find() is not None:
        return 0
    print("=" * 78)
    print("There is no Chromium and none could be installed: THE BROWSER TESTS ARE SKIPPED.")
    print("Install Chromium or Chrome and run `make test` again.")
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
