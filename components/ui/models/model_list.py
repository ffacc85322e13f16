"""The models of a server: what each is and can, whether it is loaded, what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from components.engine import Host, Loaded, Model
from components.errors import FirstReaderError
from components.ui.compare.quote_shares import Share, quote_shares
from components.ui.models.model_dialogs import manage_model
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import while_here

_CAPABILITIES = {
    "completion": "writes",
    "vision": "sees pictures",
    "thinking": "thinks",
    "tools": "uses tools",
    "embedding": "embeds",
    "insert": "fills in",
    "audio": "hears",
}


#: From so many days on, what is left is counted in days.
_DAYS = 3

#: Seconds: a model that is kept for ever expires in some hundred years.
_FOR_EVER = 20 * 366 * 24 * 3600


def choose_server(servers: Sequence[tuple[Host, Sequence[Model]]]) -> tuple[Host, Sequence[Model]]:
    """Return the server whose models are shown; asked for where there are several."""
    by_url = {host.url: (host, models) for host, models in servers}
    if len(servers) == 1:
        return servers[0]
    url = st.segmented_control(
        "Ollama server", list(by_url), default=servers[0][0].url, required=True, key="server"
    )
    return by_url.get(str(url), servers[0])


def model_list(visit: Visit, host: Host, models: Sequence[Model]) -> None:
    """Show the models with what can be done with each."""
    shares = quote_shares(visit)
    for model in models:
        with st.container(border=True, key=f"model-{_key(model.name)}"):
            _show(visit, host, model, shares.get(model.name))
    manage_model(visit, host, {model.name: model for model in models})


def _show(visit: Visit, host: Host, model: Model, share: Share | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(labels.plain(model.name), anchor=False)
        key = _key(model.name)
        if model.loaded:
            if st.button("Unload", key=f"unload-{key}", icon=":material/eject:", type="tertiary"):
                _act(visit, host, model, loads=False)
        elif not model.is_cloud and st.button(
            "Load", key=f"load-{key}", icon=":material/play_arrow:", type="tertiary"
        ):
            _act(visit, host, model, loads=True)
        st.button(
            "Manage",
            key=f"manage-{key}",
            icon=":material/more_horiz:",
            type="tertiary",
            on_click=_manage,
            args=(model.name,),
        )
    st.html(f'<p class="fr-quiet">{escape(_facts(model))}</p>')
    if share is not None:
        st.html(f'<p class="fr-quiet">{escape(share.said())}</p>')
    if model.is_cloud:
        allowed = visit.app.settings.allow_cloud
        where = model.remote_host or "another machine"
        st.warning(
            f"Runs in a cloud: a manuscript would go to {labels.plain(where)}. "
            f"{'An administrator has allowed that.' if allowed else 'It is refused.'}",
            icon=":material/cloud:",
        )
    if model.loaded:
        st.html(f'<p class="fr-quiet">{escape(_loaded(model.loaded))}</p>')


def _facts(model: Model) -> str:
    can = [_CAPABILITIES.get(capability, capability) for capability in sorted(model.capabilities)]
    cannot = "" if model.can("completion") else "cannot write an analysis"
    facts = [
        model.family,
        f"{model.parameter_size} parameters" if model.parameter_size else "",
        model.quantization_level,
        labels.size(model.size) if model.size else "",
        f"reads up to {model.context_length:,} tokens" if model.context_length else "",
        "; ".join(filter(None, (", ".join(can), cannot))),
        f"a variant of {model.parent_model}" if model.parent_model else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _loaded(loaded: Loaded) -> str:
    """Say what it takes of the server's memory, where, and for how long."""
    facts = [f"Loaded: {labels.size(loaded.size)}"]
    if loaded.size:
        on_gpu = loaded.size_vram / loaded.size
        facts.append(
            "all on the processor"
            if on_gpu == 0
            else "all on the GPU"
            if on_gpu >= 1
            else f"{on_gpu:.0%} on the GPU, the rest on the processor"
        )
    if loaded.context_length:
        facts.append(f"with a context of {loaded.context_length:,} tokens")
    if left := _left(loaded.seconds_left):
        facts.append(left)
    return ", ".join(facts)


def _left(left: float | None) -> str:
    if left is None:
        return ""
    if left > _FOR_EVER:
        return "until it is unloaded"
    if left > _DAYS * 24 * 3600:
        return f"for another {left // (24 * 3600):,.0f} days"
    return f"for another {labels.seconds(left)}" if left > 0 else ""


def _act(visit: Visit, host: Host, model: Model, *, loads: bool) -> None:
    try:
        with st.spinner("Loading" if loads else "Unloading"):
            if loads:
                work = visit.app.manage(host.url, lambda its: its.keep(model.name, "30m"))
            else:
                work = visit.app.manage(host.url, lambda its: its.unload(model.name))
            while_here(work)
    except FirstReaderError as error:
        show_problem(error)
    else:
        st.rerun()


def _manage(name: str) -> None:
    st.session_state["managed-model"] = name


def _key(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name)
