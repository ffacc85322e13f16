"""Manuscript: what was read of a file, before any analysis; its chapters checked, its text read."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    active_analyses,
    chapter_panel,
    edit_outline,
    open_outline,
    outline_head,
    outline_list,
    visit,
)

here = visit()
active = active_analyses(here)
manuscript_id = open_outline(here)
if manuscript_id is not None:
    editing = edit_outline(here, manuscript_id)
    outline_head(here, manuscript_id, editing.manuscript)
    left, right = st.columns([1, 1.45], gap="large")
    with left, st.container(key="outline"):
        outline_list(editing)
    with right:
        chapter_panel(editing)
active.keep_fresh()
