"""Loops that must not end: what is done again and again, whatever one time raises."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import PurePath

from components.errors import FirstReaderError

_log = logging.getLogger(__name__)

#: Seconds between two times while it fails: each failure in a row doubles the pause up to this, so
#: that what works again is soon found to.
LONGEST_PAUSE = 5.0


async def repeated(
    step: Callable[[], Awaitable[object]],
    *,
    name: str,
    seconds: float,
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Do `step` again and again, about `seconds` apart, until `until` says so or it is cancelled.

    What a step raises is logged as `name`, once for the same failure in a row, and tried again
    after a longer and longer pause. `wait` waits for the seconds that it is given, or less.
    """
    pause, last = seconds, ""
    while not until():
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - what must not end goes on after anything
            said = described(error)
            if said != last:
                _log.error("%s failed, and is tried again: %s", name, said)
            pause, last = min(pause * 2, max(LONGEST_PAUSE, seconds)), said
        else:
            if last:
                _log.warning("%s works again", name)
            pause, last = seconds, ""
        if not until():
            await wait(pause)


def described(error: BaseException) -> str:
    """Return what may be logged of `error`: our own words, else its type and where it was raised.

    The message of a foreign exception may hold text of a manuscript.
    """
    if isinstance(error, FirstReaderError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{where}"
