"""What the user made, and what became of it."""

from components.store.journal import Entry, Failed, Journal, StateChanged
from components.store.record import Outcome, Question, Record
from components.store.shelf import Shelf
from components.store.states import State

__all__ = [
    "Entry",
    "Failed",
    "Journal",
    "Outcome",
    "Question",
    "Record",
    "Shelf",
    "State",
    "StateChanged",
]
