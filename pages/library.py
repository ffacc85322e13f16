"""The library: every manuscript with its analyses, found again, renamed, asked anew, deleted."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    active_analyses,
    library_list,
    offer_undo,
    storage_used,
    visit,
)

here = visit()
active = active_analyses(here)
st.title("Library", anchor=False)
offer_undo(here)
library_list(here)
storage_used(here)
active.keep_fresh()
