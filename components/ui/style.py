"""The style sheets, for what Streamlit's theme settings cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent

#: A picture of our own: Streamlit would fetch an icon that is given by name from another host.
PAGE_ICON = _HERE / "icon.svg"


def page_style() -> None:
    """Put the style sheets on the page; once a run, they take no room."""
    st.html(_HERE / "page.css")
    st.html(_HERE / "analysis.css")
    st.html(_HERE / "report.css")
