"""The page's tie to Ollama."""

from __future__ import annotations

import streamlit as st

from components.application import Application
from components.engine import Host, Model
from components.errors import FirstReaderError
from components.ui.shared.problems import show_problem


def connected(app: Application) -> Host | None:
    """Return the Ollama in use; None while it starts or where there is none, and say so."""
    if not app.wait_connected(0):
        st.info("Starting Ollama. This takes a few seconds.", icon=":material/hourglass_top:")
        return None
    try:
        return app.host()
    except FirstReaderError as error:
        _offer_to_look_again(app, error)
        return None


def installed(app: Application) -> list[tuple[Host, list[Model]]] | None:
    """Return each server that answers with its models, asked now; None where none, and say so."""
    if connected(app) is None:
        return None
    try:
        return app.installed()
    except FirstReaderError as error:  # It was stopped since it was asked the last time.
        _offer_to_look_again(app, error)
        return None


def _offer_to_look_again(app: Application, error: FirstReaderError) -> None:
    show_problem(error)
    if st.button("Look again for Ollama", icon=":material/refresh:"):
        app.look_again()
        st.rerun()


def rerun_when_connected(app: Application) -> None:
    """Where Ollama is still starting, wait for it and show the page again; call it last."""
    if app.wait_connected(0):
        return
    line, waited = st.empty(), 0
    while not app.wait_connected(1.0):
        waited += 1
        # Also what lets this script end when its tab is closed.
        line.html(f'<p class="fr-quiet">Waiting for Ollama: {waited} s</p>')
    st.rerun()
