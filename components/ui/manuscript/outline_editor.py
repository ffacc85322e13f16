"""Checking the chapters of a manuscript before anything reads it: rename, merge, split, mark.

An address names a location in the text (`outline_edits.located`). A range is marked; an empty
range opens the page that it is on and marks nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from components.errors import OutlineChanged
from components.manuscripts import Chapter, Manuscript, called, outline_edits
from components.store import Outlined
from components.ui.manuscript.outline_labels import APART, KIND
from components.ui.manuscript.reader_view import Span, reader_view
from components.ui.shared import labels, widgets
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

#: A row of a list, as its script reads it.
_Row = Mapping[str, int | str]

_FOLDER = Path(__file__).parent

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
    """The outline that is shown, the chosen chapter, and what of it the address means.

    `span` is None for the chapter's beginning; `since` is the number of the outline that this
    window showed when the editor clicked.
    """

    visit: Visit
    id: str
    outlined: Outlined
    chapter: Chapter
    span: Span | None
    since: int

    @property
    def manuscript(self) -> Manuscript:
        """Return the manuscript with its current chapters."""
        return self.outlined.manuscript

    def choose(self, at: int) -> None:
        """Let the address name the chapter that starts at `at`."""
        go(self.id, str(at), page=Page.MANUSCRIPT)

    def change(self, edited: Manuscript, done: str, *, at: int) -> None:
        """Store the chapters of `edited` and go to the one at `at`; `done` says what was done."""
        with self._storing():
            number = self.visit.shelf.outlines.change(self.id, edited, done=done, since=self.since)
            st.session_state[_SEEN] = (self.id, number)
            self.choose(at)

    def go_to(self, number: int) -> None:
        """Go to another version of the outline."""
        with self._storing():
            self.visit.shelf.outlines.go_to(self.id, number, since=self.since)
            st.session_state[_SEEN] = (self.id, number)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Run the page again after a change; say then why it was not made, where that is so."""
        try:
            yield
        except OutlineChanged as error:
            st.session_state[_TOLD] = error
        st.session_state.pop(_SPLITTING, None)
        st.rerun()


def edit_outline(visit: Visit, manuscript_id: str) -> Editing:
    """Return the outline of a manuscript with the location that the address names."""
    outlined = visit.shelf.outlines.open(manuscript_id)
    seen_of, since = st.session_state.get(_SEEN, ("", 0))
    if seen_of != manuscript_id:
        since = outlined.number
    st.session_state[_SEEN] = (manuscript_id, outlined.number)
    if error := st.session_state.pop(_TOLD, None):
        widgets.warn(f"{error} {error.advice}")
    elif since != outlined.number:
        widgets.warn("The chapters were changed in another window. They are shown as they are now.")
    at = st.query_params.get("at", "")
    location = outline_edits.located(outlined.manuscript, at)
    if at and location is None:
        widgets.info("The address names no place in this text. Here is its beginning.")
    chapter, span = location or (outline_edits.outline(outlined.manuscript)[0], None)
    return Editing(visit, manuscript_id, outlined, chapter, span, since)


def outline_list(editing: Editing) -> None:
    """List the chapters, one of them chosen, with undo and the history above."""
    with widgets.row("outline-history"):
        _history(editing)
    marked = editing.span
    _choice_list(
        _rows(editing.manuscript),
        editing.chapter.start,
        editing.choose,
        key=f"outline-{editing.id}",
        label="Chapters",
        scroll=f"{marked[0]}-{marked[1]}" if marked else "",
        below=".st-key-chapter",
    )


def chapter_panel(editing: Editing) -> None:
    """Show the chosen chapter: what it is, what can be done with it, its text."""
    chapter, manuscript = editing.chapter, editing.manuscript
    with st.container(key="chapter"):
        with widgets.row(vertical_alignment="bottom"):
            st.header(labels.plain(chapter.name), anchor=False)
            _kind(editing)
        within = f"in {chapter.part}" if chapter.part and chapter.kind != "part" else ""
        widgets.say(labels.facts(labels.length(chapter.words, manuscript.unit), within))
        with widgets.row("chapter-actions"):
            _actions(editing)
        if st.session_state.get(_SPLITTING) == (editing.id, chapter.start):
            _split(editing)
            return
        _turn(editing, *reader_view(manuscript, chapter, editing.span))


def _history(editing: Editing) -> None:
    outlined = editing.outlined
    undo, redo = outlined.undone_by_undo, outlined.done_by_redo
    for label, version, to in (
        ("Undo", undo, undo.parent if undo else 0),
        ("Redo", redo, redo.number if redo else 0),
    ):
        icon, key = f":material/{label.lower()}:", f"outline-{label.lower()}"
        done = labels.plain(version.done) if version else None
        if st.button(label, icon=icon, key=key, disabled=version is None, help=done):
            editing.go_to(to)
    if not outlined.versions:
        return
    with st.popover(
        "History", icon=":material/history:", type="tertiary", key=_fresh(editing, "h")
    ):
        widgets.say("Every change is kept. Go back to any of them:")
        for version in reversed(outlined.versions[-_VERSIONS_SHOWN:]):
            label = f"{labels.plain(version.done)} · {labels.date(version.created)}"
            is_shown = version.number == outlined.number
            key = f"version-{version.number}"
            if st.button(label, key=key, type="tertiary", disabled=is_shown):
                editing.go_to(version.number)
        if (older := len(outlined.versions) - _VERSIONS_SHOWN) > 0:
            st.caption(f"and {older:,} older, which Undo reaches")
        as_read = not outlined.number
        if st.button("As the file was read", key="version-0", type="tertiary", disabled=as_read):
            editing.go_to(0)


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
    icon, is_first = ":material/vertical_align_top:", chapter.index == 1
    if st.button("Merge with the one before", icon=icon, disabled=is_first, key="merge"):
        edited = outline_edits.merge(manuscript, chapter.index)
        before = edited.chapters[chapter.index - 2]
        editing.change(edited, f"Merged {name} with the one before", at=before.start)

    def begin_splitting() -> None:
        st.session_state[_SPLITTING] = (editing.id, chapter.start)
        st.session_state.pop(_SPLIT_AT, None)

    widgets.action("Split", "content_cut", "split", begin_splitting, type="secondary")


def _kind(editing: Editing) -> None:
    """Show what the chapter is, to be changed."""
    chapter = editing.chapter
    kinds, key = {kind: KIND[kind] for kind in outline_edits.KINDS}, _fresh(editing, "kind")
    at = list(kinds).index(chapter.kind) if chapter.kind in kinds else None
    kind = widgets.select("What it is", kinds, index=at, key=key, width=170)
    if kind not in (None, chapter.kind):
        edited = outline_edits.mark(editing.manuscript, chapter.index, kind)
        done = f"Marked “{_short(chapter.heading)}” as {KIND[kind].lower()}"
        editing.change(edited, done, at=chapter.start)


def _split(editing: Editing) -> None:
    """Let a paragraph of the chapter be chosen with which another chapter begins."""
    chapter, manuscript = editing.chapter, editing.manuscript
    lines = []
    for start, end in outline_edits.breaks(manuscript, chapter.index):
        text = " ".join(manuscript.text[start : min(end, start + 4 * _LINE)].split())
        lines.append((start, labels.shortened(text, _LINE)))
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
    heading = ""
    if chosen is not None:
        edited = outline_edits.split(manuscript, chapter.index, chosen)
        new = edited.chapters[chapter.index]
        label, key = "Heading of the new chapter", f"split-heading-{chosen}"
        heading = st.text_input(label, value=new.heading, max_chars=160, key=key).strip()
    with st.container(horizontal=True):
        icon = ":material/content_cut:"
        if st.button("Split here", icon=icon, disabled=not heading) and chosen is not None:
            if heading != new.heading:
                edited = outline_edits.rename(edited, new.index, heading)
            editing.change(edited, f"Split off “{_short(heading)}”", at=new.start)
        widgets.action("Do not split", "", "no-split", st.session_state.pop, _SPLITTING, None)
    if not lines:
        widgets.info("This chapter is a single paragraph.")
        return
    looks = {start: "paragraph likely" if start in likely else "paragraph" for start, _ in lines}
    _choice_list(
        [{"id": start, "heading": line, "look": looks[start]} for start, line in lines],
        chosen,
        lambda at: st.session_state.update({_SPLIT_AT: at}),
        key=_fresh(editing, "paragraphs"),
        label="Paragraphs of the chapter",
    )


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
            if to is not None:
                label, turn = labels.plain(called(label)), partial(go, page=Page.MANUSCRIPT)
                widgets.action(label, icon, key, turn, editing.id, f"{to}-{to}")


def _rows(manuscript: Manuscript) -> list[_Row]:
    rows: list[_Row] = []
    part = ""
    for chapter in outline_edits.outline(manuscript):
        is_part = chapter.kind == "part"
        kind = "" if chapter.kind == "chapter" else KIND[chapter.kind]
        # A part that has no page of its own is named at its first chapter.
        new_part = "" if is_part or chapter.part == part else chapter.part
        part = chapter.heading if is_part else chapter.part
        rows.append(
            {
                "id": chapter.start,
                "heading": chapter.name,
                "words": labels.length(chapter.words, manuscript.unit),
                "kind": labels.facts(kind, new_part),
                "begins": outline_edits.opening(manuscript, chapter),
                "look": "apart" if chapter.kind in APART else "part" if is_part else "",
            }
        )
    return rows


def _fresh(editing: Editing, name: str) -> str:
    """Return a key that is another one after any change, so that widgets begin anew."""
    return f"{name}-{editing.id}-{editing.chapter.start}-{editing.outlined.number}"


def _short(heading: str) -> str:
    return labels.shortened(heading, _SHORT)


def _choice_list(
    rows: Sequence[_Row],
    chosen: int | None,
    choose: Callable[[int], None],
    *,
    key: str,
    label: str,
    scroll: str = "",
    below: str = "",
) -> None:
    """Show `rows` with the one of the id `chosen` marked; call `choose` before the next run.

    A row has its id (an offset in the text), a heading, a class as `look`, and may have its words,
    kind and beginning.
    One island of script, a listbox that the keyboard moves in, is quick with thousands of rows:
    Streamlit's own lists are a widget a row, or a canvas that no screen reader sees. When `scroll`
    becomes another word, what the page marks (`.fr-at`) is brought into view; after a choice, what
    the selector `below` finds is.
    """
    # Streamlit refuses a key with two underscores together, which an id may have by chance.
    key = key.replace("_", ".")

    def chosen_anew() -> None:
        row_id = st.session_state[key].get("chosen")
        if isinstance(row_id, int | float) and any(int(row_id) == row["id"] for row in rows):
            choose(int(row_id))

    island = st.components.v2.component(
        "first_reader_list",
        html='<ul class="list" role="listbox" tabindex="0"></ul>',
        css=(_FOLDER / "outline_list.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "outline_list.js").read_text(encoding="utf-8"),
    )
    shown = {"rows": rows, "chosen": chosen, "label": label, "scroll": scroll, "below": below}
    island(
        data=[shown],  # In a list: of a mapping's values Streamlit asks pandas.
        key=key,
        on_chosen_change=chosen_anew,
    )
