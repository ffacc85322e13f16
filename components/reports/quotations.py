"""What a report quotes, looked up in the manuscript, and how much of it was found.

Every text counts that an editor reads, also one that broke off: the notes, the story so far, the
reports, and the sentences behind scores. Notes joined on the way to a report do not count, nor does
other JSON, where every string stands in quotation marks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from components.analysis import is_assembled
from components.evidence import Evidence, Index, check
from components.reports.reading_passages import ReadingPassage, ranges_of
from components.reports.report import Report
from components.reports.scores import read_scores, sentence_behind
from components.store import Question, State, StepStatus

#: Looks up what an answer quotes; a caller that remembers what was found passes its own.
EvidenceLookup = Callable[[StepStatus], Evidence]


@dataclass(frozen=True, slots=True)
class QuotationCounts:
    """What so many texts quote: quotations of four words or more and sentences behind scores.

    `flags` counts what else in them has no support: see `evidence.FlagKind`.
    """

    quotations: int
    found: int
    answers: int
    flags: int = 0

    @property
    def share(self) -> float | None:
        """The share that was found; None where nothing is quoted."""
        return self.found / self.quotations if self.quotations else None


@dataclass(frozen=True, slots=True)
class ChapterNote:
    """What one lens noted on one passage of a chapter (its index, 0 without chapters).

    `evidence` is what was found of it, nothing in an answer in JSON; None until it is done.
    """

    chapter: int
    lens: str
    passage: ReadingPassage
    step: StepStatus
    evidence: Evidence | None


def is_prose(question: Question) -> bool:
    """Whether an answer to it is read as words, and not as JSON."""
    return is_assembled(question) or not question.options.format


def is_counted(question: Question, state: State) -> bool:
    """Whether what an answer quotes counts: see this module."""
    if question.part == "scores":
        return state is State.DONE
    return question.part != "digest" and is_prose(question)


def read_ranges(question: Question, index: Index) -> tuple[tuple[int, int], ...]:
    """Return the characters that an answer may speak of; none where that is all of the manuscript.

    What was sent; of a text that is made from others the chapters that those are of. In reports of
    earlier versions also what came before it, which the story so far told.
    """
    if question.part in ("story", "notes") and question.ranges:
        return ((0, max(end for _, end in question.ranges)),)
    if question.part and not question.ranges:
        return ranges_of(index.chapters, question.chapters)
    return question.ranges


def evidence_of(question: Question, answer: str, index: Index) -> Evidence:
    """Look up what an answer quotes: of scores the sentence behind them, of other JSON nothing."""
    if is_prose(question):
        return check(answer, index, read_ranges(question, index))
    scores = read_scores(answer) if question.part == "scores" else None
    within = question.ranges[0] if question.ranges else None
    sentence = sentence_behind(scores, index, within=within)
    return Evidence() if sentence is None else Evidence((sentence.quote,))


def quoting_answers(
    report: Report, index: Index, *, look: EvidenceLookup | None = None
) -> list[tuple[StepStatus, Evidence]]:
    """Return every text of a report that counts, with what was found of its quotations."""
    look = look or _lookup(index)
    return [
        (step, look(step))
        for step in report.steps
        if step.answer.strip() and is_counted(step.question, step.state)
    ]


def count_quotations(
    report: Report, index: Index, *, look: EvidenceLookup | None = None
) -> QuotationCounts:
    """Count what a report quotes, and how much of it was found."""
    answers = [evidence for _, evidence in quoting_answers(report, index, look=look)]
    return QuotationCounts(
        quotations=sum(len(evidence.quotations) for evidence in answers),
        found=sum(evidence.found for evidence in answers),
        answers=len(answers),
        flags=sum(len(evidence.flags) for evidence in answers),
    )


def chapter_notes(
    report: Report, index: Index, *, look: EvidenceLookup | None = None
) -> tuple[ChapterNote, ...]:
    """Return all notes of a report in the order of the book, then of its lenses.

    Of earlier versions a skim has the story so far instead, and a book read as a whole has none.
    """
    look = look or _lookup(index)
    return tuple(
        ChapterNote(
            chapter=next(iter(passage.chapters), 0),
            lens=step.question.lens,
            passage=passage,
            step=step,
            evidence=look(step) if step.state is State.DONE else None,
        )
        for step in report.noted
        if (passage := report.passage(step)) is not None
    )


def _lookup(index: Index) -> EvidenceLookup:
    return lambda step: evidence_of(step.question, step.answer, index)
