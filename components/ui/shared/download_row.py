"""A row of files to take away, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components.export import file_name

#: By the suffix of a file: what its button says, and its type.
_KINDS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("HTML", "text/html"),
    "md": ("Markdown", "text/markdown"),
    "csv": ("Figures (CSV)", "text/csv"),
    "json": ("JSON", "application/json"),
}


def download_row(title: str, what: str, files: Mapping[str, Callable[[], str | bytes]]) -> None:
    """Offer `files`, what makes each by its suffix; `what` of the work with `title` they are."""
    with st.container(horizontal=True):
        for suffix, make in files.items():
            label, mime = _KINDS[suffix]
            st.download_button(
                label,
                make,
                file_name=file_name(title, what, suffix),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{what}-{suffix}",
            )
