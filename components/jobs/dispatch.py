"""How queued calls come to a worker: one port, two ways behind it."""

from __future__ import annotations

from typing import Protocol

from components.jobs.batch_writer import Unwritten


class Dispatch(Protocol):
    """Brings queued calls to workers. Its methods may be called from any thread.

    What is queued and who has it stands in the store; a dispatch that forgets everything loses
    time and no call.
    """

    @property
    def slots(self) -> int:
        """How many calls run at once, as far as this process knows."""

    def start(self) -> None:
        """Begin. Raises: StoreError."""

    def announce(self) -> None:
        """Say that a call was queued."""

    def abort(self, call_id: str, job: str | None) -> None:
        """Say that a call that a worker has as `job` is to stop, so that it need not look first."""

    def stop(self, call_id: str) -> bool:
        """Stop a call that this process performs, though the store cannot be told now.

        It is told when it can. Return whether the call is here.
        """

    def unwritten(self, call_id: str) -> Unwritten | None:
        """Return why what a call of this process wrote is in memory only; None where it is kept."""

    def close(self, *, seconds: float) -> None:
        """End; calls that this process performs go back to the queue, within `seconds`."""
