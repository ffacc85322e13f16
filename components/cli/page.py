"""Opening the page: what the command does without a command's name."""

import argparse
import subprocess
import sys

from components.server.__main__ import serve


def open_page(arguments: argparse.Namespace) -> int:
    """See that there is an Ollama, then open the page, as `make run` does; return the status."""
    setup = [sys.executable, "-m", "components.engine.private", "--first-model"]
    status = subprocess.run(setup, check=False).returncode
    return status or serve(open_browser=not arguments.no_browser)
