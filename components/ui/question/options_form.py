"""Options of a call, wherever a model is chosen: left to the model unless something is written."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import streamlit as st

from components.engine import DEFAULT_NUM_PREDICT, Model, Options
from components.errors import FirstReaderError
from components.ui.shared import widgets
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


class _Number(NamedTuple):
    """A numeric option; one with an integer `step` is an integer."""

    name: str
    label: str
    least: float
    most: float
    step: float
    help: str


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
    written: dict[str, Any] = st.session_state.setdefault(f"options-{key}", {})
    details = None
    if model is not None:
        with suppress(FirstReaderError):  # The picker above says what is wrong.
            details = visit.app.details(model)
    _presets(visit, key, written)
    suited = visit.app.suited(Options(), model).given() if suits and model else {}
    values: dict[str, Any] = {}
    for number in _NUMBERS:
        default = suited.get(number.name) or (details.default(number.name) if details else None)
        values[number.name] = _ask_number(number, default, written.get(number.name), key)
    stop = st.text_area(
        "Stop at, one a line",
        value="\n".join(written.get("stop") or ()),
        key=f"{key}-stop",
        height=68,
    )
    values["stop"] = [line for line in stop.split("\n") if line]
    if model is None or model.can("thinking"):
        think = st.selectbox(
            "Think first",
            list(_THINK),
            index=list(_THINK.values()).index(written.get("think")),
            key=f"{key}-think",
            help="think; not every model knows levels",
        )
        values["think"] = _THINK[think]
    keep_alive = st.text_input(
        "Stay loaded for",
        value=written.get("keep_alive") or "",
        placeholder="5m, Ollama’s own unless set",
        key=f"{key}-keep_alive",
        help="keep_alive: 30m, 1h; 0 unloads at once, -1 never",
    )
    values["keep_alive"] = keep_alive.strip() or None
    values["format"] = _ask_format(written.get("format"), key)
    values = {name: value for name, value in values.items() if value not in (None, [])}
    written.clear()
    written.update(values)
    return _checked(values)


def _ask_number(number: _Number, default: Any, value: float | None, key: str) -> float | None:
    """Show one number; `default` holds where nothing is written, None where that is unknown."""
    kind: Callable[[float], float] = int if isinstance(number.step, int) else float
    if number.name == "num_predict":
        default = f"{DEFAULT_NUM_PREDICT:,}"
    elif number.name == "num_ctx":
        default = None
    return st.number_input(
        number.label,
        min_value=kind(number.least),
        max_value=kind(number.most),
        step=kind(number.step),
        value=None if value is None else kind(value),
        placeholder=f"{default}, unless set" if default else "chosen for you",
        key=f"{key}-{number.name}",
        help=f"{number.name}. {number.help}",
    )


def _ask_format(before: str | None, key: str) -> str | None:
    formats = {"text": None, "json": "json", "JSON schema": before}
    index = list(formats.values()).index(before)
    chosen = st.selectbox("Format", list(formats), index=index, key=f"{key}-format", help="format")
    if chosen != "JSON schema":
        return formats[chosen]
    schema = (before or "") if index == 2 else '{"type": "object", "properties": {}}'
    return st.text_area("JSON schema", value=schema, key=f"{key}-schema")


def _checked(values: Mapping[str, Any]) -> Options | None:
    keep_alive = values.get("keep_alive")
    if keep_alive and not _DURATION.fullmatch(keep_alive):
        st.error("“Stay loaded for” takes a time such as 30m or 1h.", icon=":material/error:")
        return None
    try:
        return Options.of(values)
    except ValueError:
        st.error("The JSON schema cannot be read.", icon=":material/error:")
        return None


def _presets(visit: Visit, key: str, written: dict[str, Any]) -> None:
    """Offer what was saved under a name, and to save what is written now."""
    saved: dict[str, Any] = visit.shelf.preferences.get(_PRESETS, {})
    preset, preset_name = f"{key}-preset", f"{key}-preset-name"

    def use() -> None:
        for name in list(st.session_state):
            if str(name).startswith(f"{key}-") and name not in (preset, preset_name):
                del st.session_state[name]
        written.clear()
        written.update(saved.get(st.session_state[preset], {}))

    def save() -> None:
        name = str(st.session_state[preset_name] or "").strip()
        if name:
            visit.shelf.preferences.put(_PRESETS, saved | {name: dict(written)})
            st.session_state[preset] = name
            st.session_state[preset_name] = ""

    def forget() -> None:
        rest = {name: values for name, values in saved.items() if name != chosen}
        visit.shelf.preferences.put(_PRESETS, rest)
        st.session_state[preset] = None

    chosen = st.selectbox(
        "Saved options",
        list(saved),
        index=None,
        placeholder="The model’s own" if saved else "None saved yet",
        key=preset,
        on_change=use,
        disabled=not saved,
    )
    with widgets.row(vertical_alignment="bottom"):
        st.text_input("Save these as", key=preset_name, placeholder="A name")
        widgets.action("Save", "", f"{preset}-save", save, type="secondary")
        if chosen:
            widgets.action("Forget", "", f"{preset}-forget", forget, type="secondary")


def describe(options: Options) -> str:
    """Say which options are given, by Ollama's names: "temperature 0.2 · seed 1"."""
    given = options.given()
    if given.get("num_predict") == DEFAULT_NUM_PREDICT:
        del given["num_predict"]
    return " · ".join(f"{name} {_value(value)}" for name, value in given.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
