"""What the user made, and what became of it: kept in a database, read back from any window."""

from components.store.analyses import Analyses, Analysis
from components.store.backup.backups import Backup
from components.store.backup.restore import damaged_files, manuscripts_in, newest_good, restore
from components.store.backup.upkeep import Upkeep
from components.store.call_events import Entry, Failed, Happening, Moment, StateChanged
from components.store.call_outcome import Measured, Outcome
from components.store.calls import MOST_CUTS, MOST_MOVES, Calls
from components.store.create import Picture
from components.store.journal import Journal
from components.store.manuscripts import Kept, Manuscripts
from components.store.outlines import Outlined, Outlines, Version
from components.store.prompt_inputs import Exchange, Material, Note, Refused
from components.store.purge import UNDO_SECONDS
from components.store.question import Question
from components.store.queue.call_control import Control, Place
from components.store.queue.claims import LEASE_SECONDS, Claim
from components.store.queue.placement import Offer, OwnCalls
from components.store.reports import Done, Reports
from components.store.series import Kind, Series, SeriesShelf
from components.store.states import State
from components.store.steps import Planned, Step
from components.store.store import Shelf, Store

__all__ = [
    "LEASE_SECONDS",
    "MOST_CUTS",
    "MOST_MOVES",
    "UNDO_SECONDS",
    "Analyses",
    "Analysis",
    "Backup",
    "Calls",
    "Claim",
    "Control",
    "Done",
    "Entry",
    "Exchange",
    "Failed",
    "Happening",
    "Journal",
    "Kept",
    "Kind",
    "Manuscripts",
    "Material",
    "Measured",
    "Moment",
    "Note",
    "Offer",
    "Outcome",
    "Outlined",
    "Outlines",
    "OwnCalls",
    "Picture",
    "Place",
    "Planned",
    "Question",
    "Refused",
    "Reports",
    "Series",
    "SeriesShelf",
    "Shelf",
    "State",
    "StateChanged",
    "Step",
    "Store",
    "Upkeep",
    "Version",
    "damaged_files",
    "manuscripts_in",
    "newest_good",
    "restore",
]
