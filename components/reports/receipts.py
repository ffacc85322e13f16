"""The proof that a chapter was read: what was sent of it, and what the server says it received.

A receipt is made from the calls themselves and not from the plan: the characters that their
questions name, the server's count of that text, and the `prompt_eval_count` with which the server
says how much it read. Only where all of it agrees is a chapter complete.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from components.manuscripts import Manuscript
from components.reports.reading_passages import NamedChapter, named_chapters
from components.store import Question, State, Step, StepStatus

#: The least share of a question's tokens, text and all that is asked of it, that the server must
#: report. Counted by the server itself, they differ by a few where texts meet; of an estimate only
#: half can be asked, which is what is left of a prompt that Ollama has cut.
_COUNTED, _ESTIMATED = 0.99, 0.5

#: Parts of a report that read the manuscript's text, those of earlier versions too.
READING = frozenset({"findings", "notes", "scores", "story", "report"})


class Read(StrEnum):
    """What became of a chapter."""

    COMPLETE = "complete"
    UNDER_WAY = "under way"
    WAITING = "waiting"
    HELD_UP = "held up"  # by a step that broke off or was stopped: nothing of it will run
    SHORT = "short"  # read, but less of it than was sent, or not all of it was sent
    FAILED = "failed"
    STOPPED = "stopped"
    LEFT_OUT = "left out"  # by the editor, who chose the chapters


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one chapter, `chapter` being its index; 0 is a text without chapters.

    `tokens` are those of its text, `received` the server's count of the prompts that first read
    it, `done` of `calls` are done. `retries` counts attempts after the first, `done_reasons` how
    the answers ended; `problem` says what is wrong, empty where nothing is. `is_read` says that
    answers that are done have read all of it, whatever else was to be asked.
    """

    chapter: int
    name: str
    words: int
    state: Read
    tokens: int = 0
    received: int = 0
    passages: int = 0
    done: int = 0
    calls: int = 0
    retries: int = 0
    copied: int = 0
    done_reasons: Mapping[str, int] | None = None
    problem: str = ""
    is_read: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether all of the chapter was read."""
        return self.state is Read.COMPLETE

    @property
    def cut_answers(self) -> int:
        """How many answers on it ended at their limit."""
        return (self.done_reasons or {}).get("length", 0)


def least_received(question: Question, *, is_counted: bool) -> int:
    """Return the fewest tokens of a question that the server must say it has read."""
    if not question.ranges or question.part not in READING:
        return 0
    return ceil(question.tokens * (_COUNTED if is_counted else _ESTIMATED))


def with_minimum_tokens(steps: Sequence[Step], *, is_counted: bool) -> tuple[Step, ...]:
    """Return the steps with the tokens that must have been read for an earlier answer to serve."""
    return tuple(
        replace(step, least=least_received(step.question, is_counted=is_counted)) for step in steps
    )


def is_short(step: StepStatus, *, is_counted: bool) -> bool:
    """Whether the server says that it read less of a step than was sent."""
    least = least_received(step.question, is_counted=is_counted)
    return step.state is State.DONE and _received(step) < least


def _received(step: StepStatus) -> int:
    return (step.statistics.prompt_eval_count if step.statistics else None) or 0


def receipts(
    manuscript: Manuscript,
    chosen: Sequence[int],
    steps: Sequence[StepStatus],
    *,
    tokens: Mapping[int, int],
    is_counted: bool,
) -> tuple[Receipt, ...]:
    """Return a receipt for each chapter of the book, in order.

    `chosen` are the indexes of those that are to be read, `tokens` the tokens of each; `is_counted`
    says that the server counted them.
    """
    reading = [step for step in steps if step.question.ranges and step.question.part in READING]
    held_up = _held_up(steps)
    result = []
    for chapter in named_chapters(manuscript):
        if chapter.index and chapter.index not in chosen:
            result.append(Receipt(chapter.index, chapter.name, chapter.words, Read.LEFT_OUT))
            continue
        of_chapter = [step for step in reading if step.question.reads(chapter.index)]
        receipt = _receipt(manuscript.text, chapter, of_chapter, is_counted, held_up)
        result.append(replace(receipt, tokens=tokens.get(chapter.index, 0)))
    return tuple(result)


def _receipt(
    text: str,
    chapter: NamedChapter,
    steps: Sequence[StepStatus],
    is_counted: bool,
    held_up: Mapping[int, StepStatus],
) -> Receipt:
    first = {step.question.passage: step for step in reversed(steps)}
    state, problem = _state(text, chapter, steps, is_counted, held_up)
    whole = [
        step.question.ranges
        for step in steps
        if step.state is State.DONE and not is_short(step, is_counted=is_counted)
    ]
    is_read = _covers(whole, chapter, text)
    if state is Read.STOPPED:
        problem = "It was stopped before all of it was read."
        if is_read:
            problem = "It was stopped before all was written that was asked about it."
    return Receipt(
        chapter=chapter.index,
        name=chapter.name,
        words=chapter.words,
        state=state,
        received=sum(map(_received, first.values())),
        passages=len(first),
        done=sum(step.state is State.DONE for step in steps),
        calls=len(steps),
        retries=sum(max(step.attempt - 1, 0) for step in steps),
        copied=sum(step.is_copied for step in steps),
        done_reasons=Counter(
            step.statistics.done_reason or "unknown" for step in steps if step.statistics
        ),
        problem=problem,
        is_read=is_read,
    )


def _held_up(steps: Sequence[StepStatus]) -> dict[int, StepStatus]:
    """Return by position what holds up each step that waits: the step that must go on first."""
    blockers: dict[int, StepStatus] = {}
    by_position = {step.position: step for step in steps}
    for step in steps:  # Each stands after those that it needs.
        for position in step.needs if step.state is State.QUEUED else ():
            needed = by_position[position]
            if needed.state.has_ended and needed.state is not State.DONE:
                blockers[step.position] = needed
            elif position in blockers:
                blockers[step.position] = blockers[position]
    return blockers


def _state(
    text: str,
    chapter: NamedChapter,
    steps: Sequence[StepStatus],
    is_counted: bool,
    held_up: Mapping[int, StepStatus],
) -> tuple[Read, str]:
    if not _covers([step.question.ranges for step in steps], chapter, text):
        return Read.SHORT, "Not all of its text was sent."
    for step in steps:
        if is_short(step, is_counted=is_counted):
            return Read.SHORT, (
                f"The server says that it read {_received(step):,} tokens, and "
                f"{step.question.tokens:,} were sent."
            )
    if any(step.state.is_running for step in steps):
        return Read.UNDER_WAY, ""
    # Scores that a model cannot give do not undo the reading.
    must = [step for step in steps if step.question.part != "scores"] or steps
    states = {step.state for step in must}
    if State.FAILED in states:
        error = next(step.error for step in must if step.state is State.FAILED)
        return Read.FAILED, str(error) if error else "A step of it broke off."
    if states & {State.STOPPED, State.INTERRUPTED}:
        return Read.STOPPED, ""
    if states <= {State.DONE}:
        return Read.COMPLETE, ""
    first = next((held_up[step.position] for step in must if step.position in held_up), None)
    if first is not None:
        return Read.HELD_UP, f"It waits for {first.question.scope}, which must be run again first."
    return (Read.UNDER_WAY if State.DONE in states else Read.WAITING), ""


def _covers(
    ranges: Sequence[tuple[tuple[int, int], ...]], chapter: NamedChapter, text: str
) -> bool:
    """Whether every character of a chapter but white space is in one of `ranges`."""
    at = chapter.start
    for start, end in sorted(pair for some in ranges for pair in some):
        if text[at : min(start, chapter.end)].strip():
            return False
        at = max(at, end)
    return not text[at : chapter.end].strip()
