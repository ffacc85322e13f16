"""Errors as an editor reads them: what happened, what was kept, what to do next."""

from __future__ import annotations

import streamlit as st

from components.errors import FirstReaderError
from components.ui.shared.labels import plain


def show_problem(error: FirstReaderError, *, kept: str = "") -> None:
    """Show `error` in a box: its message, then `kept`, then its advice. Plain text throughout."""
    parts = [part for part in (str(error), kept, error.advice) if part]
    st.error("\n\n".join(plain(part) for part in parts), icon=":material/error:")
