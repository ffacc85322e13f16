"""Start First Reader on this computer and open it in the browser."""

import argparse
import contextlib
import errno
import logging
import socket
import sys
import threading
import webbrowser

import uvicorn

from components.errors import FirstReaderError, SettingsError
from components.server.app import create_app
from components.settings import Settings

#: How many ports are tried after the usual one when it is taken.
_TRIES = 20

#: Seconds that open connections get at the end, before they are cut.
_GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    """A server that prints its address once it can be opened."""

    def __init__(self, config: uvicorn.Config, *, open_browser: bool) -> None:
        super().__init__(config)
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and open it."""
        await super().startup(sockets=sockets)
        if self.should_exit or not sockets:
            return
        host, port = sockets[0].getsockname()[:2]
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        _say(f"First Reader is open at {address} (stop it with Ctrl+C)")
        if self._open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def serve(*, open_browser: bool) -> int:
    """Run until interrupted; return the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = Settings.from_environment()
        listener = _listen(settings)
    except FirstReaderError as error:
        _say(f"{error} {error.advice}")
        return 2
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # The true sender's address, also behind a proxy.
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, open_browser=open_browser and sys.stdout.isatty())
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0


def _listen(settings: Settings) -> socket.socket:
    """Return a listening socket. Raises: SettingsError when there is no port or no such address."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    last = settings.port if settings.port_is_chosen else min(settings.port + _TRIES, 65535)
    for port in range(settings.port, last + 1):
        try:
            return socket.create_server((settings.host, port), family=family, backlog=128)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise SettingsError(
                    f"This computer does not have the address {settings.host}.",
                    advice="Set FIRST_READER_HOST to one that it has, or unset it.",
                ) from error
    raise SettingsError(
        f"Port {settings.port} is taken by another program.",
        advice="Close it, or set FIRST_READER_PORT to another number.",
    )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the one thing this command is for


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="first-reader", description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    sys.exit(serve(open_browser=not parser.parse_args().no_browser))
