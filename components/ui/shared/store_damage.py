"""What is said of a damaged store, and the button that puts a backup in its place."""

from __future__ import annotations

import time

import streamlit as st

from components.application import restore_backup
from components.errors import FirstReaderError, StoreDamaged, StoreEmpty
from components.settings import Settings
from components.store import Backup, manuscripts_in, newest_good
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

_RESTORED = "restored backup"

#: Seconds for which the page says that a backup was restored.
_SAID_SECONDS = 60.0

_ASK = "Ask whoever looks after this server to restore a backup."


def show_damage(visit: Visit) -> None:
    """Say on top of every page that the store's file is damaged, once a check has found that."""
    said, until = st.session_state.get(_RESTORED, ("", 0.0))
    if time.monotonic() < until:  # A page is run again by itself while the app starts anew.
        st.success(said, icon=":material/settings_backup_restore:")
    if (damage := visit.app.store.upkeep.damage) is not None:
        offer_backup(damage)


def offer_backup(error: StoreDamaged) -> None:
    """Say what is damaged and what is kept, and restore the newest good backup by a click."""
    settings = Settings.from_environment()
    path = settings.store_file
    if settings.database or settings.user_header:  # One user does not undo what all have made.
        show_problem(StoreDamaged(str(error), advice=_ASK))
        return
    backup = newest_good(path)
    if backup is None:
        show_problem(
            StoreDamaged(
                str(error),
                advice=f"There is no good backup of it. The file is {path}: keep a copy of it, and "
                "look whether your computer's own backups have an older one.",
            )
        )
        return
    if isinstance(error, StoreEmpty):
        kept = "Nothing can be read from it."
    else:
        kept = "What can still be read of it is shown: save what you need of today's work first."
    count = labels.plural(manuscripts_in(backup), "manuscript")
    made = labels.date(backup.made)
    show_problem(
        StoreDamaged(
            str(error),
            advice=f"The newest good backup is of {made}, with {count}. To restore it takes a "
            "moment; what was made since then is not in it. The file that is there now is kept "
            f"in the folder {path.parent / 'damaged'}.",
        ),
        kept=kept,
    )
    if st.button(f"Restore the backup of {made}", icon=":material/settings_backup_restore:"):
        _restore(backup, made)


def _restore(backup: Backup, made: str) -> None:
    try:
        folder = restore_backup(backup)
    except FirstReaderError as error:
        show_problem(error)
        return
    said = (
        f"The backup of {labels.plain(made)} is in place. The file that was there is kept in "
        f"{labels.plain(str(folder))}."
    )
    st.session_state[_RESTORED] = (said, time.monotonic() + _SAID_SECONDS)
    st.rerun()
