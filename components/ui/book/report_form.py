"""How a book is read: by which lenses, how thoroughly, with scores or not, in which language."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.analysis import Lens, lens
from components.manuscripts import Manuscript
from components.measures import language_of
from components.reports import Depth, indistinct
from components.ui.book.report_labels import kept_choice
from components.ui.manuscript.manuscript_head import Opened
from components.ui.question.lens_picker import known_lenses, lens_ids, lens_labels
from components.ui.shared import labels as words
from components.ui.shared.visit import Visit

_DEPTHS = {
    Depth.SKIM: "Skim",
    Depth.STANDARD: "Standard",
    Depth.THOROUGH: "Thorough",
}

_DOES = {
    Depth.SKIM: "Each chapter once, for the story alone; the lenses report from that. No scores.",
    Depth.STANDARD: "Each chapter by every lens in short notes; the lenses report from them.",
    Depth.THOROUGH: "Long chapters in smaller parts, notes and reports twice as long.",
}

_MODELS, _MANUSCRIPTS = "the model's choice", "the manuscript's"

#: Languages that are offered beside the manuscript's own; any other may be typed.
_LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form holds; `language` is empty for the model's choice."""

    lenses: tuple[Lens, ...]
    depth: Depth
    has_scores: bool
    language: str
    is_anew: bool


def choose_reading(visit: Visit, opened: Opened) -> Wanted | None:
    """Show how the book may be read; None, and why, while that cannot be done."""
    lenses = _choose_lenses(visit)
    depth = _choose_depth()
    has_scores = False
    if depth is not Depth.SKIM:
        scores = kept_choice("", "scores", True)
        has_scores = st.toggle(
            "Scores for the charts",
            key=scores.widget,
            on_change=scores.keep,
            help="Tension, pace, conflict and mood of each chapter, the people in it and what it "
            "is for: a model’s opinion, one more question a chapter.",
        )
    language = _choose_language(opened.manuscript)
    with st.expander("More options", icon=":material/tune:", key="book-more"):
        anew = kept_choice("", "anew", False)
        is_anew = st.toggle(
            "Read anew what was read before",
            key=anew.widget,
            on_change=anew.keep,
            help="Otherwise an answer to the same question about the same text, by the same "
            "model with the same options, is taken from an earlier reading.",
        )
    if not lenses:
        st.warning("Choose at least one lens.", icon=":material/info:")
        return None
    if said := _twice(lenses):
        st.warning(said, icon=":material/info:")
        return None
    return Wanted(lenses, depth, has_scores, language, is_anew)


def _choose_lenses(visit: Visit) -> tuple[Lens, ...]:
    among = known_lenses(visit)
    by_id = dict(zip(lens_ids(among), among, strict=True))
    labels = lens_labels(among)
    kept = kept_choice("", "lenses", [lens().name], among=list(by_id))
    chosen = st.multiselect(
        "Lenses",
        list(by_id),
        format_func=labels.__getitem__,
        placeholder="Choose lenses",
        key=kept.widget,
        on_change=kept.keep,
        help="What each chapter is asked. More lenses take more time; the text is read once for "
        "all of them.",
    )
    return tuple(by_id[one] for one in chosen)


def _choose_depth() -> Depth:
    kept = kept_choice("", "depth", Depth.STANDARD)
    chosen = st.segmented_control(
        "Depth",
        list(_DEPTHS),
        format_func=_DEPTHS.__getitem__,
        key=kept.widget,
        on_change=kept.keep,
        required=True,
    )
    depth = Depth(chosen or Depth.STANDARD)
    st.html(f'<p class="fr-quiet">{_DOES[depth]}</p>')
    return depth


def _choose_language(manuscript: Manuscript) -> str:
    own = language_of(manuscript).name
    among = [_MODELS, *([_MANUSCRIPTS] if own else []), *_LANGUAGES]
    kept = kept_choice("", "language", _MODELS)
    labels = {_MODELS: "The model’s choice", _MANUSCRIPTS: f"The manuscript’s ({own})"}
    chosen = st.selectbox(
        "Language of the answers",
        among,
        format_func=lambda name: labels.get(name, name),
        key=kept.widget,
        on_change=kept.keep,
        accept_new_options=True,
        help="Another language may be typed.",
    )
    if chosen == _MODELS:
        return ""
    return own if chosen == _MANUSCRIPTS else " ".join(chosen.split())[:40]


def _twice(lenses: tuple[Lens, ...]) -> str:
    """Say which lenses could not be told apart in a report; empty where all can."""
    same = indistinct(lenses)
    if not same:
        return ""
    listed = " and ".join(f"“{words.plain(one)}”" for one in same)
    return (
        f"Two of these lenses have the same name: {listed}. In one report they could not be told "
        "apart. Leave one out, or rename yours in the settings."
    )
