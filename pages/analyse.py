"""Analyse a manuscript: choose a model, upload, watch the analysis as it is written."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    analysis_view,
    ask_form,
    choose_model,
    choose_text,
    connected,
    contents,
    open_manuscript,
    running_application,
    statistics_panel,
)

app = running_application()
host = connected(app)
model = choose_model(app, host)
opened = open_manuscript(app, host)
if opened is not None:
    left, middle = st.columns([1, 2.2], gap="large")
    with left:
        chosen = choose_text(app, opened, model)
        contents(opened, chosen.ranges)
    with middle:
        record = ask_form(app, opened, model, chosen)
        analysis_view(app, record, statistics_panel())
