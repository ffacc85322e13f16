"""Settings: one's own lenses, where everything is kept, which Ollama is used, what can be set."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    active_analyses,
    keep_active_analyses_fresh,
    kept_where,
    lens_editor,
    ollama_servers,
    set_by_environment,
    visit,
)

here = visit()
active_analyses(here)
st.title("Settings", anchor=False)
lens_editor(here)
kept_where(here)
ollama_servers(here.app.servers())
set_by_environment(here)
keep_active_analyses_fresh(here)
