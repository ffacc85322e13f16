"""What is expected of a call, in words."""

from __future__ import annotations

import pytest

from components.export.stages import expected
from components.store import Outlook, QueuePosition


def outlook(place: QueuePosition | None, seconds: float | None) -> Outlook:
    return Outlook(place, waits=place is not None, can_be_first=False, seconds=seconds)


@pytest.mark.parametrize(
    ("place", "seconds", "said"),
    [
        (None, None, []),
        (None, 40.0, ["about 40 s left"]),
        (
            QueuePosition(1, 1, 60.0),
            60.0,
            ["waiting", "2 analyses before it", "done in about 2 min"],
        ),
        (QueuePosition(0, 0, 60.0), None, ["waiting", "next", "begins in about 1 min"]),
        (QueuePosition(0, 0, None), 60.0, ["waiting", "next", "takes about 1 min"]),
    ],
)
def test_the_place_and_the_time(
    place: QueuePosition | None, seconds: float | None, said: list[str]
) -> None:
    assert expected(outlook(place, seconds)) == said


def test_nothing_is_expected_of_what_is_not_in_the_queue() -> None:
    assert expected(None) == []
