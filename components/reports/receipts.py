"""The proof that a chapter was read: what was sent of it, and what the server says it received.

A receipt is made from the calls themselves and not from the plan: the characters that their
questions name, the server's count of that text, and the `prompt_eval_count` with which the server
says how much it read. Only where all of it agrees is a chapter complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from components.manuscripts import Manuscript
from components.reports.passages import names_of
from components.store import Question, State, Step, StepStatus

#: The least share of a question's tokens, text and all that is asked of it, that the server must
#: report. Counted by the server itself, they differ by a few where texts meet; of an estimate only
#: half can be asked, which is what is left of a prompt that Ollama has cut.
_COUNTED, _ESTIMATED = 0.99, 0.5

#: Parts of a report that read the manuscript's text.
READING = frozenset({"story", "notes", "scores", "report"})


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
    it, `evaluated_calls` of `calls` are done. `retries` counts attempts after the first,
    `done_reasons` how the answers ended; `problem` says what is wrong, empty where nothing is.
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


def held(steps: Sequence[Step], *, is_counted: bool) -> tuple[Step, ...]:
    """Return the steps of a plan as no answer serves them that was read short."""
    return tuple(
        replace(step, least=least_received(step.question, is_counted=is_counted)) for step in steps
    )


def is_short(step: StepStatus, *, is_counted: bool) -> bool:
    """Whether the server says that it read less of a step than was sent."""
    received = step.statistics.prompt_eval_count if step.statistics else None
    least = least_received(step.question, is_counted=is_counted)
    return step.state is State.DONE and (received or 0) < least


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
    names = names_of(manuscript)
    if not manuscript.chapters:
        span = (0, len(manuscript.text))
        place = (0, "The whole text", span)
        return (_receipt(manuscript, place, reading, tokens, is_counted, held_up),)
    found = []
    for chapter in manuscript.chapters:
        of_it = [step for step in reading if chapter.index in step.question.chapters]
        if chapter.index not in chosen:
            found.append(Receipt(chapter.index, names[chapter.index], chapter.words, Read.LEFT_OUT))
            continue
        place = (chapter.index, names[chapter.index], (chapter.start, chapter.end))
        found.append(_receipt(manuscript, place, of_it, tokens, is_counted, held_up))
    return tuple(found)


def _held_up(steps: Sequence[StepStatus]) -> dict[int, StepStatus]:
    """Return what holds up each step that waits, by its position: the step that must go on first.

    A step is given answers of steps before it only, so that one pass finds all.
    """
    found: dict[int, StepStatus] = {}
    by_position = {step.position: step for step in steps}
    for step in steps:
        for needed in step.needs if step.state is State.QUEUED else ():
            before = by_position[needed]
            if before.state.has_ended and before.state is not State.DONE:
                found[step.position] = before
            elif needed in found:
                found[step.position] = found[needed]
    return found


def _receipt(
    manuscript: Manuscript,
    place: tuple[int, str, tuple[int, int]],
    steps: Sequence[StepStatus],
    tokens: Mapping[int, int],
    is_counted: bool,
    held_up: Mapping[int, StepStatus],
) -> Receipt:
    index, name, span = place
    first: dict[int, StepStatus] = {}
    for one in steps:
        first.setdefault(one.question.passage, one)
    figures = [one.statistics for one in first.values() if one.statistics is not None]
    state, problem = _state(manuscript, span, steps, is_counted, held_up)
    reasons = Counter(
        step.statistics.done_reason or "unknown" for step in steps if step.statistics is not None
    )
    return Receipt(
        chapter=index,
        name=name,
        words=len(manuscript.text[span[0] : span[1]].split()),
        state=state,
        tokens=tokens.get(index, 0),
        received=sum(figure.prompt_eval_count or 0 for figure in figures),
        passages=len(first),
        done=sum(step.state is State.DONE for step in steps),
        calls=len(steps),
        retries=sum(max(step.attempt - 1, 0) for step in steps),
        copied=sum(step.is_copied for step in steps),
        done_reasons=reasons,
        problem=problem,
    )


def _state(
    manuscript: Manuscript,
    span: tuple[int, int],
    steps: Sequence[StepStatus],
    is_counted: bool,
    held_up: Mapping[int, StepStatus],
) -> tuple[Read, str]:
    """Return what became of the characters of `span`, and what is wrong."""
    if not _covers([step.question.ranges for step in steps], span, manuscript.text):
        return Read.SHORT, "Not all of its text was sent."
    must = [step for step in steps if step.question.part != "scores"] or list(steps)
    for one in steps:
        if is_short(one, is_counted=is_counted):
            received = one.statistics.prompt_eval_count if one.statistics else None
            return Read.SHORT, (
                f"The server says that it read {received or 0:,} tokens, and "
                f"{one.question.tokens:,} were sent."
            )
    if any(step.state.is_running for step in steps):
        return Read.UNDER_WAY, ""
    failed = next((one for one in must if one.state is State.FAILED), None)
    if failed is not None:
        return Read.FAILED, str(failed.error) if failed.error else "A step of it broke off."
    if any(one.state in (State.STOPPED, State.INTERRUPTED) for one in must):
        return Read.STOPPED, "It was stopped before all of it was read."
    if all(one.state is State.DONE for one in must):
        return Read.COMPLETE, ""
    first = next((held_up[one.position] for one in must if one.position in held_up), None)
    if first is not None:
        return Read.HELD_UP, f"It waits for {first.question.scope}, which must be run again first."
    done = any(one.state is State.DONE for one in must)
    return (Read.UNDER_WAY if done else Read.WAITING), ""


def _covers(
    ranges: Sequence[tuple[tuple[int, int], ...]], span: tuple[int, int], text: str
) -> bool:
    """Whether every character of `span` but white space is in one of `ranges`."""
    at, end = span
    for left, right in sorted(pair for some in ranges for pair in some):
        if left > at and text[at : min(left, end)].strip():
            return False
        at = max(at, right)
    return at >= end or not text[at:end].strip()
