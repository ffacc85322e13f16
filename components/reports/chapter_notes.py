"""What the lenses of a report noted on each chapter, its quotations looked up in the manuscript."""

from __future__ import annotations

from dataclasses import dataclass

from components.evidence import Evidence, Index
from components.reports.passages import Passage
from components.reports.quotation_counts import Looked, evidence_of
from components.reports.report import Report
from components.store import State, StepStatus

#: What stands for a lens where the depth takes no notes: a skim.
STORY = "The story so far"


@dataclass(frozen=True, slots=True)
class Noted:
    """What one lens noted on one passage of a chapter (its index, 0 without chapters).

    `evidence` is what was found of it, nothing in an answer in JSON; None while there is no answer
    that is done.
    """

    chapter: int
    lens: str
    passage: Passage
    step: StepStatus
    evidence: Evidence | None


def chapter_notes(report: Report, index: Index, *, look: Looked | None = None) -> tuple[Noted, ...]:
    """Return all notes of a report in the order of the book, then of its lenses.

    A skim has the story so far instead of them; a book that was read as a whole has none. `look`
    checks an answer, where the caller remembers what was found.
    """
    looked = look or (lambda step: evidence_of(step.question, step.answer, index))
    found = []
    for step in report.of("notes") or report.of("story"):
        passage = report.passage(step)
        if passage is None:
            continue
        lens = step.question.lens if step.question.part == "notes" else STORY
        evidence = looked(step) if step.state is State.DONE else None
        chapter = passage.chapters[0] if passage.chapters else 0
        found.append(Noted(chapter, lens, passage, step, evidence))
    return tuple(found)
