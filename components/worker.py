"""A process that performs analyses for a publisher's server: `python -m components.worker`.

Any number of them may run, on any machines that reach the Postgres of FIRST_READER_DATABASE and the
servers of FIRST_READER_OLLAMA_HOSTS. Told to end (SIGTERM, Ctrl+C) it gives back what it performs,
within three seconds, and another goes on.
"""

import logging
import signal
import sys
import threading

from components.application import Application
from components.errors import FirstReaderError, SettingsError
from components.settings import Settings


def main() -> int:
    """Run until told to end; return the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    try:
        settings = Settings.from_environment()
        if settings.database is None:
            raise SettingsError(
                "A worker of its own needs the store in Postgres.",
                advice="Set FIRST_READER_DATABASE to postgresql://user:password@host/name.",
            )
        app = Application(settings, works=True)
        app.start()
    except FirstReaderError as error:
        _say(f"{error} {error.advice}")
        return 2
    _say("First Reader's worker has begun (stop it with Ctrl+C)")
    end.wait()
    app.close()
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a service's journal reads it


if __name__ == "__main__":
    sys.exit(main())
