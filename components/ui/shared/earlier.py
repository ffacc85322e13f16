"""Earlier work: the line that describes it, and the list from which it is opened again."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import streamlit as st

from components.store import Analysis, Kind, Series, State
from components.ui.shared import labels, widgets
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

Work = TypeVar("Work", bound=Analysis | Series)

_SHOWN = 20


def earlier_list(
    noun: str,
    work: Iterable[Work],
    shown: Analysis | Series | None,
    describe: Callable[[Sequence[Work]], Iterable[str]],
    open_work: Callable[[Work], None],
    *,
    plural: str | None = None,
) -> None:
    """List the newest of `work`, but for what is `shown`, folded under the count of `noun`.

    `describe` returns the line below the name of each that is listed; `open_work` makes the
    address name one of them.
    """
    others = [one for one in work if shown is None or one.id != shown.id]
    if not others:
        return
    with st.expander(labels.plural(len(others), noun, plural), icon=":material/history:"):
        listed = others[:_SHOWN]
        for other, line in zip(listed, describe(listed), strict=True):
            widgets.action(labels.plain(other.name), "", f"earlier-{other.id}", open_work, other)
            widgets.say(line, "fr-quiet fr-under")
        if len(others) > _SHOWN:
            st.caption(f"The library has {len(others) - _SHOWN:,} more.")


def earlier_work(visit: Visit, manuscript_id: str, shown: Analysis | Series | None = None) -> None:
    """List the analyses of a manuscript and the reports on it, but for what is `shown`."""
    analyses = visit.shelf.analyses.of(manuscript_id)
    work: list[Analysis | Series] = [
        *(one for one in analyses if one.series_id is None and not one.question.pictures),
        *(one for one in visit.shelf.series.all(Kind.REPORT) if one.manuscript_id == manuscript_id),
    ]

    def describe(listed: Sequence[Analysis | Series]) -> list[str]:
        reports = [one.id for one in listed if isinstance(one, Series)]
        calls = visit.shelf.reports.counts(reports)
        return [
            report_facts(one, calls[one.id]) if isinstance(one, Series) else analysis_facts(one)
            for one in listed
        ]

    def open_work(one: Analysis | Series) -> None:
        page = Page.REPORT if isinstance(one, Series) else Page.ANALYSIS
        go(manuscript_id, one.id, page=page)

    newest_first = sorted(work, key=lambda one: one.created, reverse=True)
    earlier_list(
        "other analysis", newest_first, shown, describe, open_work, plural="other analyses"
    )


def analysis_facts(*analyses: Analysis) -> str:
    """Say of an analysis, or of those of one series, by what, in which state and when."""
    first = analyses[0]
    shown = next((analysis for analysis in analyses if not analysis.state.has_ended), first)
    what, question = first.question.model, first.question
    asked = f"{question.lens} of {question.scope}"
    if first.series_kind is Kind.COMPARISON:  # Without names: it may not have been judged yet.
        what = "comparison"
        if shown.state is State.DONE:
            shown = next((analysis for analysis in analyses if analysis.error is not None), shown)
    elif first.series_kind is Kind.CHAT:
        what = f"chat, {labels.plural(len(analyses), 'answer')}"
    if first.series_kind or first.name == asked:  # The name says it, unless it was changed.
        asked = ""
    state = labels.state(shown.state, shown.error)
    return labels.facts(what, state, asked, labels.date(first.created))


def report_facts(report: Series, calls: Counter[State]) -> str:
    """Say of a report by which model it is, how far, and when it began."""
    # Of a comparison no names: it may not have been judged yet.
    what = "comparison" if report.is_of_books else str(report.details.get("model", ""))
    lenses = ", ".join(title for _, title in report.details.get("lenses", ()))
    done = f"{calls[State.DONE]:,} of {labels.plural(calls.total(), 'call')} done"
    return labels.facts(what, done, lenses, labels.date(report.created))
