"""What a model is asked at each step of a report.

The text comes first and the question last (`analysis.prompts`): a passage is read once for all
questions, while a question is read once for each passage. So questions are short. A small model
that is told that a list may be empty leaves most of them empty.

Answers are cached by these bytes: a change of one word has every book read again.
"""

from components.analysis import MOST_FINDINGS, Lens
from components.reports.scores import SCALES

#: Words that a model writes in a token: less than English prose takes (0.75), so that most answers
#: end before they are cut.
WORDS_PER_TOKEN = 0.55

#: Tokens of a finding whose claim is as long as it may be, in English.
TOKENS_PER_FINDING = 80

_LOW, _HIGH = SCALES["valence"]

_SUMMARY = (
    "Above are numbered findings on {scope}. Sum up for an editor, in at most {words} words, what "
    "they show: {brief} Use nothing but the findings, and name no chapter. Answer as JSON: "
    "sentences, each with findings (the numbers of those that it rests on) and sentence."
)

_QUOTATION = "quotation (some words of it that show it, as they stand there), "

_QUESTIONS = {
    "findings": (
        "Which of its sentences show: {kinds}? At most {most} of each. JSON: "
        "{quotation}statement{fields}."
    ),
    "notes": "This was {scope}. Of it alone: {brief} Invent nothing.",
    "scores": (
        "This was {scope}. Describe and rate it as JSON: summary (one sentence), setting, "
        "point_of_view, characters (names of those present), purpose (why the story needs it), "
        "evidence (one sentence of it, word for word, that shows its "
        "tension), then tension, pace and conflict from 0 to 10, and valence from "
        f"{_LOW} (dark) to {_HIGH} (bright)."
    ),
    "digest": _SUMMARY,
    "report": _SUMMARY,
}


def step_prompt(
    part: str, lens: Lens | None, scope: str, tokens: int, language: str, *, quotes: bool = False
) -> str:
    """Return the question of a step: findings, notes, scores, a digest or a report.

    `scope` names what is read, `tokens` is the longest answer; `quotes` has the words copied that a
    finding rests on.
    """
    kinds = lens.looks_for if lens else ()
    fields = dict.fromkeys(field for kind in kinds for field in kind.fields)
    question = _QUESTIONS[part].format(
        scope=scope,
        words=max(round(tokens * WORDS_PER_TOKEN / 10) * 10, 30),
        brief=lens.brief if lens else "",
        kinds="; ".join(f"{kind.name} ({kind.brief})" for kind in kinds),
        quotation=_QUOTATION if quotes else "",
        fields="".join(f", {field}" for field in fields),
        most=findings_per_kind(tokens, len(kinds)) if kinds else 0,
    )
    if language:
        what = " all but names and the evidence" if part == "scores" else ""
        question += f" Write{what} in {language}."
    return question


def findings_per_kind(tokens: int, kinds: int) -> int:
    """Return how many findings of each of so many kinds an answer of about `tokens` has."""
    most = min(tokens // TOKENS_PER_FINDING, MOST_FINDINGS)
    return max(min(round(most / kinds), MOST_FINDINGS // kinds), 1)


def findings_tokens(tokens: int, kinds: int) -> int:
    """Return the longest answer in tokens that has room for as many of each kind."""
    return max(tokens, findings_per_kind(tokens, kinds) * kinds * TOKENS_PER_FINDING)
