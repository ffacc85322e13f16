"""What reading a book will take, in plain words, before anything is asked; and the button for it.

The plan is made anew at every change of the form, by an estimate until the server has counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from components.application import Planning, begin_report
from components.engine import DEFAULT_NUM_PREDICT, Model, Options
from components.errors import ContextExceeded, FirstReaderError
from components.export.stages import about
from components.reports import Plan, ReadingRequest, with_minimum_tokens
from components.ui.analyse.manuscript_panel import Opened
from components.ui.book.report_form import Wanted
from components.ui.shared import labels
from components.ui.shared.address import Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.while_here import still_here

_PLANNING = "book-planning"

#: Seconds between two looks whether the page that waits for a count is still there.
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan, what made it, and which of its answers there are from before."""

    plan: Plan
    planning: Planning
    answered: frozenset[int]


def report_plan(
    visit: Visit,
    opened: Opened,
    model: Model | None,
    options: Options | None,
    chapters: tuple[int, ...],
    wanted: Wanted | None,
) -> None:
    """Say what the reading takes, and offer to begin it."""
    planned = None
    if opened.manuscript.chapters and not chapters:
        st.warning("Choose at least one chapter.", icon=":material/info:")
    elif model is not None and options is not None and wanted is not None:
        planned = _planned(visit, opened, model, options, chapters, wanted)
    if planned is not None:
        _say(visit, planned)
    clicked = st.button(
        "Read the whole book",
        key="read-book",
        type="primary",
        icon=":material/auto_stories:",
        disabled=planned is None,
        help="Choose a model first." if model is None else None,
    )
    if clicked and planned is not None:
        begun = begin_report(
            visit.app,
            visit.shelf,
            opened.manuscript,
            planned.plan,
            planned.planning.counter,
            name=f"Whole book of {opened.manuscript.title}",
        )
        go(opened.id, begun.id, page=Page.REPORT)
        st.rerun()


def _planned(
    visit: Visit,
    opened: Opened,
    model: Model,
    options: Options,
    chapters: tuple[int, ...],
    wanted: Wanted,
) -> ShownPlan | None:
    planning = _planning(visit, model, opened)
    order = ReadingRequest(
        manuscript_id=opened.id,
        model=model,
        lenses=wanted.lenses,
        chapters=chapters,
        depth=wanted.depth,
        has_scores=wanted.has_scores,
        language=wanted.language,
        options=options,
        is_anew=wanted.is_anew,
    )
    try:
        made = planning.plan(order)
    except ContextExceeded as error:
        show_problem(error, kept="Nothing was asked yet.")
        return None
    except FirstReaderError as error:
        show_problem(error)
        return None
    steps = with_minimum_tokens(made.steps, is_counted=planning.counter.is_exact)
    return ShownPlan(made, planning, visit.shelf.reports.answered(steps))


def rerun_when_counted() -> None:
    """Where a plan was estimated and the server counts, show it again then; call it last."""
    _, planning = st.session_state.get(_PLANNING, ((), None))
    if planning is None or not planning.is_counting:
        return
    is_here = still_here()
    while not planning.wait(_LOOK_SECONDS):
        is_here()
    st.rerun()


def _planning(visit: Visit, model: Model, opened: Opened) -> Planning:
    """Return what plans for this model and manuscript in this window, with what it has counted."""
    of = (visit.app, model.digest, opened.id, opened.manuscript.chapters)
    kept: tuple[object, ...]
    planning: Planning | None
    kept, planning = st.session_state.get(_PLANNING, ((), None))
    if planning is None or kept != of:
        planning = Planning(visit.app, model, opened.manuscript)
        st.session_state[_PLANNING] = (of, planning)
    return planning


def _say(visit: Visit, planned: ShownPlan) -> None:
    made, exact = planned.plan, planned.planning.counter.is_exact
    there = len(planned.answered)
    rest = _rest(planned)
    seconds = rest.seconds(visit.shelf.reports.speeds(made.order.model.digest))
    lines = [f"<p><b>{escape(_extent(made))}</b></p>"]
    if there == len(made.steps):
        lines.append("<p>All of it was answered before: the report is there at once.</p>")
    else:
        reads = f"Reads about {rest.read_tokens:,} tokens" + ("" if exact else " (estimated)")
        time = (
            "how long it takes is not known before this model’s first answer here"
            if seconds is None
            else f"about {about(seconds)} at the speed measured here"
        )
        lines.append(
            f"<p>{escape(reads)}, writes at most {rest.answer_tokens:,}; {escape(time)}.</p>"
        )
        if there:
            lines.append(
                f"<p>{there:,} of {len(made.steps):,} answers are there from an earlier reading "
                "and are not asked again.</p>"
            )
    lines.append(f"<p>{escape(_way(made, is_exact=exact))}</p>")
    if not exact:
        why = (
            "the server is counting them"
            if planned.planning.is_counting
            else "the server has analyses to run, or does not say how it counts"
        )
        lines.append(f"<p>The tokens are estimated: {why}. Nothing is cut for that.</p>")
    asked = made.order.options.num_ctx
    if asked and asked > made.order.num_ctx:
        lines.append(
            f"<p>The options ask for a context of {asked:,} tokens; this model has "
            f"{made.order.num_ctx:,} at most, and those are asked for.</p>"
        )
    formed = [lens.title for lens in made.order.lenses if lens.schema]
    if formed:
        has_notes = any(step.question.part == "notes" for step in made.steps)
        what = " Its notes on each passage have that form." if has_notes else ""
        lines.append(
            f"<p>{escape(', '.join(formed))}: the report is prose, whatever the form that is asked "
            f"for.{what}</p>"
        )
    if unused := _unused(made.order.options):
        lines.append(f"<p>{escape(unused)}</p>")
    st.html(f'<div class="fr-plan" role="status">{"".join(lines)}</div>')


def _extent(made: Plan) -> str:
    calls = labels.plural(len(made.steps), "call")
    chapters = len(made.order.chapters)
    of = labels.plural(chapters, "chapter") if chapters else "The whole text"
    if made.is_whole:
        return f"{of} at once, {calls}."
    return f"{of} in {labels.plural(len(made.passages), 'passage')}, {calls}."


def _way(made: Plan, *, is_exact: bool) -> str:
    """Say whether the book is read as a whole, and why."""
    book, room = made.book_tokens, made.order.num_ctx
    takes = f"{book:,} tokens" if is_exact else f"about {book:,} tokens"
    if made.is_whole:
        return (
            f"Read as a whole: the text takes {takes} and fits the context of {room:,} with the "
            "questions."
        )
    indexes = sorted(made.order.chapters)
    if indexes and indexes != list(range(indexes[0], indexes[-1] + 1)):
        return (
            f"Read chapter by chapter, each with the story so far: {takes}, a context of "
            f"{room:,}, and not all chapters in between are read."
        )
    return (
        f"Read chapter by chapter, each with the story so far: the text takes {takes} and does "
        f"not fit a context of {room:,} with the questions and answers."
    )


def _rest(planned: ShownPlan) -> Plan:
    """Return the plan with the tokens of what was not answered before."""
    made = planned.plan
    left = [step for at, step in enumerate(made.steps) if at not in planned.answered]
    if len(left) == len(made.steps):
        return made
    numbers = {one.question.passage for one in left}
    unread = sum(passage.tokens for passage in made.passages if passage.number in numbers)
    around = made.read_tokens - made.book_tokens
    return replace(
        made,
        read_tokens=unread + round(around * len(left) / max(len(made.steps), 1)),
        answer_tokens=sum(one.question.options.num_predict for one in left),
    )


def _unused(options: Options) -> str:
    """Say which options the steps of a report set for themselves."""
    names = []
    if options.num_predict != DEFAULT_NUM_PREDICT:
        names.append("the longest answer")
    if options.format is not None:
        names.append("the format")
    if not names:
        return ""
    return f"From the options, {' and '.join(names)} do not hold here: the depth sets them."
