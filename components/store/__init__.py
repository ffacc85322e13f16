"""What the user made, and what became of it: kept in a database, read back from any window."""

from components.store.analyses import Analyses, Analysis
from components.store.backup.backups import Backup
from components.store.backup.restore import damaged_files, manuscripts_in, newest_good, restore
from components.store.backup.upkeep import Upkeep
from components.store.call_events import Failed, Happening, JournalEntry, Moment, StateChanged
from components.store.call_outcome import CallOutcome, Measured
from components.store.calls import MOST_CUTS, MOST_MOVES, Calls
from components.store.create import QuestionPicture
from components.store.journal import Journal
from components.store.manuscripts import Manuscripts, StoredManuscript
from components.store.outlines import Outlined, Outlines, Version
from components.store.prompt_inputs import EarlierAnswer, Exchange, PromptInputs, Refused
from components.store.purge import UNDO_SECONDS
from components.store.question import Question
from components.store.queue.call_control import Control, QueuePosition
from components.store.queue.claims import LEASE_SECONDS, Claim
from components.store.queue.placement import Offer, OwnCalls
from components.store.reports import Reports, StepStatus
from components.store.series import Kind, Series, SeriesShelf
from components.store.states import State
from components.store.steps import NewReport, Step
from components.store.store import Store, UserStore

__all__ = [
    "LEASE_SECONDS",
    "MOST_CUTS",
    "MOST_MOVES",
    "UNDO_SECONDS",
    "Analyses",
    "Analysis",
    "Backup",
    "CallOutcome",
    "Calls",
    "Claim",
    "Control",
    "EarlierAnswer",
    "Exchange",
    "Failed",
    "Happening",
    "Journal",
    "JournalEntry",
    "Kind",
    "Manuscripts",
    "Measured",
    "Moment",
    "NewReport",
    "Offer",
    "Outlined",
    "Outlines",
    "OwnCalls",
    "PromptInputs",
    "Question",
    "QuestionPicture",
    "QueuePosition",
    "Refused",
    "Reports",
    "Series",
    "SeriesShelf",
    "State",
    "StateChanged",
    "Step",
    "StepStatus",
    "Store",
    "StoredManuscript",
    "Upkeep",
    "UserStore",
    "Version",
    "damaged_files",
    "manuscripts_in",
    "newest_good",
    "restore",
]
