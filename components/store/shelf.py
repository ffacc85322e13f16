"""Where manuscripts and analyses are kept while the app runs.

In memory, and behind the same few methods that a database will have: nothing else in the app
holds on to what the user made.
"""

from __future__ import annotations

import secrets
import threading

from components.errors import UnknownAnalysis
from components.manuscripts import Manuscript
from components.store.record import Question, Record


class Shelf:
    """Manuscripts and analyses by their unguessable ids; safe for many threads."""

    def __init__(self) -> None:
        self._manuscripts: dict[str, Manuscript] = {}
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()

    def keep(self, manuscript: Manuscript) -> str:
        """Keep `manuscript` and return its id; the same bytes read alike keep their id."""
        with self._lock:
            for known, kept in self._manuscripts.items():
                if kept == manuscript:
                    return known
            manuscript_id = secrets.token_urlsafe(16)
            self._manuscripts[manuscript_id] = manuscript
            return manuscript_id

    def manuscript(self, manuscript_id: str) -> Manuscript | None:
        """Return the manuscript with this id, None where there is none."""
        return self._manuscripts.get(manuscript_id)

    def open(self, question: Question) -> Record:
        """Begin a record for `question`, queued."""
        with self._lock:
            record = Record(secrets.token_urlsafe(16), question)
            self._records[record.id] = record
            return record

    def record(self, analysis_id: str) -> Record:
        """Return the analysis with this id. Raises: UnknownAnalysis."""
        try:
            return self._records[analysis_id]
        except KeyError:
            raise UnknownAnalysis("There is no analysis under this address any more.") from None

    def records(self) -> list[Record]:
        """Return all analyses, newest first."""
        with self._lock:
            return sorted(self._records.values(), key=lambda record: record.created, reverse=True)
