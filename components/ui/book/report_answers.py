"""Answers of a report on the page: marked like any other, and what a lens still waits for."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

import streamlit as st

from components.reports import Report, count_quotations, is_prose
from components.store import State, StepStatus
from components.ui.answer.quote_marks import Marking
from components.ui.answer.quote_summary import quote_summary
from components.ui.book.checked_answers import answer_html, looked_up
from components.ui.book.report_labels import doing
from components.ui.shared import labels


def show_answer(step: StepStatus, marking: Marking, *, summary: bool = True, top: int = 2) -> None:
    """Show the answer of a step that is done, what was found in it, and whether it was cut.

    `top` is the level of its first heading.
    """
    about = step.question.manuscript_id
    if not is_prose(step.question):
        # Nobody quotes in JSON: it is shown as it is.
        st.code(_indented(step.answer), language="json", wrap_lines=True)
    else:
        html, evidence = answer_html(step.answer, marking, about, top=top)
        st.html(html)
        if summary and evidence is not None and (said := quote_summary(evidence, about)):
            st.html(said)
    if step.statistics is not None and step.statistics.done_reason == "length":
        most = step.question.options.num_predict
        st.caption(f"This answer ended at its limit of {most:,} tokens (length).")


def lens_view(report: Report, lens: str, marking: Marking) -> Callable[[Report], None]:
    """Show what a lens comes to, or what it waits for; return what says the latter anew."""
    final = report.final(lens)
    if final.state is State.DONE:
        show_answer(final, marking)
        return lambda _: None
    place = st.empty()

    def say(now: Report) -> None:
        place.html(f'<p class="fr-quiet">{escape(_waits(now, lens))}</p>')

    say(report)
    return say


def _waits(report: Report, lens: str) -> str:
    final = report.final(lens)
    if final.state.is_running:
        return f"This report is being written now ({doing(final.state)})."
    if final.state.has_ended:
        begun = "What was written of it is kept." if final.attempt else "It was not begun yet."
        return f"This report is not written. {begun}"
    wanted = _below(report, final)
    done = sum(one.state is State.DONE for one in wanted)
    if not wanted:
        return "This report is asked as soon as the calls before it are done."
    what = "notes" if report.of("notes", lens) else "accounts of the story"
    chapters = labels.plural(len(wanted), "passage")
    if done == len(wanted):
        return f"All {what} for it are there; it is asked next."
    return (
        f"This report is written from the {what} on {chapters}: {done:,} of them are there. "
        "The notes can be read meanwhile, chapter by chapter."
    )


def _below(report: Report, step: StepStatus) -> list[StepStatus]:
    """Return the notes that a report is made of, whatever joins them."""
    found: dict[int, StepStatus] = {}
    waiting = list(step.needs)
    while waiting:
        one = report.steps[waiting.pop()]
        if one.question.part == "digest":
            waiting += one.needs
        else:
            found[one.position] = one
    return [found[at] for at in sorted(found)]


def quotations_line(report: Report, marking: Marking) -> str:
    """Say how many quotations of all texts were found; empty where there are none."""
    index = marking.index(report.series.manuscript_id)
    if index is None:
        return ""
    sums = count_quotations(report, index, look=looked_up(index, report.manuscript.sha256))
    if sums.share is None:
        return ""
    return (
        f"Quotations in all texts, and sentences behind scores: {sums.found:,} of "
        f"{sums.quotations:,} found in the manuscript ({sums.share:.0%}), in "
        f"{labels.plural(sums.answers, 'answer')}."
    )


def _indented(answer: str) -> str:
    try:
        return json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    except ValueError:
        return answer
