"""What is compared: two to four models, or one with different options or questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.analysis import (
    Reason,
    Schedule,
    fair_options,
    lenses,
    prompt,
    schedule,
    shared_context,
    title_of,
    with_schema,
)
from components.engine import Host, Model, Options, free_memory
from components.store import Analysis, Question
from components.ui.analyse.manuscript_panel import Opened
from components.ui.question.lens_picker import LensQuestion, ask_lens
from components.ui.question.model_picker import NO_MODEL, choose_column, models_of
from components.ui.question.options_form import describe, options_form
from components.ui.question.text_picker import Chosen
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.visit import Visit

_MOST_COLUMNS = 4

_HOW = {
    Reason.LOADED: "At the same time: this Ollama has all of them in memory.",
    Reason.FITS: "At the same time: the memory of this computer takes all of them.",
    Reason.HOSTS: "At the same time, as far as servers are free: there are several.",
    Reason.SAME_MODEL: "One after another: they share their weights, and so one place.",
    Reason.ROOM: "One after another: the memory of this computer does not take them all.",
    Reason.UNKNOWN: "One after another: it is not known that this Ollama can hold them all.",
}


class Candidate(NamedTuple):
    """A column to be: a model, with its options and its question."""

    model: Model
    options: Options
    question: LensQuestion


def models_to_compare(visit: Visit, host: Host | None) -> list[Model]:
    """Return the models that can be compared; say so where there are none."""
    with st.sidebar:
        models = models_of(visit, host)
    if models == []:
        st.info(NO_MODEL, icon=":material/download:")
        if st.button("Get a model", type="primary", icon=":material/download:"):
            st.switch_page("pages/models.py")
    return models or []


def smallest(candidates: Sequence[Candidate] | None, models: Sequence[Model]) -> Model:
    """Return the model that reads least at once: what fits it fits all."""
    among = [candidate.model for candidate in candidates] if candidates else models
    return min(among, key=lambda model: model.context_length or 2**62)


def new_comparison(visit: Visit, manuscript_id: str, columns: Sequence[Analysis]) -> None:
    """Offer to stop all columns, or where all have ended to begin another comparison."""
    if any(not column.state.has_ended for column in columns):
        if st.button("Stop all", key="stop-all", type="primary", icon=":material/stop_circle:"):
            for column in columns:
                visit.app.jobs.stop(visit.shelf, column.id)
            st.rerun()
    elif st.button("New comparison", key="new-comparison", icon=":material/add:"):
        go(manuscript_id, page=Page.COMPARISON)
        st.rerun()


def how(reason: str) -> str:
    """Say whether the columns run together, by the reason in a comparison's details."""
    return _HOW[Reason(reason)]


def choose_candidates(visit: Visit, models: Sequence[Model]) -> list[Candidate] | None:
    """Show the question and the choice of columns; None while something written is not valid."""
    place = st.container()
    chosen, columns = choose_models(visit, models, key="columns", model_key="compare-model")
    with place:
        label = "What the models are asked, after the manuscript"
        question = ask_lens(visit, key="compare-prompt", label=label, models=chosen)
    candidates: list[Candidate] = []
    for number, (column, model) in enumerate(zip(columns, chosen, strict=True)):
        with column:
            candidate = _candidate(visit, model, number, question, fair_options(chosen))
            candidates += [candidate] if candidate else []
    return candidates if len(candidates) == len(chosen) else None


def choose_models(
    visit: Visit, models: Sequence[Model], *, key: str, model_key: str
) -> tuple[list[Model], list[DeltaGenerator]]:
    """Ask for the number of columns and the model of each; return these and the columns."""
    count = st.segmented_control(
        "Columns", list(range(2, _MOST_COLUMNS + 1)), default=2, key=key, required=True
    )
    columns = st.columns(int(count or 2))
    chosen: list[Model] = []
    for number, column in enumerate(columns):
        with column:
            chosen.append(choose_column(visit, models, number, chosen, key=f"{model_key}-{number}"))
    return chosen, columns


def _candidate(
    visit: Visit, model: Model, number: int, question: LensQuestion, fair: Mapping[str, float]
) -> Candidate | None:
    with st.popover("Options and question", icon=":material/tune:"):
        st.caption("For this column alone. What is left empty is the same for all.")
        options = options_form(visit, model, key=f"compare-{number}")
        own = st.text_area(
            "Another question for this column",
            key=f"compare-question-{number}",
            placeholder="The question of all",
        ).strip()
    if options is None:
        return None
    if said := describe(options):
        st.caption(labels.plain(said))
    silent = {name: value for name, value in fair.items() if getattr(options, name) is None}
    if own:
        question = LensQuestion(own, title_of(own, lenses()))
    options = with_schema(replace(options, **silent), question.schema)  # type: ignore[arg-type]
    return Candidate(model, options, question)


def comparison_form(
    visit: Visit, opened: Opened, chosen: Chosen, candidates: list[Candidate] | None
) -> None:
    """Show how it will run and the button that starts it."""
    blind = st.toggle(
        "Hide the names until you have judged",
        key="blind",
        help="The columns come in an order of chance, without names, figures and thoughts. How "
        "fast a column grows, and what it says of itself, you will still see.",
    )
    planned = None
    if candidates:
        hosts = visit.app.installed()
        planned = schedule([candidate.model for candidate in candidates], hosts, free_memory())
        st.html(labels.line(_how(planned)))
        if len({(one.model.digest, one.options, one.question) for one in candidates}) == 1:
            st.caption("The columns are the same: with the same seed they will say the same.")
    clicked = st.button(
        "Compare", key="compare", type="primary", icon=":material/compare:", disabled=not planned
    )
    if clicked and candidates and planned:
        begun = visit.app.jobs.compare(
            visit.shelf,
            _questions(visit, opened, chosen, candidates),
            name=f"Comparison of {chosen.scope}",
            details={"blind": blind, "together": planned.together, "reason": planned.reason},
            together=planned.together,
            shuffled=blind,
        )
        go(opened.id, begun.id, page=Page.COMPARISON)
        st.rerun()


def _how(planned: Schedule) -> str:
    if not planned.needed:
        return how(planned.reason)
    needed, free = labels.size(planned.needed), labels.size(planned.free)
    return f"{how(planned.reason)} They need about {needed} of {free} free."


def _questions(
    visit: Visit, opened: Opened, chosen: Chosen, candidates: Sequence[Candidate]
) -> list[Question]:
    tokens = [
        visit.app.token_counter(model)(prompt(chosen.text, question.prompt))
        for model, _, question in candidates
    ]
    answers = [options.num_predict for _, options, _ in candidates]
    context = shared_context(tokens, answers, [model for model, _, _ in candidates])
    return [
        Question(
            manuscript_id=opened.id,
            title=opened.manuscript.title,
            scope=chosen.scope,
            ranges=chosen.ranges,
            words=len(chosen.text.split()),
            tokens=count,
            lens=question.title,
            prompt=question.prompt,
            model=model.name,
            digest=model.digest,
            options=options,
            least_ctx=context,
        )
        for (model, options, question), count in zip(candidates, tokens, strict=True)
    ]
