"""Answers of a report on the page: each checked once and marked, by lens and by chapter."""

import json
from collections.abc import Callable
from html import escape

import streamlit as st

from components import reports
from components.evidence import Evidence, Index
from components.export import formatting
from components.export.evidence_labels import where
from components.export.stages import step_name
from components.markdown import Blocks, Headings, to_html
from components.reports import PassageScores, Read, Report, Scores, is_prose
from components.store import State, StepStatus
from components.ui.answer.quote_marks import Marking, quote_summary
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.report.report_labels import ICONS, chapter_state, doing, reads_chapter
from components.ui.shared import labels
from components.ui.shared.address import passage_link
from components.ui.shared.html_tables import Html, HtmlSlot, figure_list
from components.ui.shared.visit import Visit

_STANDS_APART = f"What was written of it stands above, under “{formatting.UNFINISHED}”."

_SCALES = {"tension": "Tension", "pace": "Pace", "conflict": "Conflict", "valence": "Mood"}


def looked_up(index: Index, sha256: str) -> reports.EvidenceLookup:
    """Return what checks an answer against the manuscript with this hash, each answer once."""
    return lambda step: _evidence(step.call_id, step.answer, sha256, step, index)


@st.cache_data(show_spinner=False, max_entries=5_000)
def _evidence(
    call_id: str,  # noqa: ARG001
    answer: str,
    sha256: str,  # noqa: ARG001
    _step: StepStatus,
    _index: Index,
) -> Evidence:
    return reports.evidence_of(_step.question, answer, _index)


def show_answer(step: StepStatus, marking: Marking, *, summary: bool = True, top: int = 2) -> None:
    """Show the answer of a step that is done, what was found in it, and whether it was cut.

    `top` is the level of its first heading.
    """
    about = step.question.manuscript_id
    if is_prose(step.question):
        marks = marking.marks(step.question)
        blocks, headings = Blocks(), Headings(top)
        blocks.feed(step.answer)
        blocks.finish()
        last = len(blocks.settled) - 1
        html = [
            to_html(block, headings=headings)
            if marks is None
            else marks.html(block, is_last=number == last, headings=headings)
            for number, block in enumerate(blocks.settled)
        ]
        st.html(f'<div class="fr-analysis" dir="auto">{"".join(html)}</div>')
        checked = quote_summary(marks.evidence, about, is_done=True) if marks is not None else ""
        if summary and checked:
            st.html(checked)
    else:  # Quotations in JSON are not checked: it is shown as it is.
        st.code(_indented(step.answer), language="json", wrap_lines=True)
    if step.statistics is not None and step.statistics.done_reason == "length":
        most = step.question.options.num_predict
        st.caption(f"This answer ended at its limit of {most:,} tokens.")


def _indented(answer: str) -> str:
    try:
        return json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    except ValueError:
        return answer


def _ask_intended(visit: Visit, report: Report, lens: str) -> None:
    """Offer to dismiss what contradicts itself on purpose: a lie, a joke, years that went by."""
    manuscript_id = report.series.manuscript_id
    intended = reports.intended_of(visit.shelf, manuscript_id)
    for name, conflict in reports.conflicts(report.findings_of(lens)).items():
        key = f"intended-{name}"
        st.session_state[key] = name in intended

        def keep(name: str = name, key: str = key) -> None:
            is_intended = bool(st.session_state[key])
            reports.dismiss(visit.shelf, manuscript_id, name, is_intended=is_intended)

        values = " / ".join(value for value, _ in conflict.sides)
        label = labels.plain(f"Intended: {conflict.subject}, {values}")
        st.checkbox(label, key=key, on_change=keep)


def lens_view(
    visit: Visit, report: Report, lens: str, marking: Marking
) -> Callable[[Report], None]:
    """Show the report by a lens, or what it waits for; return what refreshes the latter."""
    final = report.final(lens)
    if final.state is State.DONE:
        show_answer(final, marking)
        _ask_intended(visit, report, lens)
        return lambda _: None
    place = HtmlSlot(st.empty())
    if report.findings_of(lens):  # What was found until now.
        show_answer(final, marking)

    def refresh(now: Report) -> None:
        place.show(labels.line(_waits_for(now, lens)))

    refresh(report)
    return refresh


def _waits_for(report: Report, lens: str) -> str:
    final = report.final(lens)
    if final.state.is_running:
        return f"This report is being written now ({doing(final.state)})."
    if final.state.has_ended:
        what = "The summary" if report.findings_of(lens) else "This report"
        if any(step.position == final.position for step in report.unfinished):
            return f"{what} is not finished. {_STANDS_APART}"
        begun = "It ended before anything of it was whole."
        return f"{what} is not written. {begun if final.attempt else 'It was not begun yet.'}"
    notes = _notes_below(report, final)
    done = sum(report.steps[position].state is State.DONE for position in notes)
    if not notes:
        return "This report is asked as soon as the calls before it are done."
    if done == len(notes):
        return "All findings for its summary are there; that is asked next."
    return (
        f"The summary is written from the findings on {labels.plural(len(notes), 'passage')}: "
        f"{done:,} of them are there."
    )


def _notes_below(report: Report, step: StepStatus) -> set[int]:
    """Return the positions of the notes that a report is made of, through what joins them."""
    notes: set[int] = set()
    waiting = list(step.needs)
    while waiting:
        needed = report.steps[waiting.pop()]
        if needed.question.part == "digest":
            waiting += needed.needs
        else:
            notes.add(needed.position)
    return notes


def show_unfinished(visit: Visit, report: Report, marking: Marking, panel: StatisticsPanel) -> None:
    """Show what steps wrote that were stopped or broke off, and the figures of the last of them."""
    steps = report.unfinished
    if not steps:
        return
    with st.container(key="book-unfinished"):
        st.header(formatting.UNFINISHED, anchor=False)
        for step in steps:
            _heading(step_name(step))
            st.html(labels.line(formatting.unfinished(step)))
            show_answer(step, marking, top=4)
    if not report.is_active:  # Else the panel belongs to what runs.
        last = max(steps, key=lambda step: step.ended or 0.0)
        panel.show(visit.app.store.journal.outcome(last.call_id), last.question)


def quotations_line(report: Report, marking: Marking) -> str:
    """Say how many quotations of all texts were found, and how much else is flagged."""
    index = marking.index(report.series.manuscript_id)
    if index is None:
        return ""
    look = looked_up(index, report.manuscript.sha256)
    counts = reports.count_quotations(report, index, look=look)
    said = []
    if counts.share is not None:
        said.append(
            f"Quotations in all texts, and sentences behind scores: {counts.found:,} of "
            f"{counts.quotations:,} found in the manuscript ({counts.share:.0%}), in "
            f"{labels.plural(counts.answers, 'answer')}."
        )
    if counts.flags:
        said.append(
            f"{labels.plural(counts.flags, 'place')} without support: chapters that were not read, "
            "unknown names, copies."
        )
    return labels.line(" ".join(said)) if said else ""


def chapter_view(report: Report, chapter: int, marking: Marking) -> None:
    """Show what there is of the chapter with this index: findings, scores."""
    receipt = next(receipt for receipt in report.receipts if receipt.chapter == chapter)
    st.header(labels.plain(receipt.name), anchor=False)
    problem = f": {labels.plain(receipt.problem)}" if receipt.problem else ""
    words = labels.length(receipt.words, report.manuscript.unit)
    st.markdown(f"{ICONS[receipt.state]} {words}, {chapter_state(receipt)}{problem}")
    if receipt.state is Read.LEFT_OUT:
        return
    steps = [step for step in report.steps if reads_chapter(step, chapter)]
    for lens in report.lenses:
        noted = [step for step in report.noted if step in steps and step.question.lens == lens]
        _answers(lens, noted, marking)
    story = [step for step in steps if step.question.part == "story"]  # Of earlier versions.
    _answers(f"The story so far, after {receipt.name}", story, marking)
    scores = [score for score in report.scores if chapter in score.passage.chapters or not chapter]
    if scores:
        _heading("Scores, the model’s opinion")
    for scored in scores:
        if len(scores) > 1:
            st.html(labels.line(scored.passage.name))
        st.html(_scores(scored, marking))


def _heading(text: str) -> None:
    st.html(f'<h3 class="fr-note-head">{escape(text)}</h3>')


def _answers(heading: str, steps: list[StepStatus], marking: Marking) -> None:
    """Show the answers of these steps under a heading; nothing without any."""
    if steps:
        _heading(heading)
    for step in steps:
        if len(steps) > 1:
            st.html(labels.line(step.question.scope))
        if step.state is State.DONE:
            show_answer(step, marking, summary=False, top=4)
        else:
            st.html(labels.line(_not_yet(step)))


def _not_yet(step: StepStatus) -> str:
    if step.state.is_running:
        return f"Being written now ({doing(step.state)})."
    if step.state.has_ended and is_prose(step.question) and step.answer.strip():
        return f"Not finished. {_STANDS_APART}"
    return "Not finished; it can be run again." if step.state.has_ended else "Not read yet."


def _scores(scored: PassageScores, marking: Marking) -> str:
    scores = scored.scores
    if scores is None:
        unusable = "The model gave no scores that can be used."
        return labels.line(unusable if scored.step.state is State.DONE else _not_yet(scored.step))
    figures = []
    for name, (low, high) in reports.SCALES.items():
        value = getattr(scores, name)
        extent = f"−{-low} to {high}" if low else f"of {high}"
        signed = f"{value:+d}".replace("-", "−") if low and value else f"{value}"
        figures.append((_SCALES[name], Html(f"{signed} <small>{extent}</small>")))
    facts = (
        ("What happens", escape(scores.summary)),
        ("Where and when", escape(scores.setting)),
        ("Point of view", escape(scores.point_of_view)),
        ("People", escape(", ".join(scores.characters))),
        ("What it is for", escape(scores.purpose)),
        ("Evidence", _sentence(scored, scores, marking)),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{html}</dd>" for name, html in facts if html)
    return f'{figure_list(figures, kind="fr-scores")}<dl class="fr-told">{rows}</dl>'


def _sentence(scored: PassageScores, scores: Scores, marking: Marking) -> str:
    """Return the sentence behind scores as HTML: a link where the manuscript has it."""
    manuscript_id = scored.step.question.manuscript_id
    index = marking.index(manuscript_id)
    if index is None:
        return f"“{escape(scores.evidence)}”"
    within = (scored.passage.start, scored.passage.end)
    sentence = reports.sentence_behind(scores, index, within=within)
    if sentence is None:
        return "none given"
    quoted = f"“{sentence.text}”"
    if sentence.quote.is_verified:
        location = sentence.quote.places[0]
        return passage_link(quoted, manuscript_id, location.start, location.end)
    return f"{escape(quoted)} <small>({escape(where(sentence.quote))})</small>"
