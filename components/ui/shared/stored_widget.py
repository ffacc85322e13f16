"""Widgets whose value outlives the runs that leave them out.

Streamlit forgets what a widget held as soon as one run of the page does not show it.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def stored_widget(
    form: str, name: str, default: Any, *, of: str = "", among: Collection[Any] | None = None
) -> dict[str, Any]:
    """Return the key and callback of a widget whose value is stored for the window.

    The key is `form` and `name`, joined by a hyphen. `of` is the manuscript that the value is
    about, if it is about one. A value that is not `among` those that there are gives way to the
    default.
    """
    key = f"{form}-{name}"
    value = st.session_state.get(f"stored-{form}", {}).get((of, name), default)
    if among is not None:
        if isinstance(value, list):
            there = [option for option in value if option in among]
            value = there if there or not value else default
        elif value not in among:
            value = default

    def store() -> None:
        set_stored(form, name, st.session_state[key], of=of)

    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[key] = value
    return {"key": key, "on_change": store}


def set_stored(form: str, name: str, value: Any, *, of: str = "") -> None:
    """Have the widget hold `value` from the next run on."""
    st.session_state.setdefault(f"stored-{form}", {})[of, name] = value


def made_last(name: str, key: object, make: Callable[[], T]) -> T:
    """Return what this window made last under `name`, made anew where it was of another `key`."""
    stored: tuple[object, T] | None = st.session_state.get(name)
    if stored is None or stored[0] != key:
        st.session_state[name] = stored = key, make()
    return stored[1]
