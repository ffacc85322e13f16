"""How a book is read, what that will take, in plain words, and the button for it.

The plan is made anew at every change of the form, by an estimate until the server has counted.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from components.analysis import Lens, lens
from components.application import Planning, begin_report
from components.engine import DEFAULT_NUM_PREDICT, Model, Options
from components.errors import ContextExceeded, FirstReaderError
from components.export.stages import about
from components.manuscripts import Manuscript
from components.measures import language_of
from components.reports import (
    Depth,
    Plan,
    ReadingRequest,
    indistinct,
    names_of,
    story_chapters,
    with_minimum_tokens,
)
from components.ui.question.lens_picker import known_lenses, lens_labels, lenses_by_id
from components.ui.shared import labels
from components.ui.shared.address import Opened, Page, go
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import CHECK_SECONDS, still_here

DEPTHS = {Depth.SKIM: "Skim", Depth.STANDARD: "Standard", Depth.THOROUGH: "Thorough"}

_DOES = {
    Depth.SKIM: "Up to three findings a passage by every lens. No scores.",
    Depth.STANDARD: "Up to five findings a passage by every lens, and scores.",
    Depth.THOROUGH: "Long chapters in smaller parts, up to ten findings in each.",
}

_MODELS, _MANUSCRIPTS = "the model's choice", "the manuscript's"

#: Languages that are offered beside the manuscript's own; any other may be typed.
_LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch")

#: What is read: the story unless the editor says otherwise. Nobody unticks fifty of sixty chapters,
#: so single chapters are only offered where they are asked for.
_EXTENTS = {
    "story": "The story, without front and back matter",
    "all": "All of it",
    "only": "Only chapters that I choose",
    "but": "All but chapters that I choose",
}

_TALL = 14  # chapters above which the list scrolls in its own box
_FORM = "book-form"  # where this window stores what the form held, also while another page is shown
_PLANNING = "book-planning"  # where this window stores its last plan

#: Makes the request of what the form holds once manuscript, model, chapters and options are known.
Request = Callable[..., ReadingRequest]


def _stored(
    name: str, default: Any, *, of: str = "", among: Collection[Any] | None = None
) -> dict[str, Any]:
    """Return the key and callback of a widget whose value is stored for the window.

    `of` is the manuscript that the value is about, if it is about one. A value that is not `among`
    those that there are gives way to the default.
    """
    key = f"book-{name}"
    value = st.session_state.get(_FORM, {}).get((of, name), default)
    if among is not None:
        if isinstance(value, list):
            value = [option for option in value if option in among]
        elif value not in among:
            value = default

    def store() -> None:
        st.session_state.setdefault(_FORM, {})[of, name] = st.session_state[key]

    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[key] = value
    return {"key": key, "on_change": store}


def choose_chapters(opened: Opened) -> tuple[int, ...]:
    """Show the choice and what becomes of each chapter; return the indexes of those to be read."""
    manuscript = opened.manuscript
    if not manuscript.chapters:
        st.html(
            labels.line(
                "No chapter headings were found in this text: all of it is read, cut where "
                "paragraphs end."
            )
        )
        return ()
    names = names_of(manuscript)
    story = story_chapters(manuscript)
    extents = [extent for extent in _EXTENTS if extent != "story" or len(story) < len(names)]
    extent = st.selectbox(
        "What is read",
        extents,
        format_func=_EXTENTS.__getitem__,
        **_stored("chapters", extents[0], of=opened.id, among=extents),
    )
    chosen = story if extent == "story" else tuple(names)
    if extent in ("only", "but"):
        picked = st.multiselect(
            "Chapters to read" if extent == "only" else "Chapters to leave out",
            list(names),
            format_func=names.__getitem__,
            placeholder="Choose chapters",
            **_stored(f"chapters-{extent}", [], of=opened.id, among=names),
        )
        chosen = tuple(index for index in names if (index in picked) == (extent == "only"))
    _list_chapters(manuscript, names, chosen)
    return chosen


def _list_chapters(manuscript: Manuscript, names: dict[int, str], chosen: Collection[int]) -> None:
    out = len(names) - len(chosen)
    chapters, are = labels.plural(len(chosen), "chapter"), "is" if len(chosen) == 1 else "are"
    rest = f"; {out:,} {'is' if out == 1 else 'are'} left out." if out else ", none is left out."
    st.html(labels.line(f"{chapters} of {len(names):,} {are} read{rest}"))
    rows = []
    for chapter in manuscript.chapters:
        out_class, facts = ' class="fr-out"', "left out"
        if chapter.index in chosen:
            out_class, facts = "", labels.length(chapter.words, manuscript.unit)
        rows.append(
            f"<li{out_class}><span>{escape(names[chapter.index])}</span><span>{facts}</span></li>"
        )
    with st.container(height=460 if len(rows) > _TALL else "content", border=False):
        st.html(f'<ul class="fr-contents" aria-label="Chapters">{"".join(rows)}</ul>')


def choose_reading(visit: Visit, opened: Opened) -> Request | None:
    """Show how the book may be read; None, and why, while that cannot be done."""
    lenses = _choose_lenses(visit)
    chosen = st.segmented_control(
        "Depth",
        list(DEPTHS),
        format_func=DEPTHS.__getitem__,
        required=True,
        **_stored("depth", Depth.STANDARD),
    )
    depth = Depth(chosen or Depth.STANDARD)
    st.html(labels.line(_DOES[depth]))
    has_scores = depth is not Depth.SKIM and st.toggle(
        "Scores for the charts",
        help="Tension, pace, conflict and mood of each chapter, the people in it and what it "
        "is for: a model’s opinion, one more question a chapter.",
        **_stored("scores", True),
    )
    language = _choose_language(opened.manuscript)
    with st.expander("More options", icon=":material/tune:", key="book-more"):
        is_anew = st.toggle(
            "Read anew what was read before",
            help="Otherwise an answer to the same question about the same text, by the same "
            "model with the same options, is taken from an earlier reading.",
            **_stored("anew", False),
        )
    if not lenses:
        st.warning("Choose at least one lens.", icon=":material/info:")
        return None
    if not are_distinct(lenses):
        return None
    return partial(
        ReadingRequest,
        lenses=lenses,
        depth=depth,
        has_scores=has_scores,
        language=language,
        is_anew=is_anew,
    )


def _choose_lenses(visit: Visit) -> tuple[Lens, ...]:
    among = known_lenses(visit)
    by_id = lenses_by_id(among)
    chosen = st.multiselect(
        "Lenses",
        list(by_id),
        format_func=lens_labels(among).__getitem__,
        placeholder="Choose lenses",
        help="What each chapter is asked. More lenses take more time; the text is read once for "
        "all of them.",
        **_stored("lenses", [lens().name], among=by_id),
    )
    return tuple(by_id[lens_id] for lens_id in chosen)


def are_distinct(lenses: tuple[Lens, ...]) -> bool:
    """Whether the lenses can be told apart in a report; where not, say which cannot."""
    same = indistinct(lenses)
    if same:
        names = " and ".join(f"“{labels.plain(name)}”" for name in same)
        st.warning(
            f"Two of these lenses have the same name: {names}. In one report they could not be "
            "told apart. Leave one out, or rename yours in the settings.",
            icon=":material/info:",
        )
    return not same


def _choose_language(manuscript: Manuscript) -> str:
    own = language_of(manuscript).name
    names = {_MODELS: "The model’s choice", _MANUSCRIPTS: f"The manuscript’s ({own})"}
    chosen = st.selectbox(
        "Language of the answers",
        [_MODELS, *([_MANUSCRIPTS] if own else []), *_LANGUAGES],
        format_func=lambda name: names.get(name, name),
        accept_new_options=True,
        help="Another language may be typed.",
        **_stored("language", _MODELS),
    )
    if chosen == _MODELS:
        return ""
    return own if chosen == _MANUSCRIPTS else " ".join(chosen.split())[:40]


def report_plan(
    visit: Visit,
    opened: Opened,
    model: Model | None,
    options: Options | None,
    chapters: tuple[int, ...],
    make_request: Request | None,
) -> None:
    """Say what the reading takes, and offer to begin it."""
    plan = planning = None
    if opened.manuscript.chapters and not chapters:
        st.warning("Choose at least one chapter.", icon=":material/info:")
    elif model is not None and options is not None and make_request is not None:
        planning = _planning(visit, model, opened)
        try:
            plan = planning.plan(
                make_request(
                    manuscript_id=opened.id, model=model, chapters=chapters, options=options
                )
            )
        except ContextExceeded as error:
            show_problem(error, kept="Nothing was asked yet.")
        except FirstReaderError as error:
            show_problem(error)
        else:
            lines = "".join(f"<p>{line}</p>" for line in _lines(visit, plan, planning))
            st.html(f'<div class="fr-plan" role="status">{lines}</div>')
    clicked = st.button(
        "Read the whole book",
        key="read-book",
        type="primary",
        icon=":material/auto_stories:",
        disabled=plan is None,
        help="Choose a model first." if model is None else None,
    )
    if clicked and plan is not None and planning is not None:
        manuscript, name = opened.manuscript, f"Whole book of {opened.manuscript.title}"
        begun = begin_report(visit.app, visit.shelf, manuscript, plan, planning.counter, name=name)
        go(opened.id, begun.id, page=Page.REPORT)
        st.rerun()


def rerun_when_counted() -> None:
    """Where a plan was estimated and the server counts, show it again then; call it last."""
    _, planning = st.session_state.get(_PLANNING, ((), None))
    if planning is None or not planning.is_counting:
        return
    is_here = still_here()
    while not planning.wait(CHECK_SECONDS):
        is_here()
    st.rerun()


def _planning(visit: Visit, model: Model, opened: Opened) -> Planning:
    """Return what plans for this model and manuscript in this window, with what it has counted."""
    key = (visit.app, model.digest, opened.id, opened.manuscript.chapters)
    stored: tuple[object, Planning | None] = st.session_state.get(_PLANNING, ((), None))
    if stored[1] is not None and stored[0] == key:
        return stored[1]
    planning = Planning(visit.app, model, opened.manuscript)
    st.session_state[_PLANNING] = (key, planning)
    return planning


def _lines(visit: Visit, plan: Plan, planning: Planning) -> list[str]:
    """Return what the reading takes and why, in lines of HTML."""
    exact, request = planning.counter.is_exact, plan.order
    answered = visit.shelf.reports.answered(with_minimum_tokens(plan.steps, is_counted=exact))
    lines = [f"<b>{escape(_extent(plan))}</b>"]
    if len(answered) == len(plan.steps):
        lines.append("All of it was answered before: the report is there at once.")
    else:
        rest = _rest(plan, answered)
        seconds = rest.seconds(visit.shelf.reports.speeds(request.model.digest))
        estimated = "" if exact else " (estimated)"
        time = "how long it takes is not known before this model’s first answer here"
        if seconds is not None:
            time = f"about {about(seconds)} at the speed measured here"
        lines.append(
            f"Reads about {rest.read_tokens:,} tokens{estimated}, writes at most "
            f"{rest.answer_tokens:,}; {time}."
        )
        if answered:
            lines.append(
                f"{len(answered):,} of {len(plan.steps):,} answers are there from an earlier "
                "reading and are not asked again."
            )
    lines.append(_way(plan, is_exact=exact))
    if not exact:
        why = "the server has analyses to run, or does not say how it counts"
        if planning.is_counting:
            why = "the server is counting them"
        lines.append(f"The tokens are estimated: {why}. Nothing is cut for that.")
    asked = request.options.num_ctx
    if asked and asked > request.num_ctx:
        lines.append(
            f"The options ask for a context of {asked:,} tokens; this model has "
            f"{request.num_ctx:,} at most, and those are asked for."
        )
    formed = ", ".join(lens.title for lens in request.lenses if lens.schema)
    if formed:
        lines.append(
            f"{escape(formed)}: the notes on each passage have the form that is asked for, and no "
            "findings; the report is prose."
        )
    unused = []
    if request.options.num_predict != DEFAULT_NUM_PREDICT:
        unused.append("the longest answer")
    if request.options.format is not None:
        unused.append("the format")
    if unused:
        names = " and ".join(unused)
        lines.append(f"From the options, {names} do not hold here: the depth sets them.")
    return lines


def _extent(plan: Plan) -> str:
    calls = labels.plural(len(plan.steps), "call")
    chapters = len(plan.order.chapters)
    extent = labels.plural(chapters, "chapter") if chapters else "The whole text"
    return f"{extent} in {labels.plural(len(plan.passages), 'passage')}, {calls}."


def _way(plan: Plan, *, is_exact: bool) -> str:
    """Say how the book is read."""
    takes = f"{plan.book_tokens:,} tokens" if is_exact else f"about {plan.book_tokens:,} tokens"
    return (
        f"Read chapter by chapter in a context of {plan.order.num_ctx:,}; the text takes {takes}."
    )


def _rest(plan: Plan, answered: frozenset[int]) -> Plan:
    """Return the plan with the tokens of what was not answered before."""
    left = [step for at, step in enumerate(plan.steps) if at not in answered]
    if not answered:
        return plan
    numbers = {step.question.passage for step in left}
    unread = sum(passage.tokens for passage in plan.passages if passage.number in numbers)
    around = plan.read_tokens - plan.book_tokens
    return replace(
        plan,
        read_tokens=unread + round(around * len(left) / max(len(plan.steps), 1)),
        answer_tokens=sum(step.question.options.num_predict for step in left),
    )
