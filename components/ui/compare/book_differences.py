"""Where whole-book reports part, chapter by chapter: scores drawn and listed, notes side by side.

Columns go by their letters alone, so that the same view serves while the names are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import altair as alt
import streamlit as st

from components.export.formatting import NO_FIGURE, score
from components.reports import (
    SCALES,
    STORY,
    ChapterReading,
    ComparedChapter,
    ModelComparison,
    is_prose,
)
from components.store import State
from components.ui.answer.quote_marks import Marking
from components.ui.answer.quote_summary import said_of
from components.ui.book.report_answers import show_answer
from components.ui.glance.plot_selection import palette
from components.ui.shared.tables import table

#: What each column is drawn in, by its letter.
_COLOURS = {"A": "dialogue", "B": "rhythm", "C": "reading_ease", "D": "names"}


def book_differences(differing: ModelComparison, letters: Sequence[str], marking: Marking) -> None:
    """Show how far the reports agree, the chapters by disagreement, and one chapter in full."""
    st.header("Where they part", anchor=False)
    st.html(f'<p class="fr-quiet">{escape(differing.agreement_in_words)}</p>')
    quoted = " ".join(
        f"{letter}: {_quoted(one.found, one.quotations)}."
        for letter, one in zip(letters, differing.checked, strict=True)
    )
    st.html(f'<p class="fr-quiet">Quotations found in the manuscript. {escape(quoted)}</p>')
    order = differing.by_disagreement
    if not order:
        return
    if any(said.scores is not None for one in order for said in one.said):
        scale = st.segmented_control(
            "Scale",
            list(SCALES),
            key="book-scale",
            default="tension",
            required=True,
            format_func=str.capitalize,
        )
        _chart(differing, letters, str(scale or "tension"))
        _table(order, letters)
    by_name = {one.index: one for one in order}
    index = st.selectbox(
        "Chapter, those first whose scores lie furthest apart",
        list(by_name),
        key="book-chapter-shown",
        format_func=lambda at: f"{by_name[at].name}{_apart(by_name[at])}",
    )
    with st.container(key="comparison-chapter"):
        _chapter(differing, by_name[index], letters, marking)


def _quoted(found: int, total: int) -> str:
    return f"{found:,} of {total:,}" if total else "none quoted"


def _apart(chapter: ComparedChapter) -> str:
    return "" if chapter.spread is None else f" · {chapter.spread:.1f} apart".replace(".0 ", " ")


def _table(order: Sequence[ComparedChapter], letters: Sequence[str]) -> None:
    rows = []
    for one in order:
        cells = []
        for scale in SCALES:
            values = " · ".join(
                f"{letter} {score(said, scale)}"
                for letter, said in zip(letters, one.said, strict=True)
            )
            widest = one.spread and one.spreads.get(scale) == one.spread
            said_of_all = f"<b>{values}</b>" if widest else values
            cells.append(f'<td style="white-space: nowrap">{said_of_all}</td>')
        rows.append(f"<tr><td>{escape(one.name)}</td>{''.join(cells)}</tr>")
    heads = ("Chapter", *(escape(scale.capitalize()) for scale in SCALES))
    st.html(table("Scores by chapter", heads, rows, kind="fr-compared"))
    st.caption(
        f"The widest difference of a chapter is bold; {NO_FIGURE} means that there is no score."
    )


def _chart(differing: ModelComparison, letters: Sequence[str], scale: str) -> None:
    """Draw each chapter's scores as letters on a line from the lowest to the highest."""
    step = 0.14
    points = [
        {
            "at": at + step * (number - (len(letters) - 1) / 2),
            "line": at,
            "chapter": chapter.name,
            "letter": letter,
            "value": said.scores.value(scale),
        }
        for at, chapter in enumerate(differing.chapters, 1)
        for number, (letter, said) in enumerate(zip(letters, chapter.said, strict=True))
        if said.scores is not None
    ]
    low, high = SCALES[scale]
    title = "Chapters in the order of the book"
    along = alt.Scale(domain=[0.5, len(differing.chapters) + 0.5], nice=False, zero=False)
    x = alt.X(
        "at:Q",
        title=title,
        scale=along,
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
    )
    y = alt.Y("value:Q", title=scale.capitalize(), scale=alt.Scale(domain=[low - 0.5, high + 0.5]))
    base = alt.Chart(alt.InlineData(values=points))
    lines = base.mark_rule(strokeWidth=2, opacity=0.4, color=palette()["words"]).encode(
        x=alt.X("line:Q", title=title, scale=along),
        y=alt.Y("min(value):Q", title=scale.capitalize()),
        y2="max(value):Q",
    )
    # The letters say which is which; the colours only help.
    marks = base.mark_text(fontWeight="bold", fontSize=13).encode(
        x=x,
        y=y,
        text="letter:N",
        color=alt.Color(
            "letter:N",
            legend=None,
            scale=alt.Scale(
                domain=list(_COLOURS), range=[palette()[one] for one in _COLOURS.values()]
            ),
        ),
        tooltip=[
            alt.Tooltip("chapter:N", title="Chapter"),
            alt.Tooltip("letter:N", title="Column"),
            alt.Tooltip("value:Q", title=scale.capitalize(), format=".1f"),
        ],
    )
    st.altair_chart((lines + marks).configure_view(strokeWidth=0).properties(height=240))


def _chapter(
    differing: ModelComparison, chapter: ComparedChapter, letters: Sequence[str], marking: Marking
) -> None:
    """Show what each says of one chapter: sentence, scores, people, and each lens's notes."""
    for place, letter, said, only in zip(
        st.columns(len(letters), gap="medium"), letters, chapter.said, chapter.only, strict=True
    ):
        with place:
            st.html(_said_of(letter, said, only))
    for lens in differing.lenses:
        st.html(f'<p class="fr-meta"><b>{escape(lens)}</b></p>')
        for place, letter, said in zip(
            st.columns(len(letters), gap="medium"), letters, chapter.said, strict=True
        ):
            with place:
                _notes(letter, said, lens, marking)
    if not differing.lenses:
        st.caption("The book was read at once: there are no notes on single chapters.")


def _said_of(letter: str, said: ChapterReading, only: tuple[str, ...] | None) -> str:
    if said.scores is None:
        return f'<p class="fr-quiet"><b>{letter}</b> has no scores of this chapter.</p>'
    scores = ", ".join(f"{scale} {score(said, scale)}" for scale in SCALES)
    part = ""
    if said.scores.scored < said.scores.passages:
        part = f" ({said.scores.scored} of {said.scores.passages} passages scored)"
    names = ""
    if only:
        names = f'<p class="fr-quiet">Named by {letter} alone: {escape(", ".join(only))}</p>'
    summaries = escape(" ".join(said.scores.summaries))
    return (
        f'<p class="fr-quiet"><b>{letter}</b> {summaries}</p>'
        f'<p class="fr-quiet">{escape(scores + part)}</p>{names}'
    )


def _notes(letter: str, said: ChapterReading, lens: str, marking: Marking) -> None:
    of_it = said.of(lens)
    if not of_it:
        what = "story" if lens == STORY else "notes"
        st.caption(f"{letter} has no {what} on it by this lens.")
    for one in of_it:
        if one.step.state is not State.DONE or one.evidence is None:
            st.caption(f"{letter}: not written yet.")
            continue
        show_answer(one.step, marking, summary=False)
        if is_prose(one.step.question):
            st.caption(said_of(one.evidence))
