"""Choosing a model: what it is called, how large it is, how much it can read at once.

What is chosen is kept for the user and is the same on every page that needs the same of a model,
after a refresh and after a restart too. A window that is open keeps its own: what another window
chooses meanwhile is for those that are opened later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from components.engine import Host, Model
from components.errors import FirstReaderError
from components.export.formatting import letter
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit

#: What is said where no model can be chosen.
NO_MODEL = "Ollama has no model that writes yet. The page Models gets one."


def choose_model(
    visit: Visit, host: Host | None, *, capability: str = "completion"
) -> Model | None:
    """Show the models of `host` in the sidebar and return the chosen one, None without any."""
    with st.sidebar:
        models = models_of(visit, host, capability=capability)
        return _pick(visit, models, capability) if models is not None else None


def choose_column(
    visit: Visit, models: Sequence[Model], number: int, before: Sequence[Model], *, key: str
) -> Model:
    """Show the models for a column of a comparison and return the chosen one.

    The first column has the model that is chosen on the other pages, each other the best that none
    `before` it has, unless another was chosen for it in this window.
    """
    label = f"Model {letter(number)}"
    best = best_first(visit, models)
    if number == 0:
        return _select(label, models, best[0], key=key, keep=_keep, args=(visit, key))
    kept = f"column-{number}"
    names = [st.session_state.get(kept), *(one.name for one in best if one not in before)]
    by_name = {model.name: model for model in models}
    chosen = next((by_name[name] for name in names if name in by_name), best[-1])

    def keep() -> None:
        st.session_state[kept] = st.session_state[key]

    return _select(label, models, chosen, key=key, keep=keep)


def best_first(
    visit: Visit, models: Sequence[Model], *, capability: str = "completion"
) -> list[Model]:
    """Return the models, the one that the user chose first, then as this computer holds them."""
    return visit.app.ranked(models, _last_chosen(visit, capability))


def models_of(
    visit: Visit, host: Host | None, *, capability: str = "completion"
) -> list[Model] | None:
    """Return the models that may answer, and say which are not there; None where none answers."""
    if host is None:
        st.caption("No Ollama yet, and so no model.")
        return None
    try:
        models, left_out = visit.app.models(capability)
    except FirstReaderError as error:
        show_problem(error)
        st.button("Try again", icon=":material/refresh:")
        return None
    if left_out:
        st.caption(
            f"{labels.plural(left_out, 'cloud model')} not shown: the manuscript would leave "
            "this computer."
        )
    last = _last_chosen(visit, capability)
    if models and last and last not in {model.name for model in models}:
        st.caption(
            f"{labels.plain(last)}, which you chose last, is not here now: another is taken."
        )
    return models


def host_line(host: Host | None) -> None:
    """Say in the sidebar which Ollama it is."""
    if host is None:
        return
    with st.sidebar:
        kind = "Private Ollama" if host.is_private else "Ollama"
        where = "on this computer" if host.is_local else f"at {host.url}"
        st.html(f'<p class="fr-quiet">{kind} {escape(host.version)}, {escape(where)}</p>')


def _pick(visit: Visit, models: list[Model], capability: str) -> Model | None:
    if not models:
        if capability != "completion":
            st.caption("No model here can do this.")  # The page says what it takes.
            return None
        st.info(NO_MODEL, icon=":material/download:")
        if st.button("Get a model", icon=":material/download:"):
            st.switch_page("pages/models.py")
        return None
    best = best_first(visit, models, capability=capability)[0]
    model = _select(
        "Model", models, best, key="model", keep=_keep, args=(visit, "model", capability)
    )
    # The picker above says how many parameters; all facts on hover, and on the page Models.
    limit = model.context_length
    room = f"reads {limit:,} tokens at once" if limit else "context limit unknown"
    st.html(f'<p class="fr-quiet" title="{escape(model_facts(model))}">{room}</p>')
    return model


def _select(
    label: str,
    models: Sequence[Model],
    chosen: Model,
    *,
    key: str,
    keep: Callable[..., None],
    args: tuple[Any, ...] = (),
) -> Model:
    """Show the models with `chosen` selected; `keep` is called when another is selected."""
    by_name = {model.name: model for model in models}
    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[key] = chosen.name
    name = st.selectbox(
        label,
        list(by_name),
        key=key,
        format_func=lambda name: model_label(by_name[name]),
        on_change=keep,
        args=args,
    )
    return by_name[name]


def _keep(visit: Visit, key: str, capability: str = "completion") -> None:
    """Keep what was selected in the widget `key`: for this window, and for the user."""
    name = st.session_state[key]
    st.session_state[_kept(capability)] = name
    try:
        visit.shelf.preferences.put_model(name, capability)
    except FirstReaderError as error:
        show_problem(error, kept="The choice holds for this window.")


def forget_choice(visit: Visit) -> None:
    """Let the best model be chosen again, for this window and for the user."""
    st.session_state[_kept("completion")] = ""
    visit.shelf.preferences.put_model("")


def _last_chosen(visit: Visit, capability: str) -> str:
    """Return what was chosen in this window, or by this user before it was opened, or ""."""
    kept = _kept(capability)
    if kept not in st.session_state:
        st.session_state[kept] = visit.shelf.preferences.model(capability)
    return str(st.session_state[kept])


def _kept(capability: str) -> str:
    return f"chosen-model-{capability}"


def model_label(model: Model) -> str:
    """Say which model it is and how large."""
    return f"{model.name} · {model.parameter_size}" if model.parameter_size else model.name


def model_facts(model: Model) -> str:
    """Say what is known of a model in one line."""
    facts = [
        f"{model.parameter_size} parameters" if model.parameter_size else "",
        model.quantization_level,
        labels.size(model.size) if model.size else "",
        f"reads up to {model.context_length:,} tokens"
        if model.context_length
        else "context limit unknown",
        f"loaded with {model.loaded.context_length:,}" if model.loaded else "not loaded",
    ]
    return " · ".join(fact for fact in facts if fact)
