"""Choosing what is read: the whole manuscript, chapters, or passages that fit the model."""

from dataclasses import dataclass

import streamlit as st

from components.analysis import passages, prompt, sections, with_schema
from components.application import Application
from components.engine import LEAST_ANSWER, Model, Options, fits
from components.languages import count_words
from components.store import Analysis, Question
from components.ui.question.lens_picker import LensQuestion
from components.ui.shared import labels
from components.ui.shared.address import Opened

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

    `beside` are the tokens of pictures sent with it. `whole` is the page that reads what does not
    fit, linked where that is so. `analysis` is the open one: another model may have made it, and a
    warning would seem to be about its answer. Without `says_room` nothing is said of the room.
    """
    manuscript = opened.manuscript
    limit = model.context_length if model else None
    count = app.token_counter(model)
    around = _AROUND + beside
    room = (limit - LEAST_ANSWER - around) if limit else max(count(manuscript.text), 1)
    parts = sections(manuscript, room=room, count=count)
    by_label = {part.label: part for part in parts}
    if len(by_label) < len(parts):  # Books in parts have chapters of the same heading.
        by_label = {f"{number}. {part.label}": part for number, part in enumerate(parts, 1)}
    picked: list[str] = []
    if len(parts) > 1:
        picked = st.multiselect(
            "What to read",
            list(by_label),
            key=f"sections-{opened.id}",
            placeholder="The whole manuscript",
            format_func=lambda label: labels.facts(
                label, labels.length(by_label[label].words, manuscript.unit)
            ),
        )
    # In the manuscript's order, whatever the order of choosing.
    chosen_parts = [part for label, part in by_label.items() if label in picked]
    scope = ", ".join(part.label for part in chosen_parts) or "the whole manuscript"
    ranges = tuple((part.start, part.end) for part in chosen_parts) or ((0, len(manuscript.text)),)
    text = passages(manuscript, ranges)
    chosen = Chosen(scope, text, count(text), ranges)
    if not says_room:
        return chosen
    tokens = chosen.tokens + around
    if analysis is not None and model is not None:
        fit = "has" if limit is None else "fits:" if fits(tokens, limit) else "is too long:"
        room_said = labels.room(tokens, limit)
        st.html(labels.line(f"For {model.name} this text {fit} {room_said}."))
    else:
        _gauge(tokens, model, can_choose=len(parts) > 1)
    if limit is not None and not fits(tokens, limit) and whole is not None:
        st.page_link(
            whole,
            label="Read it whole, chapter by chapter",
            icon=":material/auto_stories:",
            query_params={"manuscript": opened.id},
        )
    return chosen


def question_of(
    app: Application,
    opened: Opened,
    chosen: Chosen,
    asked: LensQuestion,
    model: Model,
    options: Options,
) -> Question:
    """Return what is asked of `model` about the chosen text, its tokens estimated."""
    return Question(
        manuscript_id=opened.id,
        title=opened.manuscript.title,
        scope=chosen.scope,
        ranges=chosen.ranges,
        words=count_words(chosen.text),
        unit=opened.manuscript.unit,
        tokens=app.token_counter(model)(prompt(chosen.text, asked.prompt)),
        lens=asked.title,
        prompt=asked.prompt,
        model=model.name,
        digest=model.digest,
        options=with_schema(options, asked.schema),
    )


def _gauge(tokens: int, model: Model | None, *, can_choose: bool) -> None:
    """Say how what is sent stands to the context of `model`, by its name."""
    limit = model.context_length if model else None
    room = labels.room(tokens, limit)
    if model is None or limit is None:
        st.html(labels.line(room))
    elif fits(tokens, limit):
        share = min(tokens / limit, 1.0)
        fit = labels.line(f"Fits: {room}, {share:.0%} of the room of {model.name}")
        st.html(fit + labels.gauge(share))
    else:
        choose = "chapters or passages above that fit, or " if can_choose else ""
        st.warning(
            f"Too long for {labels.plain(model.name)} at once: {room}, and an answer needs "
            f"{LEAST_ANSWER} more. Nothing is ever cut. Choose {choose}a model with more room.",
            icon=":material/straighten:",
        )
