"""Settings: one's own lenses, where everything is kept, which Ollama is used, what can be set."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    active_analyses,
    kept_where,
    lens_editor,
    ollama_servers,
    set_by_environment,
    visit,
)

here = visit()
active = active_analyses(here)
st.title("Settings", anchor=False)
lens_editor(here)
kept_where(here)
ollama_servers(here.app.servers())
set_by_environment(here)
active.keep_fresh()
