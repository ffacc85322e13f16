"""An analysis on the page: watched while it runs, complete when it has ended.

The page only reads the journal; a click that ends this run of the script, a refresh or a second
tab begin again at the first entry and catch up at once.
"""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from components.application import Application
from components.engine import Text, Thought
from components.errors import ContextExceeded
from components.export import file_name, to_markdown
from components.store import Outcome, Record
from components.ui import words
from components.ui.problems import show_problem
from components.ui.statistics_panel import StatisticsPanel
from components.ui.stream_view import BlockWriter

#: Seconds between two looks at the journal; BlockWriter sends no more than it may.
_TICK = 0.1

#: Seconds between two updates of the line above the text.
_LINE = 1.0


def analysis_view(app: Application, record: Record | None, panel: StatisticsPanel) -> None:
    """Show `record` until it has ended, then what can be done with it."""
    if record is None:
        return
    with st.container(key="analysis"):
        _show(app, record, panel)


def _show(app: Application, record: Record, panel: StatisticsPanel) -> None:
    watched_live = not record.state.is_final
    outcome = _watch(app, record, panel)
    if watched_live:
        # Once more, so that everything above the text knows that it has ended.
        st.rerun()
    if outcome.error is not None:
        show_problem(outcome.error, kept=_kept(outcome))
    if outcome.text.strip():
        st.download_button(
            "Download as Markdown",
            to_markdown(record, outcome),
            file_name=file_name(record),
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
        )


def _watch(app: Application, record: Record, panel: StatisticsPanel) -> Outcome:
    """Write the journal to the page as it grows; return at the end what it added up to."""
    st.html(f'<p class="fr-quiet">{_about(record)}</p>')
    line = st.empty()
    thoughts: BlockWriter | None = None
    thoughts_place = st.container()
    answer = BlockWriter()
    outcome, seq, next_line, last_state = Outcome(), 0, 0.0, None
    while True:
        began = time.monotonic()
        for entry in record.journal.after(seq, timeout=_LINE / 2):
            seq = entry.seq
            outcome.add(entry.event, at=entry.at)
            if isinstance(entry.event, Text):
                answer.feed(entry.event.text)
            elif isinstance(entry.event, Thought):
                if thoughts is None:
                    with thoughts_place, st.expander("What the model thinks before it answers"):
                        thoughts = BlockWriter()
                thoughts.feed(entry.event.text)
        if outcome.state != last_state or time.monotonic() >= next_line:
            line.html(
                words.stage(
                    outcome, record.question, reading_seconds=app.reading_seconds(record.question)
                )
            )
            next_line = time.monotonic() + _LINE
        if outcome.state != last_state:
            panel.show(outcome, record.question)
            last_state = outcome.state
        if outcome.state.is_final:
            break
        answer.show()
        if thoughts is not None:
            thoughts.show()
        time.sleep(max(0.0, _TICK - (time.monotonic() - began)))
    if thoughts is not None:
        thoughts.finish()
    answer.finish()
    return outcome


def _about(record: Record) -> str:
    question = record.question
    return escape(f"{question.lens} of {question.scope}, by {question.call.model}")


def _kept(outcome: Outcome) -> str:
    if isinstance(outcome.error, ContextExceeded):
        return "Nothing was cut and nothing was analysed."
    written = len(outcome.text.split())
    return f"{words.plural(written, 'word')} were written and are kept." if written else ""
