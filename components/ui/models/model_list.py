"""The models of a server: what each is and can, whether it is loaded, what can be done with it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

import streamlit as st

from components.engine import Host, Loaded, Management, Model
from components.ui.models.quote_shares import quote_shares
from components.ui.question.model_picker import weights
from components.ui.shared import labels, widgets
from components.ui.shared.manage_dialog import end_managing, manage_button, managed
from components.ui.shared.problems import problems_shown
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

_KEEP_ALIVE: dict[str, int | str] = {
    "5 minutes": "5m",
    "30 minutes": "30m",
    "4 hours": "4h",
    "until it is unloaded": -1,
}

_DAY = 24 * 3600
#: From so many days on, what is left is counted in days.
_DAYS = 3
#: Seconds: a model that is kept for ever expires in some hundred years.
_FOR_EVER = 20 * 366 * _DAY


def choose_server(servers: Sequence[tuple[Host, Sequence[Model]]]) -> tuple[Host, Sequence[Model]]:
    """Return the server whose models are shown; asked for where there are several."""
    if len(servers) == 1:
        return servers[0]
    by_url = {host.url: (host, models) for host, models in servers}
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
    by_key: Mapping[str | None, Model] = {_key(model.name): model for model in models}
    if (chosen := by_key.get(managed())) is not None:
        _dialog(visit, host, chosen)
    else:
        end_managing()  # What was managed was deleted meanwhile, or is another server's.


def _show(visit: Visit, host: Host, model: Model, share: str | None) -> None:
    with widgets.row():
        st.header(labels.plain(model.name), anchor=False)
        key = _key(model.name)
        if model.loaded:
            if widgets.action("Unload", "eject", f"unload-{key}"):
                _do(visit, host, lambda server: server.unload(model.name), "Unloading")
        elif not model.is_cloud and widgets.action("Load", "play_arrow", f"load-{key}"):
            _do(visit, host, lambda server: server.keep(model.name, "30m"), "Loading")
        manage_button(key, effect="Keep it loaded, look inside, make a variant, delete it")
    widgets.say(_facts(model))
    if share is not None:
        widgets.say(share)
    if model.is_cloud:
        allowed = visit.app.settings.allow_cloud
        where = model.remote_host or "another machine"
        widgets.warn(
            f"Runs in a cloud: a manuscript would go to {labels.plain(where)}. "
            f"{'An administrator has allowed that.' if allowed else 'It is refused.'}",
            "cloud",
        )
    if model.loaded:
        widgets.say(_loaded(model.loaded))


def _facts(model: Model) -> str:
    can = [_CAPABILITIES.get(capability, capability) for capability in sorted(model.capabilities)]
    cannot = "" if model.can("completion") else "cannot write an analysis"
    size = f"{labels.size(model.size)} on the disk" if model.size else ""
    return labels.facts(
        "; ".join(filter(None, (", ".join(can), cannot))),
        f"reads up to {model.context_length:,} tokens at once" if model.context_length else "",
        f"{model.parameter_size} parameters" if model.parameter_size else "",
        size,
        f"a variant of {model.parent_model}" if model.parent_model else "",
    )


def _loaded(loaded: Loaded) -> str:
    """Say what it takes of the server's memory, where, and for how long."""
    facts = [f"Loaded: {labels.size(loaded.size)}"]
    if loaded.size:
        on_gpu = loaded.size_vram / loaded.size
        if on_gpu == 0:
            facts.append("without a graphics card, which is slower")
        elif on_gpu >= 1:
            facts.append("all on the graphics card")
        else:
            facts.append(f"{on_gpu:.0%} on the graphics card, the rest without it, which is slower")
    if loaded.context_length:
        facts.append(f"with a context of {loaded.context_length:,} tokens")
    left = loaded.seconds_left or 0
    if left > _FOR_EVER:
        facts.append("until it is unloaded")
    elif left > _DAYS * _DAY:
        facts.append(f"for another {left // _DAY:,.0f} days")
    elif left > 0:
        facts.append(f"for another {labels.seconds(left)}")
    return ", ".join(facts)


def _key(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name)


@st.dialog("Model", width="large", on_dismiss=end_managing)
def _dialog(visit: Visit, host: Host, model: Model) -> None:
    st.markdown(f"**{labels.plain(model.name)}**")
    keep, inside, variant, delete = st.tabs(["Keep loaded", "Inside", "Variant", "Delete"])
    with keep:
        if model.is_cloud:
            st.write("It runs elsewhere and is never loaded here.")
        else:
            how_long = st.selectbox(
                "Keep it in memory for", list(_KEEP_ALIVE), index=1, key="keep-for"
            )
            if st.button("Keep it loaded", key="keep-model", icon=":material/push_pin:"):
                _do(visit, host, lambda server: server.keep(model.name, _KEEP_ALIVE[how_long]))
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
            _do(visit, host, lambda server: server.delete(model.name))


def _inside(visit: Visit, model: Model) -> None:
    with problems_shown():
        details = visit.app.details(model)
        widgets.say(labels.facts(model.family, *weights(model)))
        parameters = "\n".join(f"{name} {value!r}" for name, value in details.parameters)
        for title, text in (
            ("Parameters", parameters),
            ("How it answers (system prompt)", details.system),
            ("Template", details.template),
            ("Licence", details.license),
        ):
            with st.expander(title, expanded=title == "Parameters"):
                if text.strip():
                    st.code(text.strip(), language=None, wrap_lines=True)
                else:
                    st.caption("None of its own.")


def _variant(visit: Visit, host: Host, model: Model) -> None:
    st.caption("The same weights with other instructions and parameters; takes no room.")
    name = st.text_input("Name", key="variant-name", placeholder="line-editor").strip()
    system = st.text_area("How it should answer", key="variant-system", height=120).strip()
    temperature = st.number_input(
        "Temperature", 0.0, 2.0, value=None, step=0.1, key="variant-temperature"
    )
    num_ctx = st.number_input(
        "Context, in tokens", 512, 2**20, value=None, step=1024, key="variant-num_ctx"
    )
    values = {"temperature": temperature, "num_ctx": num_ctx}
    parameters = {key: value for key, value in values.items() if value is not None}

    def create(server: Management) -> Awaitable[None]:
        return server.create(name, base=model.name, system=system, parameters=parameters)

    if st.button("Make it", key="make-variant", icon=":material/content_copy:", disabled=not name):
        _do(visit, host, create)


def _do(
    visit: Visit,
    host: Host,
    action: Callable[[Management], Awaitable[None]],
    doing: str = "A moment",
) -> None:
    """Wait for `action` on a server, then run the page again with the dialog closed."""
    with problems_shown():
        with st.spinner(doing):
            while_here(visit.app.manage(host.url, action))
        end_managing()
        st.rerun()
