"""The launchers: the two small programs that Ollama looks for beside itself.

They are shell scripts of one line and not Python scripts with a `#!` line of their own, because the
path of an interpreter may hold spaces or be longer than a kernel accepts there.
"""

import shlex
import sys
from pathlib import Path

from components.engine.private.folder import Folder, write_whole

#: Name of each launcher and the file beside this one that does its work.
LAUNCHERS = {"llama-server": "llama_server.py", "llama-quantize": "llama_quantize.py"}


def write_launchers(folder: Folder) -> None:
    """Write both launchers where they are missing or of another interpreter. Raises: OSError."""
    folder.launchers.mkdir(parents=True, exist_ok=True)
    for name, module in LAUNCHERS.items():
        paths = folder.python, sys.executable, Path(__file__).with_name(module).resolve()
        packages, python, file = (shlex.quote(str(path)) for path in paths)
        # -P keeps this package's folder off the import path, where `server` or `model` could be
        # mistaken for something else.
        text = (
            "#!/bin/sh\n"
            "# Written by First Reader; written again at each start.\n"
            f'PYTHONPATH={packages} PYTHONNOUSERSITE=1 exec {python} -P {file} "$@"\n'
        )
        path = folder.launchers / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_whole(path, text, mode=0o700)
