"""A report goes on from its last finished call: after a stop, a failure, a killed app."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from components.analysis import lens
from components.engine import Model
from components.errors import AnswerRefused, ModelNotFound, ModelRepeated, ServerError
from components.reports import (
    Read,
    ReadingRequest,
    Report,
    open_report,
    plan,
    setting_of,
    story_chapters,
)
from components.store import Kind, State, Store
from tests import no_use
from tests.doubles.scripted_ollama import MODEL, Break, Refuse, Say, ScriptedOllama, Step
from tests.doubles.scripted_ollama import Done as End
from tests.jobs.processes import Process
from tests.reports.desk import LONG, Desk, book
from tests.reports.reading import asks_about, reader, reads
from tests.scripting import playing


def asked(server: ScriptedOllama) -> Counter[str]:
    """How often each prompt was sent to be answered; counting is left out."""
    return Counter(
        body["messages"][-1]["content"]
        for path, body in list(server.requests)
        if path == "/api/chat" and body["messages"] and body["options"].get("num_predict") != 1
    )


def begin(store: Store) -> Report:
    """A report of five chapters that nobody performs yet."""
    manuscript = book()
    shelf = store.shelf()
    model = Model(MODEL, "d" * 64, 1, "", "", "", 8192, frozenset(), None)
    chapters = story_chapters(manuscript)
    order = ReadingRequest(
        shelf.manuscripts.keep(manuscript), model, (lens(),), chapters, num_ctx=2560
    )
    planned = plan(manuscript, order, count=lambda text: len(text.split()))
    tokens = dict.fromkeys(chapters, 600)
    details = asdict(setting_of(planned, manuscript, tokens=tokens, is_counted=False))
    series = shelf.series.begin(
        Kind.REPORT,
        planned.steps,
        name="r",
        manuscript_id=order.manuscript_id,
        details=details,
    )
    return open_report(shelf, series)


def until(store: Store, report: Report, holds: Callable[[Report], bool]) -> Report:
    deadline = time.monotonic() + LONG
    shelf = store.shelf()
    while not holds(now := open_report(shelf, shelf.series.get(report.id))):
        assert time.monotonic() < deadline, [(one.state, one.error) for one in now.steps]
        time.sleep(0.005)  # Another process writes: nothing here sets an event for it.
    return now


def test_an_app_that_is_killed_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    place = tmp_path / "data" / "first-reader.sqlite"
    store = Store(place)
    with playing(reader()) as server:
        report = begin(store)
        for number, done in enumerate((1, 4, 9)):
            process = Process(place, [server], log=tmp_path / f"{number}.log").begun()
            until(store, report, lambda now, done=done: now.done >= done)  # type: ignore[misc]
            process.close()
        process = Process(place, [server], log=tmp_path / "last.log").begun()
        report = until(store, report, lambda now: now.done == len(now.steps))
        process.close()
        again = asked(server)
    store.close()
    assert report.is_complete
    attempts = Counter({one.question.prompt: 0 for one in report.steps})
    for one in report.steps:
        attempts[one.question.prompt] += one.attempt
    for prompt, count in attempts.items():
        sent = sum(times for said, times in again.items() if said.endswith(prompt))
        # One that was killed between its question and its answer was sent by each attempt.
        assert sent <= count
    assert sum(one.attempt - 1 for one in report.steps) <= 3
    assert sum(again.values()) <= len(report.steps) + 3


def test_stopped_it_keeps_what_is_done_and_goes_on(desk: Desk) -> None:
    report = desk.begin(book())
    desk.until(report, lambda now: now.done >= 3)
    shelf = desk.app.shelf()
    desk.app.jobs.stop(shelf, report.id)
    stopped = desk.until(report, lambda now: not now.is_active)
    assert not stopped.is_complete
    assert {one.state for one in stopped.steps} == {State.DONE, State.STOPPED}
    assert Read.STOPPED in {one.state for one in stopped.receipts}
    before = {one.position: one.answer for one in stopped.steps if one.state is State.DONE}
    desk.app.jobs.again(shelf, report.id)
    done = desk.finished(report)
    assert done.is_complete
    for position, answer in before.items():
        assert done.steps[position].answer == answer
        assert done.steps[position].attempt == 1


class Stubborn:
    """Reads, but fails at the scores of one chapter as often as told, in a way of its own."""

    def __init__(self, times: int, how: tuple[Step, ...]) -> None:
        self.left, self.how = times, how
        self.told: list[dict[str, Any]] = []

    def __call__(self, body: dict[str, Any]) -> Any:
        first = body["messages"][1]["content"]
        if "Describe and rate" in first and "This was Chapter 3." in first:
            self.told.append(body)
            if self.left:
                self.left -= 1
                return self.how
        return reads(body)


class TestScores:
    @pytest.mark.parametrize(
        "how",
        [
            (Say("Tension is high."), End()),
            (Say('{"summary": "It'), End("length")),
            (Say('{"tension": 99}'), End()),
        ],
    )
    def test_an_answer_that_is_no_use_is_asked_for_again_and_told_why(
        self, desk: Desk, how: tuple[Step, ...]
    ) -> None:
        stubborn = Stubborn(1, how)
        desk.server.reads = stubborn
        report = desk.finished(desk.begin(book()))
        assert report.is_complete
        assert all(one.scores is not None for one in report.scores)
        (third,) = (one.step for one in report.scores if one.passage.number == 3)
        assert third.attempt == 2
        assert len(stubborn.told) == 2
        first, second = (one["messages"] for one in stubborn.told)
        assert second[: len(first)] == first  # The server finds all of it in its cache.
        assert second[-2]["role"] == "assistant"
        assert second[-1]["content"].startswith("This cannot be used: ")

    def test_a_model_that_cannot_is_said_to_and_the_report_goes_on(self, desk: Desk) -> None:
        desk.server.reads = Stubborn(99, (Say("No."), End()))
        report = desk.finished(desk.begin(book()))
        assert report.is_complete
        (missing,) = report.without_scores
        assert missing.passage.number == 3
        assert missing.scores is None
        assert missing.step.attempt == 3
        assert isinstance(missing.step.error, AnswerRefused)
        assert "No." not in str(missing.step.error)


def test_a_step_that_breaks_holds_up_what_needs_it_and_can_be_run_again(desk: Desk) -> None:
    fails = [True]

    def breaks(body: dict[str, Any]) -> Any:
        if fails and asks_about(body, 3, findings=True):
            return (Refuse(500, {"error": "out of luck"}),)
        return reads(body)

    desk.server.reads = breaks
    report = desk.finished(desk.begin(book()))
    assert not report.is_complete
    (broken,) = (one for one in report.steps if one.state is State.FAILED)
    assert isinstance(broken.error, ServerError)
    states = [one.state for one in report.receipts]
    assert states == [Read.COMPLETE, Read.COMPLETE, Read.FAILED, Read.COMPLETE, Read.COMPLETE]
    assert desk.app.shelf().reports.active() == []
    fails.clear()
    desk.app.jobs.again(desk.app.shelf(), broken.analysis_id)
    assert desk.finished(report).is_complete


def test_an_ollama_that_goes_away_and_comes_back_needs_nobody(desk: Desk) -> None:
    breaks = [True]

    def away(body: dict[str, Any]) -> Any:
        if breaks and asks_about(body, 3, findings=True):
            breaks.clear()
            return (Say("{"), Break())
        return reads(body)

    desk.server.reads = away
    report = desk.begin(book())
    waits = desk.until(report, lambda now: not breaks and not now.running)
    assert {one.state for one in waits.steps} == {State.DONE, State.QUEUED}
    assert waits.is_active
    queued = [one for one in waits.steps if one.state is State.QUEUED and one.question.passage]
    assert all(one.answer == "" for one in queued)
    desk.app.look_again()
    report = desk.finished(report)
    assert report.is_complete
    (step,) = (one for one in report.of("findings") if one.question.passage == 3)
    assert step.attempt == 2
    assert len(report.findings[step.position]) == 1


def test_a_prompt_that_does_not_fit_is_never_cut(desk: Desk) -> None:
    """A plan made for another count than the server's."""
    desk.server.reads = lambda body: reads(body)
    manuscript = book()
    planned = desk.plan(manuscript)
    short = [
        one.question.options.num_ctx for one in planned.steps if one.question.part == "findings"
    ]
    assert short == [2560] * 5
    from dataclasses import replace

    tight = [
        replace(
            one,
            question=replace(one.question, options=replace(one.question.options, num_ctx=512)),
        )
        for one in planned.steps
    ]
    details = asdict(setting_of(planned, manuscript, tokens={}, is_counted=True))
    shelf = desk.app.shelf()
    series = shelf.series.begin(
        Kind.REPORT,
        tight,
        name="r",
        manuscript_id=tight[0].question.manuscript_id,
        details=details,
    )
    desk.app.jobs.perform(series.id)
    report = desk.finished(open_report(shelf, series))
    assert not report.is_complete
    assert "512" in str(report.steps[0].error)
    assert report.receipts[0].state is Read.FAILED


def test_a_model_that_repeats_itself_is_asked_otherwise(desk: Desk) -> None:
    """Ollama ends such an answer without its last part."""
    told: list[dict[str, Any]] = []

    def repeats(body: dict[str, Any]) -> Any:
        if not asks_about(body, 3, findings=True):
            return reads(body)
        told.append(body)
        return [Say(" no")] * 40 if len(told) < 3 else reads(body)

    desk.server.reads = repeats
    report = desk.finished(desk.begin(book()))
    assert report.is_complete
    (step,) = (one for one in report.of("findings") if one.question.passage == 3)
    assert step.attempt == 3
    assert len(report.findings[step.position]) == 1
    first, second, third = told
    assert first["messages"] == second["messages"] == third["messages"]
    assert "repeat_penalty" not in first["options"]
    assert second["options"]["repeat_penalty"] == 1.1
    assert third["options"]["repeat_penalty"] == 1.2
    assert report.receipts[2].retries == 2


@pytest.mark.parametrize("answer", no_use.ALL, ids=lambda one: one.error.__name__)
def test_a_step_whose_answer_is_no_use_is_asked_otherwise(
    desk: Desk, answer: no_use.NoUseAnswer
) -> None:
    told: list[dict[str, Any]] = []

    def once(body: dict[str, Any]) -> Any:
        if "findings on the whole manuscript" not in body["messages"][-1]["content"]:
            return reads(body)
        told.append(body)
        *said, end = answer.steps
        begin = Say('{"sentences": [{"findings": [1], "sentence": "')
        return (begin, *said, Say('"}]}'), end) if len(told) == 1 else reads(body)

    desk.server.reads = once
    report = desk.finished(desk.begin(book(), language="English"))
    assert report.is_complete
    step = report.final(report.lenses[0])
    assert (step.attempt, step.refused, step.error) == (2, 1, None)
    first, second = told
    assert first != second
    assert second["messages"][-1]["content"].startswith(first["messages"][-1]["content"])


def test_one_that_does_so_every_time_is_said_to(desk: Desk) -> None:
    def repeats(body: dict[str, Any]) -> Any:
        return [Say("no")] * 40 if asks_about(body, 3, findings=True) else reads(body)

    desk.server.reads = repeats
    report = desk.finished(desk.begin(book()))
    (failed,) = (one for one in report.steps if one.state is State.FAILED)
    assert isinstance(failed.error, ModelRepeated)
    assert report.receipts[2].state is Read.FAILED
    assert report.receipts[2].problem.startswith("The model began to repeat itself")


class TestShort:
    """A server that says it received fewer tokens than were sent."""

    def short(self, body: dict[str, Any]) -> Any:
        if not asks_about(body, 3):
            return reads(body)
        *said, _ = reads(body)
        return (*said, End(figures={"prompt_eval_count": 90}))

    def test_the_chapter_is_run_again_and_what_was_made_from_it(self, desk: Desk) -> None:
        desk.server.reads = self.short
        report = desk.finished(desk.begin(book()))
        assert {one.state for one in report.steps} == {State.DONE}
        assert [one.state for one in report.receipts].count(Read.SHORT) == 1
        third = report.receipts[2]
        again = report.short_steps(third)
        asked = {(one.question.part, one.question.passage) for one in again}
        read = {("findings", 3), ("scores", 3)}
        assert asked >= {*read, ("report", 0)}
        assert {part for part, passage in asked - read} <= {"digest", "report"}
        assert report.short_steps(report.receipts[0]) == []
        desk.server.reads = reads
        shelf = desk.app.shelf()
        desk.app.jobs.anew(shelf, [one.analysis_id for one in again])
        done = desk.finished(report)
        assert done.is_complete
        assert done.receipts[2].retries == 2
        positions = {one.position for one in again}
        for one in done.steps:
            assert one.attempt == (2 if one.position in positions else 1)

    def test_it_serves_no_other_reading(self, desk: Desk) -> None:
        desk.server.reads = self.short
        first = desk.finished(desk.begin(book()))
        again = {one.position for one in first.short_steps(first.receipts[2])}
        desk.server.reads = reads
        second = desk.begin(book())
        assert second.copied == len(first.steps) - len(again)
        second = desk.finished(second)
        assert second.is_complete
        assert {one.position for one in second.steps if not one.is_copied} == again


def test_a_second_reading_that_is_begun_meanwhile_asks_nothing_twice(desk: Desk) -> None:
    first, second = desk.begin(book()), desk.begin(book())
    first, second = desk.finished(first), desk.finished(second)
    assert first.is_complete
    assert second.is_complete
    assert max(asked(desk.server).values()) == 1


def test_a_model_that_is_deleted_meanwhile_is_said_and_goes_on_once_it_is_back(desk: Desk) -> None:
    models = desk.server.models
    deleted = [True]

    def gone(body: dict[str, Any]) -> Any:
        if deleted and asks_about(body, 3, findings=True):
            models.models.pop(MODEL, None)
        if MODEL not in models.models:
            return (Refuse(404, {"error": f"model '{MODEL}' not found"}),)
        return reads(body)

    desk.server.reads = gone
    report = desk.finished(desk.begin(book()))
    failed = [one for one in report.steps if one.state is State.FAILED]
    assert failed
    assert all(isinstance(one.error, ModelNotFound) for one in failed)
    assert all(one.attempt == 1 for one in failed)
    done = {one.position: one.answer for one in report.steps if one.state is State.DONE}
    assert done
    deleted.clear()
    models.add(MODEL)
    desk.app.jobs.again(desk.app.shelf(), report.id)
    report = desk.finished(report)
    assert report.is_complete
    for position, answer in done.items():
        assert (report.steps[position].answer, report.steps[position].attempt) == (answer, 1)
