"""Analyse a manuscript: choose a model, upload, watch the analysis as it is written."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    Page,
    active_analyses,
    analysis_view,
    ask_form,
    choose_model,
    choose_options,
    choose_text,
    connected,
    contents,
    earlier_analyses,
    host_line,
    offer_first_model,
    open_analysis,
    open_manuscript,
    statistics_panel,
    visit,
)

here = visit()
active = active_analyses(here, Page.ANALYSIS)
host = connected(here.app)
model = choose_model(here, host)
options = choose_options(here, model)
panel = statistics_panel(model)
host_line(host)
offer_first_model(here, host)
opened = open_manuscript(here, host)
if opened is not None:
    left, middle = st.columns([1, 2.2], gap="large")
    with left:
        chosen = choose_text(
            here.app, opened, model, whole="pages/book.py", analysis=open_analysis(here)
        )
        contents(opened, chosen.ranges)
    with middle:
        analysis = ask_form(here, opened, model, chosen, options)
        with left:
            earlier_analyses(here, opened.id, analysis)
        analysis_view(here, analysis, panel, active)
active.keep_fresh()
