"""Widgets whose value outlives the runs that leave them out.

Streamlit forgets what a widget held as soon as one run of the page does not show it.
"""

from collections.abc import Collection
from typing import Any

import streamlit as st


def stored_widget(
    form: str, name: str, default: Any, *, of: str = "", among: Collection[Any] | None = None
) -> dict[str, Any]:
    """Return the key and callback of a widget whose value is stored for the window.

    The key is `form` and `name`, joined by a hyphen. `of` is the manuscript that the value is
    about, if it is about one. A value that is not `among` those that there are gives way to the
    default.
    """
    key, place = f"{form}-{name}", f"stored-{form}"
    value = st.session_state.get(place, {}).get((of, name), default)
    if among is not None:
        if isinstance(value, list):
            there = [option for option in value if option in among]
            value = there if there or not value else default
        elif value not in among:
            value = default

    def store() -> None:
        st.session_state.setdefault(place, {})[of, name] = st.session_state[key]

    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[key] = value
    return {"key": key, "on_change": store}
