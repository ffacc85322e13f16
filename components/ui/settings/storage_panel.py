"""Where what the user made is kept, and how much room it takes."""

from pathlib import Path

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.store import damaged_files
from components.ui.shared import labels, widgets
from components.ui.shared.html_tables import Html, table
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit


def storage_used(visit: Visit) -> None:
    """Say in one line how much the visitor keeps, and where."""
    characters = visit.app.store.storage(visit.user)
    path = visit.app.store.path
    where = "in the database of this server" if path is None else f"in {path.parent}"
    size = labels.size(characters)
    widgets.say(f"Manuscripts and analyses: about {size}, {where}")


def kept_where(visit: Visit) -> None:
    """Show where the store is, its size, its backups, and damaged files that one replaced."""
    st.header("Where everything is kept", anchor=False)
    path = visit.app.store.path
    if path is None:
        st.write("In the Postgres database of this server, which its administrator looks after.")
        return
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    st.write(
        "Manuscripts and analyses are in one file, in a folder that is readable to you alone. To "
        "keep a copy of everything, your lenses too, close First Reader and copy the folder."
    )
    st.code(str(path), language=None, wrap_lines=True)
    widgets.say(f"{labels.size(size)} on the disk")
    upkeep = visit.app.store.upkeep
    if upkeep.problem is not None:
        show_problem(upkeep.problem, kept="The backups from before are kept.")
    rows = []
    for backup in reversed(upkeep.backups()):
        why = "daily" if backup.is_daily else "before an update"
        rows.append((labels.date(backup.made), why, labels.size(backup.size)))
    if rows:
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
    folder = settings.data_folder
    if folder.is_relative_to(Path.home()):
        folder = "~" / folder.relative_to(Path.home())
    hosts = labels.plural(len(settings.hosts), "server") if settings.hosts else "none"
    cloud = "allowed: the manuscript is sent to them" if settings.allow_cloud else "refused"
    rows = (
        ("Folder for manuscripts and analyses", str(folder), "FIRST_READER_DATA_DIR"),
        ("Store", "Postgres" if settings.database else "a file", "FIRST_READER_DATABASE"),
        ("Ollama server", settings.ollama_host or "looked for", "OLLAMA_HOST"),
        ("Shared Ollama servers", hosts, "FIRST_READER_OLLAMA_HOSTS"),
        ("Analyses at once", str(settings.parallel), "FIRST_READER_PARALLEL"),
        ("Cloud models", cloud, "FIRST_READER_ALLOW_CLOUD"),
        ("Users", settings.user_header or "one", "FIRST_READER_USER_HEADER"),
    )
    body = [(name, value, Html(f"<code>{variable}</code>")) for name, value, variable in rows]
    with st.expander("For administrators: what is set before First Reader starts"):
        st.html(table("What can be set", ("What", "Now", "Environment variable"), body))
