"""What can be set, from where, and what holds when nothing is.

Everything comes from environment variables, so that the same names serve a shell, a service file
and a container. Nothing has to be set: the defaults are one private computer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components.errors import SettingsError

#: The folder that holds `streamlit_app.py`.
PROJECT = Path(__file__).resolve().parent.parent

#: Streamlit's usual port; another free one is taken when it is in use.
DEFAULT_PORT = 8501

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run of the app.

    `ollama_host` is the address that the user chose, None to look for a server. `ollama_folder`
    is where the private Ollama lives. `allow_cloud` lets models answer that send the manuscript
    to another machine. `trusted_hosts` are the names under which a browser may open the page.
    """

    ollama_host: str | None
    ollama_folder: Path
    allow_cloud: bool
    port: int
    port_is_chosen: bool
    trusted_hosts: tuple[str, ...]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from `environ` (the process's own when None).

        Raises: SettingsError, naming the variable that cannot be understood.
        """
        environ = os.environ if environ is None else environ
        folder = environ.get("FIRST_READER_OLLAMA_DIR", "").strip()
        port = environ.get("FIRST_READER_PORT", "").strip()
        extra = environ.get("FIRST_READER_TRUSTED_HOSTS", "")
        return cls(
            ollama_host=environ.get("OLLAMA_HOST", "").strip() or None,
            ollama_folder=_folder(folder) if folder else PROJECT / ".ollama",
            allow_cloud=_boolean(environ, "FIRST_READER_ALLOW_CLOUD"),
            port=_port(port) if port else DEFAULT_PORT,
            port_is_chosen=bool(port),
            trusted_hosts=(
                "127.0.0.1",
                "localhost",
                *(name.strip() for name in extra.split(",") if name.strip()),
            ),
        )


def _boolean(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise SettingsError(f"{name} is neither on nor off.", advice=f"Set {name} to 1 or 0.")


def _folder(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(
            "FIRST_READER_OLLAMA_DIR is in the home of somebody unknown.",
            advice="Set FIRST_READER_OLLAMA_DIR to the full path of a folder.",
        ) from error


def _port(value: str) -> int:
    if value.isdecimal() and len(value) <= 5 and 0 < int(value) < 65536:
        return int(value)
    raise SettingsError(
        "FIRST_READER_PORT is not a port number.",
        advice="Set FIRST_READER_PORT to a whole number from 1 to 65535.",
    )
