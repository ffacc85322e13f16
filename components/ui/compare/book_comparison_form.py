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
from components.reports import (
    Depth,
    ReadingRequest,
    indistinct,
    names_of,
    story_chapters,
    with_minimum_tokens,
)
from components.ui.analyse.manuscript_panel import Opened
from components.ui.question.lens_picker import known_lenses, lens_ids, lens_labels
from components.ui.question.model_picker import choose_column
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.while_here import still_here

PASSAGE, BOOK = "A passage or chapters", "The whole book"

_MOST = 4

#: Where this window keeps its last plans, and what tells whether a model's tokens are estimated as
#: they were then.
_PLANNED, _SAMPLE = "book-comparison-plans", "x" * 10_000

_DEPTHS = {Depth.SKIM: "Skim", Depth.STANDARD: "Standard", Depth.THOROUGH: "Thorough"}


def compares_the_book() -> bool:
    """Ask whether a passage or the whole book is compared; return whether it is the book."""
    chosen = st.segmented_control(
        "What is compared", [PASSAGE, BOOK], default=PASSAGE, key="compare-what", required=True
    )
    return chosen == BOOK


def book_comparison_form(visit: Visit, opened: Opened, models: Sequence[Model]) -> None:
    """Show what all models are asked, who they are and what it takes, and the button."""
    chosen = _models(visit, models)
    asked = _lenses(visit)
    depth, chapters = _reading(opened)
    blind = st.toggle(
        "Hide the names until you have judged",
        key="blind-book",
        help="The columns come in an order of chance, without names and figures, and their reports "
        "are listed nowhere else until then. How fast a column grows you will still see, and one "
        "whose answers are there from before is finished at once.",
    )
    if not asked or not chapters:
        said = "a lens" if not asked else "a chapter"
        st.caption(f"Choose {said} first.")
        return
    orders = [
        ReadingRequest(
            manuscript_id=opened.id,
            model=one,
            lenses=asked,
            chapters=chapters,
            depth=depth,
            options=Options.of(fair_options(chosen)),
        )
        for one in chosen
    ]
    if not _say_what_it_takes(visit, opened, orders):
        return
    if st.button(
        "Compare the whole book", key="compare-book", type="primary", icon=":material/compare:"
    ):
        _begin(visit, opened, orders, blind=blind)


def _begin(visit: Visit, opened: Opened, orders: Sequence[ReadingRequest], *, blind: bool) -> None:
    try:
        with st.spinner("Counting the tokens of the book for each model"):
            entrants = plan_alike(visit.app, opened.manuscript, orders, is_wanted=still_here())
            begun = compare_reports(
                visit.app, visit.shelf, opened.manuscript, entrants, blind=blind
            )
    except FirstReaderError as error:
        show_problem(error, kept="Nothing was begun.")
        return
    go(opened.id, begun.id, page=Page.COMPARISON)
    st.rerun()


def _models(visit: Visit, models: Sequence[Model]) -> list[Model]:
    count = st.segmented_control(
        "Columns", list(range(2, _MOST + 1)), default=2, key="book-columns", required=True
    )
    found: list[Model] = []
    for number, column in enumerate(st.columns(int(count or 2))):
        with column:
            key = f"book-model-{number}"
            found.append(choose_column(visit, models, number, found, key=key))
    return found


def _lenses(visit: Visit) -> tuple[Lens, ...]:
    among = known_lenses(visit)
    known = dict(zip(lens_ids(among), among, strict=True))
    chosen = st.multiselect(
        "Lenses",
        list(known),
        default=[lens().name],
        key="book-lenses",
        format_func=lens_labels(among).__getitem__,
    )
    picked = tuple(known[name] for name in chosen)
    if same := indistinct(picked):
        st.warning(
            f"Two lenses are called “{labels.plain(same[0])}”:"
            " choose one of them, or rename yours.",
            icon=":material/info:",
        )
        return ()
    return picked


def _reading(opened: Opened) -> tuple[Depth, tuple[int, ...]]:
    """Ask how thoroughly, and which chapters are read."""
    depth = st.segmented_control(
        "Depth",
        list(_DEPTHS),
        default=Depth.STANDARD,
        key="book-depth",
        required=True,
        format_func=_DEPTHS.__getitem__,
        help="A skim has no notes and no scores; a thorough reading goes by scenes.",
    )
    manuscript = opened.manuscript
    if not manuscript.chapters:
        return Depth(depth or Depth.STANDARD), ()
    names = names_of(manuscript)
    picked = st.multiselect(
        "Chapters",
        list(names),
        key=f"book-chapters-{opened.id}",
        placeholder="The whole story, without front and back matter",
        format_func=names.__getitem__,
    )
    return Depth(depth or Depth.STANDARD), tuple(sorted(picked)) or story_chapters(manuscript)


def _planned(visit: Visit, opened: Opened, orders: Sequence[ReadingRequest]) -> tuple[Entrant, ...]:
    """Return the plans by estimate, made anew where anything that decides them has changed.

    A novel takes a second to plan for four models, at every click on the page.
    """
    asked = [replace(order, model=replace(order.model, loaded=None)) for order in orders]
    loaded = [order.model.loaded.context_length if order.model.loaded else 0 for order in orders]
    estimates = [visit.app.token_counter(order.model)(_SAMPLE) for order in orders]
    key = (visit.app, opened.id, opened.manuscript.chapters, asked, loaded, estimates)
    kept = st.session_state.get(_PLANNED)
    if kept is None or kept[0] != key:
        kept = key, plan_alike(visit.app, opened.manuscript, orders, exact=False)
        st.session_state[_PLANNED] = kept
    entrants: tuple[Entrant, ...] = kept[1]
    return entrants


def _say_what_it_takes(visit: Visit, opened: Opened, orders: Sequence[ReadingRequest]) -> bool:
    """Say by estimate how many calls it is and how long it takes; False where it cannot be."""
    try:
        entrants = _planned(visit, opened, orders)
    except FirstReaderError as error:
        show_problem(error)
        return False
    calls = " and ".join(
        sorted({labels.plural(len(entrant.plan.steps), "question") for entrant in entrants})
    )
    steps = [
        with_minimum_tokens(entrant.plan.steps, is_counted=entrant.counter.is_exact)
        for entrant in entrants
    ]
    known = sum(len(visit.shelf.reports.answered(some)) for some in steps)
    before = f", {known:,} of {sum(map(len, steps)):,} in all answered before" if known else ""
    st.html(
        f'<p class="fr-quiet">About {calls} for each model{before}. One after another: each model '
        f"reads to its end before the next is loaded. {_times(visit, entrants)}</p>"
    )
    if len({order.model.digest for order in orders}) < len(orders):
        st.caption("Two columns have the same model: with the same seed they will say the same.")
    return True


def _times(visit: Visit, entrants: Sequence[Entrant]) -> str:
    """Say how long each takes by what it lately did here, or that nothing is known."""
    said = []
    for number, entrant in enumerate(entrants):
        seconds = entrant.plan.seconds(visit.shelf.reports.speeds(entrant.plan.order.model.digest))
        said.append(
            f"{letter(number)} "
            f"{'not known' if seconds is None else 'about ' + labels.seconds(seconds)}"
        )
    return f"Time, if nothing was answered before: {', '.join(said)}."
