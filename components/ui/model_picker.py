"""Choosing a model: what it is called, how large it is, how much it can read at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.application import Application
from components.engine import Host, Model
from components.errors import FirstReaderError
from components.ui import words
from components.ui.problems import show_problem


def choose_model(
    app: Application, host: Host | None, *, capability: str = "completion"
) -> Model | None:
    """Show the models of `host` in the sidebar and return the chosen one, None without any."""
    with st.sidebar:
        models = models_of(app, host, capability=capability)
        return _pick(models, capability) if models is not None else None


def models_of(
    app: Application, host: Host | None, *, capability: str = "completion"
) -> list[Model] | None:
    """Return the models that may answer, and say which Ollama has them; None where none answers."""
    if host is None:
        st.caption("No Ollama yet, and so no model.")
        return None
    try:
        models, left_out = app.models(capability)
    except FirstReaderError as error:
        show_problem(error)
        st.button("Try again", icon=":material/refresh:")
        return None
    if left_out:
        st.caption(
            f"{words.plural(left_out, 'cloud model')} not shown: the manuscript would leave "
            "this computer."
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


def _pick(models: list[Model], capability: str) -> Model | None:
    if not models:
        if capability != "completion":
            st.caption("No model here can do this.")  # The page says what it takes.
            return None
        st.info("Ollama has no model yet. The page Models gets one.", icon=":material/download:")
        if st.button("Get a model", icon=":material/download:"):
            st.switch_page("pages/models.py")
        return None
    by_name = {model.name: model for model in models}
    name = st.selectbox(
        "Model",
        list(by_name),
        key="model",
        format_func=lambda name: model_label(by_name[name]),
    )
    model = by_name[name]
    # The picker above says how many parameters; all facts on hover, and on the page Models.
    limit = model.context_length
    room = f"reads {limit:,} tokens at once" if limit else "context limit unknown"
    st.html(f'<p class="fr-quiet" title="{escape(model_facts(model))}">{room}</p>')
    return model


def model_label(model: Model) -> str:
    """Say which model it is and how large."""
    return f"{model.name} · {model.parameter_size}" if model.parameter_size else model.name


def model_facts(model: Model) -> str:
    """Say what is known of a model in one line."""
    facts = [
        f"{model.parameter_size} parameters" if model.parameter_size else "",
        model.quantization_level,
        words.size(model.size) if model.size else "",
        f"reads up to {model.context_length:,} tokens"
        if model.context_length
        else "context limit unknown",
        f"loaded with {model.loaded.context_length:,}" if model.loaded else "not loaded",
    ]
    return " · ".join(fact for fact in facts if fact)
