"""What a report quotes, and how much of it the manuscript has: one count for page and files.

Every text counts that an editor reads: the notes, the story so far, what the lenses come to, and
the sentences that scores rest on. Notes joined on the way to a report are read by the model alone
and do not. Nobody quotes in JSON, where every string stands in quotation marks: of such an answer
nothing counts but the sentence behind scores. A text that broke off counts as far as it goes, for
the files hold it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from components.evidence import Evidence, Index, check
from components.reports.report import Report
from components.reports.score_evidence import sentence_behind
from components.reports.scores import read_scores
from components.store import Question, State, StepStatus

#: Looks up what an answer quotes.
Looked = Callable[[StepStatus], Evidence]


@dataclass(frozen=True, slots=True)
class QuotationCounts:
    """What so many texts quote: quotations of four words or more and sentences behind scores."""

    quotations: int
    found: int
    answers: int

    @property
    def share(self) -> float | None:
        """The share that was found; None where nothing is quoted."""
        return self.found / self.quotations if self.quotations else None


def is_prose(question: Question) -> bool:
    """Whether an answer to it is written in words, and not in JSON."""
    return not question.options.format


def is_counted(question: Question, state: State) -> bool:
    """Whether what an answer quotes counts: see this module."""
    if question.part == "scores":
        return state is State.DONE
    return question.part != "digest" and is_prose(question)


def evidence_of(question: Question, answer: str, index: Index) -> Evidence:
    """Look up what an answer quotes: of scores the sentence behind them, of other JSON nothing."""
    if is_prose(question):
        return check(answer, index)
    scores = read_scores(answer) if question.part == "scores" else None
    within = question.ranges[0] if question.ranges else None
    sentence = sentence_behind(scores, index, within=within)
    return Evidence() if sentence is None else Evidence((sentence.finding,))


def looked_through(
    report: Report, index: Index, *, look: Looked | None = None
) -> list[tuple[StepStatus, Evidence]]:
    """Return every text of a report that counts, with what was found of its quotations.

    `look` checks an answer, where the caller remembers what was found.
    """
    looked = look or (lambda step: evidence_of(step.question, step.answer, index))
    return [
        (step, looked(step))
        for step in report.steps
        if step.answer.strip() and is_counted(step.question, step.state)
    ]


def checked(report: Report, index: Index, *, look: Looked | None = None) -> QuotationCounts:
    """Count what a report quotes, and how much of it was found; `look` as in `looked_through`."""
    found = [one for _, one in looked_through(report, index, look=look)]
    return QuotationCounts(
        quotations=sum(len(one.quotations) for one in found),
        found=sum(one.found for one in found),
        answers=len(found),
    )
