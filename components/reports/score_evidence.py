"""The sentence that scores rest on, looked up in the manuscript.

A model is asked for it word for word, so all of it is a quotation, whatever marks stand in it: what
follows a speech within it is looked up like the speech.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.evidence import Checker, Finding, Index
from components.reports.scores import LONGEST_SENTENCE, Scores

#: Marks that a model sets around a sentence; where a text is compared they mean nothing.
_AROUND = " \"'“”„«»‹›‘’‚「」『』"

#: Characters below its longest where the form may have ended a string.
_NEAR_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a model gave, without the marks around it, and whether the manuscript has it.

    `was_cut` says that the form ended it within its last word, without which it was found.
    """

    text: str
    finding: Finding
    was_cut: bool = False


def sentence_behind(
    scores: Scores | None, index: Index, *, within: tuple[int, int] | None = None
) -> Sentence | None:
    """Return the sentence behind `scores`; None without scores, and where the model gave none.

    It counts as a quotation however short it is. The places `within` these characters of the
    manuscript's text, those of the passage that was scored, come first.
    """
    said = scores.evidence.strip(_AROUND) if scores is not None else ""
    if not said:
        return None
    finding, was_cut = Checker(index).sentence(said, within=within), False
    is_there = finding.is_verified or finding.near is not None
    if not is_there and len(said) >= LONGEST_SENTENCE - _NEAR_LONGEST and " " in said:
        shorter = Checker(index).sentence(said.rsplit(" ", 1)[0], within=within)
        if shorter.is_verified or shorter.near is not None:
            finding, was_cut = replace(shorter, text=said), True
    return Sentence(said, replace(finding, kind="quotation"), was_cut)
