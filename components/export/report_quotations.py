"""The answers of a report, checked once for all formats.

A file has no page that a found quotation could link to, so the chapter is written after it.
`reports.quotation_counts` says which quotations count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from components.evidence import Checker, Evidence, Flag, Index, Marked, Quote
from components.export import evidence_labels
from components.manuscripts import tag_of
from components.markdown import Highlight, Meaning, prose
from components.reports import (
    Report,
    is_prose,
    names_of,
    quoting_answers,
    read_ranges,
    sentence_behind,
)
from components.store import State, StepStatus

_CLOSING = "\"'”’»›」』“"
_OPENING = "\"'“‘«‹„」「『"


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """What was found of an answer, and the marks that show it."""

    evidence: Evidence
    marks: tuple[Highlight, ...]


class Quotations:
    """The quotations of all answers of `report`, looked up in `index` when first asked for."""

    def __init__(self, report: Report, index: Index) -> None:
        self._report = report
        self._index = index
        self._names = names_of(report.manuscript)

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

    def of(self, step: StepStatus) -> CheckedAnswer | None:
        """Return what was found of an answer, also of an unfinished one; None without prose."""
        checked = self.answers.get(step.position)
        if step.answer != self._report.steps[step.position].answer and is_prose(step.question):
            checked = self._checked(step)
        return checked

    @cached_property
    def sentences(self) -> dict[int, Quote]:
        """The sentences that scores rest on, by the position of their step."""
        sentences = {}
        for score in self._report.scores:
            within = (score.passage.start, score.passage.end)
            sentence = sentence_behind(score.scores, self._index, within=within)
            if sentence is not None:
                sentences[score.step.position] = sentence.quote
        return sentences

    @cached_property
    def _texts(self) -> list[tuple[StepStatus, Evidence]]:
        return quoting_answers(self._report, self._index, look=self._evidence)

    @cached_property
    def all(self) -> list[tuple[StepStatus, Quote]]:
        """Every quotation of four words or more, and every sentence, with the step it is in."""
        return [(step, quote) for step, evidence in self._texts for quote in evidence.quotations]

    @property
    def found(self) -> int:
        """How many of them the manuscript has."""
        return sum(quote.is_verified for _, quote in self.all)

    @cached_property
    def evidence(self) -> Evidence:
        """The quotes and the flags of all of them."""
        return Evidence(
            tuple(quote for _, quote in self.all),
            tuple(flag for _, evidence in self._texts for flag in evidence.flags),
        )

    @cached_property
    def silent(self) -> list[StepStatus]:
        """The notes and reports that are finished and quote nothing."""
        return [
            step
            for step, evidence in self._texts
            if evidence.quotes_nothing
            and step.state is State.DONE
            and step.question.part != "story"
        ]

    def _evidence(self, step: StepStatus) -> Evidence:
        """Return the quotes of a text, without looking them up twice."""
        if (answer := self.answers.get(step.position)) is not None:
            return answer.evidence
        sentence = self.sentences.get(step.position)
        return Evidence() if sentence is None else Evidence((sentence,))

    def where(self, quote: Quote) -> str:
        """Say where a quotation was found, or that it was not and how near the text comes."""
        return evidence_labels.where(quote, lambda at: self._names.get(at.chapter or 0, ""))

    def _checked(self, step: StepStatus) -> CheckedAnswer:
        checker = Checker(self._index, read_ranges(step.question, self._index))
        marks: list[Highlight] = []
        before, said = 0, set[tuple[str, str]]()
        for source, marked in checker.blocks(step.answer):
            texts = [stretch.text for stretch in prose(source)]
            of_block = partial(self._mark, texts=texts)
            of_all = evidence_labels.highlights(_first(marked, said), of_block)
            marks += [replace(mark, stretch=mark.stretch + before) for mark in of_all]
            before += len(texts)
        return CheckedAnswer(checker.evidence, tuple(marks))

    def _mark(self, marked: Marked, quote: Quote, *, texts: Sequence[str]) -> Highlight | None:
        """Return the mark of a quotation, with its quotation marks."""
        if quote.kind != "quotation":
            return None
        text, start, end = texts[marked.stretch], marked.start, marked.end
        start -= bool(start and text[start - 1] in _OPENING)
        end += end < len(text) and text[end] in _CLOSING
        meaning: Meaning = "cited" if quote.is_verified else "missing"
        return Highlight(marked.stretch, start, end, meaning, self.where(quote))


def _first(marked: Iterable[Marked], said: set[tuple[str, str]]) -> Iterator[Marked]:
    """Leave out what is flagged as it was before: a file says in words what each mark means."""
    for each in marked:
        if isinstance(each.found, Flag):
            flag = (each.found.kind, each.found.text)
            if flag in said:
                continue
            said.add(flag)
        yield each
