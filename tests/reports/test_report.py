"""A whole book read by a scripted model, through the store, the jobs and the engine."""

from __future__ import annotations

from components.reports import Depth, Read
from components.store import State
from tests.reports.desk import Desk, ReadReport, book


def test_every_chapter_is_read_and_the_receipts_say_so(read_report: ReadReport) -> None:
    report = read_report()
    assert report.is_complete
    assert [one.state for one in report.receipts] == [Read.COMPLETE] * 5
    for one in report.receipts:
        assert one.received > one.tokens > 500
        assert one.done == one.calls == 2
        assert one.retries == 0
    assert {one.state for one in report.steps} == {State.DONE}
    assert all(one.scores is not None for one in report.scores)
    findings = [one for found in report.findings.values() for one in found]
    assert len(findings) == 5
    assert all(one.is_supported and one.words in report.manuscript.text for one in findings)
    assert all(one.words in report.final(report.lenses[0]).answer for one in findings)


def test_a_report_asked_for_again_is_there_at_once(desk: Desk) -> None:
    first = desk.finished(desk.begin(book()))
    chats = len(desk.server.requests)
    again = desk.begin(book())
    assert again.is_complete
    assert again.copied == len(again.steps) == len(first.steps)
    assert [one.answer for one in again.steps] == [one.answer for one in first.steps]
    asked = [path for path, body in desk.server.requests[chats:] if path == "/api/chat"]
    assert asked == []


def test_a_skim_asks_one_thing_of_each_chapter(desk: Desk) -> None:
    planned = desk.plan(book(), depth=Depth.SKIM)
    assert [one.question.part for one in planned.steps] == ["findings"] * 5 + ["report"]
