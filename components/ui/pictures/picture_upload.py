"""Pictures that were chosen but not asked about yet: prepared once, shown with what was done.

They stay in the session, so that a look at another page loses none; the store gets them with the
question.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.analysis import question_pictures
from components.engine import Host
from components.errors import FirstReaderError, TooManyPictures
from components.pictures import DEFAULT_LIMITS, PictureChange, Prepared, check_count, prepare
from components.store import QuestionPicture
from components.ui.shared import labels

_DRAFT, _CHANGED, _ROUND = "picture-draft", "picture-changed", "picture-round"

_DONE = {
    PictureChange.FIRST_FRAME: "only the first picture of it taken",
    PictureChange.TURNED: "turned upright",
    PictureChange.FLATTENED: "laid on white where it was transparent",
    PictureChange.FROM_PRINT: "changed from print colours (CMYK), which may look stronger now",
    PictureChange.CLEANED: "its hidden data removed",
    PictureChange.LOCATION: "the place where it was taken among that",
}


#: A file that was chosen: its name, and the picture made of it or why there is none.
Choice = tuple[str, Prepared | FirstReaderError]


def choose_pictures(host: Host | None) -> tuple[QuestionPicture, ...]:
    """Show where to drop pictures and those that are there; return those that can be sent."""
    files: list[UploadedFile] = st.file_uploader(
        "Drop pictures here, or choose files: JPEG, PNG, WebP or GIF",
        accept_multiple_files=True,
        key=f"pictures-{st.session_state.get(_ROUND, 0)}",
        on_change=st.session_state.update,
        args=({_CHANGED: True},),
    )
    _what_is_done(host)
    draft: dict[str, Choice] = st.session_state.get(_DRAFT, {})
    try:
        check_count(len(files))
    except TooManyPictures as error:
        st.error(f"{error} {error.advice}", icon=":material/error:")
        return ()
    # Without a change and without files it is the window that came back from another page.
    changed = st.session_state.pop(_CHANGED, False)
    ids = [file.file_id for file in files]
    if (files or changed) and ids != list(draft):
        with st.spinner("Looking at what the files are"):
            draft = {file.file_id: draft.get(file.file_id) or _prepare(file) for file in files}
        st.session_state[_DRAFT] = draft
        st.rerun()  # What stands above knows now that there are pictures.
    prepared: list[Prepared] = []
    for name, picture in draft.values():
        if isinstance(picture, Prepared):
            prepared.append(picture)
        else:
            problem = f"{name}: {picture} {picture.advice}"
            st.error(labels.plain(problem), icon=":material/error:")
    pictures = tuple(QuestionPicture(picture.name, picture.data) for picture in prepared)
    show_pictures(pictures, [_what_was_done(picture) for picture in prepared])
    return pictures


def prepared(files: Sequence[UploadedFile]) -> tuple[QuestionPicture, ...] | None:
    """Return pictures that were sent with a question; say what is wrong with them, None, if any is.

    Nothing is asked then: it would be about other pictures than the editor thinks.
    """
    try:
        return question_pictures([(file.name, file.getvalue) for file in files])
    except FirstReaderError as error:
        st.error(labels.plain(f"{error} {error.advice}"), icon=":material/error:")
        return None


def forget_pictures() -> None:
    """Have nothing chosen any more."""
    st.session_state.pop(_DRAFT, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # An empty field.


def is_drafting() -> bool:
    """Whether pictures are chosen that nothing was asked about yet."""
    return bool(st.session_state.get(_DRAFT))


def show_pictures(pictures: Sequence[QuestionPicture], done: Sequence[str] = ()) -> None:
    """Show pictures as the model gets them, small, each with its name and what was done to it."""
    with st.container(horizontal=True, key="pictures"):
        for number, picture in enumerate(pictures):
            with st.container(width=320 if len(pictures) == 1 else 160):
                st.image(picture.data, width="stretch", alt=picture.name)
                what = f"<br>{escape(done[number])}" if done else ""
                st.html(f'<p class="fr-picture"><b>{escape(picture.name)}</b>{what}</p>')


def _what_was_done(picture: Prepared) -> str:
    """Say what was done to a picture: "Turned upright, made smaller (4,032 × 3,024 to …)."."""
    size = f"{picture.width:,} × {picture.height:,}"
    if not picture.changes:
        return f"Nothing had to be changed ({size} pixels)."
    before = f"{picture.original_width:,} × {picture.original_height:,}"
    done = _DONE | {PictureChange.SMALLER: f"made smaller ({before} to {size} pixels)"}
    text = ", ".join(done[change] for change in picture.changes)
    return f"{text[0].upper()}{text[1:]}."


def _what_is_done(host: Host | None) -> None:
    """Say what is done to every picture, and where it goes, for whoever asks."""
    where = "on this computer" if host is None or host.is_local else f"at {host.url}"
    with st.popover("What is done to a picture", icon=":material/lock:", type="tertiary"):
        st.write(
            "Each picture is decoded in a process of its own, turned upright, made smaller where "
            f"its longest side has more than {DEFAULT_LIMITS.longest_side:,} pixels (models look "
            "at no more than that), laid on white where it is transparent, and saved anew as a "
            "JPEG. Nothing but its pixels is left: no place, no camera, no comment. "
            "Only this copy is kept, and only it goes to the model, which runs in the Ollama "
            f"{labels.plain(where)}; your file is not changed."
        )


def _prepare(file: UploadedFile) -> Choice:
    try:
        return file.name, prepare(file.getvalue(), name=file.name)
    except FirstReaderError as error:
        return file.name, error
