"""Scores: what a model says of a passage's tension, pace and people, as JSON of a fixed form.

Numbers come after the summary and the sentence that they rest on: a model that has said why says
more sensible numbers. The sentence is looked up in the manuscript, so that a point of a plot leads
to what is behind it. A missing score is missing and never zero.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from components.analysis import closed_object, parsed
from components.errors import AnswerRefused
from components.evidence import Checker, Index, Quote
from components.reports.reading_passages import ReadingPassage
from components.store import StepStatus

#: What is scored, from where to where.
SCALES = {"tension": (0, 10), "pace": (0, 10), "conflict": (0, 10), "valence": (-5, 5)}

#: Longest strings in characters: small models run a string on until their limit.
_TEXTS = {"summary": 260, "setting": 90, "point_of_view": 60, "purpose": 160, "evidence": 240}
_NAME, _NAMES = 40, 8

#: Marks that a model sets around a sentence; they mean nothing where texts are compared.
_AROUND = " \"'“”„«»‹›‘’‚「」『』"

#: Characters below its longest from which on a sentence may have been cut by the form.
_NEAR_LONGEST = 3


def _schema() -> dict[str, Any]:
    properties: dict[str, Any] = {}  # In the order in which a model writes them.
    for name, longest in _TEXTS.items():
        if name == "purpose":
            names = {"type": "string", "maxLength": _NAME}
            properties["characters"] = {"type": "array", "maxItems": _NAMES, "items": names}
        properties[name] = {"type": "string", "maxLength": longest}
    for name, (low, high) in SCALES.items():
        properties[name] = {"type": "integer", "minimum": low, "maximum": high}
    return closed_object(properties)


#: The form of the answer, as `Options.format` takes it.
SCHEMA = json.dumps(_schema())


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model said of one passage.

    `tension`, `pace` and `conflict` are 0 to 10, `valence` is -5 (dark) to 5 (bright). `evidence`
    is the sentence behind the tension, as the model gave it.
    """

    tension: int
    pace: int
    conflict: int
    valence: int
    summary: str
    setting: str
    point_of_view: str
    characters: tuple[str, ...]
    purpose: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PassageScores:
    """The scores of one passage; None until there are any, or where the model could not."""

    passage: ReadingPassage
    step: StepStatus
    scores: Scores | None


@dataclass(frozen=True, slots=True)
class ChapterScores:
    """The mean scores of one chapter's passages by their words; `scored` of `passages` have any.

    `tension`, `pace` and `conflict` are from 0 to 10, `valence` from -5 to 5. `summaries` has a
    sentence a passage, `characters` each name once.
    """

    tension: float
    pace: float
    conflict: float
    valence: float
    summaries: tuple[str, ...]
    characters: tuple[str, ...]
    scored: int
    passages: int

    def value(self, scale: str) -> float:
        """Return the score on one of `SCALES`."""
        value: float = getattr(self, scale)
        return value


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence that scores rest on, without the marks around it, looked up in the manuscript.

    `was_cut` says that the form ended it within its last word, without which it was found.
    """

    text: str
    quote: Quote
    was_cut: bool = False


def read_scores(answer: str) -> Scores | None:
    """Return the scores in an answer; None where it has another form."""
    try:
        value = parsed(answer)
        names = (str(name).strip() for name in value["characters"])
        fields: dict[str, Any] = {scale: int(value[scale]) for scale in SCALES}
        fields |= {name: " ".join(str(value[name]).split()) for name in _TEXTS}
        return Scores(**fields, characters=tuple(dict.fromkeys(filter(None, names))))
    except (AnswerRefused, KeyError, TypeError, ValueError):
        return None


def sentence_behind(
    scores: Scores | None, index: Index, *, within: tuple[int, int] | None = None
) -> Sentence | None:
    """Return the sentence behind `scores`; None without scores, and where the model gave none.

    All of it is a quotation, however short and whatever marks stand in it. Occurrences `within`
    these characters of the manuscript's text, those of the passage, come first.
    """
    text = scores.evidence.strip(_AROUND) if scores is not None else ""
    if not text:
        return None
    quote, was_cut = Checker(index).sentence(text, within=within), False
    if not _is_there(quote) and len(text) >= _TEXTS["evidence"] - _NEAR_LONGEST and " " in text:
        shorter = Checker(index).sentence(text.rsplit(" ", 1)[0], within=within)
        if _is_there(shorter):
            quote, was_cut = replace(shorter, text=text), True
    return Sentence(text, replace(quote, kind="quotation"), was_cut)


def _is_there(quote: Quote) -> bool:
    return quote.is_verified or quote.near is not None


def chapter_scores(scored: Iterable[PassageScores]) -> dict[int, ChapterScores]:
    """Return the scores of each chapter that has any, by index; 0 is a text without chapters."""
    by_chapter: dict[int, list[PassageScores]] = defaultdict(list)
    for score in scored:  # A passage always stands in one chapter.
        by_chapter[next(iter(score.passage.chapters), 0)].append(score)
    means = {index: _mean(passages) for index, passages in by_chapter.items()}
    return {index: mean for index, mean in means.items() if mean is not None}


def _mean(passages: Sequence[PassageScores]) -> ChapterScores | None:
    known = [
        (score.scores, max(score.passage.words, 1))
        for score in passages
        if score.scores is not None
    ]
    if not known:
        return None
    total = sum(words for _, words in known)
    means = {
        scale: sum(getattr(scores, scale) * words for scores, words in known) / total
        for scale in SCALES
    }
    return ChapterScores(
        **means,
        summaries=tuple(scores.summary for scores, _ in known if scores.summary),
        characters=tuple(dict.fromkeys(name for scores, _ in known for name in scores.characters)),
        scored=len(known),
        passages=len(passages),
    )
