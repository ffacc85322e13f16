"""A plan for a page: at once, by an estimate until the server has counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.application import Planning, report_plans
from components.reports import Depth
from components.store import State
from tests.doubles.scripted_ollama import Hold, ScriptedOllama
from tests.reports.desk import LONG, Desk, book, desk
from tests.reports.reading import reader
from tests.waiting import until

__all__ = ["desk"]


@pytest.fixture
def scripted() -> ScriptedOllama:
    """A server that takes as long to load a model as the test says."""
    return reader(loading=(Hold(),), keeps=True)


def loads(desk: Desk) -> int:
    return sum(path == "/api/chat" for path, _ in desk.server.requests)


def counts(desk: Desk) -> int:
    """The requests that only count; the steps of a report are sent beside each other."""
    bodies = [body for path, body in desk.server.requests if path == "/api/chat"]
    return sum(body["options"].get("num_predict") == 1 for body in bodies)


def test_it_is_estimated_at_once_and_exact_when_the_server_has_counted(desk: Desk) -> None:
    novel = book(3)
    plans, order = Planning(desk.app, desk.model, novel), desk.order(novel)
    first = plans.plan(order)
    assert not plans.counter.is_exact
    assert plans.is_counting
    assert not plans.wait(0)
    desk.server.let_go()
    assert plans.wait(LONG)
    second = plans.plan(order)
    assert plans.counter.is_exact
    assert second.book_tokens != first.book_tokens
    assert plans.counter.hosts == [desk.server.url]


def test_it_is_made_anew_only_where_something_else_decides(desk: Desk) -> None:
    novel = book(3)
    plans, order = Planning(desk.app, desk.model, novel), desk.order(novel)
    first = plans.plan(order)
    assert plans.plan(order) is first
    assert not plans.counter.is_exact
    desk.server.let_go()
    assert plans.wait(LONG)
    second = plans.plan(order)
    assert second is not first
    assert plans.plan(replace(order)) is second
    skimmed = plans.plan(desk.order(novel, depth=Depth.SKIM))
    assert len(skimmed.steps) < len(second.steps)
    assert plans.plan(order).steps == second.steps


def test_what_is_counted_for_a_page_that_is_gone_is_withdrawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_plans, "_GONE_SECONDS", 0.0)
    novel = book(3)
    plans = Planning(desk.app, desk.model, novel)
    plans.plan(desk.order(novel))
    until(lambda: loads(desk) == 1)
    until(desk.server.closed.is_set)
    until(lambda: not plans.is_counting)
    assert not desk.server.generating


def test_another_form_withdraws_what_was_counted_for_the_one_before(desk: Desk) -> None:
    novel = book(3)
    plans = Planning(desk.app, desk.model, novel)
    plans.plan(desk.order(novel))
    until(lambda: loads(desk) == 1)
    plans.plan(desk.order(novel, depth=Depth.SKIM))
    until(desk.server.closed.is_set)
    until(lambda: loads(desk) > 1)


def test_beside_a_report_it_stays_an_estimate(desk: Desk) -> None:
    novel = book(2)
    order = desk.order(novel)
    desk.server.let_go()
    report = desk.begin(novel)
    desk.until(report, lambda now: any(one.state is State.LOADING for one in now.steps))
    before = counts(desk)
    plans = Planning(desk.app, desk.model, book(3))
    plans.plan(order)
    assert plans.wait(LONG)
    assert not plans.counter.is_exact
    assert counts(desk) == before
    desk.server.loading = ()
    desk.server.let_go()
    desk.finished(report)
