"""Pictures: covers, illustrations, photos of pages, looked at by a model that sees."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    Page,
    active_analyses,
    analysis_view,
    choose_model,
    choose_options,
    choose_pictures,
    connected,
    earlier_pictures,
    host_line,
    needs_seeing_model,
    open_pictures,
    picture_form,
    pictures_head,
    show_pictures,
    statistics_panel,
    visit,
)

here = visit()
active = active_analyses(here, Page.PICTURES)
host = connected(here.app)
model = choose_model(here, host, capability="vision")
options = choose_options(here, model)
panel = statistics_panel(model)
host_line(host)
analysis = open_pictures(here)
pictures_head(analysis)
if model is None:
    needs_seeing_model(here, host)
if model is not None or analysis is not None:
    left, middle = st.columns([1, 1.6], gap="large")
    with left:
        # One place: what the draft held is gone at once, and not when this run has ended. While
        # there is a draft nothing else may stand in it, or it would be drawn anew at every click.
        draft = st.container(key="choosing") if analysis is None else st.empty()
        if analysis is None:
            with draft:
                pictures = choose_pictures(host)
        else:
            pictures = here.shelf.analyses.pictures(analysis.id)
            show_pictures(pictures)
    with middle:
        picture_form(here, analysis, pictures, model, options)
        with left:
            earlier_pictures(here, analysis)
        analysis_view(here, analysis, panel, active)
else:
    earlier_pictures(here, analysis)
active.keep_fresh()
