"""Whole book: every chapter read by every lens; the report as it is made, with its receipt."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    Page,
    active_analyses,
    choose_chapters,
    choose_model,
    choose_options,
    choose_reading,
    connected,
    earlier_reports,
    host_line,
    open_manuscript,
    open_series,
    report_plan,
    report_view,
    rerun_when_counted,
    statistics_panel,
    visit,
)

here = visit()
active = active_analyses(here, Page.REPORT)
host = connected(here.app)
model = choose_model(here, host)
options = choose_options(here, model)
panel = statistics_panel(model)
host_line(host)
opened = open_manuscript(here, host, Page.REPORT)
if opened is not None:
    report = open_series(here, Page.REPORT)
    # One place each: what the form held is gone at once, and not when this run has ended.
    form = st.container(key="book-form") if report is None else st.empty()
    if report is None:
        with form:
            left, middle = st.columns([1, 1.6], gap="large")
            with left:
                chapters = choose_chapters(opened)
            with middle:
                wanted = choose_reading(here, opened)
                report_plan(here, opened, model, options, chapters, wanted)
                earlier_reports(here, opened.id, None)
    else:
        with st.container(key="book"):
            report_view(here, report, panel, active)
active.keep_fresh()
if opened is not None and report is None:
    rerun_when_counted()
