"""A call's entries as text on the page: thoughts folded, attempts set apart, nothing sent twice."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.engine import Text, Thought
from components.evidence import Evidence
from components.store import Entry
from components.ui.quote_marks import QuoteMarks
from components.ui.stream_view import BlockWriter

_CUT = (
    '<p class="fr-cut" role="note">Interrupted here. The text above is kept; the analysis began '
    "again.</p>"
)

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
        self._begin_marks = begin_marks
        self._thoughts_place = st.container()
        self._thoughts: BlockWriter | None = None
        self._answer = self._begin()

    @property
    def evidence(self) -> Evidence | None:
        """What was found in the blocks that are on the page; None where nothing is checked."""
        return None if self._marks is None else self._marks.evidence

    def _begin(self) -> BlockWriter:
        self._marks = marks = self._begin_marks()
        if marks is None:
            return BlockWriter()
        return BlockWriter(lambda block, is_last: marks.html(block, is_last=is_last))

    def add(self, entry: Entry) -> None:
        """Take in the next entry; nothing is sent yet."""
        if entry.attempt > self._attempt:
            self._attempt = entry.attempt
            if not self._answer.is_empty:
                self.finish()
                st.html(_CUT)
                self._thoughts_place, self._thoughts = st.container(), None
                self._answer = self._begin()
        match entry.event:
            case Text(text):
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

    def show(self) -> float | None:
        """Send what is new and may be sent; return the seconds until the rest may be, if any."""
        waits = [writer.show() for writer in (self._answer, self._thoughts) if writer is not None]
        return min((wait for wait in waits if wait is not None), default=None)

    def finish(self) -> None:
        """Settle and send the rest."""
        self._answer.finish()
        if self._thoughts is not None:
            self._thoughts.finish()
