"""A list of which one row is chosen, quick with thousands of rows.

Streamlit's own lists are either a widget a row or a canvas that no screen reader sees. This is one
island of script: a listbox that the keyboard moves in, mounted once and told its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A row: its id (an offset in the text), what it says, and how it looks."""

    id: int
    heading: str
    words: str = ""
    kind: str = ""
    begins: str = ""
    look: str = ""


def choice_list(
    rows: Sequence[OutlineRow],
    chosen: int | None,
    choose: Callable[[int], None],
    *,
    key: str,
    label: str,
    scroll: str = "",
    below: str = "",
) -> None:
    """Show `rows` with the one of the id `chosen` marked; call `choose` before the next run.

    When `scroll` becomes another word, what the page marks (`.fr-at`) is brought into view; after
    a choice, what the selector `below` finds is.
    """
    # Streamlit refuses a key with two underscores together, which an id may have by chance.
    key = key.replace("_", ".")

    def chosen_anew() -> None:
        said = st.session_state[key].get("chosen")
        if isinstance(said, int | float) and any(int(said) == row.id for row in rows):
            choose(int(said))

    island = st.components.v2.component(
        "first_reader_list",
        html='<ul class="list" role="listbox" tabindex="0"></ul>',
        css=(_FOLDER / "outline_list.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "outline_list.js").read_text(encoding="utf-8"),
    )
    island(
        data={
            "rows": [asdict(row) for row in rows],
            "chosen": chosen,
            "label": label,
            "scroll": scroll,
            "below": below,
        },
        key=key,
        on_chosen_change=chosen_anew,
    )
