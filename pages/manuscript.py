"""Manuscript: what was read of a file, before any analysis; its chapters checked, its text read."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
manuscript_id = ui.open_outline(here)
if manuscript_id is not None:
    editing = ui.edit_outline(here, manuscript_id)
    ui.outline_head(here, manuscript_id, editing.manuscript)
    left, right = st.columns([1, 1.45], gap="large")
    with left, st.container(key="outline"):
        ui.outline_list(editing)
    with right:
        ui.chapter_panel(editing)
active.keep_fresh()
