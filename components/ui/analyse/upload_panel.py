"""Where a manuscript is dropped: reading it, its password, what to do about a refused file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError, ImageOnly, PasswordRequired
from components.manuscripts import opening, read, sample
from components.manuscripts.formats.pdf import ocr as recognition
from components.ui.shared import labels
from components.ui.shared.address import Page, forget_others, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

#: What the open dialog of the browser offers; the bytes decide, not the name. An old Word file
#: (.doc) is refused in words that say what to do: the browser's own do not.
TYPES = ["txt", "md", "markdown", "pdf", "docx", "docm", "doc", "epub", "odt", "rtf"]

#: What the page Compare does, said where no manuscript is open.
_COMPARES = (
    "Two to four models answer the same question on a manuscript, side by side; you judge which is "
    "better and then see their names. Upload a manuscript, or try a sample."
)

#: What can be tried: the first is read in half a minute even by a slow computer.
_SAMPLES = {
    "Try a sample: the opening of The Time Machine": opening,
    "Try its first chapter": sample,
}

#: The file that lies in the drop zone, by its id there, and why it was refused.
_REFUSED = "refused"

#: How many passwords were tried in this window.
_TRIES = "password-tries"

#: The file in the drop zone whose pictures are to be read.
_OCR = "ocr-of"

#: Manuscripts that are offered to be opened again.
_RECENT = 3


def upload_panel(visit: Visit, host: Host | None, page: Page) -> None:
    """Show where to drop a manuscript, which opens on its own page; samples open on `page`."""
    lead = (
        "Upload a manuscript and a model on your own computer reads it and writes an analysis for "
        "its editor, while you watch."
    )
    compares = page is Page.COMPARISON
    st.title("Compare models" if compares else "Read a manuscript", anchor=False)
    st.html(labels.line(_COMPARES if compares else lead, "fr-lead"))
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
        _open(visit, uploaded, ocr=ocr)
    with st.container(horizontal=True, vertical_alignment="center"):
        _privacy(host)
        for label, open_sample in _SAMPLES.items():
            if st.button(label, type="tertiary", icon=":material/menu_book:"):
                name, data = open_sample()
                go(visit.shelf.manuscripts.keep(read(data, name=name)), page=page)
                st.rerun()
    recent = visit.shelf.manuscripts.all()[:_RECENT]
    if not recent:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="recent"):
        st.html(labels.line("Or open again:"), width="content")
        for manuscript in recent:
            title, key = labels.plain(manuscript.title), f"recent-{manuscript.id}"
            if st.button(title, key=key, type="tertiary"):
                go(manuscript.id, page=page)
                st.rerun()


def _open(visit: Visit, file: UploadedFile, *, ocr: bool) -> None:
    """Read what was dropped, once; where it is refused say why, for as long as it lies there."""
    if st.session_state.get(_REFUSED, ("", None))[0] != file.file_id:
        _read(visit, file, ocr=ocr)
    _, error = st.session_state[_REFUSED]
    has_others = bool(visit.shelf.manuscripts.all())
    show_problem(error, kept="Your other manuscripts are as they were." if has_others else "")
    ocr = ocr or st.session_state.get(_OCR) == file.file_id
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
        st.session_state[_OCR] = file.file_id  # Also after a password that is asked for now.
        _read(visit, file, ocr=True)
        st.rerun()


def _read(visit: Visit, file: UploadedFile, *, ocr: bool, password: str | None = None) -> None:
    """Read a file and go to what it holds; where that cannot be done, note why."""
    bar, stop = st.empty(), st.empty()
    shown = -1

    def progress(done: int, pages: int) -> None:
        # Whatever is shown from here lets a click end this run, and the reading with it.
        nonlocal shown
        if shown < 0:
            stop.button("Stop reading", icon=":material/stop:", on_click=stopped)
        percent = 100 * done // max(pages, 1)
        if percent != shown:
            shown = percent
            text = f"Reading the file: {done:,} of {labels.plural(pages, 'page')}"
            bar.progress(min(percent, 100), text=text)

    def stopped() -> None:
        error = FirstReaderError(
            "You stopped the reading, and nothing of the file was kept.",
            advice="Remove it above and drop it again, or another one.",
        )
        st.session_state[_REFUSED] = (file.file_id, error)

    try:
        with st.spinner("Reading the file"):
            data = file.getvalue()
            manuscript = read(
                data, name=file.name, password=password, ocr=ocr, on_progress=progress
            )
        manuscript_id = visit.shelf.manuscripts.keep(manuscript)
    except FirstReaderError as error:
        st.session_state[_REFUSED] = (file.file_id, error)
        bar.empty()
        stop.empty()
        return
    st.session_state.pop(_REFUSED, None)
    forget_others(manuscript_id)
    st.switch_page("pages/manuscript.py", query_params={"manuscript": manuscript_id})


def _privacy(host: Host | None) -> None:
    if host is None or host.is_local:
        with st.popover("Nothing leaves this computer", icon=":material/lock:", type="tertiary"):
            st.write(
                "The manuscript is read by this program and by a model in Ollama, both on this "
                "computer. The page loads nothing from elsewhere, and the browser is told to "
                "refuse it (Content-Security-Policy). Models that run in a cloud are refused. "
                "Manuscripts and analyses are kept in a folder that is readable to you alone "
                "(Settings says which), and no log holds any of their text."
            )
    else:
        with st.popover("Where the text goes", icon=":material/lock:", type="tertiary"):
            st.write(
                f"The text is sent to the Ollama server at `{host.url}`, which was chosen for this "
                "computer, and nowhere else."
            )
