"""A call's entries as text on the page: thoughts and discarded attempts folded, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from components.engine import Text, Thought
from components.errors import FirstReaderError
from components.evidence import Evidence
from components.export import formatting
from components.store import Failed, JournalEntry
from components.ui.answer.quote_marks import QuoteMarks
from components.ui.answer.stream_view import BlockWriter

_CUT = "Interrupted here. The text above is kept; the analysis began again."

_THINKING = "What the model thinks before it answers"


class Transcript:
    """Shows the entries of one call at the place on the page where it is made.

    `begin_marks` is asked at each attempt for what marks the quotations of its answer. Without
    `thoughts` it leaves out what a model thinks: only some models do.
    """

    def __init__(
        self,
        begin_marks: Callable[[], QuoteMarks | None] = lambda: None,
        *,
        thoughts: bool = True,
    ) -> None:
        self._shows_thoughts = thoughts
        self._attempt = 0
        self._error: FirstReaderError | None = None  # of the attempt before
        self._begin_marks = begin_marks
        # All attempts stay in one place: later ones begin while the script stands elsewhere.
        self._place = st.container()
        self._thoughts: BlockWriter | None = None
        self._begin()

    @property
    def evidence(self) -> Evidence | None:
        """What was found in the blocks that are on the page; None where nothing is checked."""
        return None if self._marks is None else self._marks.evidence

    def _begin(self) -> None:
        """Make the places of an attempt, below those of the attempts before."""
        self._marks = marks = self._begin_marks()
        self._text = ""
        with self._place:
            self._thoughts_place, self._thoughts = st.container(), None
            self._answer_place = st.empty()
        with self._answer_place.container():
            if marks is None:
                self._answer = BlockWriter()
            else:
                self._answer = BlockWriter(
                    lambda block, is_last, headings: marks.html(
                        block, is_last=is_last, headings=headings
                    )
                )

    def add(self, entry: JournalEntry) -> None:
        """Take in the next entry; nothing is sent yet."""
        if entry.attempt > self._attempt:
            self._attempt = entry.attempt
            if not self._answer.is_empty:
                self.finish()
                with self._place:
                    self._set_apart()
                self._begin()
            self._error = None
        match entry.event:
            case Failed(error):
                self._error = error
            case Text(text):
                self._text += text
                self._answer.feed(text)
            case Thought(text) if self._shows_thoughts:
                if self._thoughts is None:
                    with (
                        self._thoughts_place,
                        st.expander(_THINKING),
                    ):
                        self._thoughts = BlockWriter()
                self._thoughts.feed(text)
            case _:
                pass

    def _set_apart(self) -> None:
        """Say why the attempt before is not the last, and fold it where it was no use.

        Not to one who is not to know the model: what went wrong may tell.
        """
        how = formatting.otherwise(self._error) if self._shows_thoughts else ""
        said = _CUT
        if how:
            self._answer_place.empty()
            with st.expander(f"{formatting.problem(self._error).capitalize()}: what was written"):
                before = BlockWriter()
                before.feed(self._text)
                before.finish()
            said = f"Asked once more {how}."
        st.html(f'<p class="fr-cut" role="note">{escape(said)}</p>')

    def show(self) -> float | None:
        """Send what is new and may be sent; return the seconds until the rest may be, if any."""
        waits = [writer.show() for writer in (self._answer, self._thoughts) if writer is not None]
        return min((wait for wait in waits if wait is not None), default=None)

    def finish(self) -> None:
        """Settle and send the rest."""
        self._answer.finish()
        if self._thoughts is not None:
            self._thoughts.finish()
