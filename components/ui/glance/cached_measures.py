"""The measures of a manuscript, kept for whoever looks at it next."""

from __future__ import annotations

import streamlit as st

from components.manuscripts import Manuscript
from components.measures import Glance, glance


def _key(manuscript: Manuscript) -> tuple[object, ...]:
    """Return what the measures depend on: the text, and where the chapters are."""
    chapters = tuple(
        (
            chapter.heading,
            chapter.kind,
            chapter.number,
            chapter.start,
            chapter.body_start,
            chapter.end,
        )
        for chapter in manuscript.chapters
    )
    return manuscript.sha256, hash(manuscript.text), manuscript.language, hash(chapters)


@st.cache_resource(show_spinner=False, max_entries=8, hash_funcs={Manuscript: _key})
def measures_of(manuscript: Manuscript) -> Glance:
    """Return all measures of `manuscript`. Raises: LimitReached."""
    return glance(manuscript)
