"""Writing a growing text to the page: finished blocks once, only the live tail again.

A call's entries are written as text with its thoughts and discarded attempts folded.

Streamlit has no message that appends: `st.write_stream` sends the whole text at every token,
10,505 bytes a token at 4,000 tokens where this sends some sixty (measured). What has been written
is never sent again and never moves.
"""

import time
from collections.abc import Callable
from html import escape

import streamlit as st

from components.engine import Text, Thought
from components.errors import FirstReaderError
from components.evidence import Evidence
from components.export import formatting
from components.markdown import Blocks, Headings, tail_preview, to_html
from components.store import Failed, JournalEntry
from components.ui.answer.quote_marks import QuoteMarks

#: Bytes a second that the tail may cost, with FRAME_BYTES of a frame's own, by the mean of some
#: EVEN frames: evenly spaced, what is written late in a paragraph is not further behind than what
#: is written early. Below SLOW characters a second, some 40 tokens, it is the larger: the eye
#: follows each word. Above, it falls as the text comes faster, to the smaller: at 100 tokens a
#: second all that is sent, stage and figures too, is some 65 bytes a token (bench/watch.py).
BYTES_PER_SECOND = 4_000
BYTES_PER_SECOND_SLOW = 12_000
SLOW = 200
FRAME_BYTES = 110
EVEN = 8

#: Seconds after which the tail is sent whatever it costs.
LONGEST_PAUSE = 0.5


_CUT = "Interrupted here. The text above is kept; the analysis began again."

_THINKING = "What the model thinks before it answers"

#: Writes a finished block as HTML: the block, whether the text ends with it, its headings' levels.
Render = Callable[[str, bool, Headings], str]


class BlockWriter:
    """A growing markdown text where it is constructed.

    `is_empty` until something visible was fed. `render` writes finished blocks, each once and in
    their order; the tail is always plain.
    """

    def __init__(self, render: Render | None = None) -> None:
        self._render = render or (lambda block, _, headings: to_html(block, headings=headings))
        self._headings = Headings()
        self._finished = False
        self._blocks = Blocks()
        self._body = st.container()
        self._tail = st.empty()
        self._written = 0
        self._fed = 0
        self.is_empty = True
        self._shown = ""
        self._sent_at = 0.0
        self._cost = 0.0  # of a frame, in bytes

    def feed(self, text: str) -> None:
        """Take in the next piece; nothing is sent yet."""
        self._blocks.feed(text)
        self._fed += len(text)
        self.is_empty = self.is_empty and not text.strip()

    def show(self) -> float | None:
        """Send the blocks that were finished since, and the tail if it changed and may be sent.

        Return the seconds until the rest may be sent; None when there is no rest.
        """
        settled = self._written < len(self._blocks.settled)
        for block in self._blocks.settled[self._written :]:
            self._written += 1
            is_last = self._finished and self._written == len(self._blocks.settled)
            html = self._render(block, is_last, self._headings)
            if html.strip():
                self._body.html(f'<div class="fr-analysis" dir="auto">{html}</div>')
        tail = self._blocks.tail
        if tail == self._shown:
            return None
        wait = self._wait()
        if wait > 0 and not settled:
            return wait
        html = to_html(tail_preview(tail), headings=self._headings.copy()) if tail.strip() else ""
        if html:
            self._tail.html(f'<div class="fr-analysis fr-tail" dir="auto">{html}</div>')
        else:
            self._tail.empty()
        self._shown = tail
        self._sent_at = time.monotonic()
        cost = len(html) + FRAME_BYTES
        self._cost = self._cost + (cost - self._cost) / EVEN if self._cost else cost
        self._fed = 0
        return None

    def finish(self) -> None:
        """Settle and send the rest."""
        self._blocks.finish()
        self._finished = True
        self._cost = 0.0
        self.show()

    def _wait(self) -> float:
        """Return the seconds until the last frame has been paid for."""
        since = time.monotonic() - self._sent_at
        allowed = BYTES_PER_SECOND_SLOW * SLOW * since / max(self._fed, 1)
        allowed = min(max(allowed, BYTES_PER_SECOND), BYTES_PER_SECOND_SLOW)
        pause = self._cost / allowed
        return min(pause, LONGEST_PAUSE) - since


class Transcript:
    """Shows the entries of one call where it is constructed.

    `begin_marks` returns for each attempt what marks the quotations of its answer. Without
    `thoughts` those of a model are left out: only some models have them.
    """

    def __init__(
        self, begin_marks: Callable[[], QuoteMarks | None] = lambda: None, *, thoughts: bool = True
    ) -> None:
        self._shows_thoughts = thoughts
        self._attempt = 0
        self._error: FirstReaderError | None = None  # of the attempt before
        self._begin_marks = begin_marks
        # One container for all attempts: later ones begin while the script stands elsewhere.
        self._attempts = st.container()
        self._thoughts: BlockWriter | None = None
        self._begin()

    @property
    def evidence(self) -> Evidence | None:
        """What was found in the blocks that are on the page; None where nothing is checked."""
        return None if self._marks is None else self._marks.evidence

    def _begin(self) -> None:
        """Make the containers of an attempt, below those of the attempts before."""
        self._marks = marks = self._begin_marks()
        self._text = ""
        with self._attempts:
            self._thoughts_box, self._thoughts = st.container(), None
            self._answer_box = st.empty()
        with self._answer_box.container():
            self._answer = BlockWriter() if marks is None else BlockWriter(marks.html)

    def add(self, entry: JournalEntry) -> None:
        """Take in the next entry; nothing is sent yet."""
        if entry.attempt > self._attempt:
            self._attempt = entry.attempt
            if not self._answer.is_empty:
                self.finish()
                with self._attempts:
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
                    with self._thoughts_box, st.expander(_THINKING):
                        self._thoughts = BlockWriter()
                self._thoughts.feed(text)

    def _set_apart(self) -> None:
        """Say why the attempt before is not the last, and fold it where it was no use.

        Without thoughts the reason is left out: it may tell which model it is.
        """
        note = _CUT
        if self._shows_thoughts and (how := formatting.otherwise(self._error)):
            self._answer_box.empty()
            with st.expander(f"{formatting.problem(self._error).capitalize()}: what was written"):
                before = BlockWriter()
                before.feed(self._text)
                before.finish()
            note = f"Asked once more {how}."
        st.html(f'<p class="fr-cut" role="note">{escape(note)}</p>')

    def show(self) -> float | None:
        """Send what is new and may be sent; return the seconds until the rest may be, if any."""
        waits = [writer.show() for writer in (self._answer, self._thoughts) if writer is not None]
        return min((wait for wait in waits if wait is not None), default=None)

    def finish(self) -> None:
        """Settle and send the rest."""
        self._answer.finish()
        if self._thoughts is not None:
            self._thoughts.finish()
