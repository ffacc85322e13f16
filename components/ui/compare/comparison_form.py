"""What is compared: a passage or the whole book, by models, or one with different options.

Of the whole book, the lenses, the depth and the chapters are the same for all columns.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import analysis
from components.analysis import Reason
from components.application import Entrant, compare_reports, decided_by, plan_alike
from components.engine import Host, Model, Options, free_memory
from components.errors import FirstReaderError
from components.export.formatting import letter
from components.reports import ReadingRequest, Report, with_minimum_tokens
from components.ui.analyse.analyse_form import ask_as_before, choose_depth
from components.ui.question.lens_picker import LensQuestion, ask_lens, choose_lenses
from components.ui.question.model_picker import (
    choose_column,
    choose_second,
    models_of,
    needs_model,
)
from components.ui.question.options_form import describe, options_form
from components.ui.question.text_picker import Chosen, choose_text, question_of, show_room
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened, Page, go
from components.ui.shared.problems import problems_shown, show_problem
from components.ui.shared.stored_widget import made_last, set_stored, stored_widget
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import still_here

_HOW = {
    Reason.LOADED: "The models run at the same time: all are in memory.",
    Reason.FITS: "The models run at the same time: all fit into memory.",
    Reason.HOSTS: "The models run at the same time, as far as servers are free.",
    Reason.SAME_MODEL: "The models run one after another: they are variants of one model.",
    Reason.ROOM: "The models run one after another: they do not all fit into memory.",
    Reason.UNKNOWN: "The models run one after another: whether all fit into memory is not known.",
    Reason.KEPT: "A was answered before and not asked again: its figures are of that time.",
}

_EXTENTS = ("A passage or chapters", "The whole book")

_BOOK = "compare-book"  # the name under which this window stores what is asked of whole books


class Candidate(NamedTuple):
    """A column to be: a model, with its options and its question."""

    model: Model
    options: Options
    question: LensQuestion


def comparison_form(visit: Visit, opened: Opened, host: Host | None) -> None:
    """Ask what is compared, a passage or the whole book, by whom, and begin it."""
    with st.sidebar:
        models = models_of(visit, host)
    if models is None:
        return
    if not models:
        needs_model()
        return
    stored = stored_widget("compare", "what", _EXTENTS[0], among=_EXTENTS)
    extent = st.segmented_control("What is compared", _EXTENTS, required=True, **stored)
    if extent == _EXTENTS[1]:
        _book_form(visit, opened, models)
        return
    candidates = _choose_candidates(visit, models)
    among = [candidate.model for candidate in candidates] if candidates else models
    # What fits the model that reads least at once fits all.
    smallest = min(among, key=lambda model: model.context_length or 2**62)
    chosen = choose_text(visit.app, opened, smallest, form="compare")
    if chosen.ranges:
        show_room(chosen, smallest)
    _passage_form(visit, chosen, candidates)


def compare_as_before(visit: Visit, report: Report) -> None:
    """Open the form with what a report was asked, its model and another one."""
    ask_as_before(visit, report, form=_BOOK)
    set_stored("compare", "what", _EXTENTS[1])
    choose_second(visit, report.setting.model)
    st.switch_page("pages/compare.py", query_params={"manuscript": report.series.manuscript_id})


def how(reason: str) -> str:
    """Say whether the columns run together, by the reason in a comparison's details."""
    return _HOW[Reason(reason)]


def _choose_candidates(visit: Visit, models: Sequence[Model]) -> list[Candidate] | None:
    """Show the question and the choice of columns; None while something written is not valid."""
    place = st.container()
    chosen, columns = _choose_models(visit, models, key="columns", model_key="compare-model")
    with place:
        label = "What the models are asked, after the manuscript"
        question = ask_lens(visit, key="compare-prompt", label=label, models=chosen)
    fair = analysis.fair_options(chosen)
    candidates: list[Candidate] = []
    for number, (column, model) in enumerate(zip(columns, chosen, strict=True)):
        with column:
            with st.popover("Options and question", icon=":material/tune:"):
                st.caption("For this column alone. What is left empty is the same for all.")
                options = options_form(visit, model, key=f"compare-{number}")
                own = st.text_area(
                    "Another question for this column",
                    key=f"compare-question-{number}",
                    placeholder="The same as for all",
                ).strip()
            if options is None:
                continue
            if said := describe(options):
                st.caption(labels.plain(said))
        options = Options.of(fair | options.given())
        asked = LensQuestion(own, analysis.title_of(own, analysis.lenses())) if own else question
        candidates.append(Candidate(model, options, asked))
    return candidates if len(candidates) == len(chosen) else None


def _choose_models(
    visit: Visit, models: Sequence[Model], *, key: str, model_key: str
) -> tuple[list[Model], list[DeltaGenerator]]:
    """Ask for the number of columns and the model of each; return these and the columns."""
    count = st.segmented_control("Columns", [2, 3, 4], default=2, key=key, required=True)
    columns = st.columns(int(count or 2))
    chosen: list[Model] = []
    for number, column in enumerate(columns):
        with column:
            chosen.append(choose_column(visit, models, number, chosen, key=f"{model_key}-{number}"))
    return chosen, columns


def _passage_form(visit: Visit, chosen: Chosen, candidates: list[Candidate] | None) -> None:
    """Show how it will run and the button that starts it."""
    blind = st.toggle(
        "Hide the names until you have judged",
        value=True,
        key="blind",
        help="The columns come in an order of chance, without names, figures and thoughts. How "
        "fast a column grows, and what it says of itself, you will still see.",
    )
    planned = None
    if candidates:
        models = [candidate.model for candidate in candidates]
        planned = analysis.schedule(models, visit.app.installed(), free_memory())
        needed, free = labels.size(planned.needed), labels.size(planned.free)
        memory = f" They need about {needed} of {free} free." if planned.needed else ""
        widgets.say(f"{how(planned.reason)}{memory}")
        if len({(one.model.digest, one.options, one.question) for one in candidates}) == 1:
            st.caption("The columns are the same: with the same seed they will say the same.")
    clicked = st.button(
        "Compare",
        key="compare",
        type="primary",
        icon=":material/compare:",
        disabled=not planned or not chosen.ranges,
    )
    if clicked and candidates and planned:
        questions = [
            question_of(visit.app, chosen, asked, model, options)
            for model, options, asked in candidates
        ]
        questions = analysis.with_shared_context(questions, models)
        begun = visit.app.jobs.compare(visit.shelf, questions, planned, blind=blind)
        go(chosen.manuscript_id, begun.id, page=Page.COMPARISON)
        st.rerun()


def _book_form(visit: Visit, opened: Opened, models: Sequence[Model]) -> None:
    """Show what all models are asked, who they are and what it takes, and the button."""
    chosen, _ = _choose_models(visit, models, key="book-columns", model_key="book-model")
    asked = choose_lenses(visit, form=_BOOK)
    depth = choose_depth(_BOOK)
    chosen_text = choose_text(visit.app, opened, None, form=_BOOK)
    blind = st.toggle(
        "Hide the names until you have judged",
        value=True,
        key="blind-book",
        help="The columns come in an order of chance, without names and figures, and their reports "
        "are listed nowhere else until then. How fast a column grows you will still see, and one "
        "whose answers are there from before is finished at once.",
    )
    if not asked or not chosen_text.ranges:
        return
    requests = [
        ReadingRequest(
            manuscript_id=opened.id,
            model=model,
            lenses=asked,
            chapters=chosen_text.chapters or (),
            depth=depth,
            options=Options.of(analysis.fair_options(chosen)),
        )
        for model in chosen
    ]
    if not _show_effort(visit, opened, requests) or not st.button(
        "Compare the whole book", key="compare-book", type="primary", icon=":material/compare:"
    ):
        return
    app, manuscript = visit.app, opened.manuscript
    with problems_shown(kept="Nothing was begun."):
        with st.spinner("Counting the tokens of the book for each model"):
            entrants = plan_alike(app, manuscript, requests, is_wanted=still_here())
            begun = compare_reports(app, visit.shelf, manuscript, entrants, blind=blind)
        go(opened.id, begun.id, page=Page.COMPARISON)
        st.rerun()


def _plans(visit: Visit, opened: Opened, requests: Sequence[ReadingRequest]) -> tuple[Entrant, ...]:
    """Return the plans by estimate, made anew where anything that decides them has changed.

    A novel takes a second to plan for four models, at every click on the page.
    """
    decides = [decided_by(visit.app, request) for request in requests]
    key = (visit.app, opened.id, opened.manuscript.chapters, decides)
    plan = partial(plan_alike, visit.app, opened.manuscript, requests, exact=False)
    return made_last("book-comparison-plans", key, plan)


def _show_effort(visit: Visit, opened: Opened, requests: Sequence[ReadingRequest]) -> bool:
    """Say by estimate how many calls it is and how long it takes; False where it cannot be."""
    try:
        entrants = _plans(visit, opened, requests)
    except FirstReaderError as error:
        show_problem(error)
        return False
    reports = visit.shelf.reports
    calls = {labels.plural(len(entrant.plan.steps), "question") for entrant in entrants}
    steps = [
        with_minimum_tokens(entrant.plan.steps, is_counted=entrant.counter.is_exact)
        for entrant in entrants
    ]
    known = sum(len(reports.answered(some)) for some in steps)
    before = f", {known:,} of {sum(map(len, steps)):,} in all answered before" if known else ""
    times = []
    for number, (entrant, request) in enumerate(zip(entrants, requests, strict=True)):
        seconds = entrant.plan.seconds(reports.speeds(request.model.digest))
        time = "not known" if seconds is None else f"about {labels.seconds(seconds)}"
        times.append(f"{letter(number)} {time}")
    widgets.say(
        f"About {' and '.join(sorted(calls))} for each model{before}. One after another: each "
        "model reads to its end before the next is loaded. Time, if nothing was answered "
        f"before: {', '.join(times)}."
    )
    if len({request.model.digest for request in requests}) < len(requests):
        st.caption("Two columns have the same model: with the same seed they will say the same.")
    return True
