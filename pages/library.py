"""The library: every manuscript with its analyses, found again, renamed, asked anew, deleted."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
st.title("Library", anchor=False)
ui.recently_deleted(here)
ui.library_list(here)
ui.storage_used(here)
active.keep_fresh()
