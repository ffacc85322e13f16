"""The last resort of a page: whatever goes wrong is said, in an editor's words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.application import application
from components.engine import described
from components.errors import FirstReaderError, StoreDamaged
from components.ui.shared.problems import show_problem
from components.ui.shared.store_damage import offer_backup

_log = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """Show whatever goes wrong inside the block; neither a traceback nor a blank page."""
    try:
        yield
    except StoreDamaged as error:
        _explain(error)
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


def _explain(error: StoreDamaged) -> None:
    """Say that the store is damaged: all of it, which every page then says, or what was read."""
    try:
        upkeep = application().store.upkeep
    except FirstReaderError:  # It could not even be opened.
        offer_backup(error)
        return
    if upkeep.damage is None and upkeep.look_for_damage() is not None:
        st.rerun()
    show_problem(error)
