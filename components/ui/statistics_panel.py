"""The sidebar's figures: they appear as they become true, and none is made up."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.store import Outcome, Question, State
from components.ui import words


class StatisticsPanel:
    """One place in the sidebar that shows the figures of one analysis."""

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place.empty()

    def show(self, outcome: Outcome, question: Question) -> None:
        """Show what `outcome` holds by now."""
        rows = [_row(name, term, value) for name, term, value in _figures(outcome, question)]
        self._place.html(
            f'<dl class="fr-figures" aria-label="Statistics">{"".join(rows)}</dl>{_gauge(outcome)}'
        )


def statistics_panel() -> StatisticsPanel:
    """Make the place for the figures, below what the sidebar holds so far."""
    return StatisticsPanel(st.sidebar)


def _figures(outcome: Outcome, question: Question) -> list[tuple[str, str, str]]:
    """Return name, Ollama's term and value of each figure that is known."""
    figures = outcome.statistics
    rows: list[tuple[str, str, str | None]] = [
        ("Model", "", question.model),
        ("Context asked for", "num_ctx", _tokens(outcome.num_ctx)),
    ]
    if outcome.state.has_ended:
        rows.insert(0, ("Ending", "done_reason", words.ending(outcome)))
    if figures is None:
        if outcome.received and outcome.state.has_ended:
            rows.append(("Tokens received", "", _tokens(outcome.received)))
    else:
        rows += [
            ("Tokens read", "prompt_eval_count", _tokens(figures.prompt_eval_count)),
            ("Tokens written", "eval_count", _tokens(figures.eval_count)),
            (
                "Time to first token",
                "measured here",
                words.nanoseconds(figures.time_to_first_token),
            ),
            ("Wait for loading", "measured here", words.nanoseconds(figures.load_wait)),
            ("Loading", "load_duration", words.nanoseconds(figures.load_duration)),
            ("Reading", "prompt_eval_duration", words.nanoseconds(figures.prompt_eval_duration)),
            ("Writing", "eval_duration", words.nanoseconds(figures.eval_duration)),
            ("In all", "total_duration", words.nanoseconds(figures.total_duration)),
            ("Reading speed", "what was cached included", _speed(figures.prompt_tokens_per_second)),
            ("Writing speed", "", _speed(figures.tokens_per_second)),
        ]
    return [(name, term, value) for name, term, value in rows if value is not None]


def _gauge(outcome: Outcome) -> str:
    """Context used of context available, once Ollama has counted both."""
    figures = outcome.statistics
    if figures is None or figures.context_used is None or outcome.state is State.FAILED:
        return ""
    share = min(figures.context_used / figures.num_ctx, 1.0)
    return (
        f'<p class="fr-quiet">Context used: {figures.context_used:,} of {figures.num_ctx:,} '
        f"tokens ({share:.0%})</p>{words.gauge(share)}"
    )


def _row(name: str, term: str, value: str) -> str:
    small = f"<small>{escape(term)}</small>" if term else ""
    return f"<dt>{escape(name)}{small}</dt><dd>{escape(value)}</dd>"


def _tokens(count: int | None) -> str | None:
    return None if count is None else f"{count:,}"


def _speed(value: float | None) -> str | None:
    return None if value is None else f"{value:,.1f} tokens/s"
