"""Choosing what is read: the whole manuscript, chapters, or passages that fit the model."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from components.analysis import ManuscriptSection, passages, sections
from components.application import Application
from components.engine import LEAST_ANSWER, Model, fits
from components.store import Analysis
from components.ui.analyse.manuscript_panel import Opened
from components.ui.shared import labels as words

#: Tokens of a call that are not manuscript: marks, instructions, the question (300 to 450).
_AROUND = 450


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text to be read: what to call it, its characters, its tokens (estimated)."""

    scope: str
    text: str
    tokens: int
    ranges: tuple[tuple[int, int], ...]


def choose_text(
    app: Application,
    opened: Opened,
    model: Model | None,
    *,
    beside: int = 0,
    whole: str | None = None,
    analysis: Analysis | None = None,
    says_room: bool = True,
) -> Chosen:
    """Show what can be read at once and return the choice; the whole text unless chosen.

    `beside` are the tokens of what else goes with it: pictures. `whole` is the page that reads what
    does not fit, to be linked where that is so. `analysis` is the one that is open
    beside it: another model may have made it, and a warning would seem to be about its answer.
    Without `says_room` how much room it takes is said elsewhere.
    """
    manuscript = opened.manuscript
    limit = model.context_length if model else None
    count = app.token_counter(model)
    around = _AROUND + beside
    room = (limit - LEAST_ANSWER - around) if limit else max(count(manuscript.text), 1)
    found = sections(manuscript, room=room, count=count)
    labels = {one.label: one for one in found} if _distinct(found) else _numbered(found)
    picked: list[str] = []
    if len(found) > 1:
        picked = st.multiselect(
            "What to read",
            list(labels),
            key=f"sections-{opened.id}",
            placeholder="The whole manuscript",
            format_func=lambda label: f"{label} · {labels[label].words:,} words",
        )
    # In the manuscript's order, whatever the order of choosing.
    parts = [one for label, one in labels.items() if label in picked]
    if parts:
        scope, ranges = _scope(parts), tuple((part.start, part.end) for part in parts)
    else:
        scope, ranges = "the whole manuscript", ((0, len(manuscript.text)),)
    text = passages(manuscript, ranges)
    chosen = Chosen(scope, text, count(text), ranges)
    if not says_room:
        return chosen
    if analysis is not None and model is not None:
        _quiet_gauge(chosen.tokens + around, model)
    else:
        _gauge(chosen.tokens + around, model, can_choose=len(found) > 1)
    if limit is not None and not fits(chosen.tokens + around, limit) and whole is not None:
        st.page_link(
            whole,
            label="Read it whole, chapter by chapter",
            icon=":material/auto_stories:",
            query_params={"manuscript": opened.id},
        )
    return chosen


def _gauge(tokens: int, model: Model | None, *, can_choose: bool) -> None:
    """Say how what is sent stands to the context of `model`, by its name."""
    limit = model.context_length if model else None
    said = words.room(tokens, limit)
    if model is None or limit is None:
        st.html(f'<p class="fr-quiet">{said}</p>')
    elif fits(tokens, limit):
        share = min(tokens / limit, 1.0)
        st.html(
            f'<p class="fr-quiet">Fits: {said}, {share:.0%} of the room of {escape(model.name)}</p>'
            f"{words.gauge(share)}"
        )
    else:
        advice = (
            "Choose chapters or passages above that fit, or a model with more room."
            if can_choose
            else "Choose a model with more room."
        )
        st.warning(
            f"Too long for {words.plain(model.name)} at once: {said}, and an answer needs "
            f"{LEAST_ANSWER} more. Nothing is ever cut. {advice}",
            icon=":material/straighten:",
        )


def _quiet_gauge(tokens: int, model: Model) -> None:
    """Say in one line how what would be sent now stands to the context of the chosen model."""
    limit = model.context_length
    fit = "has" if limit is None else "fits:" if fits(tokens, limit) else "is too long:"
    said = f"For {model.name} this text {fit} {words.room(tokens, limit)}."
    st.html(f'<p class="fr-quiet">{escape(said)}</p>')


def _scope(parts: list[ManuscriptSection]) -> str:
    return ", ".join(part.label for part in parts)


def _distinct(found: list[ManuscriptSection]) -> bool:
    return len({one.label for one in found}) == len(found)


def _numbered(found: list[ManuscriptSection]) -> dict[str, ManuscriptSection]:
    """Tell apart chapters of the same heading, as books in parts have them."""
    return {f"{number}. {one.label}": one for number, one in enumerate(found, 1)}
