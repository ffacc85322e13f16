"""A process that performs what others queue, so that pages can be measured alone."""

from __future__ import annotations

import sys

from components.application import Application
from components.settings import Settings

if __name__ == "__main__":
    app = Application(Settings.from_environment(), works=True)
    app.start()
    app.wait_connected(30)
    print("ready", flush=True)
    sys.stdin.readline()
    app.close()
