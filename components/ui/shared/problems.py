"""Errors as an editor reads them: what happened, what was kept, what to do next.

`guarded` is the last resort of a page. Where the store's file is damaged, every page says so and
offers the newest good backup.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.application import application, restore_backup
from components.engine import described
from components.errors import FirstReaderError, StoreDamaged, StoreEmpty
from components.settings import Settings
from components.store import manuscripts_in, newest_good
from components.ui.shared.labels import date, plain, plural
from components.ui.shared.visit import Visit

_log = logging.getLogger(__name__)

_RESTORED = "restored backup"
_SAID_SECONDS = 60.0  # seconds for which the page says that a backup was restored


def show_problem(error: FirstReaderError, *, kept: str = "", is_fault: bool = True) -> None:
    """Show `error` in a box: its message, then `kept`, then its advice. Plain text throughout.

    Where it is no fault, but something that the editor has yet to do, the box is an ordinary one.
    """
    text = "\n\n".join(map(plain, filter(None, (str(error), kept, error.advice))))
    if is_fault:
        st.error(text, icon=":material/error:")
    else:
        st.info(text, icon=":material/info:")


@contextmanager
def problems_shown(*, kept: str = "") -> Iterator[None]:
    """Show an error of the block where the page stands; what follows the block goes on.

    Of what a button calls before the page runs, on top of the page.
    """
    try:
        yield
    except FirstReaderError as error:
        show_problem(error, kept=kept)


@contextmanager
def guarded() -> Iterator[None]:
    """Show whatever goes wrong inside the block; neither a traceback nor a blank page."""
    try:
        yield
    except StoreDamaged as error:
        _show_damaged(error)
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


def show_damage(visit: Visit) -> None:
    """Say on top of every page that the store's file is damaged, once a check has found that."""
    message, until = st.session_state.get(_RESTORED, ("", 0.0))
    if time.monotonic() < until:  # A page is run again by itself while the app starts anew.
        st.success(message, icon=":material/settings_backup_restore:")
    if (damage := visit.app.store.upkeep.damage) is not None:
        _offer_backup(damage)


def _show_damaged(error: StoreDamaged) -> None:
    """Say that the store is damaged: all of it, which every page then says, or what was read."""
    try:
        upkeep = application().store.upkeep
    except FirstReaderError:  # It could not even be opened.
        _offer_backup(error)
        return
    if upkeep.damage is None and upkeep.look_for_damage() is not None:
        st.rerun()
    show_problem(error)


def _offer_backup(error: StoreDamaged) -> None:
    """Say what is damaged and what is kept, and restore the newest good backup by a click."""
    settings = Settings.from_environment()
    path, backup = settings.store_file, None
    advice = "Ask whoever looks after this server to restore a backup."
    # One user does not undo what all have made.
    if not settings.database and not settings.user_header:
        backup = newest_good(path)
        advice = (
            f"There is no good backup of it. The file is {path}: keep a copy of it, and look "
            "whether your computer's own backups have an older one."
        )
    if backup is None:
        show_problem(StoreDamaged(str(error), advice=advice))
        return
    made, count = date(backup.made), plural(manuscripts_in(backup), "manuscript")
    advice = (
        f"The newest good backup is of {made}, with {count}. To restore it takes a moment; what "
        "was made since then is not in it. The file that is there now is kept in the folder "
        f"{path.parent / 'damaged'}."
    )
    kept = "What can still be read of it is shown: save what you need of today's work first."
    if isinstance(error, StoreEmpty):
        kept = "Nothing can be read from it."
    show_problem(StoreDamaged(str(error), advice=advice), kept=kept)
    if not st.button(f"Restore the backup of {made}", icon=":material/settings_backup_restore:"):
        return
    with problems_shown():
        folder = restore_backup(backup)
        message = (
            f"The backup of {plain(made)} is in place. The file that was there is kept in "
            f"{plain(str(folder))}."
        )
        st.session_state[_RESTORED] = (message, time.monotonic() + _SAID_SECONDS)
        st.rerun()
