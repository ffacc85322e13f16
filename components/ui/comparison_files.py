"""A comparison to take away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.export import (
    Column,
    comparison_csv,
    comparison_docx,
    comparison_file_name,
    comparison_markdown,
)
from components.store import Analysis, Series
from components.ui.watched import Watched

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def comparison_files(comparison: Series, watched: Sequence[Watched[Analysis]]) -> None:
    """Offer the comparison as Word, Markdown and CSV, made when it is asked for."""
    columns = [Column(one.analysis, one.outcome, one.evidence) for one in watched]
    files = (
        ("Word", "docx", _WORD, lambda: comparison_docx(comparison, columns)),
        ("Markdown", "md", "text/markdown", lambda: comparison_markdown(comparison, columns)),
        ("Figures (CSV)", "csv", "text/csv", lambda: comparison_csv(columns)),
    )
    with st.container(horizontal=True):
        for label, suffix, mime, make in files:
            st.download_button(
                label,
                make,
                file_name=comparison_file_name(columns, suffix),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{suffix}",
            )
