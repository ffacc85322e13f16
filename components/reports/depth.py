"""How much a report says: the longest answers of its steps, in tokens.

Every answer that another step reads has a limit, so that what will be read is known before anything
is asked, and always fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Depth(StrEnum):
    """How thoroughly a book is read."""

    SKIM = "skim"
    STANDARD = "standard"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Longest answers in tokens; zero where a step is not taken.

    `story` is the story so far, `notes` are one lens's on one passage, `scores` those of a passage,
    `report` is what a lens comes to. `passage` is the longest passage in tokens, where the context
    allows more.
    """

    story: int
    notes: int
    scores: int
    report: int
    passage: int | None = None


#: A skim asks one thing of each passage; a thorough reading goes by scenes. Scores are JSON of some
#: 1,000 characters at most (`scoring.SCHEMA` bounds its strings), 450 tokens in the densest case.
LENGTHS = {
    Depth.SKIM: Lengths(story=240, notes=0, scores=0, report=800),
    Depth.STANDARD: Lengths(story=240, notes=320, scores=450, report=1000),
    Depth.THOROUGH: Lengths(story=360, notes=640, scores=450, report=2000, passage=3000),
}

#: Words that a model writes in so many tokens, for telling it how long an answer may be: less than
#: English prose takes (0.75), so that most answers end before they are cut.
WORDS_PER_TOKEN = 0.55
