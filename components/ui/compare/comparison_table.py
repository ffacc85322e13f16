"""The figures of a comparison's columns, the best of each row marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from streamlit.delta_generator import DeltaGenerator

from components.engine import Statistics
from components.evidence import Evidence
from components.export.formatting import letter
from components.store import Analysis
from components.ui.answer.live_answer import Watched
from components.ui.shared import labels
from components.ui.shared.tables import Html, table, with_term


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure: its name, Ollama's term, how it is read and said, and which is the best."""

    name: str
    term: str
    value: Callable[[Statistics], float | None]
    said: Callable[[float], str]
    best: Callable[..., float] | None = None


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _speed(value: float) -> str:
    return f"{value:,.1f} tokens/s"


def _time(value: float) -> str:
    return labels.nanoseconds(round(value)) or ""


ROWS = (
    FigureRow("Time to first token", "measured here", lambda s: s.time_to_first_token, _time, min),
    FigureRow("Writing speed", "", lambda s: s.tokens_per_second, _speed, max),
    FigureRow(
        "Reading speed", "cached included", lambda s: s.prompt_tokens_per_second, _speed, max
    ),
    FigureRow("Tokens read", "prompt_eval_count", lambda s: s.prompt_eval_count, _count),
    FigureRow("Tokens written", "eval_count", lambda s: s.eval_count, _count),
    FigureRow("Context asked for", "num_ctx", lambda s: s.num_ctx, _count),
    FigureRow("Wait for loading", "measured here", lambda s: s.load_wait, _time, min),
    FigureRow("Reading", "prompt_eval_duration", lambda s: s.prompt_eval_duration, _time, min),
    FigureRow("Writing", "eval_duration", lambda s: s.eval_duration, _time),
    FigureRow("In all", "total_duration", lambda s: s.total_duration, _time),
)


def comparison_table(place: DeltaGenerator, columns: Sequence[Watched[Analysis]]) -> None:
    """Show at `place` what is known of the columns by now; nothing where nothing is."""
    known = [column.outcome.statistics for column in columns]
    if not any(column.has_ended for column in columns):
        return
    endings = [labels.ending(column.outcome) if column.has_ended else "" for column in columns]
    rows: list[tuple[str, ...]] = [(with_term("Ending", "done_reason"), *endings)]
    for row in ROWS:
        values = [None if one is None else row.value(one) for one in known]
        there = [value for value in values if value is not None]
        if there:
            best = row.best(there) if row.best and len(set(there)) > 1 else None
            cells = [_cell(row, value, best) for value in values]
            rows.append((with_term(row.name, row.term), *cells))
    quoted = [column.evidence for column in columns]
    if any(one is not None and one.quotations for one in quoted):
        rows.append((with_term("Quotations found", "in the manuscript"), *map(_quoted, quoted)))
    heads = ("", *map(_name, columns))
    place.html(table("Figures", heads, rows, kind="fr-compared"))


def _cell(row: FigureRow, value: float | None, best: float | None) -> str:
    if value is None:
        return ""
    said = row.said(value)
    return Html(f"<b>{escape(said)}</b> <span>best</span>") if value == best else said


def _quoted(evidence: Evidence | None) -> str:
    if evidence is None or not evidence.quotations:
        return ""
    return f"{evidence.found:,} of {len(evidence.quotations):,}"


def _name(column: Watched[Analysis]) -> str:
    return f"{letter(column.analysis.position)} · {column.analysis.question.model}"
