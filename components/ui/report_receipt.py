"""The receipt of a report: for each chapter the proof that it was read, or what is missing."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.novel import Read, Receipt, Report, evaluated
from components.store import Done, State
from components.ui import words
from components.ui.report_words import RED
from components.ui.visit import Visit

#: Chapters that are named and have a button of their own; the table has all.
_NAMED = 12


def report_headline(visit: Visit, report: Report) -> None:
    """Say whether all that was chosen was read whole, and of what is missing what to do."""
    chosen = [one for one in report.receipts if one.state is not Read.LEFT_OUT]
    complete = sum(one.is_complete for one in chosen)
    if report.is_complete:
        st.markdown(f":material/verified: **Complete:** {_all_read(report, len(chosen))}")
    elif report.is_active:
        st.markdown(f"{complete:,} of {words.plural(len(chosen), 'chosen chapter')} read whole.")
    else:
        missing = words.plain(_missing(report, len(chosen)))
        st.markdown(f":material/error: :red[**Not complete:** {missing}]")
    unscored = [one for one in report.without_scores if one.step.state is State.DONE]
    if unscored:
        names = ", ".join(one.passage.name for one in unscored[:_NAMED])
        st.caption(f"The model gave no scores that can be used for {words.plain(names)}.")
    for one in [one for one in report.short if one.state in RED][:_NAMED]:
        _run_again(visit, report, one)


def report_receipt(visit: Visit, report: Report) -> None:
    """Show the table with a row for each chapter of the book, and what was reused."""
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
    head = "".join(
        f"<th>{name}{f'<small>{term}</small>' if term else ''}</th>" for name, term in heads
    )
    rows = "".join(_row(one) for one in report.receipts)
    st.html(
        '<div class="fr-table fr-receipt"><table aria-label="Receipt"><thead><tr>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    held = (
        "The book was read as a whole: the tokens received are those of the prompt that held the "
        "chapter."
        if report.setting.is_whole
        else "Tokens received are those of the prompts that first read the chapter: its text, the "
        "story so far and the question."
    )
    st.html(f'<p class="fr-quiet">{escape(held)}</p>')
    if said := _reuse(visit, report):
        st.html(f'<p class="fr-quiet">{escape(said)}</p>')


def _row(one: Receipt) -> str:
    if one.state is Read.LEFT_OUT:
        rest = '<td colspan="7">left out, as you chose</td>'
        name = f"<td>{escape(one.name)}</td><td>{one.words:,}</td>"
        return f'<tr class="fr-out">{name}{rest}<td>left out</td></tr>'
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
    return f"<tr><td>{escape(one.name)}</td>{cells}</tr>"


def _all_read(report: Report, chosen: int) -> str:
    if chosen == 1 and not report.manuscript.chapters:
        return "the whole text was read."
    if chosen == 1:
        return "the one chosen chapter was read whole."
    return f"all {chosen:,} chosen chapters were read whole."


def _missing(report: Report, chosen: int) -> str:
    said = []
    if report.short:
        named = ", ".join(f"{one.name} ({one.state})" for one in report.short[:_NAMED])
        more = len(report.short) - _NAMED
        named += f" and {more:,} more, see the receipt" if more > 0 else ""
        are = "is" if len(report.short) == 1 else "are"
        said.append(f"{len(report.short):,} of {chosen:,} chosen chapters {are} missing: {named}.")
    else:
        said.append(f"the chapters were read whole ({chosen:,} of {chosen:,}).")
    without = [one for one in report.of("report") if one.state is not State.DONE]
    if without:
        named = ", ".join(one.question.lens for one in without)
        said.append(f"Missing too: the report of {named}.")
    return " ".join(said)


def _run_again(visit: Visit, report: Report, receipt: Receipt) -> None:
    stuck = [one for one in report.stuck if _reads(one, receipt)]
    with st.container(horizontal=True, vertical_alignment="center"):
        said = words.plain(f"{receipt.name}: {receipt.state}. {receipt.problem}")
        st.markdown(f":red[{said}]", width="content")
        if stuck:
            st.button(
                "Run again",
                key=f"chapter-again-{receipt.chapter}",
                icon=":material/replay:",
                type="tertiary",
                on_click=_again,
                args=(visit, stuck),
            )
        elif receipt.state is Read.SHORT:
            st.caption("Begin a new reading with “Read anew what was read before”.")


def _reads(step: Done, receipt: Receipt) -> bool:
    question = step.question
    return bool(question.ranges) and (not receipt.chapter or receipt.chapter in question.chapters)


def _again(visit: Visit, steps: list[Done]) -> None:
    for one in steps:
        visit.app.jobs.again(visit.shelf, one.analysis_id)


def _reuse(visit: Visit, report: Report) -> str:
    said = []
    if report.copied:
        steps = words.plural(report.copied, "step")
        said.append(f"{steps} of {len(report.steps):,} came from an earlier reading.")
    asked = [one for one in report.steps if one.statistics is not None and not one.is_copied]
    sent = sum(one.statistics.prompt_eval_count or 0 for one in asked if one.statistics)
    speeds = visit.shelf.reports.speeds(report.setting.digest)
    if sent and speeds is not None:
        share = max(1 - evaluated(asked, speeds[0]) / sent, 0.0)
        said.append(
            f"About {share:.0%} of the {sent:,} tokens of its prompts came from the server’s "
            "cache, by an estimate from times."
        )
    return " ".join(said)
