"""The browser's own notification when an analysis has ended, for those who allow it.

An island of script that is mounted once and told which analyses are active. When one of them is no
longer, and the page is not being looked at, it tells the system; never with a title or a text.
Being on every page, it also closes the navigation on a narrow screen once a page was chosen there.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent

_BUTTON = '<button type="button" class="ask" hidden>Notify me<span> when it is done</span></button>'


def notifier(active: list[str], *, elsewhere: bool) -> None:
    """Tell the browser the ids of what is active, and whether any of it is not on this page."""
    island = st.components.v2.component(
        "first_reader_notifier",
        html=_BUTTON,
        css=(_FOLDER / "notifier.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "notifier.js").read_text(encoding="utf-8"),
    )
    island(data={"active": active, "elsewhere": elsewhere}, key="notifier")
