"""What is read of the open manuscript, by which lenses and how; what that takes; the button.

One lens reads at once what fits its model: one answer in prose. Several, or a text that does not
fit, are read chapter by chapter, into a report of findings. What a report takes is said before it
is begun, from what the server has counted by then or by estimate; no page waits for the count.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from html import escape

import streamlit as st

from components.analysis import MOST_TITLE, FindingKind, Lens
from components.application import Planning, begin_report
from components.engine import Model, Options
from components.errors import FirstReaderError
from components.export.formatting import PARTS
from components.export.stages import about
from components.measures import language_of
from components.reports import Depth, Plan, ReadingRequest, Report, with_minimum_tokens
from components.store import Analysis, CallOutcome, Kind, State
from components.ui.manuscript.manuscript_head import contents
from components.ui.question.lens_picker import (
    LensQuestion,
    choose_lenses,
    known_lenses,
    lens_question,
)
from components.ui.question.model_picker import Sidebar
from components.ui.question.text_picker import (
    Chosen,
    choose_chapters,
    choose_text,
    question_of,
    seconds_at_once,
    show_room,
)
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened, Page, go, series_link
from components.ui.shared.earlier import earlier_work
from components.ui.shared.html_tables import table
from components.ui.shared.problems import problems_shown
from components.ui.shared.stored_widget import made_last, set_stored, stored_widget
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import CHECK_SECONDS, still_here

FORM = "analyse"  # the name under which this window stores what the form holds

DEPTHS = {Depth.SKIM: "Skim", Depth.STANDARD: "Standard", Depth.THOROUGH: "Thorough"}

_DOES = {
    Depth.SKIM: "Up to three findings a passage by every lens. No scores.",
    Depth.STANDARD: "Up to five findings a passage by every lens, and scores.",
    Depth.THOROUGH: "Long chapters in smaller parts, up to ten findings in each.",
}

_MODELS, _MANUSCRIPTS = "the model's choice", "the manuscript's"

#: Languages that are offered beside the manuscript's own; any other may be typed.
_LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch")

_AT_ONCE, _BY_CHAPTERS = "At once", "Chapter by chapter"

#: States of a question that no model reads yet, and the longest wait for that in seconds: where the
#: model is in memory it takes a third of it.
_UNASKED = frozenset({State.QUEUED, State.CONTACTING, State.LOADING})
_ASKED_SECONDS = 0.1


def analyse_form(visit: Visit, opened: Opened, side: Sidebar) -> Planning | None:
    """Ask what is read, by which lenses and how, and begin it.

    Return what plans it where it is read chapter by chapter; see `rerun_when_counted`.
    """
    left, middle = st.columns([1, 1.6], gap="large")
    with left:
        chosen = choose_text(visit.app, opened, side.model, side.options, form=FORM)
        contents(opened, chosen.ranges)
        earlier_work(visit, opened.id)
    with middle:
        lenses = choose_lenses(visit, form=FORM)
        if _is_at_once(chosen, lenses):
            _at_once(visit, side, chosen, lenses)
            return None
        return _by_chapters(visit, opened, side, chosen, lenses)


def ask_as_before(visit: Visit, report: Report, *, form: str = FORM) -> None:
    """Have a form ask what a report was asked; another model may be chosen beside it."""
    setting, opened = report.setting, Opened(report.series.manuscript_id, report.manuscript)
    known = known_lenses(visit)
    asked = [lens.id for lens in known if (lens.name, lens.title) in setting.lenses]
    for name, value in (
        ("lenses", asked),
        ("way", _BY_CHAPTERS),
        ("depth", setting.depth),
        ("scores", setting.has_scores),
        ("language", setting.language or _MODELS),
    ):
        set_stored(form, name, value)
    choose_chapters(form, opened, setting.chapters)
    go(opened.id, page=Page.ANALYSIS if form == FORM else Page.COMPARISON)


def _is_at_once(chosen: Chosen, lenses: tuple[Lens, ...]) -> bool:
    """Return whether it is read at once, asking where both can be done; say why where not."""
    if chosen.chapters is None:
        return True
    if not chosen.fits:
        return False
    if len(lenses) > 1:
        widgets.say("Several lenses read chapter by chapter.")
        return False
    way = st.segmented_control(
        "How it is read",
        [_AT_ONCE, _BY_CHAPTERS],
        required=True,
        help="At once: one answer in prose, there soonest. Chapter by chapter: findings, each with "
        "the words it rests on, a receipt for every chapter, and a summary.",
        **stored_widget(FORM, "way", _AT_ONCE),
    )
    return bool(way == _AT_ONCE)


def _at_once(visit: Visit, side: Sidebar, chosen: Chosen, lenses: tuple[Lens, ...]) -> None:
    """Show the question and what it takes, and offer to ask it."""
    model, options = side.model, side.options
    is_submitted = st.session_state.pop("analyse-submitted", False)
    asked = LensQuestion("", "")
    if len(lenses) == 1:
        label = "What the model is asked, after the manuscript"
        models = [model] if model else []
        asked = lens_question(visit, lenses[0], key="prompt", label=label, models=models)
    elif lenses:
        widgets.warn("Passages are read by one lens at a time.")
    if chosen.ranges:
        show_room(chosen, model)
        if (seconds := seconds_at_once(visit, model, chosen.tokens)) is not None:
            widgets.say(f"One answer, about {about(seconds)} at the speed measured here.")
    # Whatever the question is made of was asked above.
    shown = {key: value for key, value in st.session_state.items() if key != "analyse"}

    def submit() -> None:
        if model is None or options is None:
            return
        question = question_of(visit.app, chosen, asked, model, options)
        submitted = visit.app.jobs.submit(visit.shelf, question)
        go(chosen.manuscript_id, submitted.id)
        _wait_until_asked(visit, submitted)

    def submit_as_shown() -> None:
        """Submit before the page runs, which takes as long as a first word from a loaded model.

        What was edited until the click is not in the question yet: then the run submits it.
        """
        if any(st.session_state.get(key, value) != value for key, value in shown.items()):
            return
        with contextlib.suppress(FirstReaderError):  # The run tries again and says what is wrong.
            submit()
            st.session_state["analyse-submitted"] = True

    can_ask = bool(model and options and asked.prompt and chosen.ranges and chosen.fits)
    if _analyse_button(model, disabled=not can_ask, on_click=submit_as_shown) and not is_submitted:
        submit()
        st.rerun()


def _analyse_button(
    model: Model | None, *, disabled: bool, on_click: Callable[[], None] | None = None
) -> bool:
    return st.button(
        "Analyse",
        key="analyse",
        type="primary",
        icon=":material/play_arrow:",
        disabled=disabled,
        help="Choose a model first." if model is None else None,
        on_click=on_click,
    )


def _wait_until_asked(visit: Visit, analysis: Analysis) -> None:
    """Wait until the model reads, _ASKED_SECONDS at most.

    Python runs one thread at a time: the page, drawn meanwhile, would hold up what asks.
    """
    outcome, seq, end = CallOutcome(), 0, time.monotonic() + _ASKED_SECONDS
    while outcome.state in _UNASKED and (left := end - time.monotonic()) > 0:
        for entry in visit.app.store.journal.after(analysis.call_id, seq, timeout=left):
            seq = entry.seq
            outcome.add(entry)


def _by_chapters(
    visit: Visit, opened: Opened, side: Sidebar, chosen: Chosen, lenses: tuple[Lens, ...]
) -> Planning | None:
    """Ask how thoroughly, say what the reading takes, and offer to begin it."""
    model, options, depth = side.model, side.options, choose_depth(FORM)
    has_scores = depth is not Depth.SKIM and st.toggle(
        "Scores for the charts",
        help="Tension, pace, conflict and mood of each chapter, the people in it and what it "
        "is for: a model’s opinion, one more question a chapter.",
        **stored_widget(FORM, "scores", True),
    )
    with st.expander("More options", icon=":material/tune:", key="analyse-more"):
        language = _choose_language(language_of(opened.manuscript).name)
        is_anew = st.toggle(
            "Ignore earlier answers and read again",
            help="Otherwise an answer to the same question about the same text, by the same "
            "model with the same options, is taken from an earlier report.",
            **stored_widget(FORM, "anew", False),
        )
    plan = planning = None
    if model is not None and options is not None and lenses and chosen.ranges:
        request = ReadingRequest(
            opened.id,
            model,
            lenses,
            chosen.chapters or (),
            depth=depth,
            has_scores=has_scores,
            language=language,
            options=options,
            is_anew=is_anew,
        )
        planning = _planning(visit, model, opened)
        with problems_shown(kept="Nothing was asked yet."):
            plan = planning.plan(request)
            _show_plan(visit, plan, planning)
    clicked = _analyse_button(model, disabled=plan is None)
    if clicked and plan is not None and planning is not None:
        go(opened.id, _begin(visit, opened, plan, planning), page=Page.REPORT)
        st.rerun()
    return planning


@st.dialog("Read every chapter for this question", width="medium")
def read_every_chapter(
    visit: Visit, opened: Opened, words: str, model: Model, options: Options
) -> None:
    """Say what it takes to read all of a manuscript for one question, and offer to begin it.

    The question is the only lens of a report, with findings and a receipt for every chapter.
    """
    title = labels.shortened(" ".join(words.split()), MOST_TITLE)
    lens = Lens("question", title, words, kinds=(FindingKind("Answer", title),))
    chapters = tuple(chapter.index for chapter in opened.manuscript.chapters)
    request = ReadingRequest(
        opened.id, model, (lens,), chapters, depth=Depth.SKIM, has_scores=False, options=options
    )
    st.markdown(f"“{labels.plain(title)}”")
    planning = _planning(visit, model, opened)
    with problems_shown(kept="Nothing was asked yet."):
        plan = planning.plan(request)
        _show_plan(visit, plan, planning)
        if st.button("Read every chapter", type="primary", icon=":material/play_arrow:"):
            page, query = series_link(Kind.REPORT, _begin(visit, opened, plan, planning))
            st.switch_page(page, query_params=query)


def _begin(visit: Visit, opened: Opened, plan: Plan, planning: Planning) -> str:
    """Begin the report of a plan and return its id."""
    manuscript, name = opened.manuscript, f"Report on {opened.manuscript.title}"
    begun = begin_report(visit.app, visit.shelf, manuscript, plan, planning.counter, name=name)
    return begun.id


def choose_depth(form: str) -> Depth:
    """Ask how thoroughly it is read."""
    depth = widgets.switch("Depth", DEPTHS, **stored_widget(form, "depth", Depth.STANDARD))
    widgets.say(_DOES[depth])
    return depth


def _choose_language(own: str) -> str:
    names = {_MODELS: "The model’s choice", _MANUSCRIPTS: f"The manuscript’s ({own})"}
    chosen = st.selectbox(
        "Language of the answers",
        [_MODELS, *([_MANUSCRIPTS] if own else []), *_LANGUAGES],
        format_func=lambda name: names.get(name, name),
        accept_new_options=True,
        help="Another language may be typed.",
        **stored_widget(FORM, "language", _MODELS),
    )
    if chosen == _MODELS:
        return ""
    return own if chosen == _MANUSCRIPTS else " ".join(chosen.split())[:40]


def rerun_when_counted(planning: Planning | None) -> None:
    """Where a plan was estimated and the server counts, show it again then; call it last."""
    if planning is None or not planning.is_counting:
        return
    is_here = still_here()
    while not planning.wait(CHECK_SECONDS):
        is_here()
    st.rerun()


def _planning(visit: Visit, model: Model, opened: Opened) -> Planning:
    """Return what plans for this model and manuscript in this window, with what it has counted."""
    key = (visit.app, model.digest, opened.id, opened.manuscript.chapters)
    return made_last("planning", key, lambda: Planning(visit.app, model, opened.manuscript))


def _show_plan(visit: Visit, plan: Plan, planning: Planning) -> None:
    """Say what the reading takes, in steps and time; unfolded, step by step."""
    exact, request = planning.counter.is_exact, plan.order
    answered = visit.shelf.reports.answered(with_minimum_tokens(plan.steps, is_counted=exact))
    steps = labels.plural(len(plan.steps), "step")
    chapters = labels.plural(len(request.chapters), "chapter") if request.chapters else "the text"
    rest = plan.without(answered)
    seconds = rest.seconds(visit.shelf.reports.speeds(request.model.digest))
    takes = "how long is not known before this model’s first answer here"
    if len(answered) == len(plan.steps):
        takes = "all answered before: it is there at once"
    elif seconds is not None:
        takes = f"about {about(seconds)} at the speed measured here"
    lines = [f"<b>Reads {chapters} in {steps}</b>, {takes}."]
    if 0 < len(answered) < len(plan.steps):
        lines.append(
            f"{len(answered):,} of them were answered in an earlier report and are not asked again."
        )
    if not exact:
        why = "the server has analyses to run, or does not say how it counts"
        if planning.is_counting:
            why = "the server is counting them"
        lines.append(f"The tokens are estimated: {why}. Your text is never shortened.")
    lines += map(escape, plan.remarks)
    lines = [f"<p>{line}</p>" for line in lines]
    st.html(f'<div class="fr-plan" role="status">{"".join(lines)}</div>')
    with st.expander("The plan", icon=":material/list_alt:", key="analyse-plan"):
        takes = f"{plan.book_tokens:,} tokens" if exact else f"{plan.book_tokens:,} (estimated)"
        widgets.say(
            f"The text takes {takes}, read in {labels.plural(len(plan.passages), 'passage')}, "
            f"in a context of {request.num_ctx:,}. Reads about {rest.read_tokens:,} tokens, "
            f"writes at most {rest.answer_tokens:,}."
        )
        asked = Counter(
            (question.lens, question.part, question.options.num_predict)
            for question in (step.question for step in plan.steps)
        )
        rows = [
            (lens if part != "scores" else "", PARTS[part], f"{count:,}", f"{most:,}")
            for (lens, part, most), count in asked.items()
        ]
        heads = ("Lens", "What is asked", "Steps", "Longest answer, tokens")
        st.html(table("The plan", heads, rows))
