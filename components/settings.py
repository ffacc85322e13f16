"""The settings: environment variables to typed values.

The same names serve a shell, a service file and a container. Nothing has to be set: the defaults
are for one private computer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

from platformdirs import user_data_path

from components.errors import SettingsError

#: The folder that holds `streamlit_app.py`.
PROJECT = Path(__file__).resolve().parent.parent

#: What sets up the private Ollama: an installed copy has no checkout, and no make, around it.
IS_CHECKOUT = (PROJECT / "Makefile").is_file()
SETUP = "make setup" if IS_CHECKOUT else "first-reader"

#: Names under which this computer is opened directly, without a proxy and so without TLS.
LOOPBACK = "127.0.0.1"
OWN_NAMES = (LOOPBACK, "localhost")

#: Streamlit's usual port; another free one is taken when it is in use.
DEFAULT_PORT = 8501

#: More calls than any server runs at once; a larger number is a mistake.
_MAX_PARALLEL = 64

_SWITCH = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("", "0", "false", "no", "off"), False),
}
_FIRST_MODELS = {"": "default", "default": "default", "small": "small"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run of the app.

    `ollama_host` is the address that the user chose, None to look for a server. `ollama_folder`
    holds the private Ollama; `first_model` is "default" to fetch a model worth reading for it, or
    "small". `allow_cloud` lets models answer that send the manuscript to another machine.
    `trusted_hosts` are the names under which a browser may open the page. `host` is the address
    that the server listens on; another than the loopback only behind a proxy that names the user.

    The store is the Postgres at `database`, or else a SQLite file in `data_folder`. `hosts` are a
    publisher's Ollama servers, each with the number of calls it runs at once; if empty, the server
    of `ollama_host` is used, with `parallel` calls. `user_header` names the header in which the
    reverse proxy at `proxy` names the user; None where there is only one.
    """

    ollama_host: str | None
    ollama_folder: Path
    first_model: str
    allow_cloud: bool
    host: str
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
    def store_file(self) -> Path:
        """The SQLite file of the store, where it is not a Postgres."""
        return self.data_folder / "first-reader.sqlite"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read them from `environ`, by default the process's own. Raises: SettingsError."""
        values = os.environ if environ is None else environ

        def text(name: str) -> str:
            return values.get(name, "").strip()

        def folder(name: str, default: Path) -> Path:
            try:
                return Path(text(name)).expanduser() if text(name) else default
            except RuntimeError as error:
                raise SettingsError(
                    f"{name} is in the home of somebody unknown.",
                    advice=f"Set {name} to the full path of a folder.",
                ) from error

        def choice(name: str, choices: Mapping[str, T], advice: str) -> T:
            value = text(name).lower()
            if value not in choices:
                raise SettingsError(
                    f"{name} has a value that is not known.", advice=f"Set {name} to {advice}."
                )
            return choices[value]

        def number(name: str, default: int, most: int) -> int:
            return _number(name, text(name) or str(default), most)

        def host() -> str:
            has_proxy = bool(text("FIRST_READER_USER_HEADER") and text("FIRST_READER_PROXY"))
            return _host(text("FIRST_READER_HOST") or LOOPBACK, has_proxy=has_proxy)

        data = user_data_path("first-reader", appauthor=False)
        ollama = PROJECT / ".ollama" if IS_CHECKOUT else data / "ollama"
        return cls(
            ollama_host=text("OLLAMA_HOST") or None,
            ollama_folder=folder("FIRST_READER_OLLAMA_DIR", ollama),
            first_model=choice("FIRST_READER_FIRST_MODEL", _FIRST_MODELS, "small, or unset it"),
            allow_cloud=choice("FIRST_READER_ALLOW_CLOUD", _SWITCH, "1 or 0"),
            host=host(),
            port=number("FIRST_READER_PORT", DEFAULT_PORT, 65535),
            port_is_chosen=bool(text("FIRST_READER_PORT")),
            trusted_hosts=(*OWN_NAMES, *_listed(text("FIRST_READER_TRUSTED_HOSTS"))),
            data_folder=folder("FIRST_READER_DATA_DIR", data),
            database=text("FIRST_READER_DATABASE") or None,
            hosts=_hosts(text("FIRST_READER_OLLAMA_HOSTS")),
            parallel=number("FIRST_READER_PARALLEL", 1, _MAX_PARALLEL),
            user_header=text("FIRST_READER_USER_HEADER").lower() or None,
            proxy=text("FIRST_READER_PROXY") or LOOPBACK,
        )


def _listed(value: str) -> list[str]:
    """Return the parts between commas that are not empty."""
    return [part for part in map(str.strip, value.split(",")) if part]


def _hosts(value: str) -> tuple[tuple[str, int], ...]:
    """Read "http://one:11434=2, http://two:11434": addresses, and how many calls each runs."""
    hosts = []
    for part in _listed(value):
        url, _, slots = map(str.strip, part.partition("="))
        if not url:
            raise SettingsError(
                "FIRST_READER_OLLAMA_HOSTS names a number of calls and no address.",
                advice="Set it to addresses such as http://one:11434=2, http://two:11434.",
            )
        hosts.append((url, _number("FIRST_READER_OLLAMA_HOSTS", slots or "1", _MAX_PARALLEL)))
    return tuple(hosts)


def _host(value: str, *, has_proxy: bool) -> str:
    """Return the address to listen on. Raises: SettingsError."""
    try:
        is_loopback = ip_address(value).is_loopback
    except ValueError as error:
        raise SettingsError(
            "FIRST_READER_HOST is no IP address.",
            advice="Set it to 127.0.0.1, or to 0.0.0.0 behind a reverse proxy.",
        ) from error
    if is_loopback or has_proxy:
        return value
    raise SettingsError(
        f"With FIRST_READER_HOST={value} everybody in the network could open the page: it has no "
        "log-in of its own.",
        advice="Set FIRST_READER_USER_HEADER and FIRST_READER_PROXY to the header and the address "
        "of a reverse proxy that logs people in, or unset FIRST_READER_HOST.",
    )


def _number(name: str, value: str, most: int) -> int:
    """Return the whole number from 1 to `most` that `value` says. Raises: SettingsError."""
    if value.isdecimal() and len(value) <= 5 and 0 < int(value) <= most:
        return int(value)
    raise SettingsError(
        f"{name} holds a number that cannot be.",
        advice=f"Set it to a whole number from 1 to {most:,}.",
    )
