"""The sidebar's figures: they appear as they become true, and none is made up.

While a call goes on its first rows are sent again every other second, the rest only where it
changed: all of it would cost more bytes than the text that it counts.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

from streamlit.delta_generator import DeltaGenerator

from components.store import CallOutcome, Question, State
from components.ui.shared import labels
from components.ui.shared.html_tables import HtmlSlot, figure_list, with_term

#: Stands beside a figure that Ollama did not send and that was taken by this computer's clock.
_OURS = "measured here"

_UNKNOWN = "–"


class Figure(NamedTuple):
    """A row: its name, Ollama's term for it, and its value; None where that is not known."""

    name: str
    term: str
    value: str | None


class StatisticsPanel:
    """Shows in `place` the figures of one call, or of all calls of a report.

    `chosen` is the model that is chosen for the next one: where another made what is shown, the
    panel says so.
    """

    def __init__(self, place: DeltaGenerator, *, chosen: str = "") -> None:
        box = place.container(gap=None)
        self._head, self._live, self._rest = (HtmlSlot(box.empty()) for _ in range(3))
        self._chosen = chosen

    def show(self, outcome: CallOutcome, question: Question, *, now: float | None = None) -> None:
        """Show what `outcome` holds at `now` (seconds since 1970, this moment when None)."""
        live, rest = _live(outcome, question, now), _rest(outcome, now)
        self._show_head(question.model)
        if outcome.state.has_ended:
            # What Ollama did not send of a finished call keeps its row; of another it never will.
            rows = live + rest
            if outcome.state is not State.DONE:
                rows = [figure for figure in rows if figure.value is not None]
            share = _share(outcome)
            gauge = "" if share is None else labels.gauge(share)
            self._live.show(_listed("Statistics", rows) + gauge)
            self._rest.show("")
            return
        self._live.show(_listed("Statistics", live))
        self._rest.show(_listed("Figures of Ollama", rest) + labels.gauge(0))

    def show_totals(self, model: str, figures: Sequence[Figure]) -> None:
        """Show the sums over all calls of a report, under the figures of one call, if any."""
        self._show_head(model)
        head = labels.line("The whole report", "fr-by-other fr-totals")
        self._rest.show(head + _listed("Totals", figures))

    def _show_head(self, model: str) -> None:
        name = escape(model)
        head = f'<p class="fr-by" title="{name}">By <b>{name}</b></p>'
        if self._chosen not in ("", model):
            head += '<p class="fr-by-other">Chosen above: for the next one.</p>'
        self._head.show(head)


def _live(outcome: CallOutcome, question: Question, now: float | None) -> list[Figure]:
    """Return what changes from second to second while the call goes on."""
    ours, figures = outcome.measured(now=now), outcome.statistics
    sent = figures is not None and figures.done_reason is not None
    name = "Ending" if outcome.state.has_ended else "Stage"
    term = "done_reason" if sent and outcome.state.has_ended else ""
    stage, detail = labels.stage_name(outcome, question), labels.term_of(outcome)
    rows = [Figure(name, term, f"{stage} ({detail})" if detail else stage)]
    rate = None if figures is None else labels.speed(figures.tokens_per_second)
    if rate is not None:
        rows.append(Figure("Writing speed", "", rate))
    else:
        rows.append(Figure("Speed", _OURS, labels.speed(ours.tokens_per_second)))
    if figures is not None and figures.eval_count is not None:
        rows.append(Figure("Tokens written", "eval_count", f"{figures.eval_count:,}"))
    else:
        rows.append(Figure("Tokens received", _OURS, _figure(ours.received or None)))
    rows.append(Figure("In all", _OURS, _figure(ours.elapsed, labels.seconds)))
    return rows


def _figure(value: float | None, say: Callable[[Any], str | None] = "{:,}".format) -> str | None:
    return None if value is None else say(value)


#: Name, Ollama's term, the attribute and the format of each figure of calls that have ended.
_REST: tuple[tuple[str, str, str, Callable[[Any], str | None]], ...] = (
    ("Time to first token", _OURS, "time_to_first_token", labels.nanoseconds),
    ("Tokens read", "prompt_eval_count", "prompt_eval_count", "{:,}".format),
    ("Wait for loading", _OURS, "load_wait", labels.nanoseconds),
    ("Loading", "load_duration", "load_duration", labels.nanoseconds),
    ("Reading", "prompt_eval_duration", "prompt_eval_duration", labels.nanoseconds),
    ("Writing", "eval_duration", "eval_duration", labels.nanoseconds),
    ("At the server", "total_duration", "total_duration", labels.nanoseconds),
    ("Reading speed", "with cache", "prompt_tokens_per_second", "{:,.0f} tokens/s".format),
)


def figures_of(values: object) -> list[Figure]:
    """Return the figures of one call (`Statistics`), or those of all of a report (`totals`)."""
    return [
        Figure(name, term, _figure(getattr(values, attribute, None), say))
        for name, term, attribute, say in _REST
    ]


def _rest(outcome: CallOutcome, now: float | None) -> list[Figure]:
    """Return the other figures: Ollama's once it has sent them, those measured here before."""
    figures = outcome.statistics
    if figures is not None:
        return [*figures_of(figures), _context(outcome)]
    ours = outcome.measured(now=now)
    measured = {
        "Time to first token": _figure(ours.time_to_first_token, labels.seconds),
        "Wait for loading": _figure(ours.load_wait, labels.seconds),
    }
    terms = {name: term for name, term, _, _ in _REST}
    if outcome.state.has_ended:  # Nothing is to come from Ollama.
        measured["Writing"] = _figure(ours.writing, labels.seconds)
        terms["Writing"] = _OURS
    rows = [Figure(name, term, measured.get(name)) for name, term in terms.items()]
    return [*rows, _context(outcome)]


def _context(outcome: CallOutcome) -> Figure:
    """Return how much of the context is used, or how much was asked for."""
    share, figures = _share(outcome), outcome.statistics
    if share is not None and figures is not None:
        return Figure("Context", "num_ctx", f"{share:.0%} of {figures.num_ctx:,}")
    if outcome.state.has_ended or outcome.num_ctx is None:
        return Figure("Context asked for", "num_ctx", _figure(outcome.num_ctx))
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
