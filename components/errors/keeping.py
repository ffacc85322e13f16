"""What is kept, and what is asked of it."""

from __future__ import annotations

from components.errors.base import FirstReaderError


class StoreError(FirstReaderError):
    """What was made cannot be kept, or not be read back."""

    default_advice = "Try again; if it happens again, start First Reader anew."


class StoreUnavailable(StoreError):
    """The database cannot be reached, or is busy for too long."""


class StoreFull(StoreError):
    """The disk has no room left; what was kept before is not touched."""

    default_advice = "Make room on the disk, then try again."


class StoreDamaged(StoreError):
    """The database is broken."""

    default_advice = (
        "Open First Reader's page: it can put the newest good copy from the folder `backups` in "
        "the file's place, and keeps the damaged one."
    )


class StoreEmpty(StoreDamaged):
    """The file of the database is empty or gone, though there was one."""

    default_advice = (
        "If anything was kept in it, open First Reader's page: it can put the newest good copy "
        "from the folder `backups` in its place. To begin with nothing, move that folder and the "
        "empty file away."
    )


class RecordUnreadable(StoreError):
    """One row of the store cannot be read; the others can."""

    default_advice = (
        "Start a new analysis from the manuscript. Everything else that is kept is not affected."
    )


class StoreTooNew(StoreError):
    """The database was made by a newer First Reader."""

    default_advice = "Install the newer First Reader again; nothing was changed."


class JobError(FirstReaderError):
    """An analysis is not where or what it was expected to be."""


class UnknownAnalysis(JobError):
    """There is no analysis under that address."""

    default_advice = "Start a new analysis from the manuscript."


class UnknownManuscript(JobError):
    """There is no manuscript under that address."""

    default_advice = "Look for it in the library, or upload it again."


class OutlineChanged(JobError):
    """The chapters that a change was made to are not those that hold any more."""

    default_advice = "They are shown as they are now: look at them, then do yours again."


class IllegalTransition(JobError):
    """A job cannot go from that state to this one; this is a fault in the program."""


class LeaseLost(JobError):
    """Another worker has the job now: this one was silent for too long and writes no more."""
