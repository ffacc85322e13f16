"""A store's file while a process has it open: who else has it, and how it was left.

Each process holds a shared lock on the folder of the store that it has open; the lock ends with the
process. Who opens a store and finds nobody else there knows that SQLite's log beside the file was
left by a process or a computer that stopped without closing it, so that the file has to be checked,
and that an empty file is not one that somebody else is just making.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from components.errors import StoreEmpty

#: Folders that First Reader itself makes beside the file.
_BESIDE = {"api-tokens", "backups", "damaged", "lenses", "ollama"}


class OpenFile:
    """The file at `path`, made where there is none, for this user alone.

    Nobody else opens it before `share` is called. Raises: StoreEmpty, OSError.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _close_to_others(path)
        self._new: Path | None = None  # the file, if it was made here
        self._folder = os.open(path.parent, os.O_RDONLY)
        try:
            if _try_lock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB, OSError):
                _mark_unclosed(path)
                self._new = None if path.exists() else path
            else:  # Wait for whoever may be making it: a file made here would seem empty to them.
                self.share()
            # SQLite's other files follow the mode of this one.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except BaseException:
            self.close()
            raise

    def share(self) -> None:
        """Let others open the file too, now that they can tell it from an empty one."""
        _try_lock(self._folder, fcntl.LOCK_SH, OSError)

    def close(self) -> None:
        """Say that this process has the file no more.

        One that was made here and is empty still, as on a full disk, is removed unless others have
        it: the next to come would take it for one that has lost what it held.
        """
        if self._folder >= 0:
            new, alone = self._new, fcntl.LOCK_EX | fcntl.LOCK_NB
            is_empty = new is not None and not size_of(new) and not size_of(log_of(new))
            if new is not None and is_empty and _try_lock(self._folder, alone, OSError):
                new.unlink(missing_ok=True)
            os.close(self._folder)
            self._folder = -1


def _close_to_others(path: Path) -> None:
    """Close the folder of the file at `path` to other users, where nothing else stands in it.

    Whoever may write there could put another file in the place of this one.
    """
    folder = path.parent
    if folder.stat().st_mode & 0o077 and all(
        entry.name.startswith(path.name) or entry.name in _BESIDE for entry in folder.iterdir()
    ):
        with suppress(PermissionError):  # Somebody else's, who let this user in.
            folder.chmod(0o700)


@contextmanager
def locked_folder(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a folder alone, or give False where another process holds it; `wait` for its end."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        how = fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)
        yield _try_lock(descriptor, how, BlockingIOError)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, how: int, refusal: type[OSError]) -> bool:
    """Lock a folder; return False where that is refused."""
    try:
        fcntl.flock(descriptor, how)
    except refusal:
        return False
    return True


def unchecked(path: Path) -> Path:
    """Return the mark that says that the file at `path` was not closed, and not checked since."""
    return path.with_name(f"{path.name}-unchecked")


def log_of(path: Path) -> Path:
    """Return SQLite's log of writes beside the file at `path`."""
    return path.with_name(f"{path.name}-wal")


def size_of(path: Path) -> int:
    """Return how many bytes the file at `path` has, 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def _mark_unclosed(path: Path) -> None:
    """Mark a file that was not closed. Raises: StoreEmpty where it is no store any more."""
    if size_of(path) == 0 and (path.exists() or any(path.parent.glob("backups/*.sqlite"))):
        what = "is empty" if path.exists() else "is not where it was"
        raise StoreEmpty(f"The file of manuscripts and analyses {what}.")
    if size_of(log_of(path)):
        unchecked(path).touch(mode=0o600)
