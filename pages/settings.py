"""Settings: one's own lenses, where everything is kept, which Ollama is used, what can be set."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
st.title("Settings", anchor=False)
ui.lens_editor(here)
ui.kept_where(here)
ui.api_access(here)
ui.ollama_servers(here.app.servers())
ui.set_by_environment(here)
active.keep_fresh()
