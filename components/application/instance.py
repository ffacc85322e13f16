"""The one running app of a process."""

from __future__ import annotations

import threading
from pathlib import Path

from components.application.application import Application
from components.settings import Settings
from components.store import Backup, restore

_application: Application | None = None
_lock = threading.Lock()


def application() -> Application:
    """Return the process's application, starting it at the first call.

    Raises: SettingsError, StoreError.
    """
    global _application
    with _lock:
        if _application is None:
            app = Application(Settings.from_environment())
            app.start()
            _application = app
        return _application


def close_application() -> None:
    """Close the process's application, if it was ever started."""
    with _lock:
        _close()


def restore_backup(backup: Backup) -> Path:
    """Close the process's application and put `backup` in the place of its store's file.

    Returns the folder that the damaged file is kept in; the next `application` opens the backup.
    Raises: SettingsError, StoreError.
    """
    with _lock:
        _close()
        return restore(Settings.from_environment().store_file, backup)


def _close() -> None:
    global _application
    if _application is not None:
        _application.close()
        _application = None
