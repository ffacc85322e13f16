"""The buttons that stop an analysis and run one again, wherever it is shown."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from components.store import Analysis, State
from components.ui.visit import Visit


def stop_button(
    visit: Visit,
    analysis: Analysis,
    *,
    key: str = "stop",
    type: Literal["primary", "secondary"] = "secondary",  # noqa: A002 - Streamlit's own name
    help: str | None = None,  # noqa: A002
) -> None:
    """Offer to stop an analysis that has not ended."""
    st.button(
        "Stop",
        key=key,
        type=type,
        icon=":material/stop_circle:",
        on_click=visit.app.jobs.stop,
        args=(visit.shelf, analysis.id),
        disabled=analysis.state is State.STOPPING,
        help=help,
    )


def again_button(
    visit: Visit,
    analysis: Analysis,
    *,
    key: str = "again",
    help: str | None = "The same question to the same model; what was written is kept.",  # noqa: A002
) -> None:
    """Offer to run an analysis again that has ended and is not done."""
    st.button(
        "Run it again",
        key=key,
        icon=":material/replay:",
        on_click=visit.app.jobs.again,
        args=(visit.shelf, analysis.id),
        help=help,
    )
