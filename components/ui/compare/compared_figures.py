"""The figures of a comparison's columns side by side: of analyses, or of whole-book reports."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.evidence import Evidence
from components.export.comparison_contents import figure_rows
from components.export.evidence_labels import share_found
from components.reports import ModelComparison
from components.store import Analysis
from components.ui.answer.live_answer import Watched
from components.ui.compare.compared_columns import heading
from components.ui.shared import labels
from components.ui.shared.html_tables import Html, table, with_term

_count, _speed, _time = "{:,.0f}".format, "{:,.1f} tokens/s".format, labels.nanoseconds

#: Of each row its name, Ollama's term, the attribute of `Statistics`, its format, which is best.
_Row = tuple[str, str, str, Callable[[Any], str | None], Callable[..., float] | None]
_ROWS: tuple[_Row, ...] = (
    ("Time to first token", "measured here", "time_to_first_token", _time, min),
    ("Writing speed", "", "tokens_per_second", _speed, max),
    ("Reading speed", "cached included", "prompt_tokens_per_second", _speed, max),
    ("Tokens read", "prompt_eval_count", "prompt_eval_count", _count, None),
    ("Tokens written", "eval_count", "eval_count", _count, None),
    ("Context asked for", "num_ctx", "num_ctx", _count, None),
    ("Wait for loading", "measured here", "load_wait", _time, min),
    ("Reading", "prompt_eval_duration", "prompt_eval_duration", _time, min),
    ("Writing", "eval_duration", "eval_duration", _time, None),
    ("In all", "total_duration", "total_duration", _time, None),
)


#: What is counted of an answer that was checked.
_QUOTED = ("Quotations found", "in the manuscript")
_FLAGS = ("Flags", "unread chapters, unknown names, copies")


def comparison_table(place: DeltaGenerator, columns: Sequence[Watched[Analysis]]) -> None:
    """Show at `place` what is known of the columns by now, the best of each row marked."""
    if not any(column.has_ended for column in columns):
        return
    endings = [labels.ending(column.outcome) if column.has_ended else "" for column in columns]
    rows: list[tuple[str, ...]] = [(with_term("Ending", "done_reason"), *endings)]
    for name, term, attribute, say, best in _ROWS:
        values = [getattr(column.outcome.statistics, attribute, None) for column in columns]
        known = {value for value in values if value is not None}
        if known:
            marked = best(known) if best and len(known) > 1 else None
            cells = [_cell(value, say, is_best=value == marked) for value in values]
            rows.append((with_term(name, term), *cells))
    checked = [_checked(column.evidence) for column in columns]
    if any(found for found, _ in checked):
        rows.append((with_term(*_QUOTED), *(found for found, _ in checked)))
        rows.append((with_term(*_FLAGS), *(flags for _, flags in checked)))
    analyses = [column.analysis for column in columns]
    heads = [heading(analysis.position, analysis.question.model) for analysis in analyses]
    place.html(table("Figures", ("", *heads), rows, kind="fr-compared"))


def _cell(value: float | None, say: Callable[[Any], str | None], *, is_best: bool) -> str:
    said = "" if value is None else say(value) or ""
    return Html(f"<b>{escape(said)}</b> <span>best</span>") if is_best and said else said


def book_figures(differing: ModelComparison) -> None:
    """Show the figures of whole-book reports, as a file has them."""
    rows = [(with_term(name, term), *values) for name, term, values in figure_rows(differing)]
    each = [heading(one.series.position, one.setting.model) for one in differing.reports]
    st.header("Figures", anchor=False)
    st.html(table("Figures", ("", *each), rows, kind="fr-compared"))


def _checked(evidence: Evidence | None) -> tuple[str, str]:
    """Return how much was found and flagged; empty where nothing was checked by now."""
    if evidence is None or not evidence.words:
        return "", ""
    return share_found(len(evidence.quotations), evidence.found), _count(len(evidence.flags))
