"""The visitor's own lenses: listed, written, changed, deleted with an undo.

The dialog is left by its buttons alone: a slip of the Escape key would lose what was written.
"""

import streamlit as st

from components.analysis import Lens, OwnLenses, lenses
from components.errors import LensError
from components.ui.shared import labels, widgets
from components.ui.shared.problems import problems_shown, show_problem
from components.ui.shared.visit import Visit

#: What is edited: the name of a lens, or empty for a new one; and the lens as it was then.
_EDITED, _BEFORE = "lens-edited", "lens-before"
_TITLE, _PROMPT, _SCHEMA, _START = "lens-title", "lens-prompt", "lens-schema", "lens-start"

#: The question that "Start from" has put there, as long as it stands there unchanged.
_STARTED = "lens-started"

#: What was deleted last in this window: the name that brings it back, and its title.
_UNDO = "lens-deleted"

#: So many characters of a question tell it from the others in a list.
_BEGINS = 100


def lens_editor(visit: Visit) -> None:
    """Show the visitor's own lenses, and the dialog for the one that is edited, if any is."""
    own = visit.app.own_lenses(visit.user)
    st.header("Your lenses", anchor=False)
    st.write(
        "A lens is a question to a manuscript. Those that you write stand beside those that come "
        "with First Reader wherever a lens is chosen."
    )
    try:
        lenses_read, unread = own.look()
    except LensError as error:
        show_problem(error)
        return
    for lens in lenses_read:
        begins = labels.shortened(" ".join(lens.prompt.split()), _BEGINS)
        with widgets.row():
            with st.container():
                st.markdown(f"**{labels.plain(lens.title)}**")
                st.caption(labels.plain(begins))
            widgets.action("Edit", "edit", f"lens-edit-{lens.name}", _open, lens)
    widgets.action("New lens", "add", "lens-new", _open, None, type="secondary")
    deleted, title = st.session_state.get(_UNDO, ("", ""))
    if deleted:
        with widgets.row("lens-undo"):
            widgets.info(f"Deleted: “{labels.plain(title)}”.", "delete")
            widgets.action("Undo", "undo", "lens-undone", _restore, own, deleted, type="secondary")
    for problem in unread:
        text = f"{problem.file} is not shown. {problem.error} {problem.error.advice}"
        widgets.warn(labels.plain(text), "warning")
    if not visit.user and own.folder.exists():
        st.caption(
            "Each is a Markdown file in this folder; files that you put there are lenses too. "
            "Deleted ones are kept in the folder “deleted” in it."
        )
        st.code(str(own.folder), language=None)
    if _EDITED in st.session_state:
        if _PROMPT in st.session_state:
            _dialog(own, st.session_state[_EDITED])
        else:
            _close()  # Another page was shown meanwhile, and Streamlit has forgotten the fields.


def _open(lens: Lens | None) -> None:
    state, shown = st.session_state, lens or Lens("", "", "")
    state[_EDITED], state[_BEFORE], state[_STARTED] = shown.name, lens, ""
    state[_TITLE], state[_PROMPT], state[_SCHEMA] = shown.title, shown.prompt, shown.schema or ""
    state.pop(_START, None)


def _close() -> None:
    st.session_state.pop(_EDITED, None)


@st.dialog("Lens", width="medium", dismissible=False)
def _dialog(own: OwnLenses, name: str) -> None:
    """Write a lens: its title, its question, the schema of its answer."""
    if not name:
        titles = {lens.name: lens.title for lens in lenses()}
        widgets.select(
            "Start from",
            titles,
            index=None,
            placeholder="An empty page",
            key=_START,
            on_change=_start,
            help="Its question is put below what you have written, if you have.",
        )
    title, title_problem = st.text_input("Title", key=_TITLE), st.container()
    prompt = st.text_area("Question", key=_PROMPT, height="content")
    prompt_problem = st.container()
    with st.expander("An answer for a spreadsheet or a program", icon=":material/data_object:"):
        schema = st.text_area(
            "JSON schema", key=_SCHEMA, height=140, help="Leave it empty for an answer in prose."
        )
        st.caption(
            "With a JSON schema the model answers in exactly that form, and not in sentences."
        )
    with st.container(horizontal=True):
        saved = st.button("Save", key="lens-save", type="primary", icon=":material/save:")
        left = st.button("Cancel", key="lens-cancel")
        deleted = bool(name) and st.button("Delete", key="lens-delete", icon=":material/delete:")
    try:
        if saved and name and _was_changed(own, name):
            widgets.warn(
                "This lens was changed elsewhere after you opened it here. Save once more to put "
                "yours in its place, or cancel and look at that one first.",
                "warning",
            )
            return
        if saved:
            own.save(title, prompt, schema, name=name or None)
        elif deleted:
            title = own.get(name).title
            st.session_state[_UNDO] = (own.delete(name), title)
    except LensError as error:
        place = prompt_problem if title.strip() else title_problem
        with st.container() if title.strip() and prompt.strip() else place:
            show_problem(error)
        return
    if saved or left or deleted:
        _close()
        st.rerun()


def _was_changed(own: OwnLenses, name: str) -> bool:
    """Whether a lens is another than the visitor has seen; what it is now counts as seen."""
    now = next((lens for lens in own.all() if lens.name == name), None)
    before = st.session_state[_BEFORE]
    st.session_state[_BEFORE] = now
    return now is not None and now != before


def _start() -> None:
    """Put the chosen lens's question where nothing of the visitor's own would be lost."""
    chosen = next((lens for lens in lenses() if lens.name == st.session_state[_START]), None)
    if chosen is None:
        return
    state = st.session_state
    before = str(state[_PROMPT] or "").strip()
    if before in ("", state[_STARTED]):
        state[_PROMPT] = state[_STARTED] = chosen.prompt
    else:
        state[_PROMPT] = f"{before}\n\n{chosen.prompt}"
    state[_TITLE] = state[_TITLE] or chosen.title


def _restore(own: OwnLenses, name: str) -> None:
    st.session_state.pop(_UNDO)
    with problems_shown():
        own.restore(name)
