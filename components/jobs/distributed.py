"""Jobs between processes: procrastinate's queue in the same Postgres as the store.

What travels is a token that says "look at the queue", never a call: which call comes next and on
which host is decided late, by the worker that has room, in the store's own tables. A token that is
lost with its worker costs nothing; the next look finds the call. procrastinate brings tokens to
idle workers by LISTEN/NOTIFY, and the news of a stop to the one worker that it concerns.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Status

from components.engine import BackgroundLoop, repeated
from components.errors import StoreUnavailable
from components.jobs.jobs import Jobs
from components.jobs.worker import Worker
from components.store import Store

_log = logging.getLogger(__name__)

#: The one kind of job. While one waits another is not needed.
_LOOK = "look at the queue"

#: Seconds between two looks for what a lost worker left behind; also how late a call starts whose
#: announcement was lost.
SWEEP_SECONDS = 2.0

#: Seconds without a sign of life after which procrastinate's record of a token is dropped.
_STALLED_SECONDS = 30.0

#: Seconds in which calls that were given back let go of their tokens.
_GRACE_SECONDS = 0.5

#: Seconds between two looks for a token: procrastinate forgets a notification that comes while it
#: looks, and while that token waits no other is needed.
_POLL_SECONDS = 0.5

#: Seconds that procrastinate waits for a connection.
_PATIENCE_SECONDS = 5.0

#: Tokens that one process looks after at once. Most find nothing to do and end.
_CONCURRENCY = 64

#: Of the advisory lock under which procrastinate's tables are made.
_LOCK = 0x6672_0002


class Announcing(Jobs):
    """The side of a process that shows pages: it queues and stops, and performs nothing.

    `worker` knows the hosts, for their slots. Raises: StoreUnavailable.
    """

    def __init__(self, store: Store, loop: BackgroundLoop, worker: Worker, address: str) -> None:
        super().__init__(store, loop, worker)
        with _mapped():
            _make_tables(address)
        connector = procrastinate.PsycopgConnector(
            conninfo=address, min_size=1, max_size=8, timeout=_PATIENCE_SECONDS
        )
        self._app = procrastinate.App(connector=connector)

    def start(self) -> None:
        """Connect. Raises: StoreUnavailable."""
        with _mapped():
            self._loop.call(self._open())

    def announce(self) -> None:
        """Have some worker look at the queue."""
        # Where this fails, a sweep finds the call: it is in the store.
        self._loop.start(self._announce())

    def abort(self, call_id: str, job: str | None) -> None:  # noqa: ARG002 - the job says it
        """Tell the worker that performs `job`."""
        if job is not None:
            self._loop.start(self._abort(int(job)))

    def close(self, *, seconds: float) -> None:  # noqa: ARG002 - nothing runs here
        """Disconnect."""
        self._loop.call(self._app.close_async())

    async def _open(self) -> None:
        await self._app.open_async()

    async def _announce(self) -> None:
        with _logged(), contextlib.suppress(AlreadyEnqueued):
            await self._app.configure_task(_LOOK, queueing_lock=_LOOK).defer_async()

    async def _abort(self, job: int) -> None:
        with _logged():
            await self._app.job_manager.cancel_job_by_id_async(job, abort=True)


class Performing(Announcing):
    """The side of a worker's process: it takes what is queued and performs it."""

    def __init__(self, store: Store, loop: BackgroundLoop, worker: Worker, address: str) -> None:
        super().__init__(store, loop, worker, address)
        self._app.task(name=_LOOK, pass_context=True)(self._look)
        self._serving: list[asyncio.Task[None]] = []
        self._closing = False

    def start(self) -> None:
        """Connect and begin to take calls. Raises: StoreUnavailable."""
        super().start()
        self._loop.call(self._start())

    def close(self, *, seconds: float) -> None:
        """Take no more calls, give back those that run, disconnect."""
        self._loop.call(self._close(seconds))
        super().close(seconds=seconds)

    async def _start(self) -> None:
        # Each for itself: what goes wrong with one keeps none of the others.
        tasks = {
            "taking calls": self._take_tokens,
            "taking lost calls back": self._worker.sweep,
            "looking at the queue": self._announce_waiting,
            "forgetting lost tokens": self._forget_stalled,
        }
        self._serving = [
            asyncio.ensure_future(repeated(step, name=name, seconds=SWEEP_SECONDS))
            for name, step in tasks.items()
        ]

    async def _close(self, seconds: float) -> None:
        self._closing = True
        until = asyncio.get_running_loop().time() + seconds
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._worker.give_all_back()
        for task in self._serving:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await asyncio.gather(*self._serving, return_exceptions=True)

    async def _take_tokens(self) -> None:
        """Take tokens; procrastinate's worker ends when Postgres does not answer for a moment."""
        if self._closing:
            return
        with _logged():
            await self._app.run_worker_async(
                concurrency=_CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=_POLL_SECONDS,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="always",
            )

    async def _look(self, context: procrastinate.JobContext) -> None:
        """Perform one call, if there is one; another worker may look meanwhile."""
        claim = None if self._closing else await self._worker.take(job=str(context.job.id))
        if claim is None:
            return
        performance = self._worker.perform(claim)
        if self._closing:
            self._worker.abort(claim.call_id)
        try:
            await self._announce()
            await asyncio.wait([performance])
        except asyncio.CancelledError:
            if context.abort_reason() is not AbortReason.USER_REQUEST:
                raise  # Without its token the call goes on, unless all are given back.
            self._worker.abort(claim.call_id)
            await asyncio.wait([performance])
        await self._announce()

    async def _announce_waiting(self) -> None:
        if await self._worker.is_waited_for():
            await self._announce()

    async def _forget_stalled(self) -> None:
        """Drop procrastinate's record of tokens whose worker is silent."""
        manager = self._app.job_manager
        with _logged():
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)


def _make_tables(address: str) -> None:
    """Make procrastinate's tables, unless there are any; they belong to its pinned version."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        there = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there == (None,):
            with procrastinate.App(
                connector=procrastinate.SyncPsycopgConnector(conninfo=address)
            ).open() as app:
                app.schema_manager.apply_schema()


@contextlib.contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, ProcrastinateException) as error:
        raise StoreUnavailable(
            f"The queue in Postgres does not answer ({type(error).__name__})."
        ) from None


@contextlib.contextmanager
def _logged() -> Iterator[None]:
    """Go on without what is only faster: the sweep does it later."""
    try:
        with _mapped():
            yield
    except StoreUnavailable as error:
        _log.warning("%s", error)
