"""Pages that wait: for Ollama to start, or for what a server does."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from components.application import Application
from components.engine import Host, Model
from components.errors import FirstReaderError
from components.ui.shared import widgets
from components.ui.shared.labels import line
from components.ui.shared.problems import show_problem

T = TypeVar("T")

CHECK_SECONDS = 0.5  # seconds between two checks whether the page is still there


def connected(app: Application) -> Host | None:
    """Return the Ollama in use; None while it starts or where there is none, and say so."""
    if not app.wait_connected(0):
        st.info("Starting Ollama. This takes a few seconds.", icon=":material/hourglass_top:")
        return None
    return _or_look_again(app, app.host)


def installed(app: Application) -> list[tuple[Host, list[Model]]] | None:
    """Return each server that answers with its models, asked now; None where none, and say so."""
    # It may have been stopped since `connected` found it.
    return None if connected(app) is None else _or_look_again(app, app.installed)


def _or_look_again(app: Application, ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except FirstReaderError as error:
        show_problem(error, is_fault=False)
    look = app.look_again
    widgets.action("Look again for Ollama", "refresh", "look-for-ollama", look, type="primary")
    widgets.say("Until then you can upload manuscripts: chapters and At a glance need no model.")
    return None


def rerun_when_connected(app: Application) -> None:
    """Where Ollama is still starting, wait for it and show the page again; call it last."""
    if app.wait_connected(0):
        return
    place, waited = st.empty(), 0
    while not app.wait_connected(1.0):
        waited += 1
        # Also what lets this script end when its tab is closed.
        place.html(line(f"Waiting for Ollama: {waited} s"))
    st.rerun()


def still_here() -> Callable[[], bool]:
    """Return a function for this script's thread that returns True while the page is there.

    Where the window was closed or something was clicked, it raises what ends the script.
    """
    place = st.empty()

    def is_here() -> bool:
        place.empty()  # Streamlit ends a script at such a line.
        return True

    return is_here


def while_here(work: Future[T]) -> T:
    """Return the result of `work`; cancel it when the window that waits for it is closed.

    A click elsewhere in the window only ends the waiting. Raises: what `work` raises.
    """
    is_here = still_here()
    while not wait([work], timeout=CHECK_SECONDS).done:
        try:
            is_here()
        except StopException:
            work.cancel()
            raise
    return work.result()
