"""Choosing a model, in the sidebar of a page that asks or for a column of a comparison.

The choice is kept for the user and is the same on every page that needs the same capability, after
a refresh and a restart too. An open window keeps its own choice, whatever another window chooses.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.engine import Host, Model, Options
from components.errors import FirstReaderError
from components.export.formatting import letter
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.question.options_form import options_form
from components.ui.shared import labels, widgets
from components.ui.shared.problems import problems_shown, show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import connected

_NO_MODEL = {
    "completion": "Ollama has no model that writes yet. The page Models offers some that suit this "
    "computer.",
    "vision": "A model that sees pictures was taught to read them beside text; most models were "
    "not, and none of those here was. Get one first, such as gemma3:4b (3.3 GB): the page Models "
    "fetches it, and says “sees pictures” of those that do.",
}


@dataclass(frozen=True, slots=True)
class Sidebar:
    """What was chosen, None where it cannot be, and the place for the figures of an answer."""

    host: Host | None
    model: Model | None
    options: Options | None
    panel: StatisticsPanel


def sidebar(visit: Visit, *, capability: str = "completion") -> Sidebar:
    """Show the choice of a model that has `capability`, its options and which Ollama it is."""
    host = connected(visit.app)
    with st.sidebar:
        models = models_of(visit, host, capability=capability)
        model = _choose_model(visit, models, capability) if models else None
        if models == []:
            st.caption("No model yet.")  # The page says what it takes.
        with st.expander("Options", icon=":material/tune:"):
            options = options_form(visit, model, suits=True)
        if options is not None and model is not None:
            options = visit.app.suited(options, model)
        panel = StatisticsPanel(st.sidebar, chosen=model.name if model else "")
        if host is not None:
            where = "on this computer" if host.is_local else f"at {host.url}"
            widgets.say(f"Runs {where} (Ollama {host.version})")
    if models == []:
        needs_model(capability)
    return Sidebar(host, model, options, panel)


def needs_model(capability: str = "completion") -> None:
    """Say that there is no model with `capability`, and lead to where one is got."""
    widgets.info(_NO_MODEL[capability], "download")
    label = "Get a model that sees" if capability == "vision" else "Get a model"
    if st.button(label, type="primary", icon=":material/download:"):
        st.switch_page("pages/models.py")


def _choose_model(visit: Visit, models: list[Model], capability: str) -> Model:
    best = best_first(visit, models, capability=capability)[0]

    def keep() -> None:
        _keep(visit, st.session_state["model"], capability)

    model = _select("Model", models, best, key="model", keep=keep)
    # The picker above says how many parameters; all facts on hover, and on the page Models.
    limit = model.context_length
    room = f"reads {limit:,} tokens at once" if limit else "context limit unknown"
    loaded = f"loaded with {model.loaded.context_length:,}" if model.loaded else "not loaded"
    facts = escape(labels.facts(*weights(model), model.quantization_level, room, loaded))
    st.html(f'<p class="fr-quiet" title="{facts}">{room}</p>')
    return model


def choose_column(
    visit: Visit, models: Sequence[Model], number: int, before: Sequence[Model], *, key: str
) -> Model:
    """Show the models for a column of a comparison and return the chosen one.

    The first column has the model that is chosen on the other pages, each other the best that none
    `before` it has, unless another was chosen for it in this window.
    """
    best = best_first(visit, models)
    stored = f"column-{number}"

    def keep() -> None:
        if number == 0:
            _keep(visit, st.session_state[key])
        else:
            st.session_state[stored] = st.session_state[key]

    chosen = best[0]
    if number > 0:
        others = [model for model in best if model not in before] or best[-1:]
        picked = (model for model in models if model.name == st.session_state.get(stored))
        chosen = next(picked, others[0])
    return _select(f"Model {letter(number)}", models, chosen, key=key, keep=keep)


def choose_second(visit: Visit, name: str) -> None:
    """Have a comparison's second column be of this model, unless the first is."""
    st.session_state.pop("column-1", None)
    with contextlib.suppress(FirstReaderError):  # The page says that no Ollama answers.
        best = best_first(visit, visit.app.models()[0])
        if best and best[0].name != name:
            st.session_state["column-1"] = name


def best_first(
    visit: Visit, models: Sequence[Model], *, capability: str = "completion"
) -> list[Model]:
    """Return the models, the user's choice first, then by how well this computer holds them."""
    return visit.app.ranked(models, _last_chosen(visit, capability))


def models_of(
    visit: Visit, host: Host | None, *, capability: str = "completion"
) -> list[Model] | None:
    """Return the models that may answer, and say which are left out; None where none answers."""
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


def forget_choice(visit: Visit) -> None:
    """Let the best model be chosen again, for this window and for the user."""
    st.session_state[_session_key("completion")] = ""
    visit.shelf.preferences.put_model("")


def weights(model: Model) -> tuple[str, ...]:
    """Say how large a model is: parameters, bytes; empty where unknown."""
    return (
        f"{model.parameter_size} parameters" if model.parameter_size else "",
        labels.size(model.size) if model.size else "",
    )


def _select(
    label: str, models: Sequence[Model], chosen: Model, *, key: str, keep: Callable[[], None]
) -> Model:
    """Show the models with `chosen` selected; `keep` is called when another is selected."""
    by_name = {model.name: model for model in models}
    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[key] = chosen.name
    names = {name: labels.facts(name, model.parameter_size) for name, model in by_name.items()}
    return by_name[widgets.select(label, names, key=key, on_change=keep)]


def _keep(visit: Visit, name: str, capability: str = "completion") -> None:
    """Keep a choice for this window and for the user."""
    st.session_state[_session_key(capability)] = name
    with problems_shown(kept="The choice holds for this window."):
        visit.shelf.preferences.put_model(name, capability)


def _last_chosen(visit: Visit, capability: str) -> str:
    """Return what was chosen in this window, or by this user before it was opened, or ""."""
    key = _session_key(capability)
    if key not in st.session_state:
        st.session_state[key] = visit.shelf.preferences.model(capability)
    return str(st.session_state[key])


def _session_key(capability: str) -> str:
    return f"chosen-model-{capability}"
