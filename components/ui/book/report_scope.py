"""Which chapters of a book are read: the story unless the editor says otherwise, each one listed.

A book has sixty chapters: nobody unticks fifty of them. So first which kind of choice it is, and
only then, where it is asked for, the chapters by name.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape

import streamlit as st

from components.manuscripts import Manuscript
from components.reports import names_of, story_chapters
from components.ui.book.report_labels import kept_choice
from components.ui.manuscript.manuscript_head import Opened
from components.ui.shared import labels

#: Rows above which the list scrolls in its own box.
_TALL = 14

STORY, ALL, ONLY, BUT = "story", "all", "only", "but"

_SAID = {
    STORY: "The story, without front and back matter",
    ALL: "All of it",
    ONLY: "Only chapters that I choose",
    BUT: "All but chapters that I choose",
}


def choose_chapters(opened: Opened) -> tuple[int, ...]:
    """Show the choice and what becomes of each chapter; return the indexes of those to be read."""
    manuscript = opened.manuscript
    if not manuscript.chapters:
        st.html(
            '<p class="fr-quiet">No chapter headings were found in this text: all of it is read, '
            "cut where paragraphs end.</p>"
        )
        return ()
    names = names_of(manuscript)
    story = story_chapters(manuscript)
    kinds = [STORY, ALL, ONLY, BUT] if len(story) < len(names) else [ALL, ONLY, BUT]
    kept = kept_choice(opened.id, "chapters", kinds[0], among=kinds)
    kind = st.selectbox(
        "What is read", kinds, format_func=_SAID.__getitem__, key=kept.widget, on_change=kept.keep
    )
    picked: list[int] = []
    if kind in (ONLY, BUT):
        kept = kept_choice(opened.id, f"chapters-{kind}", [], among=list(names))
        picked = st.multiselect(
            "Chapters to read" if kind == ONLY else "Chapters to leave out",
            list(names),
            format_func=names.__getitem__,
            placeholder="Choose chapters",
            key=kept.widget,
            on_change=kept.keep,
        )
    chosen = _chosen(kind, story, names, picked)
    _list(manuscript, names, chosen)
    return chosen


def _chosen(
    kind: str, story: Collection[int], names: Collection[int], picked: Collection[int]
) -> tuple[int, ...]:
    match kind:
        case "story":
            return tuple(story)
        case "only":
            return tuple(index for index in names if index in picked)
        case "but":
            return tuple(index for index in names if index not in picked)
        case _:
            return tuple(names)


def _list(manuscript: Manuscript, names: dict[int, str], chosen: Collection[int]) -> None:
    out = len(names) - len(chosen)
    said = f"{labels.plural(len(chosen), 'chapter')} of {len(names):,} are read"
    if len(chosen) == 1:
        said = f"1 chapter of {len(names):,} is read"
    said += f"; {out:,} {'is' if out == 1 else 'are'} left out." if out else ", none is left out."
    st.html(f'<p class="fr-quiet">{escape(said)}</p>')
    rows = []
    for chapter in manuscript.chapters:
        is_read = chapter.index in chosen
        facts = labels.plural(chapter.words, "word") if is_read else "left out"
        out_class = "" if is_read else ' class="fr-out"'
        rows.append(
            f"<li{out_class}><span>{escape(names[chapter.index])}</span><span>{facts}</span></li>"
        )
    with st.container(height=460 if len(rows) > _TALL else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Chapters">{"".join(rows)}</ul>')
