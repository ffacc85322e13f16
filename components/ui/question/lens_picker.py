"""Which lens is asked, and its words to change: the shipped ones, then the visitor's own.

What was changed stays with its lens, also while another lens or another page is shown: Streamlit
forgets what a widget held as soon as a run leaves it out, so it is kept beside; and for the user in
the store, so that a refresh loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.analysis import Lens, lenses, suited_lens, title_of
from components.engine import Model
from components.errors import LensError, StoreError
from components.ui.shared import labels
from components.ui.shared.problems import show_problem
from components.ui.shared.visit import Visit


@dataclass(frozen=True, slots=True)
class LensQuestion:
    """What is asked: the words, the title of the lens that they are, the schema of the answer."""

    prompt: str
    title: str
    schema: str | None = None


def known_lenses(visit: Visit) -> list[Lens]:
    """Return the shipped lenses and the visitor's; say it where those cannot be read."""
    try:
        own = visit.app.own_lenses(visit.user).all()
    except LensError as error:
        show_problem(error)
        own = ()
    return [*lenses(), *own]


def choose_lens(among: Sequence[Lens], *, key: str, label: str = "Lens") -> Lens:
    """Show the lenses to choose from and return the chosen one; the choice stays for the window."""
    by_id = {_id(one): one for one in among}
    kept, widget = f"{key}-lens-kept", f"{key}-lens"
    chosen = st.session_state.get(widget) or st.session_state.get(kept)
    # Set beforehand, and not as the widget's default: another default would make another widget.
    st.session_state[widget] = chosen if chosen in by_id else next(iter(by_id))
    said = lens_labels(among)
    chosen = str(st.selectbox(label, list(by_id), format_func=said.__getitem__, key=widget))
    st.session_state[kept] = chosen
    return by_id[chosen]


def ask_lens(visit: Visit, *, key: str, label: str, models: Sequence[Model] = ()) -> LensQuestion:
    """Show the choice of a lens, and folded below it its words, to change in a field `label`.

    Where any of the `models` that are asked is small, its words are few.
    """
    among = known_lenses(visit)
    chosen = choose_lens(among, key=key)
    one = suited_lens(chosen, *models)
    few = ", in few words for a small model" if one != chosen else ""
    text = _current_words(visit, one, key=key)
    changed = ", in your own words" if text.strip() not in (one.prompt, chosen.prompt) else few
    said = f"The question: {labels.plain(one.title)}{changed}"
    with st.expander(said, icon=":material/edit_note:", key=f"{key}-question"):
        prompt = _words_of(visit, one, key=key, label=label)
    if one.schema is not None:
        st.caption("This lens has its answer written as JSON, unless the options name a format.")
    return LensQuestion(prompt, title_of(prompt, [one, *among]), one.schema)


def _current_words(visit: Visit, one: Lens, *, key: str) -> str:
    """Return the words of a lens as they were changed last, and put them into the field.

    All lenses share one widget: Streamlit would show that of the lens before beside the new one
    until the run ends, which is as long as an analysis takes.
    """
    widget, shown = f"{key}-words", f"{key}-words-of"
    #: By lens: its words when they were last shown, and what they were changed to.
    kept: dict[str, tuple[str, str]] = st.session_state.setdefault(f"{key}-changed", {})
    before = st.session_state.get(shown)
    if before in kept and widget in st.session_state:
        kept[before] = (kept[before][0], str(st.session_state[widget]))
    if _id(one) not in kept:
        stored = visit.shelf.preferences.get(_preference(one, key)) or (one.prompt, one.prompt)
        kept[_id(one)] = (str(stored[0]), str(stored[1]))
    of, text = kept[_id(one)]
    # The lens itself may have been changed since: then that shows, unless it was changed here too.
    text = one.prompt if text == of else text
    kept[_id(one)] = (one.prompt, text)
    st.session_state[shown], st.session_state[widget] = _id(one), text
    return text


def _words_of(visit: Visit, one: Lens, *, key: str, label: str) -> str:
    """Show the words of a lens and return them as they were changed."""
    widget = f"{key}-words"

    def keep() -> None:
        try:
            words_now = [one.prompt, st.session_state[widget]]
            visit.shelf.preferences.put(_preference(one, key), words_now)
        except StoreError as error:
            show_problem(error, kept="Your words hold for this window.")

    def back() -> None:
        st.session_state[widget] = one.prompt
        keep()

    text = str(st.text_area(label, height=320, key=widget, on_change=keep)).strip()
    if text != one.prompt:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Changed here; the lens itself is as it was.")
            st.button("Its own words again", key=f"{widget}-back", on_click=back, type="tertiary")
    return text


def _preference(one: Lens, key: str) -> str:
    return f"{key}-words-{_id(one)}"


def _id(one: Lens) -> str:
    return f"own/{one.name}" if one.is_own else one.name


def lens_ids(among: Sequence[Lens]) -> list[str]:
    """Return what names each lens to a widget: one's own may be called like a shipped one."""
    return [_id(one) for one in among]


def lens_labels(among: Sequence[Lens]) -> dict[str, str]:
    """Return what tells each from the others: two of one title are told apart by their names."""
    titles = Counter((one.title, one.is_own) for one in among)
    found = {}
    for one in among:
        facts = ["yours"] if one.is_own else []
        if titles[one.title, one.is_own] > 1:
            facts.append(one.name)
        found[_id(one)] = f"{one.title} ({', '.join(facts)})" if facts else one.title
    return found
