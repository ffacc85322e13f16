"""The plan of a report: which questions, in which order, and what they will take.

A book that fits the context is read as a whole; otherwise passage by passage, each with the story
so far, and the notes of each lens are joined into its report, over several levels where they do not
fit. All questions to one passage follow each other, so that the server reads it once and answers
the rest from its prefix cache. Every answer that another step reads has a limit, so that what will
be read is known before anything is asked.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil

from components.analysis import Lens, ask
from components.engine import Model, Options
from components.errors import ContextExceeded, LensError
from components.manuscripts import Manuscript
from components.reports.passages import (
    Passage,
    is_contiguous,
    names_of,
    passages_of,
    whole_passage,
)
from components.reports.report_prompts import step_prompt
from components.reports.scores import SCHEMA
from components.store import PromptInputs, Question, Step

#: The title of the account that goes from passage to passage; a skim has it instead of notes.
STORY = "The story so far"

#: Times that an answer that is no use is asked for again.
RETRIES = 2

#: Tokens of a chat's own marks around a prompt, of the marks around one note, and of telling a
#: model what was wrong with the form of its answer.
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
    """Longest answers in tokens; zero where a step is not taken.

    `story`, `notes` and `scores` are of one passage, `report` is of a lens. `passage` is the
    longest passage in tokens, where the context allows more.
    """

    story: int
    notes: int
    scores: int
    report: int
    passage: int | None = None

    @property
    def digest(self) -> int:
        """The longest of several notes joined into one."""
        return max(self.notes, self.story)


#: A skim asks one thing of each passage; a thorough reading goes by scenes. Scores are JSON of some
#: 1,000 characters at most (`scores.SCHEMA` bounds its strings), 450 tokens in the densest case.
LENGTHS = {
    Depth.SKIM: Lengths(story=240, notes=0, scores=0, report=800),
    Depth.STANDARD: Lengths(story=240, notes=320, scores=450, report=1000),
    Depth.THOROUGH: Lengths(story=360, notes=640, scores=450, report=2000, passage=3000),
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
    notes and questions included, `answer_tokens` what it writes at most.
    """

    order: ReadingRequest
    is_whole: bool
    passages: tuple[Passage, ...]
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
    book = whole_passage(manuscript, request.chapters, count)
    if is_contiguous(request.chapters) and planner.fits(book):
        return planner.read_whole(book)
    room = planner.passage_room()
    return planner.read_passages(passages_of(manuscript, request.chapters, room=room, count=count))


def indistinct(lenses: Sequence[Lens]) -> tuple[str, ...]:
    """Return the titles of lenses that a report could not tell apart: it goes by title and name."""
    titles = Counter(lens.title for lens in lenses)
    names = Counter(lens.name for lens in lenses)
    same = (lens.title for lens in lenses if titles[lens.title] > 1 or names[lens.name] > 1)
    return tuple(dict.fromkeys(same))


class _Planner:
    """Collects the steps of one report and the tokens that the server reads for them."""

    def __init__(
        self, manuscript: Manuscript, request: ReadingRequest, count: Callable[[str], int]
    ) -> None:
        self._manuscript = manuscript
        self._request = request
        self._count = count
        self._lengths = LENGTHS[request.depth]
        self._has_scores = bool(self._lengths.scores) and request.has_scores
        self._steps: list[Step] = []
        self._read_tokens = 0
        bare = Question("m", "", "", ((0, 0),), 0, 0, "", "", "", part="notes")
        #: Tokens that stand around every text, without its question.
        self._around = count(ask(bare, _NO_TEXT).prompt) + _TEMPLATE

    def fits(self, book: Passage) -> bool:
        """Whether the longest question to the whole book fits the context."""
        questions = [self._prompt("report", lens) for lens in self._request.lenses]
        return book.tokens + self._taken("report", questions) <= self._request.num_ctx

    def passage_room(self) -> int:
        """Return the tokens that a passage may have, whatever is asked of it.

        Raises: ContextExceeded.
        """
        scope = "x " * _NAME
        marks = "\n\nWhat happened before it, from your own notes:\n## \n"
        before = self._lengths.story + self._count(marks) + 2 * _NAME
        taken = [self._taken("story", [self._prompt("story", scope=scope)])]
        if self._lengths.notes:
            lenses = self._request.lenses
            questions = [self._prompt("notes", lens, scope) for lens in lenses]
            has_form = any(lens.schema for lens in lenses)
            taken.append(self._taken("notes", questions, has_form=has_form))
        if self._has_scores:
            questions = [self._prompt("scores", scope=scope)]
            taken.append(self._taken("scores", questions, has_form=True))
        room = self._request.num_ctx - before - max(taken)
        room = min(room, self._lengths.passage or room)
        if room < _LEAST_PASSAGE:
            raise ContextExceeded(
                self._request.num_ctx - room + _LEAST_PASSAGE,
                self._request.num_ctx,
                advice="Choose a larger context in the options, fewer words, or a quicker reading.",
            )
        return room

    def _taken(self, part: str, questions: Sequence[str], *, has_form: bool = False) -> int:
        """Return the tokens of a step beside its text.

        A model that is asked again for the form of its answer reads that answer and what was wrong.
        """
        answer = self._answer(part)
        again = answer + _AGAIN if has_form else 0
        return self._around + max(map(self._count, questions)) + answer + again

    def read_whole(self, book: Passage) -> Plan:
        """Plan a book that fits the context: each lens once, and the scores of each chapter."""
        self._read_tokens += book.tokens + self._around
        for lens in self._request.lenses:
            self._ask("report", book, lens)
        if self._has_scores:
            names = names_of(self._manuscript)
            for index in book.chapters:
                chapter = replace(book, name=names[index], chapters=(index,))
                self._ask("scores", chapter, scope=f"{names[index]} alone")
        return self._plan((book,), is_whole=True)

    def read_passages(self, passages: Sequence[Passage]) -> Plan:
        """Plan a book that is read in parts, and the report of each lens from its notes."""
        before: tuple[int, ...] = ()
        has_notes = self._lengths.notes > 0
        notes: dict[Lens, list[int]] = {lens: [] for lens in self._request.lenses}
        for passage in passages:
            story_tokens = self._lengths.story if before else 0
            self._read_tokens += passage.tokens + self._around + story_tokens
            # Of the last passage too: a chapter that is added later reads on from there.
            story = self._ask("story", passage, needs=before)
            for lens, of_lens in notes.items():
                note = self._ask("notes", passage, lens, needs=before) if has_notes else story
                of_lens.append(note)
            if self._has_scores:
                self._ask("scores", passage, needs=before)
            before = (story,)
        for lens, of_lens in notes.items():
            self._report(lens, of_lens)
        return self._plan(tuple(passages), is_whole=False)

    def _report(self, lens: Lens, notes: Sequence[int]) -> None:
        """Join notes until what is left fits one call, then ask for the report."""
        note_tokens = (self._lengths.notes or self._lengths.story) + _NAME
        prompt = self._prompt("report", lens, from_notes=True)
        while len(notes) > self._fit("report", prompt, note_tokens):
            longest = self._prompt("digest", lens, "x " * 2 * _NAME)
            most = self._fit("digest", longest, note_tokens, least=2)
            size = ceil(len(notes) / ceil(len(notes) / most))
            groups = [notes[at : at + size] for at in range(0, len(notes), size)]
            notes = [self._digest(lens, group) for group in groups]
            # What is joined has the names of the first and the last of its parts.
            note_tokens = self._lengths.digest + 2 * _NAME
        self._ask_of_notes("report", lens, prompt, notes, "the whole manuscript")

    def _fit(self, part: str, prompt: str, note_tokens: int, *, least: int = 1) -> int:
        """Return how many notes fit beside a question and its answer.

        Raises: ContextExceeded where fewer than `least` do.
        """
        num_ctx, each = self._request.num_ctx, note_tokens + _MARKS
        room = num_ctx - self._around - self._count(prompt) - self._answer(part) - _TEMPLATE
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
        self._read_tokens += self._around + self._count(prompt)
        self._read_tokens += sum(step.question.options.num_predict + _NAME for step in steps)
        question = replace(
            self._question(part, prompt, lens),
            scope=scope,
            chapters=tuple(sorted({index for step in steps for index in step.question.chapters})),
        )
        return self._add(question, tuple(notes), "".join(step.key for step in steps))

    def _ask(
        self,
        part: str,
        passage: Passage,
        lens: Lens | None = None,
        *,
        needs: tuple[int, ...] = (),
        scope: str = "",
    ) -> int:
        """Add a step that reads a passage; return its position."""
        prompt = self._prompt(part, lens, scope or passage.name)
        prompt_tokens = self._count(prompt)
        self._read_tokens += prompt_tokens + _TEMPLATE
        question = replace(
            self._question(part, prompt, lens),
            scope=passage.name,
            ranges=((passage.start, passage.end),),
            words=passage.words,
            tokens=passage.tokens + prompt_tokens + self._around - _TEMPLATE,
            passage=passage.number,
            chapters=passage.chapters,
        )
        return self._add(question, needs, self._manuscript.text[passage.start : passage.end])

    def _prompt(
        self, part: str, lens: Lens | None = None, scope: str = "", *, from_notes: bool = False
    ) -> str:
        tokens, language = self._answer(part), self._request.language
        return step_prompt(part, lens, scope, tokens, language, from_notes=from_notes)

    def _answer(self, part: str) -> int:
        """Return the longest answer to a part, in tokens."""
        tokens: int = getattr(self._lengths, part)
        return tokens

    def _question(self, part: str, prompt: str, lens: Lens | None) -> Question:
        request = self._request
        form = lens.schema if lens and part == "notes" else SCHEMA if part == "scores" else None
        options = replace(
            request.options, num_ctx=request.num_ctx, num_predict=self._answer(part), format=form
        )
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
            lens=lens.title if lens else {"story": STORY, "scores": "Scores"}[part],
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

    def _plan(self, passages: tuple[Passage, ...], *, is_whole: bool) -> Plan:
        return Plan(
            order=self._request,
            is_whole=is_whole,
            passages=passages,
            steps=tuple(self._steps),
            book_tokens=sum(passage.tokens for passage in passages),
            read_tokens=self._read_tokens,
            answer_tokens=sum(step.question.options.num_predict for step in self._steps),
        )


def _key(question: Question, text: str) -> str:
    """Return a hash of all that decides an answer: text, model, what stands around it, options.

    Notes on the text before are left out: else a change of the first chapter would have every
    chapter read again. So are the context, in which nothing is ever cut, and the white space around
    the text: a last chapter ends otherwise as soon as another follows it.
    """
    left_out = ("num_ctx", "keep_alive")
    options = {
        name: value for name, value in question.options.given().items() if name not in left_out
    }
    around = [message.content for message in ask(question, _NO_TEXT).messages]
    decides = [question.part, text.strip(), question.digest, around, options]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
