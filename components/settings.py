"""What can be set, from where, and what holds when nothing is.

Everything comes from environment variables, so that the same names serve a shell, a service file
and a container. Nothing has to be set: the defaults are one private computer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from components.errors import SettingsError

#: The folder that holds `streamlit_app.py`.
PROJECT = Path(__file__).resolve().parent.parent

#: Streamlit's usual port; another free one is taken when it is in use.
DEFAULT_PORT = 8501

#: More than any server runs at once; a larger number is a mistake.
_MOST_PARALLEL = 64

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run of the app.

    `ollama_host` is the address that the user chose, None to look for a server. `ollama_folder`
    is where the private Ollama lives, and `first_model` whether a model worth reading is fetched
    for it ("default") or the very small one must do ("small"). `allow_cloud` lets models answer
    that send the manuscript to another machine. `trusted_hosts` are the names under which a browser
    may open the page.

    `data_folder` is where manuscripts and analyses are kept, in a SQLite file, unless `database`
    is the address of a Postgres. `hosts` are a publisher's Ollama servers, each with the number of
    calls it runs at once; empty, the one server of `ollama_host` is used, with `parallel` calls.
    `user_header` names the header in which the reverse proxy at `proxy` says who asks; None where
    there is only one user.
    """

    ollama_host: str | None
    ollama_folder: Path
    first_model: str
    allow_cloud: bool
    port: int
    port_is_chosen: bool
    trusted_hosts: tuple[str, ...]
    data_folder: Path
    database: str | None
    hosts: tuple[tuple[str, int], ...]
    parallel: int
    user_header: str | None
    proxy: str

    @property
    def keeps_in_postgres(self) -> bool:
        """Whether the store is a Postgres, and workers run in processes of their own."""
        return self.database is not None

    @property
    def store_file(self) -> Path:
        """The file of manuscripts and analyses, where they are not in Postgres."""
        return self.data_folder / "first-reader.sqlite"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from `environ` (the process's own when None).

        Raises: SettingsError, naming the variable that cannot be understood.
        """
        environ = os.environ if environ is None else environ
        folder = environ.get("FIRST_READER_OLLAMA_DIR", "").strip()
        data = environ.get("FIRST_READER_DATA_DIR", "").strip()
        data_folder = (
            _folder("FIRST_READER_DATA_DIR", data)
            if data
            else user_data_path("first-reader", appauthor=False)
        )
        database = environ.get("FIRST_READER_DATABASE", "").strip()
        header = environ.get("FIRST_READER_USER_HEADER", "").strip()
        port = environ.get("FIRST_READER_PORT", "").strip()
        extra = environ.get("FIRST_READER_TRUSTED_HOSTS", "")
        return cls(
            ollama_host=environ.get("OLLAMA_HOST", "").strip() or None,
            ollama_folder=_folder("FIRST_READER_OLLAMA_DIR", folder)
            if folder
            else PROJECT / ".ollama",
            first_model=_first_model(environ.get("FIRST_READER_FIRST_MODEL", "")),
            allow_cloud=_boolean(environ, "FIRST_READER_ALLOW_CLOUD"),
            port=_port(port) if port else DEFAULT_PORT,
            port_is_chosen=bool(port),
            trusted_hosts=(
                "127.0.0.1",
                "localhost",
                *(name.strip() for name in extra.split(",") if name.strip()),
            ),
            data_folder=data_folder,
            database=database or None,
            hosts=_hosts(environ.get("FIRST_READER_OLLAMA_HOSTS", "")),
            parallel=_count("FIRST_READER_PARALLEL", environ.get("FIRST_READER_PARALLEL", "")),
            user_header=header.lower() or None,
            proxy=environ.get("FIRST_READER_PROXY", "").strip() or "127.0.0.1",
        )


def _boolean(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise SettingsError(f"{name} is neither on nor off.", advice=f"Set {name} to 1 or 0.")


def _first_model(value: str) -> str:
    value = value.strip().lower() or "default"
    if value in {"default", "small"}:
        return value
    raise SettingsError(
        "FIRST_READER_FIRST_MODEL names a model that is not known.",
        advice="Set FIRST_READER_FIRST_MODEL to small, or unset it.",
    )


def _folder(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(
            f"{name} is in the home of somebody unknown.",
            advice=f"Set {name} to the full path of a folder.",
        ) from error


def _hosts(value: str) -> tuple[tuple[str, int], ...]:
    """Read "http://one:11434=2, http://two:11434": addresses, and how many calls each runs."""
    found = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        url, _, slots = (one.strip() for one in part.partition("="))
        if not url:
            raise SettingsError(
                "FIRST_READER_OLLAMA_HOSTS names a number of calls and no address.",
                advice="Set it to addresses such as http://one:11434=2, http://two:11434.",
            )
        found.append((url, _count("FIRST_READER_OLLAMA_HOSTS", slots)))
    return tuple(found)


def _count(name: str, value: str) -> int:
    value = value.strip() or "1"
    if value.isdecimal() and 0 < int(value) <= _MOST_PARALLEL:
        return int(value)
    raise SettingsError(
        f"{name} holds a number of calls that cannot be.",
        advice=f"A host runs 1 to {_MOST_PARALLEL} calls at once: set {name} to such a number.",
    )


def _port(value: str) -> int:
    if value.isdecimal() and len(value) <= 5 and 0 < int(value) < 65536:
        return int(value)
    raise SettingsError(
        "FIRST_READER_PORT is not a port number.",
        advice="Set FIRST_READER_PORT to a whole number from 1 to 65535.",
    )
