"""The setup's last step: see that there is an Ollama, or build one.

`make setup` runs it. What the page can explain is no failure here: the message is printed and
saved for the page, and the exit status is 0, so that the app still opens. `--strict` is for
machines that test and need the real thing; `--first-model` is for those that open the page.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from components.engine.private.folder import Folder, write_whole
from components.engine.private.locate import Located, locate
from components.engine.private.recipe import build
from components.errors import FirstReaderError
from components.settings import SETUP, Settings

#: What a shell reports for a program that Ctrl-C ended.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step and return the exit status."""
    parser = argparse.ArgumentParser("components.engine.private", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="fail when there is no Ollama")
    parser.add_argument(
        "--first-model",
        action="store_true",
        help="fetch a model worth reading for the private Ollama, unless settings say otherwise",
    )
    options = parser.parse_args(arguments)
    failed = 1 if options.strict else 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = Settings.from_environment()
    except FirstReaderError as error:
        _say(f"{error} {error.advice}")
        return failed
    folder = Folder(settings.ollama_folder.absolute())
    try:
        located = locate(os.environ, root=folder.root)
        if located.kind in {"private", "missing"}:
            fetches = options.first_model and settings.first_model != "small"
            build(folder, say=_say, with_first_model=fetches)
            located = locate(os.environ, root=folder.root)
        _say(describe(located))
        folder.problem_file.unlink(missing_ok=True)
    except FirstReaderError as error:
        _say(f"{error}\n{error.advice}\nThe app opens all the same and says so on its page.")
        try:
            folder.make()
            write_whole(folder.problem_file, f"{error}\n{error.advice}\n")
        except OSError as unwritable:
            _say(f"({folder.problem_file} cannot be written: {unwritable.strerror}.)")
        return failed
    except KeyboardInterrupt:
        _say(f"Interrupted; the next `{SETUP}` goes on from here.")
        return INTERRUPTED
    return 0


def describe(located: Located) -> str:
    """Return one plain line that says which Ollama is used."""
    return {
        "configured": f"Ollama: the server at {located.url}, as OLLAMA_HOST says.",
        "running": f"Ollama: the server that runs on this computer ({located.url}).",
        "installed": f"Ollama: installed here ({located.binary}); the app starts and stops it.",
        "private": f"Ollama: the private one ({located.binary}); the app starts and stops it.",
        "missing": "Ollama: none.",
    }[located.kind]


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
