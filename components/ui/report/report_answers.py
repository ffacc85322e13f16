"""Answers of a report on the page: each checked once and marked, by lens and by chapter."""

import json
from collections.abc import Callable
from html import escape

import streamlit as st

from components import reports
from components.evidence import Index
from components.export import formatting
from components.export.stages import step_name
from components.markdown import Blocks, Headings, to_html
from components.plots import ground_of
from components.reports import PassageScores, Read, Report, Scores, is_prose
from components.store import State, StepStatus
from components.ui.answer.quote_marks import Marking, quote_summary
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.report.report_labels import ICONS, chapter_state, doing
from components.ui.shared import labels, widgets
from components.ui.shared.address import passage_link
from components.ui.shared.html_tables import HtmlSlot, figure_list
from components.ui.shared.problems import problems_shown
from components.ui.shared.visit import Visit

_STANDS_APART = f"What was written of it stands above, under “{formatting.UNFINISHED}”."

#: By the scale of a score its title.
SCORE_TITLES = {
    "tension": "Tension",
    "valence": "Valence, −5 to 5",
    "pace": "Pace",
    "conflict": "Conflict",
}

#: What is said of the sentence behind scores.
GROUNDS = {
    "found": "found in the manuscript, in this passage",
    "elsewhere": "found in the manuscript, but outside this passage",
    "signs": "found in the manuscript, with other punctuation",
    "missing": "not found in the manuscript: it may be the model’s own words",
}


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
        # One element: those of a whole novel would be hundreds.
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
        st.checkbox(label, key=key, on_change=problems_shown()(keep))


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
    notes = report.notes_below(final)
    done = sum(step.state is State.DONE for step in notes)
    if not notes:
        return "This report is asked as soon as the calls before it are done."
    if done == len(notes):
        return "All findings for its summary are there; that is asked next."
    return (
        f"The summary is written from the findings on {labels.plural(len(notes), 'passage')}: "
        f"{done:,} of them are there."
    )


def show_unfinished(visit: Visit, report: Report, marking: Marking, panel: StatisticsPanel) -> None:
    """Show what steps wrote that were stopped or broke off, and the figures of the last of them."""
    steps = report.unfinished
    if not steps:
        return
    with st.container(key="book-unfinished"):
        st.header(formatting.UNFINISHED, anchor=False)
        for step in steps:
            _heading(step_name(step))
            widgets.say(formatting.unfinished(step))
            show_answer(step, marking, top=4)
    if not report.is_active:  # Else the panel belongs to what runs.
        last = max(steps, key=lambda step: step.ended or 0.0)
        panel.show(visit.app.store.journal.outcome(last.call_id), last.question)


def show_quotations(report: Report, marking: Marking) -> None:
    """Say how many quotations of all texts were found, and how much else is flagged."""
    index, look = marking.index_of(report), marking.look(report)
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
    if said:
        widgets.say(" ".join(said))


def chapter_view(report: Report, chapter: int, marking: Marking) -> None:
    """Show what there is of the chapter with this index: findings, scores."""
    receipt = next(receipt for receipt in report.receipts if receipt.chapter == chapter)
    st.header(labels.plain(receipt.name), anchor=False)
    problem = f": {labels.plain(receipt.problem)}" if receipt.problem else ""
    words = labels.length(receipt.words, report.manuscript.unit)
    st.markdown(f"{ICONS[receipt.state]} {words}, {chapter_state(receipt)}{problem}")
    if receipt.state is Read.LEFT_OUT:
        return
    steps = [step for step in report.steps if step.question.reads(chapter)]
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
            widgets.say(scored.passage.name)
        st.html(scores_html(scored, marking.index_of(report)))


def _heading(text: str) -> None:
    st.html(f'<h3 class="fr-note-head">{escape(text)}</h3>')


def _answers(heading: str, steps: list[StepStatus], marking: Marking) -> None:
    """Show the answers of these steps under a heading; nothing without any."""
    if steps:
        _heading(heading)
    for step in steps:
        if len(steps) > 1:
            widgets.say(step.question.scope)
        if step.state is State.DONE:
            show_answer(step, marking, summary=False, top=4)
        else:
            widgets.say(_not_yet(step))


def _not_yet(step: StepStatus) -> str:
    if step.state.is_running:
        return f"Being written now ({doing(step.state)})."
    if step.state.has_ended and is_prose(step.question) and step.answer.strip():
        return f"Not finished. {_STANDS_APART}"
    return "Not finished; it can be run again." if step.state.has_ended else "Not read yet."


def scores_html(scored: PassageScores, index: Index, *, head: str = "", link: str = "") -> str:
    """Return the scores of a passage as HTML, what came with them, and the sentence behind them.

    `head` and `link` are HTML that stands above, and below the sentence.
    """
    scores, passage, about = scored.scores, scored.passage, scored.step.question.manuscript_id
    if scores is None:
        return f'<div class="fr-scored">{head}<p>{escape(no_scores(scored.step))}</p>{link}</div>'
    figures = [(title, _score(scores, name)) for name, title in SCORE_TITLES.items()]
    facts = [
        ("Characters", ", ".join(scores.characters)),
        ("Point of view", scores.point_of_view),
        ("Setting", scores.setting),
        ("What it is for", scores.purpose),
    ]
    ground = ground_of(scores, (passage.start, passage.end), index)
    sentence = "<p>The model gave no sentence that its scores rest on.</p>"
    if ground is not None:
        found = f"This sentence is {GROUNDS[ground.state]}."
        if ground.place is not None:
            found = f"{found} {passage_link('Read it there', about, *ground.place)}"
        if ground.was_cut:
            found += " The model’s sentence was cut at its longest."
        sentence = f"<blockquote>“{escape(ground.text)}”</blockquote><p>{found}</p>"
    return (
        f'<div class="fr-scored">{head}'
        f"{figure_list(figures, kind='fr-headline', value_first=True)}"
        f"<p>{escape(scores.summary)}</p>"
        f"{figure_list([fact for fact in facts if fact[1]], kind='fr-facts')}{sentence}{link}</div>"
    )


def no_scores(step: StepStatus) -> str:
    """Say why there are no scores of a passage."""
    if step.state is State.DONE:
        return "The model gave no scores that can be used."
    return f"{_not_yet(step)} {step.error or ''}".rstrip()


def _score(scores: Scores, name: str) -> str:
    """Say one score: "7 of 10", and "+2" where the scale goes below zero."""
    value, (low, high) = int(getattr(scores, name)), reports.SCALES[name]
    if low < 0:
        return f"{value:+d}".replace("-", "−") if value else "0"
    return f"{value} of {high}"
