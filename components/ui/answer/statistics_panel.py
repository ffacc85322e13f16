"""The sidebar's figures: they appear as they become true, and none is made up.

While a call goes on its first rows are sent again once a second, by themselves, and the rest only
where it changed: all of it would cost more bytes than the text that it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.engine import Model
from components.store import CallOutcome, Measured, Question, State
from components.ui.shared import labels
from components.ui.shared.tables import figure_list, with_term

#: Stands beside a figure that Ollama did not send and that was taken by this computer's clock.
_OURS = "measured here"

_UNKNOWN = "–"


class Figure(NamedTuple):
    """A row: its name, Ollama's term for it, and its value; None where that is not known."""

    name: str
    term: str
    value: str | None


class StatisticsPanel:
    """One place that shows the figures of one call, or of all calls of a report.

    `chosen` is the model that is chosen for the next one: where what is shown is another's, that is
    said.
    """

    def __init__(self, place: DeltaGenerator, *, chosen: str = "") -> None:
        box = place.container(gap=None)
        self._places = box.empty(), box.empty(), box.empty()
        self._shown = ["", "", ""]
        self._chosen = chosen

    def show(self, outcome: CallOutcome, question: Question, *, now: float | None = None) -> None:
        """Show what `outcome` holds at `now` (seconds since 1970, this moment when None)."""
        live, rest = _live(outcome, question, now), _rest(outcome, now)
        if outcome.state.has_ended:
            # What Ollama did not send of a finished call keeps its row; of another it never will.
            rows = live + rest
            if outcome.state is not State.DONE:
                rows = [figure for figure in rows if figure.value is not None]
            self.show_all("Statistics", question.model, rows, _share(outcome))
            return
        self._send(0, self._head(question.model))
        self._send(1, _listed("Statistics", live))
        self._send(2, _listed("Figures of Ollama", rest) + labels.gauge(0))

    def show_all(
        self, label: str, model: str, figures: Sequence[Figure], share: float | None = None
    ) -> None:
        """Show `figures` that change no more; `share` is how full the context was, 0 to 1."""
        gauge = "" if share is None else labels.gauge(share)
        self._send(0, self._head(model))
        self._send(1, _listed(label, figures) + gauge)
        self._send(2, "")

    def _head(self, model: str) -> str:
        name = escape(model)
        head = f'<p class="fr-by" title="{name}">By <b>{name}</b></p>'
        if self._chosen in ("", model):
            return head
        return f'{head}<p class="fr-by-other">Chosen above: for the next one.</p>'

    def _send(self, number: int, html: str) -> None:
        if html == self._shown[number]:
            return
        place = self._places[number]
        if html:
            place.html(html)
        else:
            place.empty()
        self._shown[number] = html


def statistics_panel(model: Model | None) -> StatisticsPanel:
    """Make the place for the figures in the sidebar, under the chosen `model` and its options."""
    return StatisticsPanel(st.sidebar, chosen=model.name if model is not None else "")


def _live(outcome: CallOutcome, question: Question, now: float | None) -> list[Figure]:
    """Return what changes from second to second while the call goes on."""
    ours, figures = outcome.measured(now=now), outcome.statistics
    stage = labels.stage_name(outcome, question)
    if outcome.state.has_ended:
        sent = figures is not None and figures.done_reason is not None
        rows = [Figure("Ending", "done_reason" if sent else "", stage)]
    else:
        rows = [Figure("Stage", "", stage)]
    rate = None if figures is None else labels.speed(figures.tokens_per_second)
    if rate is not None:
        rows.append(Figure("Writing speed", "", rate))
    else:
        rows.append(Figure("Speed", _OURS, labels.speed(ours.tokens_per_second)))
    if figures is not None and figures.eval_count is not None:
        rows.append(Figure("Tokens written", "eval_count", f"{figures.eval_count:,}"))
    else:
        received = f"{ours.received:,}" if ours.received else None
        rows.append(Figure("Tokens received", _OURS, received))
    rows.append(Figure("In all", _OURS, _seconds(ours.elapsed)))
    return rows


def _rest(outcome: CallOutcome, now: float | None) -> list[Figure]:
    """Return the other figures: Ollama's once it has sent them, those measured here before."""
    ours, figures = outcome.measured(now=now), outcome.statistics
    if figures is None:
        return [
            Figure("Time to first token", _OURS, _seconds(ours.time_to_first_token)),
            Figure("Tokens read", "prompt_eval_count", None),
            Figure("Wait for loading", _OURS, _seconds(ours.load_wait)),
            Figure("Loading", "load_duration", None),
            Figure("Reading", "prompt_eval_duration", None),
            _written(outcome, ours),
            Figure("At the server", "total_duration", None),
            Figure("Reading speed", "with cache", None),
            _context(outcome),
        ]
    return [
        Figure("Time to first token", _OURS, labels.nanoseconds(figures.time_to_first_token)),
        Figure("Tokens read", "prompt_eval_count", _count(figures.prompt_eval_count)),
        Figure("Wait for loading", _OURS, labels.nanoseconds(figures.load_wait)),
        Figure("Loading", "load_duration", labels.nanoseconds(figures.load_duration)),
        Figure("Reading", "prompt_eval_duration", labels.nanoseconds(figures.prompt_eval_duration)),
        Figure("Writing", "eval_duration", labels.nanoseconds(figures.eval_duration)),
        Figure("At the server", "total_duration", labels.nanoseconds(figures.total_duration)),
        Figure("Reading speed", "with cache", _whole(figures.prompt_tokens_per_second)),
        _context(outcome),
    ]


def _written(outcome: CallOutcome, ours: Measured) -> Figure:
    """Return how long it wrote: ours only once nothing is to come from Ollama."""
    if outcome.state.has_ended:
        return Figure("Writing", _OURS, _seconds(ours.writing))
    return Figure("Writing", "eval_duration", None)


def _context(outcome: CallOutcome) -> Figure:
    """Return how much of the context is used, or how much was asked for."""
    share, figures = _share(outcome), outcome.statistics
    if share is not None and figures is not None:
        return Figure("Context", "num_ctx", f"{share:.0%} of {figures.num_ctx:,}")
    if outcome.state.has_ended or outcome.num_ctx is None:
        return Figure("Context asked for", "num_ctx", _count(outcome.num_ctx))
    return Figure("Context", "num_ctx", f"{_UNKNOWN} of {outcome.num_ctx:,}")


def _share(outcome: CallOutcome) -> float | None:
    """Return context used of context available, once Ollama has counted both."""
    figures = outcome.statistics
    if figures is None or figures.context_used is None or outcome.state is State.FAILED:
        return None
    return min(figures.context_used / figures.num_ctx, 1.0)


def _listed(label: str, figures: Sequence[Figure]) -> str:
    rows = [
        (with_term(name, term), _UNKNOWN if value is None else value)
        for name, term, value in figures
    ]
    return figure_list(rows, kind="fr-figures", label=label)


def _count(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def _whole(tokens_per_second: float | None) -> str | None:
    return None if tokens_per_second is None else f"{tokens_per_second:,.0f} tokens/s"


def _seconds(value: float | None) -> str | None:
    return None if value is None else labels.seconds(value)
