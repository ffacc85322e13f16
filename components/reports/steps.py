"""The steps of a plan: every question that is asked, what it needs, and what names its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from components.analysis import Lens, ask
from components.errors import ContextExceeded
from components.manuscripts import Manuscript
from components.reports import report_prompts
from components.reports.depth import Lengths
from components.reports.passages import Passage, names_of
from components.reports.reading_request import Plan, ReadingRequest
from components.reports.scores import SCHEMA
from components.store import PromptInputs, Question, Step

#: Times that an answer that is no use is asked for again: not of its form, one that repeats itself
#: without end, a refusal, one in another language.
RETRIES = 2

#: Tokens that a chat's own marks take around a prompt, and more: what is counted is the text.
TEMPLATE = 48

#: Longest name of a passage, and of what notes are about, in tokens.
NAME = 32

#: With it a question becomes what is said around a text, whatever the text.
NO_TEXT = PromptInputs(Manuscript("", "", (), "txt", "", None, None, ()))

#: Tokens of what stands around one note.
_MARKS = 8


class Steps:
    """Collects the steps of one report; `around` are the tokens that stand around every text."""

    def __init__(
        self,
        manuscript: Manuscript,
        order: ReadingRequest,
        lengths: Lengths,
        count: Callable[[str], int],
        around: int,
    ) -> None:
        self._manuscript = manuscript
        self._order = order
        self._lengths = lengths
        self._count = count
        self._steps: list[Step] = []
        self._read = 0
        self._around = around

    def in_one(self, book: Passage) -> Plan:
        """Plan a book that fits the context: each lens once, and the scores of each chapter."""
        self._read += book.tokens + self._around
        for lens in self._order.lenses:
            asked = report_prompts.report(lens, language=self._order.language, from_notes=False)
            self._ask("report", book, asked, lens.title, self._lengths.report)
        if self._lengths.scores and self._order.has_scores:
            names = names_of(self._manuscript)
            for index in book.chapters:
                one = replace(book, name=names[index], chapters=(index,))
                self._scores(one, of=f"{names[index]} alone")
        return self._plan((book,), is_whole=True)

    def by_passage(self, parts: Sequence[Passage]) -> Plan:
        """Plan a book that is read in parts, and the report of each lens from its notes."""
        before: tuple[int, ...] = ()
        of_lens: dict[str, list[int]] = {lens.name: [] for lens in self._order.lenses}
        for part in parts:
            self._read += part.tokens + self._around + (self._lengths.story if before else 0)
            # Of the last passage too: a chapter that is added later reads on from there.
            asked = report_prompts.story(
                part.name, tokens=self._lengths.story, language=self._order.language
            )
            told = self._ask("story", part, asked, "The story so far", self._lengths.story, before)
            for lens in self._order.lenses if self._lengths.notes else ():
                asked = report_prompts.notes(
                    lens, part.name, tokens=self._lengths.notes, language=self._order.language
                )
                noted = self._ask(
                    "notes", part, asked, lens.title, self._lengths.notes, before, lens.schema
                )
                of_lens[lens.name].append(noted)
            if not self._lengths.notes:
                for found in of_lens.values():
                    found.append(told)
            if self._lengths.scores and self._order.has_scores:
                self._scores(part, before)
            before = (told,)
        for lens in self._order.lenses:
            self._report(lens, of_lens[lens.name])
        return self._plan(tuple(parts), is_whole=False)

    def _scores(self, part: Passage, before: tuple[int, ...] = (), *, of: str = "") -> None:
        asked = report_prompts.scores(of or part.name, language=self._order.language)
        self._ask("scores", part, asked, "Scores", self._lengths.scores, before, SCHEMA)

    def _report(self, lens: Lens, noted: Sequence[int]) -> None:
        """Join notes until what is left fits one call, then ask for the report."""
        asked = report_prompts.report(lens, language=self._order.language, from_notes=True)
        level, each = list(noted), (self._lengths.notes or self._lengths.story) + NAME
        while len(level) > self._fit(asked, each, self._lengths.report):
            question = report_prompts.digest(
                lens, "x " * 2 * NAME, tokens=self._digest, language=self._order.language
            )
            most = self._fit(question, each, self._digest, least=2)
            size = -(-len(level) // -(-len(level) // most))
            groups = [level[at : at + size] for at in range(0, len(level), size)]
            # What is joined has the names of the first and the last of its parts.
            level, each = [self._join(lens, group) for group in groups], self._digest + 2 * NAME
        self._from_notes("report", lens, asked, level, self._lengths.report, "the whole manuscript")

    @property
    def _digest(self) -> int:
        return max(self._lengths.notes, self._lengths.story)

    def _fit(self, asked: str, each: int, answer: int, *, least: int = 1) -> int:
        """Return how many notes of `each` tokens fit beside a question and its answer.

        Raises: ContextExceeded where fewer than `least` do.
        """
        room = self._order.num_ctx - self._around - self._count(asked) - answer - TEMPLATE
        fit = room // (each + _MARKS)
        if fit < least:
            raise ContextExceeded(
                self._order.num_ctx - room + least * (each + _MARKS),
                self._order.num_ctx,
                advice="Choose a larger context in the options or a shorter lens.",
            )
        return fit

    def _join(self, lens: Lens, group: Sequence[int]) -> int:
        if len(group) == 1:
            return group[0]
        scope = self._scope(group)
        asked = report_prompts.digest(
            lens, scope, tokens=self._digest, language=self._order.language
        )
        return self._from_notes("digest", lens, asked, group, self._digest, scope)

    def _scope(self, group: Sequence[int]) -> str:
        """Return what notes are about: the names of the first and the last passage behind them."""
        first, last = self._steps[group[0]], self._steps[group[-1]]
        while not first.question.passage:
            first = self._steps[first.needs[0]]
        while not last.question.passage:
            last = self._steps[last.needs[-1]]
        return f"{first.question.scope} to {last.question.scope}"

    def _from_notes(
        self, part: str, lens: Lens, asked: str, noted: Sequence[int], answer: int, scope: str
    ) -> int:
        given = [self._steps[at].question for at in noted]
        self._read += self._around + self._count(asked)
        self._read += sum(one.options.num_predict + NAME for one in given)
        question = replace(
            self._question(part, asked, lens.title, answer),
            scope=scope,
            chapters=tuple(sorted({at for one in given for at in one.chapters})),
        )
        return self._add(question, tuple(noted), "", "".join(self._steps[at].key for at in noted))

    def _ask(
        self,
        part: str,
        passage: Passage,
        asked: str,
        title: str,
        answer: int,
        before: tuple[int, ...] = (),
        form: str | None = None,
    ) -> int:
        takes = self._count(asked)
        self._read += takes + TEMPLATE
        question = replace(
            self._question(part, asked, title, answer, form),
            scope=passage.name,
            ranges=((passage.start, passage.end),),
            words=passage.words,
            tokens=passage.tokens + takes + self._around - TEMPLATE,
            passage=passage.number,
            chapters=passage.chapters,
        )
        text = self._manuscript.text[passage.start : passage.end]
        return self._add(question, before, str(passage.number), text)

    def _question(
        self, part: str, asked: str, title: str, answer: int, form: str | None = None
    ) -> Question:
        order = self._order
        options = replace(
            order.options,
            num_ctx=order.num_ctx,
            num_predict=answer,
            format=form,
            think=_think(order),
        )
        return Question(
            manuscript_id=order.manuscript_id,
            title=self._manuscript.title,
            scope="",
            ranges=(),
            words=0,
            tokens=0,
            lens=title,
            prompt=asked,
            model=order.model.name,
            digest=order.model.digest,
            options=options,
            part=part,
            retries=RETRIES,
            language=order.language,
        )

    def _add(self, question: Question, needs: tuple[int, ...], passage: str, text: str) -> int:
        key = _key(question, text)
        self._steps.append(Step(question, needs, key, passage, self._order.is_anew))
        return len(self._steps) - 1

    def _plan(self, parts: tuple[Passage, ...], *, is_whole: bool) -> Plan:
        return Plan(
            order=self._order,
            is_whole=is_whole,
            passages=parts,
            steps=tuple(self._steps),
            book_tokens=sum(part.tokens for part in parts),
            read_tokens=self._read,
            answer_tokens=sum(step.question.options.num_predict for step in self._steps),
        )


def _think(order: ReadingRequest) -> bool | str | None:
    """Return whether the model thinks first: as the editor said, else not.

    The room of each answer is planned, and a model that thinks spends it before it answers.
    """
    if order.options.think is None and "thinking" in order.model.capabilities:
        return False
    return order.options.think


def _key(question: Question, text: str) -> str:
    """Name all that decides an answer: text, model, all that is said around the text, options.

    What was noted of the text before is left out: else a change of the first chapter would have
    every chapter read again. The context is left out too, in which nothing is ever cut, and the
    white space around the text: a last chapter ends otherwise as soon as another follows it.
    """
    options = {name: one for name, one in question.options.given().items() if name != "num_ctx"}
    options.pop("keep_alive", None)
    around = [message.content for message in ask(question, NO_TEXT).messages]
    decides = [question.part, text.strip(), question.digest, around, options]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
