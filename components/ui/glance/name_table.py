"""Names as the editor wants them: places hidden, two names of one person joined."""

from typing import TypedDict

import streamlit as st

from components.measures import Name
from components.plots import Book
from components.ui.shared import widgets


class _Wish(TypedDict):
    hidden: list[str]
    joined: list[list[str]]


def arrange(book: Book) -> None:
    """Offer to hide names and to join them, for as long as the page is open."""
    wish, hidden = _wish(book), f"names-hide-{book.id}"
    with st.popover("Hide or join names", icon=":material/tune:", type="tertiary"):
        st.multiselect(
            "Hide, for example places",
            [name.label for name in book.glance.names or ()],
            default=wish["hidden"],
            key=hidden,
            on_change=lambda: wish.update({"hidden": list(st.session_state[hidden])}),
        )
        labels = [name.label for name in arranged(book)]
        chosen = st.multiselect("Join what is one person", labels, key=f"names-join-{book.id}")
        members = [label for label in labels if label in chosen]
        look = {"type": "secondary", "disabled": len(chosen) < 2}
        widgets.action("Join them", "", f"names-do-join-{book.id}", _join, book, members, **look)
        if wish["joined"]:
            part, key = wish["joined"].clear, f"names-part-{book.id}"
            widgets.action("Part them again", "", key, part, type="secondary")
        st.caption("Kept until this window is closed; the figures do not change.")


def arranged(book: Book) -> list[Name]:
    """Return the names as the editor wants them, those mentioned most first."""
    wish = _wish(book)
    first_of = {label: group[0] for group in wish["joined"] for label in group}
    groups: dict[str, list[Name]] = {}
    for name in book.glance.names or ():
        if name.label not in wish["hidden"]:
            groups.setdefault(first_of.get(name.label, name.label), []).append(name)
    names = [
        Name(
            label,
            tuple(sorted(place for name in group for place in name.places)),
            tuple(variant for name in group for variant in name.variants),
        )
        for label, group in groups.items()
    ]
    return sorted(names, key=lambda name: -len(name.places))


def _wish(book: Book) -> _Wish:
    wish: _Wish = st.session_state.setdefault(f"names-{book.id}", {"hidden": [], "joined": []})
    return wish


def _join(book: Book, labels: list[str]) -> None:
    """Join the names with these labels, each with what was joined to it before."""
    wish = _wish(book)
    before = {group[0]: group for group in wish["joined"]}
    members = [member for label in labels for member in before.pop(label, [label])]
    wish["joined"] = [*before.values(), members]
    st.session_state[f"names-join-{book.id}"] = []
