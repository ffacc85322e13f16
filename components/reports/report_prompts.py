"""What a model is asked at each step of a report.

The text comes first and the question last (`analysis.prompts`): a passage is read once for all
questions, while a question is read once for each passage. So questions are short.

Answers are cached by these bytes: a change of one word has every book read again.
"""

from components.analysis import Lens
from components.reports.scores import SCALES

#: Words that a model writes in a token: less than English prose takes (0.75), so that most answers
#: end before they are cut.
WORDS_PER_TOKEN = 0.55

_LOW, _HIGH = SCALES["valence"]

_QUESTIONS = {
    "story": (
        "This was {scope}. Bring your notes up to date for whoever reads on: what has happened "
        "until now, who the people are, which questions are open, when and where it plays. Carry "
        "over what still matters. At most {words} words, no judgement, no headings."
    ),
    "notes": (
        "This was {scope}. Of it alone, in at most {words} words: {brief} "
        "Quote word for word, in quotation marks. Invent nothing."
    ),
    "scores": (
        "This was {scope}. Describe and rate it as JSON: summary (one sentence), setting, "
        "point_of_view, characters (names of those present), purpose (why the story needs it), "
        "evidence (one sentence of it, word for word, that shows its tension), then tension, pace "
        f"and conflict from 0 to 10, and valence from {_LOW} (dark) to {_HIGH} (bright)."
    ),
    "digest": (
        "These are your notes on {scope}. Join them into one for this: {brief} Keep what "
        "matters, each with its chapter and its quotation word for word, in at most {words} words."
    ),
    "report": "{prompt}",
}

_FROM_NOTES = (
    "\n\nYou have read the manuscript part by part and write from the notes above, which cover all "
    "of it. Name the chapter beside each quotation; quote only what the notes quote, word for "
    "word; say nothing that they do not hold."
)


def step_prompt(
    part: str, lens: Lens | None, scope: str, tokens: int, language: str, *, from_notes: bool
) -> str:
    """Return the question of a step: a story, notes, scores, a digest of notes or a report.

    `scope` names what is read, `tokens` is the longest answer; a report is written `from_notes`
    where the book was read in parts.
    """
    question = _QUESTIONS[part].format(
        scope=scope,
        words=max(round(tokens * WORDS_PER_TOKEN / 10) * 10, 30),
        brief=lens.brief if lens else "",
        prompt=lens.prompt if lens else "",
    )
    if from_notes:
        question += _FROM_NOTES
    if language:
        what = " all but names and the evidence" if part == "scores" else ""
        question += f" Write{what} in {language}."
    return question
