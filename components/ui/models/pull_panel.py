"""Fetching models: the name, what is under way, how far it is, what went wrong."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from components.analysis import is_small
from components.application import Pull, PullState
from components.engine import Host, Model, is_tiny, memory, suggestions
from components.engine.private import first_model
from components.errors import UnknownModel
from components.ui.question.model_picker import forget_choice
from components.ui.shared import labels, widgets
from components.ui.shared.problems import problems_shown, show_problem
from components.ui.shared.visit import Visit

#: Seconds between two looks at what is being fetched.
_LOOK = 0.5

#: By the first word of Ollama's status, as in "verifying sha256 digest"; the rest is tidying up.
_STATUS = {
    "": "starting",
    "pulling": "fetching",
    "verifying": "checking",
    "waiting": "waiting for another First Reader",
    "success": "done",
}


def pull_form(visit: Visit, host: Host, models: Sequence[Model]) -> None:
    """Offer models that suit this computer, and ask for the name of another to fetch."""
    _suggest(visit, host, models)
    with (
        st.form("pull", border=False, clear_on_submit=True),
        widgets.row(vertical_alignment="bottom"),
    ):
        name = st.text_input(
            "Get a model by its name", placeholder="gemma3:4b", key="pull-name"
        ).strip()
        sent = st.form_submit_button("Get it", type="primary", icon=":material/download:")
    st.caption(
        "Ollama fetches it from its registry over the network; nothing of a manuscript is sent."
    )
    if sent:
        _start(visit, host, name)


def offer_first_model(
    visit: Visit, host: Host | None, *, shows_pull: bool = True, is_next: bool = False
) -> None:
    """Where a private Ollama has only a very small model, offer one that is worth reading.

    With `shows_pull` what is being fetched of it is shown in the same place. `is_next` says that
    nothing else on the page is to be done first.
    """
    pulls = [pull for pull in visit.app.pulls.all() if pull.model == first_model.NAME]
    if pulls:
        _show(visit, pulls if shows_pull else [])
        return
    models = visit.app.known_models()
    if host is None or not host.is_private or not models or not all(map(is_tiny, models)):
        return
    fetched = visit.app.first_model_bytes()
    rest = f", {labels.size(fetched)} of it are here" if fetched else ""
    with widgets.row("first-model"):
        widgets.say(
            f"The model here, {models[0].name}, is very small: it shows how everything works, "
            f"and what it writes is not worth reading. {first_model.TITLE} is; it is fetched "
            "once, in some minutes.",
            "fr-meta",
        )
        label = f"Get a better model ({labels.size(first_model.SIZE)}{rest})"
        kind: Literal["primary", "secondary"] = "primary" if is_next else "secondary"
        if st.button(label, key="get-first-model", type=kind, icon=":material/download:"):
            forget_choice(visit)  # The new one is chosen as soon as it is here.
            _start(visit, host, first_model.NAME)


def pulls_under_way(visit: Visit) -> None:
    """Show the pulls, moving while any runs; the page is shown again when one has ended."""
    _show(visit, visit.app.pulls.all())


def _show(visit: Visit, pulls: Sequence[Pull]) -> None:
    running = [pull for pull in pulls if pull.state is PullState.RUNNING]

    @st.fragment(run_every=_LOOK)
    def show_running() -> None:
        for pull in running:
            _running(visit, pull)
        if any(pull.state is not PullState.RUNNING for pull in running):
            st.rerun()

    if running:
        show_running()
    for pull in pulls:
        if pull.state is not PullState.RUNNING:
            _ended(visit, pull)


def _running(visit: Visit, pull: Pull) -> None:
    progress = pull.progress
    facts = [labels.plain(pull.model), _STATUS.get(progress.status.split(" ")[0], "nearly done")]
    if progress.total:
        facts.append(f"{labels.size(progress.completed)} of {labels.size(progress.total)}")
    if progress.speed:
        facts.append(f"{labels.size(round(progress.speed))}/s")
    if progress.seconds_left is not None:
        facts.append(f"{labels.seconds(progress.seconds_left)} left")
    with widgets.row():
        st.progress(progress.share, text=labels.facts(*facts))
        key, cancel = f"cancel-{pull.host}-{pull.model}", visit.app.pulls.cancel
        look = {"type": "secondary", "help": "What was fetched is kept; it can go on later."}
        widgets.action("Cancel", "stop_circle", key, cancel, pull.host, pull.model, **look)


def _ended(visit: Visit, pull: Pull) -> None:
    name, pulls, at = labels.plain(pull.model), visit.app.pulls, (pull.host, pull.model)
    if pull.state is PullState.CANCELED:
        widgets.info(f"{name}: canceled. What was fetched is kept.", "pause_circle")
    elif pull.error is not None:
        show_problem(pull.error)
    with widgets.row():
        if pull.state is PullState.DONE:
            st.success(f"{name} is here.", icon=":material/check_circle:")
        else:
            label = "Try again" if isinstance(pull.error, UnknownModel) else f"Resume {name}"
            key = f"resume-{pull.host}-{pull.model}"
            widgets.action(label, "download", key, pulls.start, *at, type="secondary")
        key = f"dismiss-{pull.host}-{pull.model}"
        widgets.action("Dismiss", "close", key, pulls.dismiss, *at)


def _suggest(visit: Visit, host: Host, models: Sequence[Model]) -> None:
    """Offer what suits the memory of this computer and is not here; folded beside a large model."""
    capacity = memory() if host.is_local else None
    here = {model.name for model in models}
    offered = [model for model in suggestions(capacity) if model.name not in here]
    if not offered:
        return
    are_small = all(is_small(model) for model in models if model.can("completion"))
    with st.expander("Models that suit this computer", expanded=are_small):
        if capacity:
            widgets.say(f"It has {labels.size(capacity)} of memory.")
        for column, model in zip(st.columns(len(offered)), offered, strict=True):
            with column, st.container(border=True):
                st.markdown(f"**{labels.plain(model.name)}**")
                widgets.say(f"about {labels.size(model.size)}; {model.why}")
                label, key = f"Get {model.name}", f"get-{model.name}"
                if st.button(label, key=key, icon=":material/download:"):
                    _start(visit, host, model.name)


def _start(visit: Visit, host: Host, name: str) -> None:
    with problems_shown():
        visit.app.pulls.start(host.url, name)
        st.rerun()
