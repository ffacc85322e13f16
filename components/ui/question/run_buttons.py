"""The buttons that stop an analysis and run one again, wherever it is shown."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from components.errors import FirstReaderError, NoUse
from components.export import formatting
from components.store import Analysis, State
from components.ui.question.another_model import ask_another_model, capability_for
from components.ui.shared.visit import Visit


def stop_button(
    visit: Visit,
    analysis: Analysis,
    *,
    key: str = "stop",
    type: Literal["primary", "secondary"] = "secondary",  # noqa: A002 - Streamlit's own name
    help: str | None = None,  # noqa: A002
) -> None:
    """Offer to stop an analysis that has not ended."""
    st.button(
        "Stop",
        key=key,
        type=type,
        icon=":material/stop_circle:",
        on_click=visit.app.jobs.stop,
        args=(visit.shelf, analysis.id),
        disabled=analysis.state is State.STOPPING,
        help=help,
    )


def may_run_again(analysis: Analysis) -> bool:
    """Whether an analysis that has ended may be run as it was: `try_again` is for one of no use."""
    return analysis.state is not State.DONE and not isinstance(analysis.error, NoUse)


def again_button(
    visit: Visit,
    analysis: Analysis,
    *,
    key: str = "again",
    label: str = "Run it again",
    help: str | None = "The same question to the same model; what was written is kept.",  # noqa: A002
) -> None:
    """Offer to run an analysis again that has ended and is not done."""
    st.button(
        label,
        key=key,
        icon=":material/replay:",
        on_click=visit.app.jobs.again,
        args=(visit.shelf, analysis.id),
        help=help,
    )


def try_again(visit: Visit, analysis: Analysis, *, others: bool = True) -> None:
    """Below the error of an answer that was no use, offer what may bring a better one.

    That is the same question asked otherwise and, with `others`, of the other models there are.
    """
    how = formatting.otherwise(analysis.error) or "as before"
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"again-of-{analysis.id}"):
        again_button(
            visit,
            analysis,
            key=f"try-again-{analysis.id}",
            label="Try again",
            help=f"Asks the same model once more, {how}; what was written is kept.",
        )
        try:
            models = visit.app.models(capability_for(analysis))[0] if others else []
        except FirstReaderError:
            return  # The sidebar says that no Ollama answers.
        rest = [model for model in models if model.name != analysis.question.model]
        if rest:
            ask_another_model(visit, analysis, rest, label="Or ask another model")
