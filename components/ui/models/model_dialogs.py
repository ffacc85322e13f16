"""What can be done with one model: keep it loaded, look inside, make a variant, delete it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import streamlit as st

from components.engine import Host, Management, Model
from components.errors import FirstReaderError
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit
from components.ui.shared.waiting import while_here

_MANAGED = "managed-model"

_KEPT: dict[str, int | str] = {
    "5 minutes": "5m",
    "30 minutes": "30m",
    "4 hours": "4h",
    "until it is unloaded": -1,
}


def manage_model(visit: Visit, host: Host, models: Mapping[str, Model]) -> None:
    """Show the dialog of the model that is being managed, if any is."""
    managed = st.session_state.get(_MANAGED)
    if managed is None:
        return
    model = models.get(managed)
    if model is None:  # Deleted meanwhile, or of another server.
        _close()
        return
    _dialog(visit, host, model)


def _close() -> None:
    st.session_state.pop(_MANAGED, None)


@st.dialog("Model", width="large", on_dismiss=_close)
def _dialog(visit: Visit, host: Host, model: Model) -> None:
    st.markdown(f"**{labels.plain(model.name)}**")
    keep, inside, variant, delete = st.tabs(["Keep loaded", "Inside", "Variant", "Delete"])
    with keep:
        _keep(visit, host, model)
    with inside:
        _inside(visit, model)
    with variant:
        _variant(visit, host, model)
    with delete:
        st.write(
            f"Deletes {labels.plain(model.name)} from the disk of the Ollama server "
            f"({labels.size(model.size)}). It can be fetched again."
        )
        if st.button("Delete the model", key="delete-model", icon=":material/delete:"):
            _do(visit, host, lambda its: its.delete(model.name))


def _keep(visit: Visit, host: Host, model: Model) -> None:
    if model.is_cloud:
        st.write("It runs elsewhere and is never loaded here.")
        return
    how_long = st.selectbox("Keep it in memory for", list(_KEPT), index=1, key="keep-for")
    if st.button("Keep it loaded", key="keep-model", icon=":material/push_pin:"):
        _do(visit, host, lambda its: its.keep(model.name, _KEPT[how_long]))


def _inside(visit: Visit, model: Model) -> None:
    try:
        details = visit.app.details(model)
    except FirstReaderError as error:
        show_problem(error)
        return
    parameters = "\n".join(f"{name} {value!r}" for name, value in details.parameters)
    for title, text in (
        ("Parameters", parameters),
        ("System prompt", details.system),
        ("Template", details.template),
        ("Licence", details.license),
    ):
        with st.expander(title, expanded=title == "Parameters"):
            if text.strip():
                st.code(text.strip(), language=None, wrap_lines=True)
            else:
                st.caption("None of its own.")


def _variant(visit: Visit, host: Host, model: Model) -> None:
    st.caption("The same weights with another system prompt and other parameters; takes no room.")
    name = st.text_input("Name", key="variant-name", placeholder="line-editor").strip()
    system = st.text_area("System prompt", key="variant-system", height=120).strip()
    temperature = st.number_input(
        "Temperature", 0.0, 2.0, value=None, step=0.1, key="variant-temperature"
    )
    num_ctx = st.number_input(
        "Context, in tokens", 512, 2**20, value=None, step=1024, key="variant-num_ctx"
    )
    parameters = {"temperature": temperature, "num_ctx": num_ctx}
    given = {key: value for key, value in parameters.items() if value is not None}
    if st.button("Make it", key="make-variant", icon=":material/content_copy:", disabled=not name):
        _do(
            visit,
            host,
            lambda its: its.create(name, base=model.name, system=system, parameters=given),
        )


def _do(visit: Visit, host: Host, action: Callable[[Management], Awaitable[None]]) -> None:
    try:
        with st.spinner("A moment"):
            while_here(visit.app.manage(host.url, action))
    except FirstReaderError as error:
        show_problem(error)
    else:
        _close()
        st.rerun()
