"""What a model is asked at each step of a report.

The text comes first and the question last (`analysis.asking`), so these stay short: everything that
stands after a passage is read once for each question, while the passage itself is read once for
all of them.
"""

from __future__ import annotations

from components.analysis import Lens
from components.reports.depth import WORDS_PER_TOKEN
from components.reports.scores import SCALES


def story(scope: str, *, tokens: int, language: str) -> str:
    """Ask for the story so far, for whoever reads the next passage."""
    return (
        f"This was {scope}. Bring your notes up to date for whoever reads on: what has happened "
        "until now, who the people are, which questions are open, when and where it plays. Carry "
        f"over what still matters. At most {_words(tokens)} words, no judgement, no headings."
        f"{_in(language)}"
    )


def notes(lens: Lens, scope: str, *, tokens: int, language: str) -> str:
    """Ask for notes of one lens on one passage."""
    return (
        f"This was {scope}. Of it alone, in at most {_words(tokens)} words: {lens.brief} "
        f"Quote word for word, in quotation marks. Invent nothing.{_in(language)}"
    )


def scores(scope: str, *, language: str) -> str:
    """Ask for the scores of a passage."""
    low, high = SCALES["valence"]
    return (
        f"This was {scope}. Describe and rate it as JSON: summary (one sentence), setting, "
        "point_of_view, characters (names of those present), purpose (why the story needs it), "
        "evidence (one sentence of it, word for word, that shows its tension), then tension, pace "
        f"and conflict from 0 to 10, and valence from {low} (dark) to {high} (bright)."
        + (f" Write all but names and the evidence in {language}." if language else "")
    )


def digest(lens: Lens, scope: str, *, tokens: int, language: str) -> str:
    """Ask for notes of one lens on several passages to be made one."""
    return (
        f"These are your notes on {scope}. Join them into one for this: {lens.brief} Keep what "
        "matters, each with its chapter and its quotation word for word, in at most "
        f"{_words(tokens)} words.{_in(language)}"
    )


def report(lens: Lens, *, language: str, from_notes: bool) -> str:
    """Ask for what a lens comes to: of the whole text, or of the notes on all of its parts."""
    if not from_notes:
        return f"{lens.prompt}{_in(language)}"
    return (
        f"{lens.prompt}\n\nYou have read the manuscript part by part and write from the notes "
        "above, which cover all of it. Name the chapter beside each quotation; quote only what the "
        f"notes quote, word for word; say nothing that they do not hold.{_in(language)}"
    )


def _words(tokens: int) -> int:
    return max(round(tokens * WORDS_PER_TOKEN / 10) * 10, 30)


def _in(language: str) -> str:
    return f" Write in {language}." if language else ""
