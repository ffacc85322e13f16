"""Where what the user made is kept, and how much room it takes."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError
from components.ui import words
from components.ui.visit import Visit


def storage_used(visit: Visit) -> None:
    """Say in one line how much the visitor keeps, and where."""
    characters = visit.app.store.storage(visit.user)
    path = visit.app.store.path
    where = "in the database of this server" if path is None else f"in {path.parent}"
    st.html(
        f'<p class="fr-quiet">Manuscripts and analyses: about {words.size(characters)}, '
        f"{escape(where)}</p>"
    )


def kept_where(visit: Visit) -> None:
    """Show the place of the store, its size and its copies."""
    st.subheader("Where everything is kept", anchor=False)
    path = visit.app.store.path
    if path is None:
        st.write("In the Postgres database of this server, which its administrator looks after.")
        return
    size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
    st.write(
        "Manuscripts and analyses are in one file, in a folder that is readable to you alone. To "
        "keep a copy of everything, your lenses too, close First Reader and copy the folder."
    )
    st.code(str(path), language=None)
    facts = [f"{words.size(size)} on the disk"]
    copies = sorted((path.parent / "backups").glob("*.sqlite"))
    if copies:
        count = words.plural(len(copies), "copy", "copies")
        facts.append(f"{count} from before updates, in {copies[0].parent}")
    st.html(f'<p class="fr-quiet">{escape("; ".join(facts))}</p>')


def ollama_servers(servers: list[tuple[Host, FirstReaderError | None]]) -> None:
    """Show the Ollama servers in use and how each is."""
    st.subheader("Ollama", anchor=False)
    if not servers:
        st.write("No Ollama server is in use yet.")
        return
    rows = "".join(
        f"<tr><td>{escape(host.url)}</td><td>{escape(host.version or 'unknown')}</td>"
        f"<td>{host.slots}</td><td>{escape(str(problem) if problem else 'answers')}</td></tr>"
        for host, problem in servers
    )
    st.html(
        '<div class="fr-table"><table><thead><tr><th>Server</th><th>Version</th>'
        f"<th>Analyses at once</th><th>State</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


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
            words.plural(len(settings.hosts), "server") if settings.hosts else "none",
        ),
        ("Analyses at once", "FIRST_READER_PARALLEL", str(settings.parallel)),
        (
            "Cloud models",
            "FIRST_READER_ALLOW_CLOUD",
            "allowed: the manuscript is sent to them" if settings.allow_cloud else "refused",
        ),
        ("Users", "FIRST_READER_USER_HEADER", settings.user_header or "one"),
    ]
    st.subheader("What can be set", anchor=False)
    body = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td><td><code>{variable}</code></td></tr>"
        for name, variable, value in rows
    )
    st.html(
        '<div class="fr-table"><table><thead><tr><th>What</th><th>Now</th>'
        f"<th>Environment variable</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


def _home(path: Path) -> str:
    return f"~/{path.relative_to(Path.home())}" if path.is_relative_to(Path.home()) else str(path)
