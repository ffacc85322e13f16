"""The receipt of a report: for each chapter the proof that it was read, or what is missing."""

from collections.abc import Callable
from html import escape

import streamlit as st

from components.export import formatting
from components.export.report_contents import receipt_table
from components.export.report_status import report_status
from components.reports import Read, Receipt, Report, evaluated
from components.store import State, StepStatus
from components.ui.report.report_labels import RED
from components.ui.shared import labels, widgets
from components.ui.shared.html_tables import Html, HtmlSlot, table, with_term
from components.ui.shared.visit import Visit

_FEW = 3  # chapters that are not folded away

#: What the tokens received are those of.
_OF_CHAPTERS = (
    "Tokens received are those of the prompts that first read the chapter: its text and the "
    "question."
)
_OF_WHOLE = (
    "The book was read as a whole: the tokens received are those of the prompt that held the "
    "chapter."
)

_SHORT_AGAIN = "Asks it once more, and the reports that were made from it."


def report_headline(visit: Visit, report: Report) -> None:
    """Say whether all that was chosen was read whole, and of what is missing what to do.

    While it goes on, the head of the page says how far it is.
    """
    chosen = sum(receipt.state is not Read.LEFT_OUT for receipt in report.receipts)
    if report.is_complete:
        what = f"all {chosen:,} chosen chapters were read whole."
        if chosen == 1 and report.manuscript.chapters:
            what = "the one chosen chapter was read whole."
        elif chosen == 1:
            what = "the whole text was read."
        st.markdown(f":material/verified: **Complete:** {what}")
    elif not report.is_active:
        status = labels.plain(report_status(report))
        st.markdown(f":material/error: :red[**Not complete.** {status}]")
    unscored = [score for score in report.without_scores if score.step.state is State.DONE]
    if unscored:
        names = labels.plain(", ".join(scored.passage.name for scored in unscored))
        st.caption(f"The model gave no scores that can be used for {names}.")
    # What is held up goes on by itself with what holds it up.
    red = [receipt for receipt in report.short if receipt.state in RED - {Read.HELD_UP}]
    if red:
        folded = len(red) > _FEW
        label = f"Run one of these again ({len(red):,})"
        with st.expander(label) if folded else st.container():
            for receipt in red:
                _run_again(visit, report, receipt)


def report_receipt(visit: Visit, report: Report) -> Callable[[Report], None]:
    """Show the receipt, what its figures are, and what was reused; return what refreshes it."""
    place = HtmlSlot(st.empty())

    def refresh(now: Report) -> None:
        place.show(_table(now))

    refresh(report)
    widgets.say(_OF_WHOLE if report.setting.is_whole else _OF_CHAPTERS)
    if reused := _reuse(visit, report):
        widgets.say(reused)
    return refresh


def _table(report: Report) -> str:
    heads = (
        "Chapter",
        report.manuscript.unit.capitalize(),
        with_term("Tokens of its text", "counted" if report.setting.is_counted else "estimated"),
        with_term("Tokens received", "prompt_eval_count"),
        "Passages",
        "Calls done",
        "Asked again",
        "From an earlier report",
        with_term("Cut at their limit", "length"),
        with_term("How answers ended", "done_reason"),
        "State",
    )
    rows = []
    for receipt, row in zip(report.receipts, receipt_table(report).rows, strict=True):
        name, state, *figures = row
        if receipt.state in RED:
            problem = f"<small>{escape(receipt.problem)}</small>" if receipt.problem else ""
            state = Html(f'<b class="fr-red">{escape(state)}</b>{problem}')
        rows.append((name, *figures, state))
    return table("Receipt", heads, rows, kind="fr-receipt")


def _run_again(visit: Visit, report: Report, receipt: Receipt) -> None:
    stuck = [step for step in report.stuck if step.question.reads(receipt.chapter)]
    short = report.short_steps(receipt) if receipt.state is Read.SHORT else []
    with widgets.row():
        said = formatting.read(receipt.state)
        problem = labels.plain(f"{receipt.name}: {said}. {receipt.problem}")
        st.markdown(f":red[{problem}]", width="content")
        if any(step.state.is_running for step in short):
            st.caption("What is made from it is being written: run it again after that.")
        elif stuck or short:
            key, effect = f"chapter-again-{receipt.chapter}", _SHORT_AGAIN if short else None
            widgets.action("Try again", "replay", key, _again, visit, stuck, short, help=effect)
        elif receipt.state is Read.SHORT:
            st.caption("Begin a new report.")


def _again(visit: Visit, stuck: list[StepStatus], short: list[StepStatus]) -> None:
    for step in stuck:
        visit.app.jobs.again(visit.shelf, step.analysis_id)
    visit.app.jobs.anew(visit.shelf, [step.analysis_id for step in short])


def _reuse(visit: Visit, report: Report) -> str:
    lines = []
    if report.copied:
        steps = labels.plural(report.copied, "step")
        lines.append(f"{steps} of {len(report.steps):,} came from an earlier report.")
    asked = [step for step in report.steps if step.statistics is not None and not step.is_copied]
    sent = sum(step.statistics.prompt_eval_count or 0 for step in asked if step.statistics)
    speeds = visit.shelf.reports.speeds(report.setting.digest)
    if sent and speeds is not None:
        share = max(1 - evaluated(asked, speeds[0]) / sent, 0.0)
        lines.append(
            f"About {share:.0%} of the {sent:,} tokens of its prompts came from the server’s "
            "cache, by an estimate from times."
        )
    return " ".join(lines)
