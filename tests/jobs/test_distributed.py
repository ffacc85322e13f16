"""What only the dispatch over Postgres has: tokens, news between processes, a server that goes."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import cast

import pytest
import sqlalchemy as sa

from components.engine import BackgroundLoop, Host
from components.errors import StoreUnavailable
from components.jobs import Worker, batch_writer
from components.store import State, Store
from tests.doubles.scripted_ollama import Done, Hold, Say
from tests.jobs.conftest import Bench, MakeBench, open_side
from tests.jobs.making import LOGGERS, SECRET, WHOLE, Busy
from tests.postgres import Postgres

pytestmark = pytest.mark.parametrize("way", ["distributed"])


def tokens(its: Bench) -> int:
    with its.store._database.read() as connection:
        return int(connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) or 0)


@contextmanager
def away(postgres: Postgres, its: Bench) -> Iterator[None]:
    """Do what a server does that is down for a while: end all connections and take no more."""
    name = str(its.place).rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    yield
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_a_stop_reaches_the_worker_before_its_next_sign_of_life(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = bench(Say("Once"), Hold(), Done())
    analysis = its.ask()
    its.wait_text(analysis, "Once")
    monkeypatch.setattr(batch_writer, "HEARTBEAT_SECONDS", 1e6)
    its.until(lambda: its.web.store.control.stop(analysis.id) != [])
    its.stop(analysis)
    assert its.wait(analysis) is State.STOPPED
    its.told()


def test_no_token_is_left(bench: MakeBench) -> None:
    its = bench(Say("Once"), Done(), slots=3)
    for one in [its.ask() for _ in range(8)]:
        assert its.wait(one) is State.DONE
    its.until(lambda: tokens(its) == 0)


def test_two_workers_share_what_there_is(bench: MakeBench) -> None:
    servers = [Busy([Say("a"), Hold(), Done()], answers=[[Say("a"), Hold(), Done()]])]
    its = bench(servers=servers, slots=4)
    its.again()
    asked = [its.ask() for _ in range(8)]
    its.answering(4)
    its.let_go(times=8)
    assert [its.wait(one) for one in asked] == [State.DONE] * 8
    assert servers[0].peak == 4
    assert [its.now(one).attempt for one in asked] == [1] * 8
    assert sum(path == "/api/chat" for path, _ in servers[0].requests) == 2 * 8


# SQLAlchemy leaves the connections of the pool that it gives up to be collected.
@pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")
def test_a_postgres_that_is_away_in_the_middle_costs_nothing(
    bench: MakeBench,
    postgres: Postgres,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("_PATIENCE_SECONDS", "SWEEP_SECONDS"):
        monkeypatch.setattr(f"components.jobs.distributed.{name}", 0.2)
    its = bench(answers=[[Say("Once "), Hold(), Say("upon"), Done()], [Say("b"), Done()]])
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    analysis, following = its.ask(), its.ask()
    its.wait_text(analysis, "Once ")
    assert SECRET not in caplog.text
    caplog.clear()
    with away(postgres, its):
        its.until(lambda: "Aborting them" in caplog.text)
        its.let_go()
    assert its.wait(analysis) is State.DONE
    assert its.outcome(analysis).text == "Once upon"
    assert its.states(analysis) == WHOLE
    assert its.wait(following) is State.DONE
    its.until(lambda: "Starting worker" in caplog.text)
    assert its.wait(its.ask()) is State.DONE
    assert SECRET not in caplog.text
    its.work.close()
    its.web.close()
    gc.collect()


def test_many_that_begin_at_once_make_the_tables_once(
    place: str, bench: MakeBench, postgres: Postgres
) -> None:
    hosts = [Host("http://127.0.0.1:9")]
    with ThreadPoolExecutor(4) as threads, ExitStack() as stack:
        sides = list(threads.map(lambda _: open_side(place, hosts, performs=True), range(4)))
        for side in sides:
            stack.callback(side.close)  # Without ever having begun.


def test_where_nothing_answers(place: str) -> None:
    from components.jobs.distributed import Announcing

    loop = BackgroundLoop()
    try:
        with pytest.raises(StoreUnavailable):
            Announcing(
                cast("Store", None),
                loop,
                cast("Worker", None),
                "postgresql://nobody@127.0.0.1:9/none",
            )
    finally:
        loop.stop()


def test_announcements_that_nobody_takes_are_no_trouble(
    bench: MakeBench, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    """The store has the call; the dispatch only makes it faster."""
    its = bench()
    its.web.jobs.close(seconds=1.0)
    analysis = its.ask()
    assert its.wait(analysis) is State.DONE
    assert "does not answer" in caplog.text
