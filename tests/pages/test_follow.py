"""When what comes for several texts is sent: together, and for one text as it comes."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.ui.answer import live_answer
from components.ui.answer.live_answer import FRAME_SECONDS, LOOK_SECONDS, Watched, follow
from components.ui.shared.visit import Visit


class Growing:
    """Stands for a text on the page that ends with its entry "end"."""

    def __init__(self, name: str, happened: list[str]) -> None:
        self.analysis = SimpleNamespace(call_id=name)
        self.seq = 0
        self.has_ended = False
        self._happened = happened

    def add(self, entries: Any) -> None:
        for entry in entries:
            self.seq += 1
            self.has_ended = entry == "end"

    def show(self) -> tuple[bool, float | None]:
        self._happened.append(f"show {self.analysis.call_id}")
        return self.has_ended, None


class Journal:
    """Gives what is to come, one piece at each reading."""

    def __init__(self, happened: list[str], *pieces: dict[str, list[str]]) -> None:
        self._happened = happened
        self._pieces = list(pieces)

    def after_each(self, seen: dict[str, int], *, timeout: float) -> dict[str, list[str]]:
        self._happened.append(f"read {''.join(seen)}, {'waiting' if timeout else 'at once'}")
        return self._pieces.pop(0)


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened, in order; nobody sleeps, the clock goes a tenth of a second at each look."""
    what: list[str] = []
    clock = count(0.0, 0.1)

    def sleep(seconds: float) -> None:
        assert seconds == FRAME_SECONDS
        what.append("pause")

    monkeypatch.setattr(
        live_answer, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: next(clock))
    )
    return what


def run(happened: list[str], names: str, *pieces: dict[str, list[str]]) -> list[list[str]]:
    store = SimpleNamespace(journal=Journal(happened, *pieces))
    visit = cast("Visit", SimpleNamespace(app=SimpleNamespace(store=store)))
    texts = [cast("Watched", Growing(name, happened)) for name in names]
    return [[one.analysis.call_id for one in changed] for changed in follow(visit, texts)]


def test_what_comes_for_several_is_gathered_and_sent_together(happened: list[str]) -> None:
    said = run(happened, "ab", {"a": ["x"]}, {"a": ["x"], "b": ["x"]}, {"a": ["end"], "b": ["end"]})
    frame = ["show a", "show b"]
    reading = "read ab, at once"
    assert happened == [reading, *frame, "pause", reading, *frame, "pause", reading, *frame]
    assert said == [["a", "b"]]


def test_where_nothing_came_the_next_does_not_wait(happened: list[str]) -> None:
    """The first words of an answer come after a silence: they are shown as they come."""
    run(happened, "ab", {}, {"a": ["x"]}, {"a": ["end"], "b": ["end"]})
    assert happened[:5] == ["read ab, at once", "show a", "show b", "read ab, waiting", "show a"]


def test_one_alone_is_shown_as_it_comes(happened: list[str]) -> None:
    run(happened, "a", {"a": ["x"]}, {"a": ["x"]}, {"a": ["end"]})
    assert "pause" not in happened
    assert happened.count("read a, waiting") == 2


def test_the_last_of_several_is_shown_as_it_comes(happened: list[str]) -> None:
    said = run(happened, "ab", {"b": ["end"]}, {"a": ["x"]}, {"a": ["end"]})
    assert "pause" not in happened
    assert said == [["b"], ["a"]]


def test_what_goes_on_elsewhere_is_looked_at_now_and_then(happened: list[str]) -> None:
    pieces: list[dict[str, list[str]]] = [{"a": ["x"]}] * 80
    said = run(happened, "a", *pieces, {"a": ["end"]})
    looks = int(len(pieces) * 0.1 / LOOK_SECONDS)
    assert said == [*([[]] * looks), ["a"]]
