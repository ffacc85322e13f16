"""What the user made, and what became of it: stored in a database, read back from any window."""

from components.store.analyses import Analysis, strings_in
from components.store.backup.backups import (
    Backup,
    damaged_files,
    manuscripts_in,
    newest_good,
    restore,
)
from components.store.call_events import (
    CallOutcome,
    Failed,
    Happening,
    JournalEntry,
    Measured,
    Moment,
    StateChanged,
)
from components.store.call_states import State
from components.store.database import NamedRecords
from components.store.deletions import Deletion
from components.store.manuscripts import Outlined, OutlineVersion, StoredManuscript
from components.store.purge import UNDO_SECONDS
from components.store.question import (
    EarlierAnswer,
    Exchange,
    NewReport,
    PromptInputs,
    Question,
    QuestionPicture,
    RefusedAnswer,
    Step,
)
from components.store.queue.call_control import Outlook, QueuePosition
from components.store.queue.calls import MOST_MOVES, Calls, Claim
from components.store.queue.placement import Offer, OwnCalls
from components.store.reports import StepStatus
from components.store.series import Kind, Series
from components.store.store import Store, UserStore

__all__ = [
    "MOST_MOVES",
    "UNDO_SECONDS",
    "Analysis",
    "Backup",
    "CallOutcome",
    "Calls",
    "Claim",
    "Deletion",
    "EarlierAnswer",
    "Exchange",
    "Failed",
    "Happening",
    "JournalEntry",
    "Kind",
    "Measured",
    "Moment",
    "NamedRecords",
    "NewReport",
    "Offer",
    "OutlineVersion",
    "Outlined",
    "Outlook",
    "OwnCalls",
    "PromptInputs",
    "Question",
    "QuestionPicture",
    "QueuePosition",
    "RefusedAnswer",
    "Series",
    "State",
    "StateChanged",
    "Step",
    "StepStatus",
    "Store",
    "StoredManuscript",
    "UserStore",
    "damaged_files",
    "manuscripts_in",
    "newest_good",
    "restore",
    "strings_in",
]
