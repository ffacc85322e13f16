"""The whole book for several models: the same lenses, depth and chapters for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.analysis import Lens, fair_options, lens
from components.application import Entrant, compare_reports, plan_alike
from components.engine import Model, Options
from components.errors import FirstReaderError
from components.export.formatting import letter
from components.reports import Depth, ReadingRequest, held, names_of, story_chapters
from components.ui.analyse.manuscript_panel import Opened
from components.ui.book.report_form import DEPTHS, are_distinct
from components.ui.compare.comparison_form import choose_models
from components.ui.question.lens_picker import known_lenses, lens_ids, lens_labels
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import still_here

PASSAGE, BOOK = "A passage or chapters", "The whole book"

_PLANS = "book-comparison-plans"  # where this window stores its last plans

#: Its estimate tells whether a model's tokens are estimated as they were before.
_SAMPLE = "x" * 10_000


def compares_the_book() -> bool:
    """Ask whether a passage or the whole book is compared; return whether it is the book."""
    chosen = st.segmented_control(
        "What is compared", [PASSAGE, BOOK], default=PASSAGE, key="compare-what", required=True
    )
    return chosen == BOOK


def book_comparison_form(visit: Visit, opened: Opened, models: Sequence[Model]) -> None:
    """Show what all models are asked, who they are and what it takes, and the button."""
    chosen, _ = choose_models(visit, models, key="book-columns", model_key="book-model")
    lenses = _lenses(visit)
    depth, chapters = _reading(opened)
    blind = st.toggle(
        "Hide the names until you have judged",
        key="blind-book",
        help="The columns come in an order of chance, without names and figures, and their reports "
        "are listed nowhere else until then. How fast a column grows you will still see, and one "
        "whose answers are there from before is finished at once.",
    )
    if not lenses or not chapters:
        st.caption(f"Choose {'a chapter' if lenses else 'a lens'} first.")
        return
    requests = [
        ReadingRequest(
            manuscript_id=opened.id,
            model=model,
            lenses=lenses,
            chapters=chapters,
            depth=depth,
            options=Options.of(fair_options(chosen)),
        )
        for model in chosen
    ]
    if _show_effort(visit, opened, requests) and st.button(
        "Compare the whole book", key="compare-book", type="primary", icon=":material/compare:"
    ):
        _begin(visit, opened, requests, blind=blind)


def _begin(
    visit: Visit, opened: Opened, requests: Sequence[ReadingRequest], *, blind: bool
) -> None:
    app, manuscript = visit.app, opened.manuscript
    try:
        with st.spinner("Counting the tokens of the book for each model"):
            entrants = plan_alike(app, manuscript, requests, is_wanted=still_here())
            begun = compare_reports(app, visit.shelf, manuscript, entrants, blind=blind)
    except FirstReaderError as error:
        show_problem(error, kept="Nothing was begun.")
        return
    go(opened.id, begun.id, page=Page.COMPARISON)
    st.rerun()


def _lenses(visit: Visit) -> tuple[Lens, ...]:
    """Ask for the lenses; none where two of them could not be told apart."""
    among = known_lenses(visit)
    by_id = dict(zip(lens_ids(among), among, strict=True))
    chosen = st.multiselect(
        "Lenses",
        list(by_id),
        default=[lens().name],
        key="book-lenses",
        format_func=lens_labels(among).__getitem__,
    )
    lenses = tuple(by_id[lens_id] for lens_id in chosen)
    return lenses if are_distinct(lenses) else ()


def _reading(opened: Opened) -> tuple[Depth, tuple[int, ...]]:
    """Ask how thoroughly, and which chapters are read."""
    chosen = st.segmented_control(
        "Depth",
        list(DEPTHS),
        default=Depth.STANDARD,
        key="book-depth",
        required=True,
        format_func=DEPTHS.__getitem__,
        help="A skim has no notes and no scores; a thorough reading goes by scenes.",
    )
    depth = Depth(chosen or Depth.STANDARD)
    manuscript = opened.manuscript
    if not manuscript.chapters:
        return depth, ()
    names = names_of(manuscript)
    picked = st.multiselect(
        "Chapters",
        list(names),
        key=f"book-chapters-{opened.id}",
        placeholder="The whole story, without front and back matter",
        format_func=names.__getitem__,
    )
    return depth, tuple(sorted(picked)) or story_chapters(manuscript)


def _plans(visit: Visit, opened: Opened, requests: Sequence[ReadingRequest]) -> tuple[Entrant, ...]:
    """Return the plans by estimate, made anew where anything that decides them has changed.

    A novel takes a second to plan for four models, at every click on the page.
    """
    models = [request.model for request in requests]
    key = (
        visit.app,
        opened.id,
        opened.manuscript.chapters,
        [replace(one, model=replace(one.model, loaded=None)) for one in requests],
        [model.loaded.context_length if model.loaded else 0 for model in models],
        [visit.app.token_counter(model)(_SAMPLE) for model in models],
    )
    stored = st.session_state.get(_PLANS)
    if stored is None or stored[0] != key:
        stored = key, plan_alike(visit.app, opened.manuscript, requests, exact=False)
        st.session_state[_PLANS] = stored
    entrants: tuple[Entrant, ...] = stored[1]
    return entrants


def _show_effort(visit: Visit, opened: Opened, requests: Sequence[ReadingRequest]) -> bool:
    """Say by estimate how many calls it is and how long it takes; False where it cannot be."""
    try:
        entrants = _plans(visit, opened, requests)
    except FirstReaderError as error:
        show_problem(error)
        return False
    reports = visit.shelf.reports
    calls = {labels.plural(len(entrant.plan.steps), "question") for entrant in entrants}
    steps = [held(entrant.plan.steps, is_counted=entrant.counter.is_exact) for entrant in entrants]
    known = sum(len(reports.answered(some)) for some in steps)
    before = f", {known:,} of {sum(map(len, steps)):,} in all answered before" if known else ""
    times = []
    for number, (entrant, request) in enumerate(zip(entrants, requests, strict=True)):
        seconds = entrant.plan.seconds(reports.speeds(request.model.digest))
        time = "not known" if seconds is None else f"about {labels.seconds(seconds)}"
        times.append(f"{letter(number)} {time}")
    st.html(
        labels.line(
            f"About {' and '.join(sorted(calls))} for each model{before}. One after another: each "
            "model reads to its end before the next is loaded. Time, if nothing was answered "
            f"before: {', '.join(times)}."
        )
    )
    if len({request.model.digest for request in requests}) < len(requests):
        st.caption("Two columns have the same model: with the same seed they will say the same.")
    return True
