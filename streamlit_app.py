"""The app's entry: configure the page, start what runs behind it, route."""

import streamlit as st

from components.ui import (
    PAGE_ICON,
    guarded,
    page_style,
    rerun_when_connected,
    show_damage,
    visit,
)

st.set_page_config(
    page_title="First Reader",
    page_icon=str(PAGE_ICON),
    layout="wide",
    initial_sidebar_state="auto",
)
page_style()
page = st.navigation(
    {
        "": [
            st.Page("pages/analyse.py", title="Analyse", icon=":material/menu_book:", default=True),
            st.Page("pages/manuscript.py", title="Manuscript", icon=":material/toc:"),
            st.Page("pages/compare.py", title="Compare", icon=":material/compare:"),
            st.Page("pages/ask.py", title="Ask", icon=":material/forum:"),
            st.Page("pages/library.py", title="Library", icon=":material/local_library:"),
        ],
        "More": [
            st.Page("pages/pictures.py", title="Pictures", icon=":material/image_search:"),
            st.Page("pages/models.py", title="Models", icon=":material/deployed_code:"),
            st.Page("pages/settings.py", title="Settings", icon=":material/settings:"),
        ],
    },
    position="top",
)
with guarded():
    here = visit()
    show_damage(here)
    page.run()
    rerun_when_connected(here.app)
