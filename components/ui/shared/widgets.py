"""Streamlit's widgets in the forms that pages share: rows, quiet lines, remarks, buttons."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.ui.shared.labels import line
from components.ui.shared.problems import problems_shown

T = TypeVar("T")


def row(key: str | None = None, **layout: Any) -> DeltaGenerator:
    """Return a container whose elements stand beside each other; `layout` is Streamlit's."""
    return st.container(horizontal=True, key=key, **{"vertical_alignment": "center"} | layout)


def say(text: str, kind: str = "fr-quiet") -> None:
    """Show a line; see `labels.line`."""
    st.html(line(text, kind))


def info(text: str, icon: str = "info") -> None:
    """Show a remark in a box; `icon` is the name of a Material symbol, as everywhere here."""
    st.info(text, icon=f":material/{icon}:")


def warn(text: str, icon: str = "info") -> None:
    """Show a remark on something that is to be done or to be known."""
    st.warning(text, icon=f":material/{icon}:")


def select(label: str, names: Mapping[T, str], **look: Any) -> T:
    """Show the keys of `names` in a list, each by its name; return the chosen one.

    `look` is as `st.selectbox` has it. With `index=None` it is None while nothing is chosen.
    """
    chosen: T = st.selectbox(label, list(names), format_func=names.__getitem__, **look)
    return chosen


def switch(label: str, names: Mapping[T, str], **look: Any) -> T:
    """Show the keys of `names` beside each other, one of them always chosen; return that."""
    name = names.__getitem__
    chosen: T = st.segmented_control(label, list(names), required=True, format_func=name, **look)
    return chosen


def action(
    label: str,
    icon: str,
    key: str,
    act: Callable[..., Any] | None = None,
    *arguments: object,
    **look: Any,
) -> bool:
    """Offer to call `act` with `arguments` before the page runs again; return whether it was taken.

    `icon` may be ""; `look` is as `st.button` has it, quiet without.
    """
    look = {"type": "tertiary", "icon": f":material/{icon}:" if icon else None} | look
    # `guarded` does not reach what is called before the page runs.
    said = None if act is None else problems_shown()(act)
    return st.button(label, key=key, on_click=said, args=arguments, **look)


def steps(
    key: str, names: Mapping[str, str], at: int, count: int, turn: Callable[[int], None]
) -> None:
    """Offer the one before and the one after `at`, of `count`; `turn` goes to one of them.

    `names` are the two labels, by what ends the key of each button.
    """
    offers = zip(names.items(), ("arrow_back", "arrow_forward"), (at - 1, at + 1), strict=True)
    for (suffix, label), icon, to in offers:
        look = {"type": "secondary", "disabled": not 0 <= to < count}
        action(label, icon, f"{key}-{suffix}", turn, to, **look)
