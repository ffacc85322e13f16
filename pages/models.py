"""Models: what each Ollama server has, what is loaded, and getting more."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    active_analyses,
    choose_server,
    installed,
    model_list,
    offer_first_model,
    ollama_servers,
    pull_form,
    pulls_under_way,
    visit,
)

here = visit()
active = active_analyses(here)
st.title("Models", anchor=False)
servers = installed(here.app)
if servers is not None:
    host, models = choose_server(servers)
    pulls_under_way(here)  # First: on a narrow screen the rest fills it.
    offer_first_model(here, host, shows_pull=False)
    pull_form(here, host, models)
    model_list(here, host, models)
    ollama_servers(here.app.servers())
active.keep_fresh()
