"""Which lenses are asked, and the words of one to change: the shipped ones, then the visitor's.

What was changed stays with its lens, also while another lens or page is shown: Streamlit forgets
what a widget held as soon as a run leaves it out. The store keeps it beyond a refresh.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.analysis import Lens, lens_labels, lenses, suited_lens, title_of
from components.analysis import lens as shipped_lens
from components.engine import Model
from components.reports import indistinct
from components.ui.shared import labels, widgets
from components.ui.shared.problems import problems_shown
from components.ui.shared.stored_widget import stored_widget
from components.ui.shared.visit import Visit


@dataclass(frozen=True, slots=True)
class LensQuestion:
    """What is asked: the words, the title of their lens, the schema of the answer."""

    prompt: str
    title: str
    schema: str | None = None


def known_lenses(visit: Visit) -> list[Lens]:
    """Return the shipped lenses and the visitor's; say it where those cannot be read."""
    own: Sequence[Lens] = ()
    with problems_shown():
        own = visit.app.own_lenses(visit.user).all()
    return [*lenses(), *own]


def ask_lens(visit: Visit, *, key: str, label: str, models: Sequence[Model] = ()) -> LensQuestion:
    """Show the choice of a lens, and folded below it its words; see `lens_question`."""
    among = known_lenses(visit)
    titles = lens_labels(among)
    stored = stored_widget(key, "lens", next(iter(titles)), among=titles)
    chosen_lens = {lens.id: lens for lens in among}[widgets.select("Lens", titles, **stored)]
    return lens_question(visit, chosen_lens, key=key, label=label, models=models)


def choose_lenses(visit: Visit, *, form: str) -> tuple[Lens, ...]:
    """Show the choice of lenses, stored for the window under the name `form`.

    Return none, and say why, where none is chosen or two could not be told apart in a report.
    """
    among = known_lenses(visit)
    by_id = {lens.id: lens for lens in among}
    chosen = st.multiselect(
        "Lenses",
        list(by_id),
        format_func=lens_labels(among).__getitem__,
        placeholder="Choose lenses",
        help="What the text is asked. More lenses take more time; each part of the text is read "
        "once for all of them.",
        **stored_widget(form, "lenses", [shipped_lens().name], among=by_id),
    )
    chosen_lenses = tuple(by_id[lens_id] for lens_id in chosen)
    if not chosen:
        widgets.warn("Choose at least one lens.")
    if same := indistinct(chosen_lenses):
        names = " and ".join(f"“{labels.plain(name)}”" for name in same)
        widgets.warn(
            f"Two of these lenses have the same name: {names}. In one report they could not be "
            "told apart. Leave one out, or rename yours in the settings."
        )
    return () if same else chosen_lenses


def lens_question(
    visit: Visit, chosen: Lens, *, key: str, label: str, models: Sequence[Model] = ()
) -> LensQuestion:
    """Show the words of a lens, folded, to change in a field `label`.

    Where any of the `models` that are asked is small, its words are few.
    """
    lens = suited_lens(chosen, *models)
    text = _current_words(visit, lens, key=key)
    how = ", in few words for a small model" if lens != chosen else ""
    if text.strip() not in (lens.prompt, chosen.prompt):
        how = ", in your own words"
    title = f"Instructions to the model: {labels.plain(lens.title)}{how}"
    with st.expander(title, icon=":material/edit_note:", key=f"{key}-question"):
        prompt = _edited_words(visit, lens, key=key, label=label)
    if lens.schema is not None:
        st.caption("This lens has its answer written as JSON, unless the options name a format.")
    return LensQuestion(prompt, title_of(prompt, [lens, chosen, *lenses()]), lens.schema)


def _stored_words(visit: Visit, lens: Lens, *, key: str) -> dict[str, tuple[str, str]]:
    """Return by lens its words when they were last shown, and what they were changed to."""
    stored: dict[str, tuple[str, str]] = st.session_state.setdefault(f"{key}-changed", {})
    if lens.id not in stored:
        own, text = visit.shelf.preferences.get(_preference(lens, key)) or [lens.prompt] * 2
        stored[lens.id] = (str(own), str(text))
    return stored


def _current_words(visit: Visit, lens: Lens, *, key: str) -> str:
    """Return the words of a lens as they were changed last, and put them into the field.

    All lenses share one widget: Streamlit would show that of the lens before beside the new one
    until the run ends, which is as long as an analysis takes.
    """
    own, text = _stored_words(visit, lens, key=key)[lens.id]
    # The lens itself may have been changed since: then that shows, unless it was changed here too.
    st.session_state[f"{key}-words"] = text = lens.prompt if text == own else text
    return text


def _edited_words(visit: Visit, lens: Lens, *, key: str, label: str) -> str:
    """Show the words of a lens and return them as they were changed."""
    widget = f"{key}-words"

    def keep() -> None:
        words = (lens.prompt, st.session_state[widget])
        _stored_words(visit, lens, key=key)[lens.id] = words
        with problems_shown(kept="Your words hold for this window."):
            visit.shelf.preferences.put(_preference(lens, key), list(words))

    def restore() -> None:
        st.session_state[widget] = lens.prompt
        keep()

    text = str(st.text_area(label, height=320, key=widget, on_change=keep)).strip()
    if text != lens.prompt:
        with widgets.row():
            st.caption("Changed here; the lens itself is as it was.")
            widgets.action("Its own words again", "undo", f"{widget}-back", restore)
    return text


def _preference(lens: Lens, key: str) -> str:
    return f"{key}-words-{lens.id}"
