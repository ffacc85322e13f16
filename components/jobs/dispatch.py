"""How queued calls come to a worker: one base, two ways."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from components.engine import BackgroundLoop
from components.jobs.batch_writer import Unwritten
from components.jobs.worker import Worker

P = ParamSpec("P")
T = TypeVar("T")


class Dispatch(ABC):
    """Brings queued calls to `worker`, in `loop`. Its methods may be called from any thread.

    What is queued and who has it stands in the store; a dispatch that forgets everything loses
    time and no call.
    """

    def __init__(self, loop: BackgroundLoop, worker: Worker) -> None:
        self._loop = loop
        self._worker = worker

    @property
    def slots(self) -> int:
        """How many calls run at once, by the hosts that answer here."""
        return self._worker.slots

    @abstractmethod
    def start(self) -> None:
        """Begin. Raises: StoreError."""

    @abstractmethod
    def announce(self) -> None:
        """Say that a call was queued."""

    @abstractmethod
    def abort(self, call_id: str, job: str | None) -> None:
        """Say that a call that a worker has as `job` is to stop, so that it need not look first."""

    def stop(self, call_id: str) -> bool:
        """Stop a call here though the store cannot be told now; return whether it is here."""
        return self._loop.call(self._in_loop(self._worker.stop, call_id))

    def unwritten(self, call_id: str) -> Unwritten | None:
        """Return why what a call of this process wrote is in memory only; None where it is not."""
        return self._worker.unwritten(call_id)

    @abstractmethod
    def close(self, *, seconds: float) -> None:
        """End; calls that this process performs go back to the queue, within `seconds`."""

    async def _in_loop(self, action: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return action(*arguments, **named)
