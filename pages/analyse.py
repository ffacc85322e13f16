"""Analyse: choose a model, upload a manuscript, watch the analysis or the report as it is made."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.ANALYSIS)
side = ui.sidebar(here)
opened = ui.open_manuscript(here, side.host)
ui.offer_first_model(here, side.host, is_next=opened is None)
planning = None
if opened is not None:
    work = ui.open_work(here)
    # One container each: what the form held is gone at once, and not when this run has ended.
    form = st.container(key="analyse-form") if work is None else st.empty()
    if work is None:
        with form:
            planning = ui.analyse_form(here, opened, side)
    else:
        with st.container(key="work"):
            ui.show_work(here, opened, work, side, active)
active.keep_fresh()
ui.rerun_when_counted(planning)
