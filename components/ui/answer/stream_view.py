"""Writing a growing text to the page: finished blocks once, only the live tail again.

Streamlit has no message that appends: `st.write_stream` sends the whole text at every token,
10,505 bytes a token at 4,000 tokens where this sends some sixty (measured). What has been written
is never sent again and never moves.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from components.markdown import Blocks, Headings, tail_preview, to_html

#: Bytes a second that the tail may cost, with FRAME_BYTES of a frame's own. Below SLOW characters a
#: second, some 40 tokens, it is the larger: the eye follows each word. Above, it falls as the text
#: comes faster, to the smaller: at 100 tokens a second all that is sent, stage and figures too, is
#: some 66 bytes a token (bench/watch.py).
BYTES_PER_SECOND = 4_100
BYTES_PER_SECOND_SLOW = 12_000
SLOW = 200
FRAME_BYTES = 110

#: Seconds after which the tail is sent whatever it costs.
LONGEST_PAUSE = 0.5


#: Writes a finished block as HTML, given whether the text ends with it, and its headings' levels.
Render = Callable[[str, bool, Headings], str]


def _plain(block: str, _: bool, headings: Headings) -> str:
    return to_html(block, headings=headings)


class BlockWriter:
    """A growing markdown text at the place on the page where it is made.

    `is_empty` until something visible was fed. `render` writes finished blocks, each once and in
    their order; the tail is always plain.
    """

    def __init__(self, render: Render = _plain) -> None:
        self._render = render
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
        self._sent_cost = 0.0

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
                self._body.html(f'<div class="fr-analysis">{html}</div>')
        tail = self._blocks.tail
        if tail == self._shown:
            return None
        wait = self._wait()
        if wait > 0 and not settled:
            return wait
        html = to_html(tail_preview(tail), headings=self._headings.copy()) if tail.strip() else ""
        if html:
            self._tail.html(f'<div class="fr-analysis fr-tail">{html}</div>')
        else:
            self._tail.empty()
        self._shown = tail
        self._sent_at, self._sent_cost = time.monotonic(), len(html) + FRAME_BYTES
        self._fed = 0
        return None

    def finish(self) -> None:
        """Settle and send the rest."""
        self._blocks.finish()
        self._finished = True
        self._sent_cost = 0.0
        self.show()

    def _wait(self) -> float:
        """Return the seconds until the last frame has been paid for."""
        since = time.monotonic() - self._sent_at
        allowed = BYTES_PER_SECOND_SLOW * SLOW * since / max(self._fed, 1)
        allowed = min(max(allowed, BYTES_PER_SECOND), BYTES_PER_SECOND_SLOW)
        pause = self._sent_cost / allowed
        return min(pause, LONGEST_PAUSE) - since
