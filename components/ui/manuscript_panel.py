"""Opening a manuscript, and what is known of it without any model."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from components.engine import Host
from components.errors import FirstReaderError, PasswordRequired, WrongPassword
from components.manuscripts import Manuscript, read, sample
from components.ui import words
from components.ui.address import Page, go, leave, open_address
from components.ui.problems import show_problem
from components.ui.visit import Visit

#: What the open dialog of the browser offers; the bytes decide, not the name.
_TYPES = ["txt", "md", "markdown", "pdf"]

_CONTENTS_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Opened:
    """A manuscript that the app keeps, and its address."""

    id: str
    manuscript: Manuscript


def open_manuscript(visit: Visit, host: Host | None, page: Page = Page.ANALYSIS) -> Opened | None:
    """Return the manuscript of the page's address; without one, show where to drop it."""
    found = open_address(visit, page)
    if found is None:
        _empty_page(visit, host, page)
        return None
    opened = Opened(*found)
    manuscript = opened.manuscript
    title, change = st.columns([5, 1.3], vertical_alignment="bottom")
    with title:
        st.title(words.plain(manuscript.title), anchor=False)
        st.html(f'<p class="fr-meta">{escape(_known(manuscript))}</p>')
    with change:
        if st.button("Another manuscript", type="tertiary", icon=":material/upload_file:"):
            leave(page)
            st.rerun()
    for warning in manuscript.warnings:
        st.warning(words.plain(warning), icon=":material/info:")
    return opened


def contents(opened: Opened, ranges: tuple[tuple[int, int], ...]) -> None:
    """List the chapters with their words; those outside `ranges` of characters are pale."""
    chapters = opened.manuscript.chapters
    if not chapters:
        st.html('<p class="fr-quiet">No chapter headings were found in this text.</p>')
        return
    rows = []
    for chapter in chapters[:_CONTENTS_SHOWN]:
        read_too = any(start < chapter.end and chapter.start < end for start, end in ranges)
        out = "" if read_too else ' class="fr-out" title="Not read this time"'
        heading = words.chapter_heading(chapter.heading)
        rows.append(
            f"<li{out}><span>{escape(heading)}</span>"
            f"<span>{words.plural(chapter.words, 'word')}</span></li>"
        )
    if len(chapters) > _CONTENTS_SHOWN:
        rows.append(f"<li><span>and {len(chapters) - _CONTENTS_SHOWN:,} more</span></li>")
    with st.container(height=420 if len(rows) > 12 else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Contents">{"".join(rows)}</ul>')


def _known(manuscript: Manuscript) -> str:
    pages = words.plural(manuscript.pages, "page")
    facts = [
        words.plural(manuscript.words, "word"),
        pages if manuscript.page_count is not None else f"about {pages}",
    ]
    if manuscript.chapters:
        facts.append(words.plural(len(manuscript.chapters), "chapter"))
    return " · ".join(facts)


def _empty_page(visit: Visit, host: Host | None, page: Page) -> None:
    st.title("Read a manuscript", anchor=False)
    st.html(
        '<p class="fr-lead">Upload a manuscript and a model on your own computer reads it and '
        "writes an analysis for its editor, while you watch.</p>"
    )
    uploaded = st.file_uploader(
        "Drop a manuscript here, or choose a file: plain text, Markdown or PDF",
        type=_TYPES,
        key="upload",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _privacy(host)
        use_sample = st.button(
            "Try the sample: The Time Machine, chapter 1",
            type="tertiary",
            icon=":material/menu_book:",
        )
    if use_sample:
        _read(visit, *sample(), page)
    elif uploaded is not None:
        _read(visit, uploaded.name, uploaded.getvalue(), page)


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


def _read(visit: Visit, name: str, data: bytes, page: Page) -> None:
    password = st.session_state.get("password") or None
    try:
        with st.spinner("Reading the file"):
            manuscript = read(data, name=name, password=password)
    except PasswordRequired as error:
        if isinstance(error, WrongPassword) or password is None:
            show_problem(error)
        st.text_input("Password of the file", type="password", key="password")
        return
    except FirstReaderError as error:
        show_problem(error)
        return
    st.session_state.pop("password", None)
    go(visit.shelf.manuscripts.keep(manuscript), page=page)
    st.rerun()
