"""Find the Ollama to talk to, quickly and without changing anything.

First OLLAMA_HOST, then a server that already runs, then a program that is installed, and only then
the private build: a machine that has Ollama never uses, downloads or builds another.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx

from components.engine.private.folder import Folder
from components.engine.private.pins import is_built
from components.errors import SettingsError

#: Where Ollama listens unless told otherwise.
DEFAULT_URL = "http://127.0.0.1:11434"

#: Seconds to connect: on this very computer an answer takes milliseconds or does not come.
CONNECT_TIMEOUT = 0.5

#: Seconds for a busy server to answer once connected.
ANSWER_TIMEOUT = 2.0

Kind = Literal["configured", "running", "installed", "private", "missing"]

#: A wildcard to listen on is no address to call: the server is called on the loopback.
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, never bound

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Located:
    """Which Ollama there is: `url` of a server that is not ours, or `binary` to start.

    `configured` and `running` have a `url`; `installed` and `private` have a `binary`; `missing`
    has neither. A `configured` server was not asked whether it answers.
    """

    kind: Kind
    url: str | None = None
    binary: Path | None = None


def locate(environ: Mapping[str, str], *, root: Path, default_url: str = DEFAULT_URL) -> Located:
    """Find an Ollama: OLLAMA_HOST, a running server, a program on PATH, the private build.

    `root` is the private build's folder. Takes at most some seconds, usually milliseconds.
    Raises: SettingsError when OLLAMA_HOST is not an address.
    """
    chosen = environ.get("OLLAMA_HOST", "").strip()
    if chosen:
        return Located("configured", url=address(chosen))
    if answers(default_url):
        return Located("running", url=default_url)
    installed = shutil.which("ollama", path=environ.get("PATH", os.defpath))
    if installed is not None:
        return Located("installed", binary=Path(installed).absolute())
    folder = Folder(root)
    if is_built(folder):
        return Located("private", binary=folder.binary)
    return Located("missing")


def answers(url: str) -> bool:
    """Whether an Ollama server answers at `url`; no proxy is asked, nothing is raised."""
    timeout = httpx.Timeout(ANSWER_TIMEOUT, connect=CONNECT_TIMEOUT)
    try:
        with httpx.Client(trust_env=False, timeout=timeout) as client:
            response = client.get(f"{url}/api/version")
            body = response.json() if response.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(body, dict) and isinstance(body.get("version"), str)


def address(value: str) -> str:
    """Return the URL that `value` of OLLAMA_HOST means, by Ollama's own rules.

    A missing scheme is http and a missing port 11434; with a scheme, a missing port is the
    scheme's own.
    Raises: SettingsError.
    """
    text = value.strip().strip("\"'")
    _, separator, _ = text.partition("://")
    try:
        parts = urlsplit(text if separator else f"http://{text}")
        port = parts.port or (_PORTS.get(parts.scheme) if separator else 11434)
    except ValueError as error:
        raise _no_address() from error
    if parts.scheme not in _PORTS or port is None or parts.username is not None:
        raise _no_address()
    host = parts.hostname or "127.0.0.1"
    host = _WILDCARDS.get(host, host)
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}"


def _no_address() -> SettingsError:
    return SettingsError(
        "OLLAMA_HOST is not the address of a server.",
        advice="Set OLLAMA_HOST to an address such as 127.0.0.1:11434, or unset it.",
    )
