"""The buttons that stop an analysis, run it again, or ask its question of another model."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from components.analysis import LOOKED_UP
from components.engine import Model
from components.errors import FirstReaderError, NoUse
from components.export import formatting
from components.store import Analysis, State
from components.ui.question.model_picker import best_first
from components.ui.shared import widgets
from components.ui.shared.address import link, series_link
from components.ui.shared.visit import Visit


def stop_button(visit: Visit, analysis: Analysis, *, key: str = "stop", **look: Any) -> None:
    """Offer to stop an analysis that has not ended; `look` is as `st.button` has it."""
    look = {"type": "secondary", "disabled": analysis.state is State.STOPPING} | look
    stop, of = visit.app.jobs.stop, (visit.shelf, analysis.id)
    widgets.action("Stop", "stop_circle", key, stop, *of, **look)


def again_button(visit: Visit, analysis: Analysis, *, key: str = "again", **look: Any) -> None:
    """Offer to run an analysis again that has ended and is not done; `look` is `st.button`'s."""
    effect = "The same question to the same model; what was written is kept."
    look = {"type": "secondary", "help": effect} | look
    again, of = visit.app.jobs.again, (visit.shelf, analysis.id)
    widgets.action("Try again", "replay", key, again, *of, **look)


def again_where_unfinished(visit: Visit, analysis: Analysis) -> None:
    """Offer to run an analysis again that has ended, unless it is done or of no use.

    One of no use is not run as it was: that is what `try_again` is for.
    """
    if analysis.state is not State.DONE and not isinstance(analysis.error, NoUse):
        again_button(visit, analysis)


def try_again(visit: Visit, analysis: Analysis, *, others: bool = True) -> None:
    """Below the error of an answer that was no use, offer what may bring a better one.

    That is the same question asked otherwise and, with `others`, of the other models there are.
    """
    how = formatting.otherwise(analysis.error) or "as before"
    with widgets.row(f"again-of-{analysis.id}", vertical_alignment="bottom"):
        effect = f"Asks the same model once more, {how}; what was written is kept."
        again_button(visit, analysis, key=f"try-again-{analysis.id}", help=effect)
        if others and (models := other_models(visit, analysis)):
            ask_another_model(visit, analysis, models, label="Or ask another model")


def other_models(visit: Visit, analysis: Analysis) -> list[Model]:
    """Return the other models that may be asked the question of `analysis`."""
    if analysis.question.part == LOOKED_UP:
        return []  # It asked none.
    try:
        models, _ = visit.app.models(capability_for(analysis))
    except FirstReaderError:
        return []  # The sidebar says that no Ollama answers.
    return [model for model in models if model.name != analysis.question.model]


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
    """Offer `models` and ask the question of the chosen one; its page is opened then.

    The best that was not asked yet is chosen first. An answer that is done may be shown beside the
    new one, as a comparison.
    """
    ranked = best_first(visit, models, capability=capability_for(analysis))
    asked_last = sorted(ranked, key=lambda model: model.name == analysis.question.model)
    by_name = {model.name: model for model in asked_last}
    name = st.selectbox(label, list(by_name), key=f"ask-{analysis.id}")
    with st.container(horizontal=True):
        alone = st.button("Ask", icon=":material/content_copy:", disabled=name is None)
        may_compare = analysis.state is State.DONE and not analysis.question.pictures
        beside = may_compare and st.button(
            "Compare",
            icon=":material/compare:",
            disabled=name is None,
            help="Asks the chosen model and shows its answer beside this one.",
        )
    if name and (alone or beside):
        question = replace(analysis.question, model=name, digest=by_name[name].digest)
        if beside:
            begun = visit.app.jobs.compare_with(visit.shelf, analysis, question)
            page, query = series_link(begun.kind, begun.id)
        else:
            pictures = visit.shelf.analyses.pictures(analysis.id)
            page, query = link(
                visit.app.jobs.submit(visit.shelf, question, name=analysis.name, pictures=pictures)
            )
        on_asked()
        st.switch_page(page, query_params=query)
