"""Where a manuscript is dropped: reading it, its password, what to do about a refused file."""

from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.engine import Host
from components.errors import FirstReaderError, ImageOnly, PasswordRequired, StoreError
from components.export.stages import about
from components.manuscripts import opening, read, sample
from components.manuscripts.formats.pdf import ocr as recognition
from components.ui.manuscript.outline_labels import surety
from components.ui.question.model_picker import best_first
from components.ui.question.text_picker import seconds_at_once
from components.ui.shared import labels, widgets
from components.ui.shared.address import Page, forget_others, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: What the page Compare does, said where no manuscript is open.
_COMPARES = (
    "Two to four models answer the same question on a manuscript, side by side; you judge which is "
    "better and then see their names. Upload a manuscript, or try a sample."
)

#: What can be tried, the shortest first.
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

#: Words, or characters, of a chapter that is long: a text of fewer needs no chapters.
_ONE_CHAPTER = 15_000

#: Manuscripts that are offered to be opened again.
_RECENT = 3


def upload_panel(visit: Visit, host: Host | None, page: Page) -> None:
    """Show where to drop a manuscript, a sample to try, and what stays here; `page` opens it."""
    lead = (
        "First Reader has a model on your own computer read a manuscript and write an analysis for "
        "its editor, while you watch."
    )
    compares = page is Page.COMPARISON
    st.title("Compare models" if compares else "Read a manuscript", anchor=False)
    widgets.say(_COMPARES if compares else lead, "fr-lead")
    # Of any type: what cannot be read is refused here, in words that say what to do.
    uploaded = st.file_uploader(
        "Drop a manuscript here, or choose a file: Word, PDF, e-book (EPUB), OpenDocument, "
        "Rich Text, plain text or Markdown",
        key="upload",
    )
    ocr = recognition.available() and st.toggle(
        "Read pages that are pictures with text recognition (slow)", key="ocr"
    )
    if uploaded is not None:
        _open(visit, uploaded, page, ocr=ocr)
    left, right = st.columns(2)
    with left, st.container(gap=None):
        _samples(visit, page)
    with right, st.container(gap=None):
        _privacy(host)
    recent = visit.shelf.manuscripts.all(_RECENT)
    if not recent:
        return
    with widgets.row("recent"):
        st.html(labels.line("Or open again:"), width="content")
        for manuscript in recent:
            title, key = labels.shortened(manuscript.title, 40), f"recent-{manuscript.id}"
            widgets.action(labels.plain(title), "", key, partial(go, page=page), manuscript.id)


def _samples(visit: Visit, page: Page) -> None:
    """Offer the samples, and say how long the first takes."""
    for label, open_sample in _SAMPLES.items():
        if st.button(label, type="tertiary", icon=":material/menu_book:"):
            name, data = open_sample()
            go(visit.shelf.manuscripts.keep(read(data, name=name)), page=page)
            st.rerun()
    models = best_first(visit, visit.app.known_models())
    takes = "a minute or two on most computers"
    if models:
        tokens = visit.app.token_counter(models[0])(opening()[1].decode())
        if (seconds := seconds_at_once(visit, models[0], tokens)) is not None:
            takes = f"about {about(seconds)} with {models[0].name}, at the speed measured here"
    widgets.say(f"An analysis of the opening takes {takes}.")


def _open(visit: Visit, file: UploadedFile, page: Page, *, ocr: bool) -> None:
    """Read what was dropped, once; where it is refused say why, for as long as it lies there."""
    if st.session_state.get(_REFUSED, ("", None))[0] != file.file_id:
        _read(visit, file, page, ocr=ocr)
    _, error = st.session_state[_REFUSED]
    is_fault = isinstance(error, StoreError)
    kept = "Your other manuscripts are as they were." if is_fault else ""
    show_problem(error, kept=kept, is_fault=is_fault)
    ocr = ocr or st.session_state.get(_OCR) == file.file_id
    if isinstance(error, PasswordRequired):
        # Another field after each try: Streamlit forgets what was typed into the one before.
        tries = st.session_state.setdefault(_TRIES, 0)
        with st.form(f"password-form-{tries}", border=False):
            password = st.text_input("Password of the file", type="password", key=f"try-{tries}")
            sent = st.form_submit_button("Open the file", icon=":material/lock_open:")
        if sent and password:
            st.session_state[_TRIES] = tries + 1
            _read(visit, file, page, password=password, ocr=ocr)
            st.rerun()
    elif (
        isinstance(error, ImageOnly)
        and not ocr
        and recognition.available()
        and st.button("Read the pictures with text recognition", icon=":material/document_scanner:")
    ):
        st.session_state[_OCR] = file.file_id  # Also after a password that is asked for now.
        _read(visit, file, page, ocr=True)
        st.rerun()


def _read(
    visit: Visit, file: UploadedFile, page: Page, *, ocr: bool, password: str | None = None
) -> None:
    """Read a file and open it on `page`; where that cannot be done, note why.

    Where its chapters are to be checked, it opens on the page that shows them.
    """
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
    is_short = not manuscript.chapters and manuscript.words < _ONE_CHAPTER
    if surety(manuscript)[1] and not is_short:
        st.switch_page("pages/manuscript.py", query_params={"manuscript": manuscript_id})
    go(manuscript_id, page=page)
    st.rerun()


def _privacy(host: Host | None) -> None:
    if host is None or host.is_local:
        with st.popover("Nothing leaves this computer", icon=":material/lock:", type="tertiary"):
            st.write(
                "The page loads nothing from elsewhere, and the browser is told to refuse it "
                "(Content-Security-Policy). Models that run in a cloud are refused. Manuscripts "
                "and analyses are kept in a folder that is readable to you alone (Settings says "
                "which), and no log holds any of their text."
            )
        widgets.say("Manuscripts, analyses and the model that reads them stay here.")
    else:
        with st.popover("Where the text goes", icon=":material/lock:", type="tertiary"):
            st.write(
                f"The text is sent to the Ollama server at `{host.url}`, which was chosen for this "
                "computer, and nowhere else."
            )
