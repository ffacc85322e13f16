"""A row of files to save, each made when it is asked for.

Streamlit calls what makes a file in a thread of its own: a page that is only looked at costs
nothing.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from components.export import Contents, file_name, report_docx, report_html, report_markdown

#: By the suffix of a file: what its button says, and its type.
_KINDS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("HTML", "text/html"),
    "md": ("Markdown", "text/markdown"),
    "csv": ("Figures (CSV)", "text/csv"),
    "json": ("JSON", "application/json"),
}


def documents(contents: Callable[[], Contents]) -> dict[str, Callable[[], str | bytes]]:
    """Return what makes a document of `contents` in each format, by suffix."""
    return {
        "docx": lambda: report_docx(contents()),
        "html": lambda: report_html(contents()),
        "md": lambda: report_markdown(contents()),
    }


def download_row(
    title: str,
    what: str,
    files: Mapping[str, Callable[[], str | bytes]],
    *,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Offer `files` by suffix; the name of each begins with `title` and says `what` it is.

    `labels` are other words for the buttons, by suffix.
    """
    with st.container(horizontal=True):
        for suffix, make in files.items():
            label, mime = _KINDS[suffix]
            st.download_button(
                (labels or {}).get(suffix, label),
                make,
                file_name=file_name(title, what, suffix),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{what}-{suffix}",
            )
