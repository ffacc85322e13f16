"""The receipt of a report: for each chapter the proof that it was read, or what is missing."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.reports import Read, Receipt, Report, evaluated
from components.store import State, StepStatus
from components.ui.book.report_labels import RED
from components.ui.shared import labels
from components.ui.shared.tables import Html, table, with_term
from components.ui.shared.visit import Visit

#: Chapters that are not folded away.
_FEW = 3

_SHORT_AGAIN = (
    "Asks it once more, and the reports that were made from it. Later chapters keep what was noted "
    "of them, though they were told the story so far."
)


def report_headline(visit: Visit, report: Report) -> None:
    """Say whether all that was chosen was read whole, and of what is missing what to do.

    While it goes on, the head of the page says how far it is.
    """
    chosen = sum(receipt.state is not Read.LEFT_OUT for receipt in report.receipts)
    if report.is_complete:
        st.markdown(f":material/verified: **Complete:** {_all_read(report, chosen)}")
    elif not report.is_active:
        missing = labels.plain(_missing(report, chosen))
        st.markdown(f":material/error: :red[**Not complete:** {missing}]")
    unscored = [
        without_score
        for without_score in report.without_scores
        if without_score.step.state is State.DONE
    ]
    if unscored:
        names = ", ".join(one.passage.name for one in unscored)
        st.caption(f"The model gave no scores that can be used for {labels.plain(names)}.")
    # What is held up goes on by itself with what holds it up.
    red = [one for one in report.short if one.state in RED - {Read.HELD_UP}]
    if not red:
        return
    few = len(red) <= _FEW
    with st.container() if few else st.expander(f"Run one of these again ({len(red):,})"):
        for one in red:
            _run_again(visit, report, one)


class ReceiptTable:
    """The table with a row for each chapter of the book; `show` sends it where it changed."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._shown = ""

    def show(self, report: Report) -> None:
        """Show what became of each chapter by now."""
        html = _table(report)
        if html != self._shown:
            self._place.html(html)
            self._shown = html


def report_receipt(visit: Visit, report: Report) -> ReceiptTable:
    """Show the receipt: the table, what its figures are, and what was reused."""
    table = ReceiptTable()
    table.show(report)
    held = (
        "The book was read as a whole: the tokens received are those of the prompt that held the "
        "chapter."
        if report.setting.is_whole
        else "Tokens received are those of the prompts that first read the chapter: its text, the "
        "story so far and the question. Its words count the heading too."
    )
    st.html(f'<p class="fr-quiet">{escape(held)}</p>')
    if said := _reuse(visit, report):
        st.html(f'<p class="fr-quiet">{escape(said)}</p>')
    return table


def _table(report: Report) -> str:
    heads = (
        ("Chapter", ""),
        ("Words", ""),
        ("Tokens of its text", "counted" if report.setting.is_counted else "estimated"),
        ("Tokens received", "prompt_eval_count"),
        ("Passages", ""),
        ("Calls done", ""),
        ("Asked again", ""),
        ("Cut at their limit", "length"),
        ("How answers ended", "done_reason"),
        ("State", ""),
    )
    head = [with_term(*names) for names in heads]
    return table("Receipt", head, map(_row, report.receipts), kind="fr-receipt")


def _row(one: Receipt) -> Html:
    if one.state is Read.LEFT_OUT:
        rest = '<td colspan="7">left out, as you chose</td>'
        name = f"<td>{escape(one.name)}</td><td>{one.words:,}</td>"
        return Html(f'<tr class="fr-out">{name}{rest}<td>left out</td></tr>')
    reasons = one.done_reasons or {}
    ended = ", ".join(f"{reason} {count:,}" for reason, count in sorted(reasons.items()))
    state = escape(str(one.state))
    if one.state in RED:
        state = f'<b class="fr-red">{state}</b>'
        if one.problem:
            state += f"<small>{escape(one.problem)}</small>"
    figures = (
        f"{one.words:,}",
        f"{one.tokens:,}",
        f"{one.received:,}" if one.received else "",
        f"{one.passages:,}",
        f"{one.done:,} of {one.calls:,}",
        f"{one.retries:,}" if one.retries else "",
        f"{one.cut_answers:,}" if one.cut_answers else "",
        escape(ended),
        state,
    )
    cells = "".join(f"<td>{figure}</td>" for figure in figures)
    return Html(f"<tr><td>{escape(one.name)}</td>{cells}</tr>")


def _all_read(report: Report, chosen: int) -> str:
    if chosen == 1 and not report.manuscript.chapters:
        return "the whole text was read."
    if chosen == 1:
        return "the one chosen chapter was read whole."
    return f"all {chosen:,} chosen chapters were read whole."


def _missing(report: Report, chosen: int) -> str:
    said = []
    if report.short:
        are = "is" if len(report.short) == 1 else "are"
        named = ", ".join(_runs(report))
        said.append(f"{len(report.short):,} of {chosen:,} chosen chapters {are} missing: {named}.")
    else:
        said.append(f"all {chosen:,} chosen chapters were read whole, but not all was written.")
    without = [one for one in report.of("report") if one.state is not State.DONE]
    if without:
        named = ", ".join(one.question.lens for one in without)
        said.append(f"Missing too: the report of {named}.")
    return " ".join(said)


def _runs(report: Report) -> list[str]:
    """Name what is missing: of chapters that follow each other in one state the first and last."""
    short = {one.chapter for one in report.short}
    found: list[list[Receipt]] = []
    before: Receipt | None = None
    for receipt in report.receipts:
        if receipt.chapter in short:
            follows = before is not None and before.chapter in short
            if follows and before is not None and before.state is receipt.state:
                found[-1].append(receipt)
            else:
                found.append([receipt])
        before = receipt
    return [
        f"{run[0].name} to {run[-1].name} ({run[0].state})"
        if len(run) > _FEW
        else ", ".join(f"{one.name} ({one.state})" for one in run)
        for run in found
    ]


def _run_again(visit: Visit, report: Report, receipt: Receipt) -> None:
    stuck = [one for one in report.stuck if _reads(one, receipt)]
    short = report.short_steps(receipt) if receipt.state is Read.SHORT else []
    with st.container(horizontal=True, vertical_alignment="center"):
        said = labels.plain(f"{receipt.name}: {receipt.state}. {receipt.problem}")
        st.markdown(f":red[{said}]", width="content")
        if any(one.state.is_running for one in short):
            st.caption("What is made from it is being written: run it again after that.")
        elif stuck or short:
            st.button(
                "Run again",
                key=f"chapter-again-{receipt.chapter}",
                icon=":material/replay:",
                type="tertiary",
                on_click=_again,
                args=(visit, stuck, short),
                help=_SHORT_AGAIN if short else None,
            )
        elif receipt.state is Read.SHORT:
            st.caption("Begin a new reading.")


def _reads(step: StepStatus, receipt: Receipt) -> bool:
    question = step.question
    return bool(question.ranges) and (not receipt.chapter or receipt.chapter in question.chapters)


def _again(visit: Visit, stuck: list[StepStatus], short: list[StepStatus]) -> None:
    for one in stuck:
        visit.app.jobs.again(visit.shelf, one.analysis_id)
    visit.app.jobs.anew(visit.shelf, [one.analysis_id for one in short])


def _reuse(visit: Visit, report: Report) -> str:
    said = []
    if report.copied:
        steps = labels.plural(report.copied, "step")
        said.append(f"{steps} of {len(report.steps):,} came from an earlier reading.")
    asked = [step for step in report.steps if step.statistics is not None and not step.is_copied]
    sent = sum(one.statistics.prompt_eval_count or 0 for one in asked if one.statistics)
    speeds = visit.shelf.reports.speeds(report.setting.digest)
    if sent and speeds is not None:
        share = max(1 - evaluated(asked, speeds[0]) / sent, 0.0)
        said.append(
            f"About {share:.0%} of the {sent:,} tokens of its prompts came from the server’s "
            "cache, by an estimate from times."
        )
    return " ".join(said)
