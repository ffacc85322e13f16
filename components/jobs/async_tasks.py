"""Waiting for tasks and events of one event loop, and ending them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

#: Seconds that a cancelled task has for cleaning up before it is cancelled again.
_PATIENCE_SECONDS = 1.0

T = TypeVar("T")


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Wait for `event` for at most `seconds`; return whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def unbroken(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine` to its end, whoever cancels meanwhile; that is raised after it.

    Raises: what `coroutine` raises.
    """
    task = asyncio.ensure_future(coroutine)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    result = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return result


async def quietly(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run `coroutine` to its end; whoever cancels meanwhile has been heard already."""
    with contextlib.suppress(asyncio.CancelledError):
        await unbroken(coroutine)


def cancel(task: asyncio.Task[None]) -> None:
    """Cancel `task` once: a second time would break into its cleaning up."""
    if not task.cancelling():
        task.cancel()


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel `task` and wait for its end.

    The HTTP client's library, where a connection is made at the very moment of the cancellation,
    swallows it (seen once in some thousand times): it is cancelled again.
    """
    cancel(task)
    while not (await asyncio.wait([task], timeout=_PATIENCE_SECONDS))[0]:
        task.cancel()
