"""A report's model stays as it is, in its context, whatever pages and other processes ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from components.application import Counter
from components.errors import ServerBusy
from components.store import State
from tests.doubles.scripted_ollama import MODEL, Hold, ScriptedOllama, Step
from tests.jobs.making import question
from tests.reports.desk import Desk, book, desk
from tests.reports.reading import reads

__all__ = ["desk"]


def held(body: dict[str, Any]) -> Sequence[Step]:
    """Answer when the test lets go of it."""
    return (Hold(), *reads(body))


@pytest.fixture
def scripted() -> ScriptedOllama:
    """A server that says of no model that it is loaded, as one does that is about to load it."""
    return ScriptedOllama(reads=held)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in-another-process"])
def test_a_page_that_counts_between_two_steps_loads_nothing(desk: Desk, elsewhere: bool) -> None:
    """Seen: a count with a stale "not loaded" had Ollama load the model at 2,048 between steps."""
    desk.server.reads = reads
    novel = book(2)
    planned = desk.plan(novel)  # Counted while nothing runs: that loads the model.
    desk.server.reads = held
    before = len(desk.server.models.launches)
    report = desk.begin(novel)
    desk.until(report, lambda now: any(one.state is State.READING for one in now.steps))
    app = desk.again() if elsewhere else desk.app
    counter = Counter(app, app.models()[0][0])
    assert counter("A text that nobody has counted.") > 0
    assert not counter.is_exact
    with pytest.raises(ServerBusy):
        app.manage(desk.server.url, lambda its: its.keep(MODEL, "30m")).result()
    with pytest.raises(ServerBusy):
        app.manage(desk.server.url, lambda its: its.unload(MODEL)).result()
    shelf = app.shelf()
    app.jobs.submit(shelf, question(shelf, asked="And what else?"))
    desk.server.reads = reads
    desk.server.let_go()
    desk.finished(report)
    if elsewhere:
        app.close()
    launches = desk.server.models.launches[before:]
    assert launches == [(MODEL, planned.order.num_ctx)]
