"""Pictures: covers, illustrations, photos of pages, looked at by a model that sees."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.PICTURES)
side = ui.sidebar(here, capability="vision")
analysis = ui.open_pictures(here)
ui.pictures_head(analysis)
if side.model is not None or analysis is not None:
    left, middle = st.columns([1, 1.6], gap="large")
    with left:
        # One container: what the draft held is gone at once, and not when this run has ended. While
        # there is a draft nothing else may stand in it, or it would be drawn anew at every click.
        draft = st.container(key="choosing") if analysis is None else st.empty()
        if analysis is None:
            with draft:
                pictures = ui.choose_pictures(side.host)
        else:
            pictures = here.shelf.analyses.pictures(analysis.id)
            ui.show_pictures(pictures)
    with middle:
        ui.picture_form(here, analysis, pictures, side)
        with left:
            ui.earlier_pictures(here, analysis)
        ui.analysis_view(here, analysis, side.panel, active)
else:
    ui.earlier_pictures(here, analysis)
active.keep_fresh()
