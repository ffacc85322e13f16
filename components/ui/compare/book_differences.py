"""Where whole-book reports part, chapter by chapter: scores drawn and listed, notes side by side.

Columns go by their letters alone, so that the same view serves while the names are hidden.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.export.formatting import NO_FIGURE, score
from components.plots.comparison_charts import draw_scores
from components.reports import (
    SCALES,
    STORY,
    ChapterReading,
    ComparedChapter,
    ModelComparison,
)
from components.store import State
from components.ui.answer.quote_marks import Marking
from components.ui.glance.charts import palette
from components.ui.report.report_answers import show_answer
from components.ui.shared import widgets
from components.ui.shared.html_tables import Html, table
from components.ui.shared.labels import facts, line


def book_differences(differing: ModelComparison, letters: Sequence[str], marking: Marking) -> None:
    """Show how far the reports agree, the chapters by disagreement, and one chapter in full."""
    st.header("Where they part", anchor=False)
    st.html(line(differing.agreement_in_words))
    quoted = "Quotations found in the manuscript."
    for letter, checked in zip(letters, differing.checked, strict=True):
        found = f"{checked.found:,} of {checked.quotations:,}"
        quoted += f" {letter}: {found if checked.quotations else 'none quoted'}."
    st.html(line(quoted))
    chapters = differing.by_disagreement
    if not chapters:
        return
    if any(said.scores is not None for chapter in chapters for said in chapter.said):
        scales = {scale: scale.capitalize() for scale in SCALES}
        scale = widgets.switch("Scale", scales, key="book-scale", default="tension")
        st.altair_chart(draw_scores(differing, letters, scale, palette()))
        _table(chapters, letters)
    by_index = {chapter.index: chapter for chapter in chapters}
    label, names = "Chapter, those first whose scores lie furthest apart", {}
    for index, chapter in by_index.items():
        apart = "" if chapter.spread is None else f"{chapter.spread:.1f} apart".replace(".0 ", " ")
        names[index] = facts(chapter.name, apart)
    index = widgets.select(label, names, key="book-chapter-shown")
    with st.container(key="comparison-chapter"):
        _chapter(differing, by_index[index], letters, marking)


def _table(chapters: Sequence[ComparedChapter], letters: Sequence[str]) -> None:
    rows = []
    for chapter in chapters:
        cells: list[str] = [chapter.name]
        for scale in SCALES:
            values = " · ".join(
                f"{letter} {score(said, scale)}"
                for letter, said in zip(letters, chapter.said, strict=True)
            )
            if chapter.spread and chapter.spreads.get(scale) == chapter.spread:
                values = f"<b>{values}</b>"
            cells.append(Html(f'<span style="white-space: nowrap">{values}</span>'))
        rows.append(cells)
    heads = ("Chapter", *map(str.capitalize, SCALES))
    st.html(table("Scores by chapter", heads, rows, kind="fr-compared"))
    st.caption(
        f"The widest difference of a chapter is bold; {NO_FIGURE} means that there is no score."
    )


def _chapter(
    differing: ModelComparison, chapter: ComparedChapter, letters: Sequence[str], marking: Marking
) -> None:
    """Show what each says of one chapter: sentence, scores, people, and each lens's notes."""
    columns = st.columns(len(letters), gap="medium")
    named = zip(columns, letters, chapter.said, chapter.only, strict=True)
    for column, letter, said, only in named:
        column.html(_summary(letter, said, only))
    for lens in differing.lenses:
        st.html(f'<p class="fr-meta"><b>{escape(lens)}</b></p>')
        columns = st.columns(len(letters), gap="medium")
        for column, letter, said in zip(columns, letters, chapter.said, strict=True):
            with column:
                _notes(letter, said, lens, marking)
    if not differing.lenses:
        st.caption("The book was read at once: there are no notes on single chapters.")


def _summary(letter: str, said: ChapterReading, only: tuple[str, ...] | None) -> str:
    if said.scores is None:
        return line(Html(f"<b>{letter}</b> has no scores of this chapter."))
    scores = ", ".join(f"{scale} {score(said, scale)}" for scale in SCALES)
    if said.scores.scored < said.scores.passages:
        scores += f" ({said.scores.scored} of {said.scores.passages} passages scored)"
    summary = line(Html(f"<b>{letter}</b> {escape(' '.join(said.scores.summaries))}"))
    names = line(f"Named by {letter} alone: {', '.join(only)}") if only else ""
    return f"{summary}{line(scores)}{names}"


def _notes(letter: str, said: ChapterReading, lens: str, marking: Marking) -> None:
    notes = said.of(lens)
    if not notes:
        st.caption(f"{letter} has no {'story' if lens == STORY else 'notes'} on it by this lens.")
    for note in notes:
        if note.step.state is not State.DONE or note.evidence is None:
            st.caption(f"{letter}: not written yet.")
            continue
        show_answer(note.step, marking)
