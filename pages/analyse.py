"""Analyse a manuscript: choose a model, upload, watch the analysis as it is written."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.ANALYSIS)
side = ui.sidebar(here)
ui.offer_first_model(here, side.host)
opened = ui.open_manuscript(here, side.host)
if opened is not None:
    left, middle = st.columns([1, 2.2], gap="large")
    with left:
        shown = ui.open_analysis(here)
        chosen = ui.choose_text(here.app, opened, side.model, whole="pages/book.py", analysis=shown)
        ui.contents(opened, chosen.ranges)
    with middle:
        analysis = ui.ask_form(here, opened, side.model, chosen, side.options)
        with left:
            ui.earlier_analyses(here, opened.id, analysis)
        ui.analysis_view(here, analysis, side.panel, active)
active.keep_fresh()
