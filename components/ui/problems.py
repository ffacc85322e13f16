"""Errors as an editor reads them: what happened, what was kept, what to do next."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.engine import described
from components.errors import FirstReaderError
from components.ui.words import plain

_log = logging.getLogger(__name__)


def show_problem(error: FirstReaderError, *, kept: str = "") -> None:
    """Show `error` in a box: its message, then `kept`, then its advice. Plain text throughout."""
    parts = [part for part in (str(error), kept, error.advice) if part]
    st.error("\n\n".join(plain(part) for part in parts), icon=":material/error:")


@contextmanager
def guarded() -> Iterator[None]:
    """Show whatever goes wrong inside the block; neither a traceback nor a blank page."""
    try:
        yield
    except FirstReaderError as error:
        show_problem(error)
    except Exception as error:  # noqa: BLE001 - the last resort of a page or a job
        _log.error("page failed: %s", described(error))
        show_problem(
            FirstReaderError(
                "First Reader could not show this page; this is a fault of the app.",
                advice="Reload the page. Manuscripts and analyses are kept while the app runs.",
            )
        )
