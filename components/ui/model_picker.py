"""Choosing a model: what it is called, how large it is, how much it can read at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.application import Application
from components.engine import Host, Model
from components.errors import FirstReaderError
from components.ui import words
from components.ui.problems import show_problem


def choose_model(app: Application, host: Host | None) -> Model | None:
    """Show the models of `host` in the sidebar and return the chosen one, None without any."""
    with st.sidebar:
        if host is None:
            st.caption("No Ollama yet, and so no model.")
            return None
        try:
            models, left_out = app.models()
        except FirstReaderError as error:
            show_problem(error)
            st.button("Try again", icon=":material/refresh:")
            return None
        model = _pick(models)
        if left_out:
            st.caption(
                f"{words.plural(left_out, 'cloud model')} not shown: the manuscript would leave "
                "this computer."
            )
        kind = "Private Ollama" if host.is_private else "Ollama"
        where = "on this computer" if host.is_local else f"at {host.url}"
        st.html(f'<p class="fr-quiet">{kind} {escape(host.version)}, {escape(where)}</p>')
    return model


def _pick(models: list[Model]) -> Model | None:
    if not models:
        st.info(
            "Ollama has no model yet. Install one in a terminal, for example "
            "`ollama pull llama3.2`, then reload this page.",
            icon=":material/download:",
        )
        return None
    by_name = {model.name: model for model in models}
    name = st.selectbox(
        "Model",
        list(by_name),
        key="model",
        format_func=lambda name: _label(by_name[name]),
    )
    model = by_name[name]
    st.html(f'<p class="fr-quiet">{escape(_facts(model))}</p>')
    return model


def _label(model: Model) -> str:
    return f"{model.name} · {model.parameter_size}" if model.parameter_size else model.name


def _facts(model: Model) -> str:
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
