"""Checking the chapters of a manuscript before anything reads it: rename, merge, split, mark."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from components.errors import OutlineChanged
from components.manuscripts import Chapter, Manuscript, called, outline_edits
from components.store import Outlined
from components.ui.manuscript.outline_anchor import Anchor, place_at
from components.ui.manuscript.outline_labels import APART, KIND
from components.ui.manuscript.outline_list import OutlineRow, choice_list
from components.ui.manuscript.reader_view import reader_view
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

#: Why the change before this run was not made.
_TOLD = "outline-told"
#: Manuscript and number of the outline that this window showed last.
_SEEN = "outline-seen"
#: The start of the chapter that is being split, and of the paragraph chosen for it.
_SPLITTING, _SPLIT_AT = "splitting", "split-at"

#: Of the history, newest first.
_VERSIONS_SHOWN = 40
#: Paragraphs from which on the likely headings are shown first, and the most that are shown.
_MANY, _MOST = 300, 3_000
#: Characters of a heading on a button, and of a paragraph in a list.
_SHORT, _LINE = 40, 110


@dataclass(frozen=True, slots=True)
class Editing:
    """The outline that is being looked at, and the place in it.

    `since` is the number of the outline that this window showed when the editor clicked.
    """

    visit: Visit
    id: str
    outlined: Outlined
    place: Anchor
    since: int

    @property
    def manuscript(self) -> Manuscript:
        """Return the manuscript with the chapters that hold."""
        return self.outlined.manuscript

    @property
    def chapter(self) -> Chapter:
        """Return the chapter that was chosen."""
        return self.place.chapter

    def choose(self, at: int) -> None:
        """Let the address name the chapter that starts at `at`."""
        go(self.id, str(at), page=Page.MANUSCRIPT)

    def begin_splitting(self) -> None:
        """Have the paragraphs of the chapter shown to choose from."""
        st.session_state[_SPLITTING] = (self.id, self.chapter.start)
        st.session_state.pop(_SPLIT_AT, None)

    def change(self, edited: Manuscript, done: str, *, at: int) -> None:
        """Keep the chapters of `edited` and go to the one at `at`; `done` says what was done."""
        outlines = self.visit.shelf.outlines
        try:
            number = outlines.change(self.id, edited, done=done, since=self.since)
        except OutlineChanged as error:
            st.session_state[_TOLD] = error
        else:
            st.session_state[_SEEN] = (self.id, number)
            self.choose(at)
        st.session_state.pop(_SPLITTING, None)
        st.rerun()

    def hold(self, number: int) -> None:
        """Go to another version of the outline."""
        try:
            self.visit.shelf.outlines.go_to(self.id, number, since=self.since)
        except OutlineChanged as error:
            st.session_state[_TOLD] = error
        else:
            st.session_state[_SEEN] = (self.id, number)
        st.session_state.pop(_SPLITTING, None)
        st.rerun()


def edit_outline(visit: Visit, manuscript_id: str) -> Editing:
    """Return the outline of a manuscript with the place that the address names."""
    outlined = visit.shelf.outlines.open(manuscript_id)
    place = place_at(outlined.manuscript, st.query_params.get("at", ""))
    seen_of, since = st.session_state.get(_SEEN, ("", 0))
    if seen_of != manuscript_id:
        since = outlined.number
    st.session_state[_SEEN] = (manuscript_id, outlined.number)
    if told := st.session_state.pop(_TOLD, None):
        st.warning(f"{told} {told.advice}", icon=":material/info:")
    elif since != outlined.number:
        st.warning(
            "The chapters were changed in another window. They are shown as they are now.",
            icon=":material/info:",
        )
    if place.is_missing:
        st.info(
            "The address names no place in this text. Here is its beginning.",
            icon=":material/info:",
        )
    return Editing(visit, manuscript_id, outlined, place, since)


def outline_list(editing: Editing) -> None:
    """List the chapters, one of them chosen, with undo and the history above."""
    with st.container(horizontal=True, vertical_alignment="center", key="outline-history"):
        _history(editing)
    choice_list(
        _rows(editing.manuscript),
        editing.chapter.start,
        editing.choose,
        key=f"outline-{editing.id}",
        label="Chapters",
        scroll=editing.place.scroll,
        below=".st-key-chapter",
    )


def chapter_panel(editing: Editing) -> None:
    """Show the chosen chapter: what it is, what can be done with it, its text."""
    chapter, manuscript = editing.chapter, editing.manuscript
    with st.container(key="chapter"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(labels.plain(chapter.name), anchor=False)
            _kind(editing)
        facts = [labels.plural(chapter.words, "word")]
        if chapter.part and chapter.kind != "part":
            facts.append(f"in {chapter.part}")
        st.html(f'<p class="fr-quiet">{escape(" · ".join(facts))}</p>')
        with st.container(horizontal=True, vertical_alignment="center", key="chapter-actions"):
            _actions(editing)
        if st.session_state.get(_SPLITTING) == (editing.id, chapter.start):
            _split(editing)
            return
        shown = reader_view(manuscript, chapter, editing.place.stretch)
        _turn(editing, shown.earlier, shown.later)


def _history(editing: Editing) -> None:
    outlined = editing.outlined
    undo, redo = outlined.undone_by_undo, outlined.done_by_redo
    if st.button(
        "Undo",
        icon=":material/undo:",
        disabled=undo is None,
        help=labels.plain(undo.done) if undo else None,
        key="outline-undo",
    ):
        editing.hold(undo.parent if undo else 0)
    if st.button(
        "Redo",
        icon=":material/redo:",
        disabled=redo is None,
        help=labels.plain(redo.done) if redo else None,
        key="outline-redo",
    ):
        editing.hold(redo.number if redo else 0)
    if not outlined.versions:
        return
    with st.popover(
        "History", icon=":material/history:", type="tertiary", key=_fresh(editing, "h")
    ):
        st.html('<p class="fr-quiet">Every change is kept. Go back to any of them:</p>')
        for version in reversed(outlined.versions[-_VERSIONS_SHOWN:]):
            here = version.number == outlined.number
            label = f"{labels.plain(version.done)} · {labels.date(version.created)}"
            if st.button(label, key=f"version-{version.number}", type="tertiary", disabled=here):
                editing.hold(version.number)
        if len(outlined.versions) > _VERSIONS_SHOWN:
            left = len(outlined.versions) - _VERSIONS_SHOWN
            st.caption(f"and {left:,} older, which Undo reaches")
        if st.button(
            "As the file was read", key="version-0", type="tertiary", disabled=not outlined.number
        ):
            editing.hold(0)


def _actions(editing: Editing) -> None:
    chapter, manuscript = editing.chapter, editing.manuscript
    name = f"“{_short(chapter.heading)}”"
    with (
        st.popover("Rename", icon=":material/edit:", key=_fresh(editing, "rename")),
        st.form(_fresh(editing, "heading"), border=False),
    ):
        heading = st.text_input("Heading", value=chapter.heading, max_chars=160).strip()
        if st.form_submit_button("Rename it") and heading and heading != chapter.heading:
            edited = outline_edits.rename(manuscript, chapter.index, heading)
            done = f"Renamed {name} to “{_short(heading)}”"
            editing.change(edited, done, at=chapter.start)
    if st.button(
        "Merge with the one before",
        icon=":material/vertical_align_top:",
        disabled=chapter.index == 1,
        key="merge",
    ):
        edited = outline_edits.merge(manuscript, chapter.index)
        before = edited.chapters[chapter.index - 2]
        editing.change(edited, f"Merged {name} with the one before", at=before.start)
    st.button("Split", icon=":material/content_cut:", key="split", on_click=editing.begin_splitting)


def _kind(editing: Editing) -> None:
    """Show what the chapter is, to be changed."""
    chapter = editing.chapter
    kinds = list(outline_edits.KINDS)
    kind = st.selectbox(
        "What it is",
        kinds,
        index=kinds.index(chapter.kind) if chapter.kind in kinds else None,
        format_func=lambda one: KIND[one],
        key=_fresh(editing, "kind"),
        label_visibility="collapsed",
        width=170,
    )
    if kind is not None and kind != chapter.kind:
        edited = outline_edits.mark(editing.manuscript, chapter.index, kind)
        done = f"Marked “{_short(chapter.heading)}” as {KIND[kind].lower()}"
        editing.change(edited, done, at=chapter.start)


def _split(editing: Editing) -> None:
    """Let a paragraph of the chapter be chosen with which another chapter begins."""
    chapter, manuscript = editing.chapter, editing.manuscript
    pairs = outline_edits.breaks(manuscript, chapter.index)
    lines = [(start, _line(manuscript, start, end)) for start, end in pairs]
    likely = {start for start, line in lines if outline_edits.looks_like_heading(line)}
    st.markdown("**Choose the paragraph with which the new chapter begins.**")
    if len(lines) > _MANY and likely:
        only = st.toggle("Only lines that look like headings", value=True, key="split-likely")
        lines = [line for line in lines if line[0] in likely] if only else lines
    if len(lines) > _MOST:
        st.caption(f"The first {_MOST:,} of {len(lines):,} are shown; split there to see the rest.")
        lines = lines[:_MOST]
    chosen = st.session_state.get(_SPLIT_AT)
    if chosen not in {start for start, _ in lines}:
        chosen = None
    with st.container(horizontal=True):
        if st.button("Split here", icon=":material/content_cut:", disabled=chosen is None):
            edited = outline_edits.split(manuscript, chapter.index, chosen or 0)
            new = edited.chapters[chapter.index]
            editing.change(edited, f"Split off “{_short(new.heading)}”", at=new.start)
        if st.button("Do not split", type="tertiary"):
            st.session_state.pop(_SPLITTING, None)
            st.rerun()
    if lines:
        choice_list(
            [
                OutlineRow(start, line, look="paragraph likely" if start in likely else "paragraph")
                for start, line in lines
            ],
            chosen,
            lambda at: st.session_state.update({_SPLIT_AT: at}),
            key=f"paragraphs-{editing.id}-{chapter.start}-{editing.outlined.number}",
            label="Paragraphs of the chapter",
        )
    else:
        st.info("This chapter is a single paragraph.", icon=":material/info:")


def _turn(editing: Editing, earlier: int | None, later: int | None) -> None:
    """Offer to read on: in the same chapter, else in the one before or after it."""
    chapters = outline_edits.outline(editing.manuscript)
    at = editing.chapter.index - 1
    back, on = "Earlier in this chapter", "Further on in this chapter"
    if earlier is None and at > 0:
        earlier, back = chapters[at - 1].start, _short(chapters[at - 1].heading)
    if later is None and at + 1 < len(chapters):
        later, on = chapters[at + 1].start, _short(chapters[at + 1].heading)
    turns = ((earlier, back, "arrow_back", "earlier"), (later, on, "arrow_forward", "later"))
    with st.container(horizontal=True, horizontal_alignment="distribute", key="turn"):
        for to, label, icon, key in turns:
            if to is None:
                continue
            label = labels.plain(called(label))
            if st.button(label, key=key, icon=f":material/{icon}:", type="tertiary"):
                go(editing.id, f"{to}-{to}", page=Page.MANUSCRIPT)
                st.rerun()


def _rows(manuscript: Manuscript) -> list[OutlineRow]:
    rows = []
    part = ""
    for one in outline_edits.outline(manuscript):
        said = [] if one.kind == "chapter" else [KIND[one.kind]]
        if one.part != part and one.part and one.kind != "part":
            said.append(one.part)  # It has no page of its own.
        part = one.heading if one.kind == "part" else one.part
        look = "apart" if one.kind in APART else "part" if one.kind == "part" else ""
        rows.append(
            OutlineRow(
                one.start,
                one.name,
                words=labels.plural(one.words, "word"),
                kind=" · ".join(said),
                begins=outline_edits.opening(manuscript, one),
                look=look,
            )
        )
    return rows


def _fresh(editing: Editing, name: str) -> str:
    """Return a key that is another one after any change, so that widgets begin anew."""
    return f"{name}-{editing.id}-{editing.chapter.start}-{editing.outlined.number}"


def _line(manuscript: Manuscript, start: int, end: int) -> str:
    line = " ".join(manuscript.text[start : min(end, start + 4 * _LINE)].split())
    return line if len(line) <= _LINE else line[: _LINE - 1].rstrip() + "…"


def _short(heading: str) -> str:
    return heading if len(heading) <= _SHORT else heading[: _SHORT - 1].rstrip() + "…"
