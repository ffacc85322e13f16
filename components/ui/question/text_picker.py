"""Choosing what is read: all of a manuscript, its story, chapters, or passages that fit a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from components.analysis import Subject, passages, prompt, question_about, sections, with_schema
from components.application import Application
from components.engine import LEAST_ANSWER, Model, Options, fits
from components.reports import names_of, story_chapters, subject_of
from components.store import Question
from components.ui.question.lens_picker import LensQuestion
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened
from components.ui.shared.stored_widget import set_stored, stored_widget
from components.ui.shared.visit import Visit

T = TypeVar("T")

#: Tokens of a call that are not manuscript: marks, instructions, the question (300 to 450).
AROUND = 450

#: Tokens of an answer in prose, as most are, by which its time is estimated.
_PROSE_TOKENS = 600

#: Nobody unticks fifty of sixty chapters, so single chapters are only offered where they are asked
#: for.
_EXTENTS = {
    "story": "The story, without front and back matter",
    "all": "All of it",
    "only": "Only chapters that I choose",
    "but": "All but chapters that I choose",
    "passages": "Passages that I choose",
}

_READ = "Chapters to read"


@dataclass(frozen=True, slots=True)
class Chosen(Subject):
    """The text to be read, and how it stands to the context of a model; tokens are estimated.

    `chapters` are the indexes of those that are read whole: empty for a text without chapters, None
    where passages were chosen. `needed` are the tokens of all that is sent, `limit` those of the
    context, None where that is unknown. Without `ranges` nothing was chosen yet.
    """

    text: str
    tokens: int
    chapters: tuple[int, ...] | None
    needed: int
    limit: int | None

    @property
    def fits(self) -> bool:
        """Whether it is read at once and answered; so where that is unknown."""
        return self.limit is None or fits(self.needed, self.limit)


def choose_text(
    app: Application,
    opened: Opened,
    model: Model | None,
    options: Options | None = None,
    *,
    form: str,
    beside: int = 0,
) -> Chosen:
    """Show what can be read and return the choice; passages are such as `model` reads at once.

    The choice is stored for the window under the name `form`. `beside` are the tokens of pictures
    that are sent with it.
    """
    manuscript, count = opened.manuscript, app.token_counter(model)
    # The model's context, or less where the options ask for less.
    limits = (options.num_ctx if options else None, model.context_length if model else None)
    limit = min(filter(None, limits), default=None)
    around = AROUND + beside
    room = limit - LEAST_ANSWER - around if limit else max(count(manuscript.text), 1)
    names, story = names_of(manuscript), story_chapters(manuscript)
    spans = [(chapter.start, chapter.end) for chapter in manuscript.chapters]
    texts = [manuscript.text[start:end] for start, end in spans or [(0, len(manuscript.text))]]
    extents = [
        *(["story"] if len(story) < len(names) else []),
        "all",
        *(["only", "but"] if len(names) > 1 else []),
        *(["passages"] if any(count(text) > room for text in texts) else []),
    ]
    extent = extents[0]
    if len(extents) > 1:
        stored = stored_widget(form, "extent", extent, of=opened.id, among=extents)
        extent = widgets.select("What to read", {one: _EXTENTS[one] for one in extents}, **stored)
    chapters: tuple[int, ...] | None = tuple(names)
    subject = subject_of(opened.id, manuscript)
    if extent == "passages":
        parts = enumerate(sections(manuscript, room=room, count=count), 1)
        by_label = {f"{number}. {part.label}": part for number, part in parts}
        facts = {
            label: labels.facts(part.label, labels.length(part.words, manuscript.unit))
            for label, part in by_label.items()
        }
        picked = _pick("Passages to read", facts, form=form, of=opened.id)
        chosen = [by_label[label] for label in picked]
        chapters, scope = None, ", ".join(part.label for part in chosen)
        ranges = tuple((part.start, part.end) for part in chosen)
        words = manuscript.words_in(ranges)
        subject = replace(subject, scope=scope, ranges=ranges, words=words)
    elif extent != "all":
        chapters = story
        if extent != "story":
            is_only = extent == "only"
            label = _READ if is_only else "Chapters to leave out"
            picked_indexes = _pick(label, names, form=form, of=opened.id)
            chapters = tuple(index for index in names if (index in picked_indexes) == is_only)
        subject = subject_of(opened.id, manuscript, chapters)
    if not subject.ranges:
        widgets.warn("Choose what to read.")
    text = passages(manuscript, subject.ranges)
    tokens = count(text)
    about = (opened.id, manuscript, subject.scope, subject.ranges, subject.words)
    return Chosen(*about, text, tokens, chapters, needed=tokens + around, limit=limit)


def choose_chapters(form: str, opened: Opened, chapters: tuple[int, ...]) -> None:
    """Have the picker of `form` hold these chapters, by their indexes."""
    extent = "all" if len(chapters) == len(opened.manuscript.chapters) else "only"
    if extent == "only" and chapters == story_chapters(opened.manuscript):
        extent = "story"
    set_stored(form, "extent", extent, of=opened.id)
    set_stored(form, _name(_READ), list(chapters), of=opened.id)


def _pick(label: str, options: Mapping[T, str], *, form: str, of: str) -> Sequence[T]:
    """Show `options` to choose from; return the chosen ones in their order."""
    picked = st.multiselect(
        label,
        list(options),
        format_func=options.__getitem__,
        placeholder="Choose",
        **stored_widget(form, _name(label), [], of=of, among=options),
    )
    return [option for option in options if option in picked]


def _name(label: str) -> str:
    return label.replace(" ", "-").lower()


def question_of(
    app: Application, chosen: Chosen, asked: LensQuestion, model: Model, options: Options
) -> Question:
    """Return what is asked of `model` about the chosen text, its tokens estimated."""
    options = with_schema(options, asked.schema)
    tokens = app.token_counter(model)(prompt(chosen.text, asked.prompt))
    return question_about(
        chosen, model, options, lens=asked.title, prompt=asked.prompt, tokens=tokens
    )


def seconds_at_once(visit: Visit, model: Model | None, tokens: int) -> float | None:
    """Estimate how long `model` takes for an answer in prose to a text; None while unknown."""
    speeds = visit.shelf.reports.speeds(model.digest) if model else None
    return (tokens + AROUND) / speeds[0] + _PROSE_TOKENS / speeds[1] if speeds else None


def show_room(chosen: Chosen, model: Model | None) -> None:
    """Say how what is sent stands to the context of `model`, by its name."""
    tokens, limit = chosen.needed, chosen.limit
    if model is None or limit is None:
        widgets.say(labels.room(tokens, limit))
    elif chosen.fits:
        fit = labels.line(f"Fits: {labels.room(tokens, limit, model.name)}")
        st.html(fit + labels.gauge(min(tokens / limit, 1.0)))
    else:
        times = tokens / max(limit - LEAST_ANSWER, 1)
        widgets.warn(
            f"Too long for {labels.plain(model.name)} at once: about {max(times, 1.1):.1f} times "
            "what it can read. Your text is never shortened. Choose chapters or passages that fit, "
            "or a model with more room.",
            "straighten",
        )
