"""The quotations of a report, looked up once for all formats.

A file has no page that a found quotation could link to, so the chapter is written after it.
`reports.quotation_counts` says which quotations count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from components.evidence import Checker, Evidence, Index, Location, Marked, Quote
from components.manuscripts import tag_of
from components.markdown import Highlight, Meaning, prose
from components.reports import Report, is_prose, names_of, quoting_answers, sentence_behind
from components.store import StepStatus

NOT_FOUND = "not found in the manuscript"

_CLOSING = "\"'”’»›」』“"
_OPENING = "\"'“‘«‹„」「『"


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The quotes of an answer's quotations, and the marks that show them."""

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

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """The names in the answers that the manuscript does not have, each once."""
        names = [name for _, evidence in self._texts for name in evidence.unknown_names]
        return tuple(dict.fromkeys(names))

    def _evidence(self, step: StepStatus) -> Evidence:
        """Return the quotes of a text, without looking them up twice."""
        if (answer := self.answers.get(step.position)) is not None:
            return answer.evidence
        sentence = self.sentences.get(step.position)
        return Evidence() if sentence is None else Evidence((sentence,))

    def where(self, quote: Quote) -> str:
        """Say where a quotation was found, or that it was not and how near the text comes."""
        if quote.is_verified:
            more = quote.count - 1
            remarks = quote.remarks
            notes = [self._chapter(quote.places[0]) or "found in the manuscript"]
            notes += ["not the chapter named here"] if "other chapter" in remarks else []
            notes += ["with an omission"] if "omission" in remarks else []
            notes += ["words in brackets not its own"] if "brackets" in remarks else []
            notes += [f"and {more:,} more place{'s' if more > 1 else ''}"] if more else []
            return ", ".join(notes)
        if quote.near is None:
            return NOT_FOUND
        near = self._chapter(quote.near)
        of = f" of {near}" if near else ""
        return f"{NOT_FOUND} in this form; punctuation or capitals differ from those{of}"

    def _chapter(self, location: Location) -> str:
        return "" if location.chapter is None else self._names.get(location.chapter, "")

    def _checked(self, step: StepStatus) -> CheckedAnswer:
        checker = Checker(self._index)
        marks: list[Highlight] = []
        before = 0
        for source, marked in checker.blocks(step.answer):
            texts = [stretch.text for stretch in prose(source)]
            marks += self._marks(marked, texts, before)
            before += len(texts)
        return CheckedAnswer(checker.evidence, tuple(marks))

    def _marks(
        self, marked: Sequence[Marked], texts: Sequence[str], before: int
    ) -> list[Highlight]:
        """Return a mark for each quotation of a block, with its quotation marks.

        `before` counts the stretches of the blocks before it.
        """
        marks: list[Highlight] = []
        for quoted in marked:
            quote = quoted.found
            if not isinstance(quote, Quote) or quote.kind != "quotation":
                continue
            text, start, end = texts[quoted.stretch], quoted.start, quoted.end
            stretch = quoted.stretch + before
            if start and text[start - 1] in _OPENING:
                start -= 1
            if end < len(text) and text[end] in _CLOSING:
                end += 1
            if marks and marks[-1].stretch == stretch:
                start = max(start, marks[-1].end)
            if start < end:
                meaning: Meaning = "cited" if quote.is_verified else "missing"
                marks.append(Highlight(stretch, start, end, meaning, self.where(quote)))
        return marks
