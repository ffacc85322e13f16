"""What a report said of each chapter in figures: its passages' scores, taken together.

A chapter of several passages has the mean of those that were scored, each as heavy as its words.
A chapter without any has none: a missing score is missing and never zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.reports.report import Report, Scored
from components.reports.scores import SCALES


@dataclass(frozen=True, slots=True)
class ChapterScores:
    """The scores of one chapter by one report; `scored` of its `passages` have any.

    `tension`, `pace` and `conflict` are from 0 to 10, `valence` from -5 to 5; the mean of several
    passages has a fraction. `summaries` has a sentence a passage, `characters` each name once.
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
        """Return what it has on one of `SCALES`."""
        return {
            "tension": self.tension,
            "pace": self.pace,
            "conflict": self.conflict,
            "valence": self.valence,
        }[scale]


def scores_by_chapter(report: Report) -> dict[int, ChapterScores]:
    """Return the scores of each chapter that has any, by its index; 0 is a text without chapters.

    A passage always stands in one chapter.
    """
    of: dict[int, list[Scored]] = {}
    for score in report.scores:
        of.setdefault(score.passage.chapters[0] if score.passage.chapters else 0, []).append(score)
    found = {index: _joined(scored) for index, scored in of.items()}
    return {index: one for index, one in found.items() if one is not None}


def _joined(scored: list[Scored]) -> ChapterScores | None:
    known = [(one.scores, max(one.passage.words, 1)) for one in scored if one.scores is not None]
    if not known:
        return None
    total = sum(words for _, words in known)
    mean = {
        scale: sum(getattr(scores, scale) * words for scores, words in known) / total
        for scale in SCALES
    }
    named = dict.fromkeys(name for scores, _ in known for name in scores.characters)
    return ChapterScores(
        **mean,
        summaries=tuple(scores.summary for scores, _ in known if scores.summary),
        characters=tuple(named),
        scored=len(known),
        passages=len(scored),
    )
