"""Where what the user made is kept, and how much room it takes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.store import Upkeep, damaged_files
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.tables import Html, table
from components.ui.shared.visit import Visit


def storage_used(visit: Visit) -> None:
    """Say in one line how much the visitor keeps, and where."""
    characters = visit.app.store.storage(visit.user)
    path = visit.app.store.path
    where = "in the database of this server" if path is None else f"in {path.parent}"
    size = labels.size(characters)
    st.html(labels.line(f"Manuscripts and analyses: about {size}, {where}"))


def kept_where(visit: Visit) -> None:
    """Show the place of the store, its size and its backups."""
    st.header("Where everything is kept", anchor=False)
    path = visit.app.store.path
    if path is None:
        st.write("In the Postgres database of this server, which its administrator looks after.")
        return
    size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    st.write(
        "Manuscripts and analyses are in one file, in a folder that is readable to you alone. To "
        "keep a copy of everything, your lenses too, close First Reader and copy the folder."
    )
    st.code(str(path), language=None, wrap_lines=True)
    st.html(labels.line(f"{labels.size(size)} on the disk"))
    _backups(visit.app.store.upkeep, path)


def _backups(upkeep: Upkeep, path: Path) -> None:
    """Show the copies of the store, why the last was not made, and the damaged files beside it."""
    found = upkeep.backups()
    if upkeep.problem is not None:
        show_problem(upkeep.problem, kept="The backups from before are kept.")
    if found:
        rows = [
            (
                labels.date(backup.made),
                "daily" if backup.is_daily else "before an update",
                labels.size(backup.size),
            )
            for backup in reversed(found)
        ]
        st.html(table("Backups", ("Backup of", "Why", "Size"), rows))
    else:
        st.write("There is no backup yet: one is made a day, while First Reader is open.")
    for folder in damaged_files(path):
        st.write(
            f"A file that a backup took the place of is kept in {labels.plain(str(folder))}. It "
            "holds what it held, deleted texts too: delete the folder when you need it no more."
        )


def ollama_servers(servers: list[tuple[Host, FirstReaderError | None]]) -> None:
    """Show the Ollama servers in use and how each is."""
    st.header("Ollama", anchor=False)
    if not servers:
        st.write("No Ollama server is in use yet.")
        return
    rows = [
        (host.url, host.version or "unknown", str(host.slots), str(problem or "answers"))
        for host, problem in servers
    ]
    heads = ("Server", "Version", "Analyses at once", "State")
    st.html(table("Ollama servers", heads, rows))


def set_by_environment(visit: Visit) -> None:
    """Show what can be set, by which variable, and what holds now; never a credential."""
    settings = visit.app.settings
    rows: list[tuple[str, str, str]] = [
        (
            "Folder for manuscripts and analyses",
            "FIRST_READER_DATA_DIR",
            _home(settings.data_folder),
        ),
        ("Store", "FIRST_READER_DATABASE", "Postgres" if settings.database else "a file"),
        ("Ollama server", "OLLAMA_HOST", settings.ollama_host or "looked for"),
        (
            "Ollama servers of a house",
            "FIRST_READER_OLLAMA_HOSTS",
            labels.plural(len(settings.hosts), "server") if settings.hosts else "none",
        ),
        ("Analyses at once", "FIRST_READER_PARALLEL", str(settings.parallel)),
        (
            "Cloud models",
            "FIRST_READER_ALLOW_CLOUD",
            "allowed: the manuscript is sent to them" if settings.allow_cloud else "refused",
        ),
        ("Users", "FIRST_READER_USER_HEADER", settings.user_header or "one"),
    ]
    st.header("What can be set", anchor=False)
    body = [(name, value, Html(f"<code>{variable}</code>")) for name, variable, value in rows]
    st.html(table("What can be set", ("What", "Now", "Environment variable"), body))


def _home(path: Path) -> str:
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)
