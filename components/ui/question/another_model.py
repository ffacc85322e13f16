"""The same question, asked of another model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components.engine import Model
from components.store import Analysis
from components.ui.question.model_picker import best_first
from components.ui.shared.address import link
from components.ui.shared.visit import Visit


def capability_for(analysis: Analysis) -> str:
    """Return what a model must be able to do that is asked the question of `analysis`."""
    return "vision" if analysis.question.pictures else "completion"


def ask_another_model(
    visit: Visit,
    analysis: Analysis,
    models: list[Model],
    *,
    label: str = "Ask the same of another model",
    on_asked: Callable[[], None] = lambda: None,
) -> None:
    """Offer `models` and ask the question of the one that is chosen; its page is opened then.

    The best that was not asked yet is chosen first.
    """
    by_name = {model.name: model for model in models}
    ranked = best_first(visit, models, capability=capability_for(analysis))
    best = sorted(ranked, key=lambda model: model.name == analysis.question.model)
    name = st.selectbox(
        label,
        list(by_name),
        index=list(by_name).index(best[0].name) if best else None,
        key=f"ask-{analysis.id}",
    )
    if st.button("Ask", icon=":material/content_copy:", disabled=name is None) and name:
        question = replace(analysis.question, model=name, digest=by_name[name].digest)
        pictures = visit.shelf.analyses.pictures(analysis.id)
        asked = visit.app.jobs.submit(visit.shelf, question, name=analysis.name, pictures=pictures)
        on_asked()
        page, query = link(asked)
        st.switch_page(page, query_params=query)
