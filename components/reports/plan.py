"""The plan of a report: which questions, in which order, and what they will take.

A book is read passage by passage: each lens asks for its findings, then the summary of its report
is written from them, over several levels where they do not fit one call. All questions to one
passage follow each other, so that the server reads it once and answers the rest from its prefix
cache. Every answer that another step reads has a limit, so that what will be read is known before
anything is asked.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil
from typing import Self

from components.analysis import (
    FINDINGS,
    SUMMARIES,
    Lens,
    ask,
    is_translated,
    schema,
    summary_schema,
)
from components.engine import DEFAULT_NUM_PREDICT, Model, Options
from components.errors import ContextExceeded, LensError
from components.manuscripts import Manuscript
from components.reports.reading_passages import ReadingPassage, passages_of
from components.reports.report_prompts import findings_per_kind, findings_tokens, step_prompt
from components.reports.scores import SCHEMA
from components.store import EarlierAnswer, PromptInputs, Question, Step

#: Times that an answer that is no use is asked for again.
RETRIES = 2

#: Tokens of a chat's own marks around a prompt, of those after a question or around one note, and
#: of telling a model what was wrong with the form of its answer.
_TEMPLATE, _MARKS, _AGAIN = 48, 8, 160

#: The longest name of a passage, and the shortest passage that is worth a question, in tokens.
_NAME, _LEAST_PASSAGE = 32, 400

#: Makes a question into what stands around a text, whatever the text.
_NO_TEXT = PromptInputs(Manuscript("", "", (), "txt", "", None, None, ()))


class Depth(StrEnum):
    """How thoroughly a book is read."""

    SKIM = "skim"
    STANDARD = "standard"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Longest answers in tokens; `scores` are zero where none are asked for.

    `findings` (or notes in the form of a lens) and `scores` are of one passage, `report` is of a
    lens. `passage` is the longest passage in tokens, where the context allows more.
    """

    findings: int
    scores: int
    report: int
    passage: int | None = None


#: Small models find more that is true in a short passage. Scores are JSON of some 1,000 characters
#: at most (`scores.SCHEMA` bounds its strings), 450 tokens in the densest case.
LENGTHS = {
    Depth.SKIM: Lengths(findings=240, scores=0, report=400),
    Depth.STANDARD: Lengths(findings=400, scores=450, report=500),
    Depth.THOROUGH: Lengths(findings=800, scores=450, report=800, passage=3000),
}


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What the editor wants read: which chapters (their indexes), by which lenses, how.

    `language` is what the answers are written in, empty for the model's choice. `num_ctx` is the
    context in tokens. `is_anew` asks again what was answered before.
    """

    manuscript_id: str
    model: Model
    lenses: tuple[Lens, ...]
    chapters: tuple[int, ...]
    depth: Depth = Depth.STANDARD
    has_scores: bool = True
    language: str = ""
    num_ctx: int = 4096
    options: Options = field(default_factory=Options)
    is_anew: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a report, in order, and what they take, in tokens.

    `book_tokens` are those of the text that is read; `read_tokens` what the server reads anew,
    questions included, `answer_tokens` what it writes at most.
    """

    order: ReadingRequest
    passages: tuple[ReadingPassage, ...]
    steps: tuple[Step, ...]
    book_tokens: int
    read_tokens: int
    answer_tokens: int

    def seconds(self, speeds: tuple[float, float] | None) -> float | None:
        """Estimate how long it takes at these speeds of reading and writing, tokens a second.

        Answers take about two thirds of the room that they have. None where nothing is known.
        """
        if speeds is None:
            return None
        return self.read_tokens / speeds[0] + self.answer_tokens * 2 / 3 / speeds[1]

    def without(self, answered: frozenset[int]) -> Self:
        """Return it with the tokens of the steps that were not answered before, by position."""
        if not answered:
            return self
        left = [step for at, step in enumerate(self.steps) if at not in answered]
        numbers = {step.question.passage for step in left}
        unread = sum(passage.tokens for passage in self.passages if passage.number in numbers)
        around = (self.read_tokens - self.book_tokens) * len(left) / max(len(self.steps), 1)
        return replace(
            self,
            read_tokens=unread + round(around),
            answer_tokens=sum(step.question.options.num_predict for step in left),
        )

    @property
    def remarks(self) -> list[str]:
        """Say what of the request does not hold as an editor might expect."""
        request, remarks = self.order, []
        asked = request.options.num_ctx
        if asked and asked > request.num_ctx:
            remarks.append(
                f"The options ask for a context of {asked:,} tokens; this model has "
                f"{request.num_ctx:,} at most, and those are asked for."
            )
        if formed := ", ".join(lens.title for lens in request.lenses if lens.schema):
            remarks.append(
                f"{formed}: the notes on each passage have the form that is asked for, and no "
                "findings; the report is prose."
            )
        unused = []
        if request.options.num_predict != DEFAULT_NUM_PREDICT:
            unused.append("the longest answer")
        if request.options.format is not None:
            unused.append("the format")
        if unused:
            names = " and ".join(unused)
            remarks.append(f"From the options, {names} do not hold here: the depth sets them.")
        return remarks


def plan(manuscript: Manuscript, request: ReadingRequest, *, count: Callable[[str], int]) -> Plan:
    """Return the plan of a report; `count` gives the tokens of a text.

    Raises: ContextExceeded where the context has no room for a passage beside a question, LensError
    where there is no lens or two have one title.
    """
    if not request.lenses:
        raise LensError("There is no lens to read by.", advice="Choose at least one.")
    if same := indistinct(request.lenses):
        raise LensError(
            f"Two lenses are called “{same[0]}”: in one report they could not be told apart.",
            advice="Leave one out, or rename yours.",
        )
    planner = _Planner(manuscript, request, count)
    passages = passages_of(manuscript, request.chapters, room=planner.passage_room(), count=count)
    return planner.read(passages)


def indistinct(lenses: Sequence[Lens]) -> tuple[str, ...]:
    """Return the titles of lenses that a report could not tell apart: it goes by title and name."""
    titles = Counter(lens.title for lens in lenses)
    names = Counter(lens.name for lens in lenses)
    same = (lens.title for lens in lenses if titles[lens.title] > 1 or names[lens.name] > 1)
    return tuple(dict.fromkeys(same))


def longest_answer(request: ReadingRequest) -> int:
    """Return the most tokens that a model may write of one passage at a time."""
    lengths = LENGTHS[request.depth]
    of_lenses = (_of_passage(lens, lengths) for lens in request.lenses)
    return max([lengths.scores, *of_lenses])


def _of_passage(lens: Lens, lengths: Lengths) -> int:
    """Return the longest answer of a lens on a passage, in tokens."""
    if lens.schema:
        return lengths.findings
    return findings_tokens(lengths.findings, len(lens.looks_for))


class _Planner:
    """Collects the steps of one report and the tokens that the server reads for them."""

    def __init__(
        self, manuscript: Manuscript, request: ReadingRequest, count: Callable[[str], int]
    ) -> None:
        self._manuscript = manuscript
        self._request = request
        self._count = count
        self._lenses = request.lenses
        self._lengths = LENGTHS[request.depth]
        self._has_scores = bool(self._lengths.scores) and request.has_scores
        self._quotes = is_translated(request.language, manuscript.text)
        self._steps: list[Step] = []
        self._read_tokens = 0
        bare = Question("m", "", "", ((0, 0),), 0, 0, "", "", "", part=FINDINGS)
        #: Tokens that stand around every text, without its question.
        self._around = count(ask(bare, _NO_TEXT).prompt) + _TEMPLATE
        bare = replace(bare, ranges=(), part="report")
        no_notes = replace(_NO_TEXT, notes=(EarlierAnswer(bare, ""),))
        self._around_notes = count(ask(bare, no_notes).prompt) + _TEMPLATE

    def passage_room(self) -> int:
        """Return the tokens that a passage may have, whatever is asked of it.

        Raises: ContextExceeded.
        """
        scope = "x " * _NAME
        asked: list[tuple[str, Lens | None]] = [(self._part(lens), lens) for lens in self._lenses]
        if self._has_scores:
            asked.append(("scores", None))
        # A model that is asked once more reads its answer and what was wrong with it.
        taken = max(
            self._around
            + self._count(self._prompt(part, lens, scope))
            + 2 * self._answer(part, lens)
            + _AGAIN
            for part, lens in asked
        )
        room = self._request.num_ctx - taken
        room = min(room, self._lengths.passage or room)
        if room < _LEAST_PASSAGE:
            raise ContextExceeded(
                self._request.num_ctx - room + _LEAST_PASSAGE,
                self._request.num_ctx,
                advice="Choose a larger context in the options, fewer words, or a quicker reading.",
            )
        return room

    def read(self, passages: Sequence[ReadingPassage]) -> Plan:
        """Plan the questions to each passage, and the summary of each lens."""
        found: dict[Lens, list[int]] = {lens: [] for lens in self._lenses}
        for passage in passages:
            self._read_tokens += passage.tokens + self._around
            for lens, steps in found.items():
                steps.append(self._ask(self._part(lens), passage, lens))
            if self._has_scores:
                self._ask("scores", passage)
        for lens, steps in found.items():
            self._report(lens, steps)
        return Plan(
            order=self._request,
            passages=tuple(passages),
            steps=tuple(self._steps),
            book_tokens=self._book_tokens() or sum(passage.tokens for passage in passages),
            read_tokens=self._read_tokens,
            answer_tokens=sum(step.question.options.num_predict for step in self._steps),
        )

    def _book_tokens(self) -> int:
        """Return the tokens of the chapters, as their receipts have them; 0 without chapters."""
        manuscript, chosen = self._manuscript, self._request.chapters
        chapters = (chapter for chapter in manuscript.chapters if chapter.index in chosen)
        return sum(self._count(manuscript.chapter_text(chapter)) for chapter in chapters)

    @staticmethod
    def _part(lens: Lens) -> str:
        """Return the part that a lens asks of a passage: notes where it has a form of its own."""
        return "notes" if lens.schema else FINDINGS

    def _report(self, lens: Lens, notes: Sequence[int]) -> None:
        """Sum findings up until what is left fits one call, then ask for the report."""
        note_tokens = self._answer(self._part(lens), lens) + _NAME
        scope = "the whole manuscript"
        prompt = self._prompt("report", lens, scope)
        while len(notes) > self._fit("report", prompt, note_tokens):
            longest = self._prompt("digest", lens, "x " * 2 * _NAME)
            most = self._fit("digest", longest, note_tokens, least=2)
            size = ceil(len(notes) / ceil(len(notes) / most))
            groups = [notes[at : at + size] for at in range(0, len(notes), size)]
            notes = [self._digest(lens, group) for group in groups]
            # What is joined has the names of the first and the last of its parts.
            note_tokens = self._answer("digest") + 2 * _NAME
        self._ask_of_notes("report", lens, prompt, notes, scope)

    def _fit(self, part: str, prompt: str, note_tokens: int, *, least: int = 1) -> int:
        """Return how many notes fit beside a question and its answer.

        Raises: ContextExceeded where fewer than `least` do.
        """
        num_ctx, each = self._request.num_ctx, note_tokens + _MARKS
        room = num_ctx - self._around_notes - self._count(prompt) - self._answer(part) - _TEMPLATE
        if room // each < least:
            raise ContextExceeded(
                num_ctx - room + least * each,
                num_ctx,
                advice="Choose a larger context in the options or a shorter lens.",
            )
        return room // each

    def _digest(self, lens: Lens, notes: Sequence[int]) -> int:
        if len(notes) == 1:
            return notes[0]
        first, last = self._steps[notes[0]], self._steps[notes[-1]]
        while not first.question.passage:
            first = self._steps[first.needs[0]]
        while not last.question.passage:
            last = self._steps[last.needs[-1]]
        scope = f"{first.question.scope} to {last.question.scope}"
        prompt = self._prompt("digest", lens, scope)
        return self._ask_of_notes("digest", lens, prompt, notes, scope)

    def _ask_of_notes(
        self, part: str, lens: Lens, prompt: str, notes: Sequence[int], scope: str
    ) -> int:
        """Add a step that reads the answers of other steps; return its position."""
        steps = [self._steps[position] for position in notes]
        self._read_tokens += self._around_notes + self._count(prompt)
        self._read_tokens += sum(step.question.options.num_predict + _NAME for step in steps)
        question = replace(
            self._question(part, prompt, lens),
            scope=scope,
            chapters=tuple(sorted({index for step in steps for index in step.question.chapters})),
        )
        return self._add(question, tuple(notes), "".join(step.key for step in steps))

    def _ask(self, part: str, passage: ReadingPassage, lens: Lens | None = None) -> int:
        """Add a step that reads a passage; return its position."""
        prompt = self._prompt(part, lens, passage.name)
        prompt_tokens = self._count(prompt)
        self._read_tokens += prompt_tokens + _MARKS
        question = replace(
            self._question(part, prompt, lens),
            scope=passage.name,
            ranges=((passage.start, passage.end),),
            words=passage.words,
            tokens=passage.tokens + prompt_tokens + self._around - _TEMPLATE,
            passage=passage.number,
            chapters=passage.chapters,
        )
        return self._add(question, (), self._manuscript.text[passage.start : passage.end])

    def _prompt(self, part: str, lens: Lens | None = None, scope: str = "") -> str:
        tokens, language = self._answer(part, lens), self._request.language
        return step_prompt(part, lens, scope, tokens, language, quotes=self._quotes)

    def _answer(self, part: str, lens: Lens | None = None) -> int:
        """Return the longest answer to a part, in tokens."""
        if part == "digest":  # Several take no more room than what they join.
            return min(self._lengths.findings, self._lengths.report)
        if lens is not None and part in ("notes", FINDINGS):
            return _of_passage(lens, self._lengths)
        tokens: int = getattr(self._lengths, part)
        return tokens

    def _question(self, part: str, prompt: str, lens: Lens | None) -> Question:
        request = self._request
        tokens = self._answer(part, lens)
        form = SCHEMA if part == "scores" else None
        if lens is not None and part == FINDINGS:
            kinds = lens.looks_for
            most = findings_per_kind(tokens, len(kinds))
            form = schema(kinds, most, self._manuscript.unit, quotes=self._quotes)
        elif lens is not None and part == "notes":
            form = lens.schema
        elif part in SUMMARIES and lens is not None and self._part(lens) == FINDINGS:
            form = summary_schema()
        options = replace(request.options, num_ctx=request.num_ctx, num_predict=tokens, format=form)
        if options.think is None and "thinking" in request.model.capabilities:
            # It would spend the room that is planned for the answer.
            options = replace(options, think=False)
        return Question(
            request.manuscript_id,
            self._manuscript.title,
            scope="",
            ranges=(),
            words=0,
            tokens=0,
            lens=lens.title if lens else "Scores",
            prompt=prompt,
            model=request.model.name,
            digest=request.model.digest,
            options=options,
            part=part,
            retries=RETRIES,
            language=request.language,
        )

    def _add(self, question: Question, needs: tuple[int, ...], text: str) -> int:
        passage = str(question.passage) if question.passage else ""
        key = _key(question, text)
        self._steps.append(Step(question, needs, key, passage, self._request.is_anew))
        return len(self._steps) - 1


def _key(question: Question, text: str) -> str:
    """Return a hash of all that decides an answer: text, model, what stands around it, options.

    The context is left out, in which nothing is ever cut, and the white space around the text: a
    last chapter ends otherwise as soon as another follows it.
    """
    left_out = ("num_ctx", "keep_alive")
    options = {
        name: value for name, value in question.options.given().items() if name not in left_out
    }
    around = [message.content for message in ask(question, _NO_TEXT).messages]
    decides = [question.part, text.strip(), question.digest, around, options]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
