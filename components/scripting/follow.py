"""Waiting for an analysis, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from components.application import Application
from components.store import Analysis, CallOutcome, JournalEntry

#: Seconds between two looks while nothing happens.
_LOOK_SECONDS = 1.0


def follow(
    app: Application,
    analysis: Analysis,
    *,
    on_entry: Callable[[JournalEntry], None] | None = None,
    on_look: Callable[[CallOutcome], None] | None = None,
) -> CallOutcome:
    """Wait until the analysis has ended and return what it came to.

    `on_entry` is called with each entry of its journal, `on_look` with what they add up to by then,
    once a second or more often. Raises: StoreError.
    """
    outcome, seq = CallOutcome(), 0
    while not outcome.state.has_ended:
        journal = app.store.journal
        for entry in journal.after(analysis.call_id, seq, timeout=_LOOK_SECONDS):
            seq = entry.seq
            outcome.add(entry)
            if on_entry is not None:
                on_entry(entry)
        if on_look is not None:
            on_look(outcome)
    return outcome


def result(analysis: Analysis, outcome: CallOutcome) -> dict[str, Any]:
    """Return what came of an analysis as JSON can hold it; what Ollama did not say is None."""
    figures: dict[str, Any] = {}
    if outcome.statistics is not None:
        figures = asdict(outcome.statistics)
        figures["tokens_per_second"] = outcome.statistics.tokens_per_second
    return {
        **figures,
        "model": analysis.question.model,
        "title": analysis.question.title,
        "state": outcome.state.value,
        "response": outcome.text,
        "thinking": outcome.thoughts,
        "error": str(outcome.error) if outcome.error else None,
        "kind": type(outcome.error).__name__ if outcome.error else None,
        "analysis": analysis.id,
    }
