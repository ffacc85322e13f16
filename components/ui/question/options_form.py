"""Options of a call, wherever a model is chosen: left to the model unless something is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.engine import DEFAULT_NUM_PREDICT, Details, Model, Options
from components.errors import FirstReaderError
from components.ui.shared.visit import Visit

_PRESETS = "option-presets"

_DURATION = re.compile(r"-?(\d+|(\d+(\.\d+)?(ms|s|m|h))+)")

_THINK: dict[str, bool | str | None] = {
    "as the model does": None,
    "off": False,
    "on": True,
    "low": "low",
    "medium": "medium",
    "high": "high",
}

_FORMATS = ("text", "json", "JSON schema")


@dataclass(frozen=True, slots=True)
class _Number:
    name: str
    label: str
    least: float
    most: float
    step: float
    said: str


_NUMBERS = (
    _Number("temperature", "Temperature", 0.0, 2.0, 0.1, "Low is predictable, high is various."),
    _Number("top_p", "Top p", 0.0, 1.0, 0.05, "Words of this total probability are considered."),
    _Number("top_k", "Top k", 0, 1000, 1, "So many words are considered."),
    _Number("seed", "Seed", 0, 2**31 - 1, 1, "The same seed gives the same answer again."),
    _Number("repeat_penalty", "Repeat penalty", 0.0, 2.0, 0.05, "Above 1 repeats less."),
    _Number("repeat_last_n", "Penalty looks back, in tokens", 0, 2**20, 64, "64 unless set."),
    _Number("num_predict", "Longest answer, in tokens", 1, 2**20, 256, "It ends there (length)."),
    _Number("num_ctx", "Context, in tokens", 512, 2**20, 1024, "Chosen to fit unless you say so."),
)


def options_form(
    visit: Visit, model: Model | None, *, key: str = "main", suits: bool = False
) -> Options | None:
    """Show the options and return them; None while something written there cannot be.

    What is written stays for the window, also while another page is shown. `suits` says that what
    suits a small model holds where nothing is written.
    """
    kept: dict[str, Any] = st.session_state.setdefault(f"options-{key}", {})
    details = _details(visit, model)
    _presets(visit, key, kept)
    values: dict[str, Any] = {}
    suited = visit.app.suited(Options(), model).given() if suits and model else {}
    for number in _NUMBERS:
        own = suited.get(number.name) or (details.default(number.name) if details else None)
        values[number.name] = _ask_number(number, own, kept, key)
    values["stop"] = [
        line for line in _ask_text("Stop at, one a line", "stop", kept, key).split("\n") if line
    ]
    if model is None or model.can("thinking"):
        said = next(
            (name for name, value in _THINK.items() if value == kept.get("think")),
            "as the model does",
        )
        chosen = st.selectbox(
            "Think first",
            list(_THINK),
            index=list(_THINK).index(said),
            key=f"{key}-think",
            help="think; not every model knows levels",
        )
        values["think"] = _THINK[chosen]
    values["keep_alive"] = (
        st.text_input(
            "Stay loaded for",
            value=kept.get("keep_alive") or "",
            placeholder="5m, Ollama’s own unless set",
            key=f"{key}-keep_alive",
            help="keep_alive: 30m, 1h; 0 unloads at once, -1 never",
        ).strip()
        or None
    )
    values["format"] = _ask_format(kept, key)
    kept.clear()
    kept.update({name: value for name, value in values.items() if value not in (None, [])})
    return _checked(values)


def _ask_number(number: _Number, own: Any, kept: Mapping[str, Any], key: str) -> float | None:
    """Show one number; `own` is what holds where nothing is written, None where that is unknown."""
    whole = isinstance(number.step, int)
    as_number: Callable[[float], float] = int if whole else float
    if number.name == "num_predict":
        own = f"{DEFAULT_NUM_PREDICT:,}"
    elif number.name == "num_ctx":
        own = None
    value = kept.get(number.name)
    return st.number_input(
        number.label,
        min_value=as_number(number.least),
        max_value=as_number(number.most),
        step=as_number(number.step),
        value=None if value is None else as_number(value),
        placeholder=f"{own}, unless set" if own else "chosen for you",
        key=f"{key}-{number.name}",
        help=f"{number.name}. {number.said}",
    )


def _ask_text(label: str, name: str, kept: Mapping[str, Any], key: str) -> str:
    return str(
        st.text_area(label, value="\n".join(kept.get(name) or ()), key=f"{key}-{name}", height=68)
    )


def _ask_format(kept: Mapping[str, Any], key: str) -> str | None:
    before = kept.get("format")
    index = 0 if before is None else 1 if before == "json" else 2
    chosen = st.selectbox("Format", _FORMATS, index=index, key=f"{key}-format", help="format")
    if chosen == "text":
        return None
    if chosen == "json":
        return "json"
    schema = st.text_area(
        "JSON schema",
        value=before if index == 2 else '{"type": "object", "properties": {}}',
        key=f"{key}-schema",
    )
    return str(schema)


def _checked(values: Mapping[str, Any]) -> Options | None:
    keep_alive = values.get("keep_alive")
    if keep_alive and not _DURATION.fullmatch(keep_alive):
        st.error("“Stay loaded for” takes a time such as 30m or 1h.", icon=":material/error:")
        return None
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return Options.of(given)
    except ValueError:
        st.error("The JSON schema cannot be read.", icon=":material/error:")
        return None


def _details(visit: Visit, model: Model | None) -> Details | None:
    if model is None:
        return None
    try:
        return visit.app.details(model)
    except FirstReaderError:
        return None  # The picker above says what is wrong; the model's own values are a help only.


def _presets(visit: Visit, key: str, kept: dict[str, Any]) -> None:
    """Offer what was saved under a name, and to save what is written now."""
    saved: dict[str, Any] = visit.shelf.preferences.get(_PRESETS, {})

    def use() -> None:
        chosen = st.session_state.get(f"{key}-preset")
        values = saved.get(chosen, {}) if chosen else {}
        for name in [name for name in st.session_state if str(name).startswith(f"{key}-")]:
            if name not in {f"{key}-preset", f"{key}-preset-name"}:
                del st.session_state[name]
        kept.clear()
        kept.update(values)

    def save() -> None:
        name = str(st.session_state.get(f"{key}-preset-name") or "").strip()
        if name:
            visit.shelf.preferences.put(_PRESETS, saved | {name: dict(kept)})
            st.session_state[f"{key}-preset"] = name
            st.session_state[f"{key}-preset-name"] = ""

    def forget() -> None:
        rest = {name: value for name, value in saved.items() if name != chosen}
        visit.shelf.preferences.put(_PRESETS, rest)
        st.session_state[f"{key}-preset"] = None

    chosen = st.selectbox(
        "Saved options",
        list(saved),
        index=None,
        placeholder="None saved yet" if not saved else "The model’s own",
        key=f"{key}-preset",
        on_change=use,
        disabled=not saved,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Save these as", key=f"{key}-preset-name", placeholder="A name")
        st.button("Save", key=f"{key}-preset-save", on_click=save)
        if chosen:
            st.button("Forget", key=f"{key}-preset-forget", on_click=forget)


def describe(options: Options) -> str:
    """Say which options are given, by Ollama's names: "temperature 0.2 · seed 1"."""
    given = options.given()
    if given.get("num_predict") == DEFAULT_NUM_PREDICT:
        del given["num_predict"]
    return " · ".join(f"{name} {_said(value)}" for name, value in given.items())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def choose_options(visit: Visit, model: Model | None) -> Options | None:
    """Show the options folded in the sidebar; return them with what suits a small model."""
    with st.sidebar, st.expander("Options", icon=":material/tune:"):
        options = options_form(visit, model, suits=True)
    if options is None or model is None:
        return options
    return visit.app.suited(options, model)
