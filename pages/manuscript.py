"""Manuscript: a book before any analysis; its chapters checked, its text read, or at a glance."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
opened = ui.open_manuscript(here, page=ui.Page.MANUSCRIPT)
if opened is not None:
    if ui.choose_view(here, opened):
        ui.glance_view(opened)
    else:
        editing = ui.edit_outline(here, opened.id)
        ui.outline_head(editing.manuscript)
        left, right = st.columns([1, 1.45], gap="large")
        with left, st.container(key="outline"):
            ui.outline_list(editing)
        with right:
            ui.chapter_panel(editing)
active.keep_fresh()
