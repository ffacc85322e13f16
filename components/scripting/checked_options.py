"""Ollama's options from a shell or a program, checked before anything is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from components.engine import Options
from components.errors import SettingsError

#: What each type of an option is called.
_KINDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
    tuple: "a list of texts",
}


def checked_options(values: Mapping[str, Any]) -> Options:
    """Return the options of these names and values.

    A `stop` may be one text, a `keep_alive` a number of seconds, a `format` the value of a schema.
    Raises: SettingsError, for an unknown name or a value of another type.
    """
    hints = get_type_hints(Options)
    unknown = values.keys() - hints.keys()
    if unknown:
        raise SettingsError(
            f"There is no option {', '.join(sorted(unknown))}.",
            advice=f"There are: {', '.join(hints)}.",
        )
    checked = dict(values)
    if isinstance(checked.get("stop"), str):
        checked["stop"] = [checked["stop"]]
    if _is_of(checked.get("keep_alive"), float):
        checked["keep_alive"] = str(checked["keep_alive"])
    if isinstance(checked.get("format"), dict):
        checked["format"] = json.dumps(checked["format"])
    for name, value in checked.items():
        hint = hints[name]
        # A tuple's arguments are the types of its items, those of a union its alternatives.
        alternatives = () if get_origin(hint) is tuple else get_args(hint)
        kinds = [get_origin(kind) or kind for kind in alternatives or (hint,)]
        if not any(_is_of(value, kind) for kind in kinds):
            wanted = " or ".join(_KINDS[kind] for kind in kinds if kind is not NoneType)
            raise SettingsError(
                f"The option {name} cannot have this value.", advice=f"Give it {wanted}."
            )
    try:
        return Options.of(checked)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"An option cannot be understood: {error}.") from error


def _is_of(value: Any, kind: Any) -> bool:
    """Whether a value is of this type; true and false are no numbers here."""
    if kind is tuple:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)
