"""The quotations of a report, looked up once for all formats.

In a file there is no page that a found quotation could lead to, so the chapter is written after it.
What counts, `novel.quoting` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from components.evidence import Checker, Evidence, Finding, Index, Marked
from components.manuscripts import tag_of
from components.markdown import Blocks, Highlight, Meaning, prose
from components.reports import (
    Report,
    is_prose,
    names_of,
    quoting_answers,
    sentence_behind,
)
from components.store import StepStatus

NOT_FOUND = "not found in the manuscript"

_CLOSING = "\"'”’»›」』“"
_OPENING = "\"'“‘«‹„」「『"


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer of a step with what was found of its quotations, and the marks that say so."""

    step: StepStatus
    evidence: Evidence
    marks: tuple[Highlight, ...]


class Quotations:
    """What all answers of `report` quote, looked up in `index` when first asked for."""

    def __init__(self, report: Report, index: Index) -> None:
        self._report = report
        self._index = index
        self._names: Mapping[int, str] = names_of(report.manuscript)

    def language(self, step: StepStatus) -> str:
        """Return the tag of the language that a step was told to write in; empty without one."""
        name = self._report.setting.language
        return tag_of(name) if name and f"in {name}." in step.question.prompt else ""

    @cached_property
    def answers(self) -> dict[int, CheckedAnswer]:
        """The answers in prose, by the position of their step."""
        return {
            step.position: self._checked(step)
            for step in self._report.steps
            if step.answer.strip() and is_prose(step.question)
        }

    @cached_property
    def sentences(self) -> dict[int, Finding]:
        """The sentences that scores rest on, by the position of their step."""
        found = {}
        for score in self._report.scores:
            within = (score.passage.start, score.passage.end)
            sentence = sentence_behind(score.scores, self._index, within=within)
            if sentence is not None:
                found[score.step.position] = sentence.finding
        return found

    @cached_property
    def _texts(self) -> list[tuple[StepStatus, Evidence]]:
        return quoting_answers(self._report, self._index, look=self._found_in)

    @cached_property
    def all(self) -> list[tuple[StepStatus, Finding]]:
        """Every quotation of four words or more, and every sentence, with the step it is in."""
        return [
            (step, quotation) for step, evidence in self._texts for quotation in evidence.quotations
        ]

    @property
    def found(self) -> int:
        """How many of them the manuscript has."""
        return sum(one.is_verified for _, one in self.all)

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """The names in the answers that the manuscript does not have, each once."""
        named = [name for _, one in self._texts for name in one.unknown_names]
        return tuple(dict.fromkeys(named))

    def _found_in(self, step: StepStatus) -> Evidence:
        """Return what was found in a text, without looking it up twice."""
        if (answer := self.answers.get(step.position)) is not None:
            return answer.evidence
        sentence = self.sentences.get(step.position)
        return Evidence() if sentence is None else Evidence((sentence,))

    def where(self, finding: Finding) -> str:
        """Say where a quotation was found, or that it was not and how near the text comes."""
        if finding.is_verified:
            place = self._place(finding.places[0].chapter)
            more = finding.count - 1
            notes = [place or "found in the manuscript"]
            notes += ["not the chapter named here"] if "other chapter" in finding.remarks else []
            notes += ["with an omission"] if "omission" in finding.remarks else []
            notes += ["words in brackets not its own"] if "brackets" in finding.remarks else []
            notes += [f"and {more:,} more place{'s' if more > 1 else ''}"] if more else []
            return ", ".join(notes)
        if finding.near is None:
            return NOT_FOUND
        near = self._place(finding.near.chapter)
        of = f" of {near}" if near else ""
        return f"{NOT_FOUND} in this form; punctuation or capitals differ from those{of}"

    def _place(self, chapter: int | None) -> str:
        return "" if chapter is None else self._names.get(chapter, "")

    def _checked(self, step: StepStatus) -> CheckedAnswer:
        checker, blocks = Checker(self._index), Blocks()
        blocks.feed(step.answer)
        blocks.finish()
        marks: list[Highlight] = []
        before = 0
        for number, block in enumerate(blocks.settled, 1):
            marked = checker.block(block, is_last=number == len(blocks.settled))
            texts = [one.text for one in prose(block)]
            marks += self._marks(marked, texts, before)
            before += len(texts)
        return CheckedAnswer(step, checker.evidence, tuple(marks))

    def _marks(
        self, marked: Sequence[Marked], texts: Sequence[str], before: int
    ) -> list[Highlight]:
        """Return a mark for each quotation, with its quotation marks; stretches count on."""
        marks: list[Highlight] = []
        for one in marked:
            finding = one.found
            if not isinstance(finding, Finding) or finding.kind != "quotation":
                continue
            text, start, end = texts[one.stretch], one.start, one.end
            last = marks[-1] if marks and marks[-1].stretch == one.stretch + before else None
            if start and text[start - 1] in _OPENING:
                start -= 1
            if end < len(text) and text[end] in _CLOSING:
                end += 1
            start = max(start, last.end) if last else start
            if start >= end:
                continue
            meaning: Meaning = "cited" if finding.is_verified else "missing"
            marks.append(Highlight(one.stretch + before, start, end, meaning, self.where(finding)))
        return marks
