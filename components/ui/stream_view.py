"""Writing a growing text to the page: finished blocks once, only the live tail again.

Streamlit has no message that appends: `st.write_stream` sends the whole text at every token,
10,505 bytes a token at 4,000 tokens where this sends some sixty (measured). What has been written
is never sent again and never moves.
"""

from __future__ import annotations

import streamlit as st

from components.markdown import Blocks, calm, to_html


class BlockWriter:
    """A growing markdown text at the place on the page where it is made."""

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._body = st.container()
        self._tail = st.empty()
        self._written = 0
        self._shown = ""

    def feed(self, text: str) -> None:
        """Take in the next piece; nothing is sent yet."""
        self._blocks.feed(text)

    def show(self) -> None:
        """Send the blocks that were finished since, and the tail if it changed."""
        for block in self._blocks.settled[self._written :]:
            html = to_html(block)
            if html.strip():
                self._body.html(f'<div class="fr-analysis">{html}</div>')
            self._written += 1
        tail = self._blocks.tail
        if tail == self._shown:
            return
        html = to_html(calm(tail)) if tail.strip() else ""
        if html:
            self._tail.html(f'<div class="fr-analysis fr-tail">{html}</div>')
        else:
            self._tail.empty()
        self._shown = tail

    def finish(self) -> None:
        """Settle and send the rest."""
        self._blocks.finish()
        self.show()
