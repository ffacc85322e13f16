"""How a report is spoken of: what happens to its steps, its chapters' states, its form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.reports import Read
from components.store import State

#: Mark (a symbol of Streamlit's) and word of what became of a chapter: never colour alone.
MARKS = {
    Read.COMPLETE: ":material/check_circle:",
    Read.UNDER_WAY: ":material/clock_loader_40:",
    Read.WAITING: ":material/schedule:",
    Read.HELD_UP: ":material/hourglass_disabled:",
    Read.SHORT: ":material/warning:",
    Read.FAILED: ":material/error:",
    Read.STOPPED: ":material/stop_circle:",
    Read.LEFT_OUT: ":material/remove:",
}

#: What is wrong with a chapter, and is shown in red.
RED = frozenset({Read.SHORT, Read.FAILED, Read.STOPPED, Read.HELD_UP})

_DOING = {
    State.QUEUED: "starting",
    State.CONTACTING: "starting",
    State.LOADING: "loading the model",
    State.READING: "reading",
    State.WRITING: "writing",
    State.STOPPING: "stopping",
}


def doing(state: State) -> str:
    """Say what happens to a step now: "reading"."""
    return _DOING.get(state, "finishing")


@dataclass(frozen=True, slots=True)
class KeptWidget:
    """A widget of the form whose value stays for the window, also while another page is shown."""

    of: str
    name: str

    @property
    def widget(self) -> str:
        """The widget's key."""
        return f"book-{self.name}"

    def keep(self) -> None:
        """Remember what the widget holds; called when it changes."""
        st.session_state.setdefault(_FORM, {})[self.of, self.name] = st.session_state[self.widget]


_FORM = "book-form"


def kept_choice(
    of: str, name: str, default: Any, *, among: Collection[Any] | None = None
) -> KeptWidget:
    """Return the widget `name` for what `of` is (a manuscript, or empty), its value put back.

    A value that is not `among` those that there are is given up for the default.
    """
    kept = KeptWidget(of, name)
    value = st.session_state.get(_FORM, {}).get((of, name), default)
    if among is not None:
        whole = [one for one in value if one in among] if isinstance(value, list) else value
        value = whole if isinstance(value, list) or value in among else default
    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[kept.widget] = value
    return kept
