"""Names as the editor wants them: places hidden, two names of one person joined."""

import streamlit as st

from components.measures import Name, joined_names
from components.plots import Book
from components.ui.shared import widgets


def arrange(book: Book) -> None:
    """Offer to hide names and to join them, for as long as the page is open."""
    joined = _joined(book)
    with st.popover("Hide or join names", icon=":material/tune:", type="tertiary"):
        st.multiselect(
            "Hide, for example places",
            [name.label for name in book.glance.names or ()],
            key=_hidden(book),
            persist_state="session",
        )
        labels = [name.label for name in arranged(book)]
        chosen = st.multiselect("Join what is one person", labels, key=f"names-join-{book.id}")
        members = [label for label in labels if label in chosen]
        look = {"type": "secondary", "disabled": len(chosen) < 2}
        widgets.action("Join them", "", f"names-do-join-{book.id}", _join, book, members, **look)
        if joined:
            part, key = joined.clear, f"names-part-{book.id}"
            widgets.action("Part them again", "", key, part, type="secondary")
        st.caption("Kept until this window is closed; the figures do not change.")


def arranged(book: Book) -> list[Name]:
    """Return the names as the editor wants them, those mentioned most first."""
    hidden = st.session_state.get(_hidden(book), [])
    return joined_names(book.glance.names or (), _joined(book), hidden)


def _hidden(book: Book) -> str:
    return f"names-hide-{book.id}"


def _joined(book: Book) -> list[list[str]]:
    """Return the labels of names that are one person, each group with its own label first."""
    joined: list[list[str]] = st.session_state.setdefault(f"names-{book.id}", [])
    return joined


def _join(book: Book, labels: list[str]) -> None:
    """Join the names with these labels, each with what was joined to it before."""
    joined = _joined(book)
    before = {group[0]: group for group in joined}
    members = [member for label in labels for member in before.pop(label, [label])]
    joined[:] = [*before.values(), members]
    st.session_state[f"names-join-{book.id}"] = []
