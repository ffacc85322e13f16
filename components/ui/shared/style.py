"""The style sheets, for what Streamlit's theme settings cannot say."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent

#: A picture of our own: Streamlit would fetch an icon that is given by name from another host.
PAGE_ICON = _HERE / "icon.svg"

#: The product's name as a picture; it follows the system's light and dark by itself.
_LOGO = _HERE / "logo.svg"


def page_style() -> None:
    """Put the name and the style sheets on the page; once a run, the sheets take no room."""
    st.logo(str(_LOGO), size="large")
    for sheet in ("page.css", "analysis.css", "report.css"):
        st.html(_HERE / sheet)
