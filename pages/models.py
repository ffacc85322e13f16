"""Models: what each Ollama server has, what is loaded, and getting more."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
st.title("Models", anchor=False)
servers = ui.installed(here.app)
if servers is not None:
    host, models = ui.choose_server(servers)
    ui.pulls_under_way(here)  # First: on a narrow screen the rest fills it.
    ui.offer_first_model(here, host, shows_pull=False)
    ui.pull_form(here, host, models)
    ui.model_list(here, host, models)
    ui.ollama_servers(here.app.servers())
active.keep_fresh()
