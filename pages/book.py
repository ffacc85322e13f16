"""Whole book: every chapter read by every lens; the report as it is made, with its receipt."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.REPORT)
side = ui.sidebar(here)
opened = ui.open_manuscript(here, side.host, ui.Page.REPORT)
report = None
if opened is not None:
    report = ui.open_series(here, ui.Page.REPORT)
    # One container each: what the form held is gone at once, and not when this run has ended.
    form = st.container(key="book-form") if report is None else st.empty()
    if report is None:
        with form:
            left, middle = st.columns([1, 1.6], gap="large")
            with left:
                chapters = ui.choose_chapters(opened)
            with middle:
                wanted = ui.choose_reading(here, opened)
                ui.report_plan(here, opened, side.model, side.options, chapters, wanted)
                ui.earlier_reports(here, opened.id, None)
    else:
        with st.container(key="book"):
            ui.report_view(here, report, side.panel, active)
active.keep_fresh()
if opened is not None and report is None:
    ui.rerun_when_counted()
