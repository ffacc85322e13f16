"""One chapter of a report: its notes by lens, the story so far after it, its scores."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.reports import SCALES, PassageScores, Read, Receipt, Report, sentence_behind
from components.store import State, StepStatus
from components.ui.answer.quote_marks import Marking, missing_because
from components.ui.book.report_answers import show_answer
from components.ui.book.report_labels import MARKS, RED, doing
from components.ui.shared import labels
from components.ui.shared.address import passage_address

_NAMES = {"tension": "Tension", "pace": "Pace", "conflict": "Conflict", "valence": "Mood"}


def chapter_view(report: Report, chapter: int, marking: Marking) -> None:
    """Show what there is of the chapter with the index `chapter`."""
    receipt = next(receipt for receipt in report.receipts if receipt.chapter == chapter)
    st.header(labels.plain(receipt.name), anchor=False)
    state = f":red[{receipt.state}]" if receipt.state in RED else str(receipt.state)
    st.markdown(
        f"{MARKS[receipt.state]} {labels.plural(receipt.words, 'word')}, {state}"
        + (f": {labels.plain(receipt.problem)}" if receipt.problem else "")
    )
    if receipt.state is Read.LEFT_OUT:
        return
    steps = _of_chapter(report, receipt)
    notes = [step for step in steps if step.question.part == "notes"]
    for lens in report.lenses:
        of_lens = [note for note in notes if note.question.lens == lens]
        if of_lens:
            st.html(f'<h3 class="fr-note-head">{escape(lens)}</h3>')
            _answers(of_lens, marking)
    if report.setting.is_whole:
        st.html(
            '<p class="fr-quiet">The book was read as a whole, so there are no notes on single '
            "chapters; the lenses have all of it in view.</p>"
        )
    told = [step for step in steps if step.question.part == "story"]
    if told:
        st.html(f'<h3 class="fr-note-head">The story so far, after {escape(receipt.name)}</h3>')
        _answers(told, marking)
    scored = [score for score in report.scores if chapter in score.passage.chapters or not chapter]
    if scored:
        st.html('<h3 class="fr-note-head">Scores, the model’s opinion</h3>')
        for one in scored:
            _scores(one, marking, several=len(scored) > 1)


def _of_chapter(report: Report, receipt: Receipt) -> list[StepStatus]:
    """Return the steps that read a chapter; all of them for a text without chapters."""
    return [
        step
        for step in report.steps
        if step.question.ranges
        and (not receipt.chapter or receipt.chapter in step.question.chapters)
    ]


def _answers(steps: list[StepStatus], marking: Marking) -> None:
    for step in steps:
        if len(steps) > 1:
            st.html(f'<p class="fr-quiet">{escape(step.question.scope)}</p>')
        if step.state is State.DONE:
            show_answer(step, marking, summary=False, top=4)
        else:
            st.html(f'<p class="fr-quiet">{escape(_not_yet(step))}</p>')


def _not_yet(step: StepStatus) -> str:
    if step.state.is_running:
        return f"Being written now ({doing(step.state)})."
    if step.state.has_ended:
        return "Not finished; it can be run again."
    return "Not read yet."


def _scores(scored: PassageScores, marking: Marking, *, several: bool) -> None:
    if several:
        st.html(f'<p class="fr-quiet">{escape(scored.passage.name)}</p>')
    said = scored.scores
    if said is None:
        unusable = "The model gave no scores that can be used."
        why = unusable if scored.step.state is State.DONE else _not_yet(scored.step)
        st.html(f'<p class="fr-quiet">{escape(why)}</p>')
        return
    rows = []
    for name, (low, high) in SCALES.items():
        value = getattr(said, name)
        most = f"−{-low} to {high}" if low else f"of {high}"
        signed = f"{value:+d}".replace("-", "−") if low and value else f"{value}"
        rows.append(f"<div><dt>{_NAMES[name]}</dt><dd>{signed} <small>{most}</small></dd></div>")
    facts = (
        ("What happens", said.summary),
        ("Where and when", said.setting),
        ("Point of view", said.point_of_view),
        ("People", ", ".join(said.characters)),
        ("What it is for", said.purpose),
    )
    told = "".join(f"<dt>{what}</dt><dd>{escape(text)}</dd>" for what, text in facts if text)
    evidence = _evidence(scored, marking)
    st.html(
        f'<dl class="fr-scores">{"".join(rows)}</dl><dl class="fr-told">{told}'
        f"<dt>Evidence</dt><dd>{evidence}</dd></dl>"
    )


def _evidence(scored: PassageScores, marking: Marking) -> str:
    """Return the sentence as HTML: a link to its place where the manuscript has it."""
    manuscript_id = scored.step.question.manuscript_id
    index = marking.index(manuscript_id)
    if index is None:
        return f"“{escape(scored.scores.evidence)}”" if scored.scores else ""
    within = (scored.passage.start, scored.passage.end)
    found = sentence_behind(scored.scores, index, within=within)
    if found is None:
        return "none given"
    quoted = f"“{escape(found.text)}”"
    if found.finding.is_verified:
        place = found.finding.places[0]
        address = escape(passage_address(manuscript_id, place.start, place.end))
        return f'<a href="{address}" target="_self">{quoted}</a>'
    return f"{quoted} <small>({escape(missing_because(found.finding))})</small>"
