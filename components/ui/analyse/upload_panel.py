"""Where a manuscript is dropped: reading it, its password, what to do about a refused file."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError, ImageOnly, PasswordRequired
from components.manuscripts import opening, read, sample
from components.manuscripts.formats.pdf import ocr as recognition
from components.ui.shared import labels
from components.ui.shared.address import Page, forget_others, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: What the open dialog of the browser offers; the bytes decide, not the name.
TYPES = ["txt", "md", "markdown", "pdf", "docx", "docm", "epub", "odt", "rtf"]

#: What can be tried: the first is read in half a minute even by a slow computer.
_SAMPLES = {
    "Try a sample: the opening of The Time Machine": opening,
    "Try its first chapter": sample,
}

#: What became of the file that lies in the drop zone: its id there, and why it was refused.
_REFUSED = "refused"

#: How many passwords were tried in this window.
_TRIES = "password-tries"

#: The file in the drop zone whose pictures are to be read.
_OCR = "ocr-of"

#: Manuscripts that are offered to be opened again.
_RECENT = 3


@dataclass(frozen=True, slots=True)
class _File:
    """An uploaded file: its id in this window, its name, its bytes."""

    id: str
    name: str
    data: bytes


def upload_panel(visit: Visit, host: Host | None, page: Page) -> None:
    """Show where to drop a manuscript; one that was read is opened for its chapters to be seen.

    The samples have one chapter and open on `page` itself.
    """
    st.title("Read a manuscript", anchor=False)
    st.html(
        '<p class="fr-lead">Upload a manuscript and a model on your own computer reads it and '
        "writes an analysis for its editor, while you watch.</p>"
    )
    uploaded = st.file_uploader(
        "Drop a manuscript here, or choose a file: Word, PDF, e-book (EPUB), OpenDocument, "
        "Rich Text, plain text or Markdown",
        type=TYPES,
        key="upload",
    )
    ocr = recognition.available() and st.toggle(
        "Read pages that are pictures with text recognition (slow)", key="ocr"
    )
    if uploaded is not None:
        _open(visit, _File(uploaded.file_id, uploaded.name, uploaded.getvalue()), ocr=ocr)
    with st.container(horizontal=True, vertical_alignment="center"):
        _privacy(host)
        for label, text in _SAMPLES.items():
            if st.button(label, type="tertiary", icon=":material/menu_book:"):
                name, data = text()
                go(visit.shelf.manuscripts.keep(read(data, name=name)), page=page)
                st.rerun()
    _recent(visit, page)


def _open(visit: Visit, file: _File, *, ocr: bool) -> None:
    """Read what was dropped, once; where it is refused say why, for as long as it lies there."""
    if st.session_state.get(_REFUSED, ("", None))[0] != file.id:
        _read(visit, file, ocr=ocr)
    _, error = st.session_state[_REFUSED]
    show_problem(error, kept=_kept(visit))
    ocr = ocr or st.session_state.get(_OCR) == file.id
    if isinstance(error, PasswordRequired):
        # Another field after each try: Streamlit forgets what was typed into the one before.
        tries = st.session_state.setdefault(_TRIES, 0)
        with st.form(f"password-form-{tries}", border=False):
            password = st.text_input("Password of the file", type="password", key=f"try-{tries}")
            sent = st.form_submit_button("Open the file", icon=":material/lock_open:")
        if sent and password:
            st.session_state[_TRIES] = tries + 1
            _read(visit, file, password=password, ocr=ocr)
            st.rerun()
    elif (
        isinstance(error, ImageOnly)
        and not ocr
        and recognition.available()
        and st.button("Read the pictures with text recognition", icon=":material/document_scanner:")
    ):
        st.session_state[_OCR] = file.id  # Also after a password that is asked for now.
        _read(visit, file, ocr=True)
        st.rerun()


def _read(visit: Visit, file: _File, *, ocr: bool, password: str | None = None) -> None:
    """Read a file and go to what it holds; where that cannot be done, note why."""
    bar, stop = st.empty(), st.empty()
    shown = -1

    def progress(done: int, pages: int) -> None:
        # Whatever is shown from here lets a click end this run, and the reading with it.
        nonlocal shown
        if shown < 0:
            stop.button("Stop reading", icon=":material/stop:", on_click=_stopped, args=(file.id,))
        percent = 100 * done // max(pages, 1)
        if percent != shown:
            shown = percent
            text = f"Reading the file: {done:,} of {labels.plural(pages, 'page')}"
            bar.progress(min(percent, 100), text=text)

    try:
        with st.spinner("Reading the file"):
            manuscript = read(
                file.data, name=file.name, password=password, ocr=ocr, on_progress=progress
            )
        manuscript_id = visit.shelf.manuscripts.keep(manuscript)
    except FirstReaderError as error:
        st.session_state[_REFUSED] = (file.id, error)
        bar.empty()
        stop.empty()
        return
    st.session_state.pop(_REFUSED, None)
    forget_others(manuscript_id)
    st.switch_page("pages/manuscript.py", query_params={"manuscript": manuscript_id})


def _stopped(file_id: str) -> None:
    error = FirstReaderError(
        "You stopped the reading, and nothing of the file was kept.",
        advice="Remove it above and drop it again, or another one.",
    )
    st.session_state[_REFUSED] = (file_id, error)


def _kept(visit: Visit) -> str:
    """Say that a refused file has changed nothing, where there is anything to be changed."""
    there = visit.shelf.manuscripts.all()
    return "Your other manuscripts are as they were." if there else ""


def _recent(visit: Visit, page: Page) -> None:
    recent = visit.shelf.manuscripts.all()[:_RECENT]
    if not recent:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="recent"):
        st.html('<p class="fr-quiet">Or open again:</p>', width="content")
        for one in recent:
            if st.button(labels.plain(one.title), key=f"recent-{one.id}", type="tertiary"):
                go(one.id, page=page)
                st.rerun()


def _privacy(host: Host | None) -> None:
    local = host is None or host.is_local
    label = "Nothing leaves this computer" if local else "Where the text goes"
    with st.popover(label, icon=":material/lock:", type="tertiary"):
        if local:
            st.write(
                "The manuscript is read by this program and by a model in Ollama, both on this "
                "computer. The page loads nothing from elsewhere, and the browser is told to "
                "refuse it (Content-Security-Policy). Models that run in a cloud are refused. "
                "Manuscripts and analyses are kept in a folder that is readable to you alone "
                "(Settings says which), and no log holds any of their text."
            )
        else:
            st.write(
                f"The text is sent to the Ollama server at `{host.url if host else ''}`, which "
                "was chosen for this computer, and nowhere else."
            )
