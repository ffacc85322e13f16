"""A receipt says complete only where all of it agrees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.engine import Statistics
from components.errors import ServerError
from components.manuscripts import Manuscript
from components.reports import Read, Receipt, with_minimum_tokens
from components.reports.receipts import receipts
from components.store import Question, State, Step, StepStatus
from tests.reports.desk import book

BOOK = book(2)
FIRST, SECOND = BOOK.chapters


def step(
    part: str = "notes",
    *,
    start: int = FIRST.start,
    end: int = FIRST.end,
    tokens: int = 700,
    received: int | None = 900,
    state: State = State.DONE,
    reason: str = "stop",
    passage: int = 1,
    chapters: tuple[int, ...] = (1,),
    attempt: int = 1,
) -> StepStatus:
    question = Question(
        "m", "", "Chapter 1", ((start, end),), 1, tokens, "", "", "m", part=part, passage=passage,
        chapters=chapters,
    )  # fmt: skip
    figures = None
    if received is not None and state is State.DONE:
        figures = Statistics("m", 4096, reason, prompt_eval_count=received, eval_count=5)
    error = ServerError("It broke.", status_code=500) if state is State.FAILED else None
    return StepStatus("a", "c", 0, question, state, attempt, 0, "h", "", False, figures, error)


def first(*steps: StepStatus, is_counted: bool = True, of: Manuscript = BOOK) -> Receipt:
    return receipts(of, (1,), steps, tokens={1: 700}, is_counted=is_counted)[0]


def test_read_whole() -> None:
    found = first(step("story"), step("notes", reason="length", attempt=3))
    assert found.state is Read.COMPLETE
    assert (found.tokens, found.received, found.passages) == (700, 900, 1)
    assert (found.done, found.calls, found.retries, found.cut_answers) == (2, 2, 2, 1)
    assert found.problem == ""


def test_the_servers_count_is_too_low() -> None:
    """The tell of a text that was cut in silence."""
    found = first(step(received=350))
    assert found.state is Read.SHORT
    assert "read 350 tokens, and 700 were sent" in found.problem
    assert first(step(received=None)).state is Read.SHORT
    assert first(step(received=690), is_counted=True).state is Read.SHORT
    assert first(step(received=690), is_counted=False).state is Read.COMPLETE
    assert first(step(received=340), is_counted=False).state is Read.SHORT


def test_what_serves_is_held_to_the_same() -> None:
    """What is complete by a receipt is what a plan lets serve again, and nothing else."""
    for received in range(340, 710):
        for is_counted in (True, False):
            one = step(received=received)
            (planned,) = with_minimum_tokens([Step(one.question)], is_counted=is_counted)
            complete = first(one, is_counted=is_counted).is_complete
            assert complete == (received >= planned.least)
    digest = Step(replace(step().question, part="digest", ranges=()))
    assert with_minimum_tokens([digest], is_counted=True)[0].least == 0


def test_a_part_of_the_text_was_never_sent() -> None:
    middle = (FIRST.start + FIRST.end) // 2
    assert first(step(end=middle)).state is Read.SHORT
    gap = [step(end=middle), step(start=middle + 40, passage=2)]
    assert first(*gap).state is Read.SHORT
    both = [step(end=middle), step(start=middle, passage=2)]
    assert first(*both).state is Read.COMPLETE
    assert first(*both).received == 1800


@pytest.mark.parametrize(
    ("state", "read"),
    [
        (State.QUEUED, Read.UNDER_WAY),
        (State.READING, Read.UNDER_WAY),
        (State.FAILED, Read.FAILED),
        (State.STOPPED, Read.STOPPED),
        (State.INTERRUPTED, Read.STOPPED),
    ],
)
def test_a_step_that_is_not_done(state: State, read: Read) -> None:
    found = first(step("story"), step(state=state))
    assert found.state is read
    assert not found.is_complete
    if read is Read.FAILED:
        assert found.problem == "It broke."


def test_nothing_yet() -> None:
    assert first(step(state=State.QUEUED)).state is Read.WAITING


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED])
def test_what_waits_for_one_that_broke_off_is_held_up(state: State) -> None:
    """However far back that one is: nothing in between will ever run by itself."""
    novel = book(4)
    steps = [
        replace(
            step(
                "story",
                start=one.start,
                end=one.end,
                state=state if one.index == 2 else State.QUEUED if one.index > 2 else State.DONE,
                passage=one.index,
                chapters=(one.index,),
            ),
            position=one.index,
            needs=(one.index - 1,) if one.index > 1 else (),
        )
        for one in novel.chapters
    ]
    found = receipts(novel, (1, 2, 3, 4), steps, tokens={}, is_counted=False)
    assert [one.state for one in found[2:]] == [Read.HELD_UP, Read.HELD_UP]
    assert "must be run again first" in found[3].problem
    going = [replace(one, state=State.DONE) if one.position == 2 else one for one in steps]
    found = receipts(novel, (1, 2, 3, 4), going, tokens={}, is_counted=False)
    assert [one.state for one in found[2:]] == [Read.WAITING, Read.WAITING]


def test_scores_that_a_model_cannot_give_do_not_undo_the_reading() -> None:
    found = first(step("story"), step("scores", state=State.FAILED))
    assert found.is_complete


def test_a_chapter_that_was_not_chosen_is_left_out_and_said() -> None:
    one, two = receipts(BOOK, (1,), [step()], tokens={1: 700}, is_counted=True)
    assert (one.state, two.state) == (Read.COMPLETE, Read.LEFT_OUT)
    assert two.name == "Chapter 2"


def test_notes_of_notes_are_no_reading() -> None:
    digest = replace(step(), question=replace(step().question, part="digest", ranges=()))
    assert first(digest).state is Read.SHORT


def test_a_text_without_chapters_has_one_receipt() -> None:
    bare = replace(BOOK, chapters=())
    whole = step(end=len(BOOK.text), chapters=())
    (found,) = receipts(bare, (), [whole], tokens={0: 700}, is_counted=True)
    assert (found.chapter, found.state, found.tokens) == (0, Read.COMPLETE, 700)
