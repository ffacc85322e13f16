from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components import errors
from components.engine import ContextChosen, Finished, Statistics, Text, Thought
from components.errors import ContextExceeded, FirstReaderError, ServerError
from components.store import Failed, Happening, Moment, State, StateChanged
from components.store.call_events import joined, pack, pack_error, unpack, unpack_error


def tree(kind: type[FirstReaderError] = FirstReaderError) -> Iterator[type[FirstReaderError]]:
    yield kind
    for lower in kind.__subclasses__():
        if lower.__module__ == errors.__name__:
            yield from tree(lower)


def made(kind: type[FirstReaderError], **advice: Any) -> FirstReaderError:
    if kind is ContextExceeded:
        return ContextExceeded(9000, 4096, **advice)
    if kind is ServerError:
        return ServerError("It broke: É.", status_code=503, **advice)
    return kind("It broke: É.", **advice)


each_kind = pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)


class TestPacking:
    @pytest.mark.parametrize(
        "event",
        [
            Text("Once upon\n a time", 4),
            Thought("Hm — É", 2),
            ContextChosen(2048, 8192),
            ContextChosen(2048, None),
            Finished(Statistics("scripted:1b", 2048)),
            Finished(Statistics("m", 1, "stop", 2, 3, 4, 5, 6, 7, 8, 9, 10)),
            *map(StateChanged, State),
        ],
        ids=lambda event: type(event).__name__,
    )
    def test_what_happened_comes_back(self, event: Happening) -> None:
        assert unpack(*pack(event)) == event

    def test_text_is_stored_as_it_is(self) -> None:
        assert pack(Text('"É"\n', 3)) == ("text", '"É"\n', 3)

    @pytest.mark.parametrize("kind", [Text, Thought])
    def test_what_no_database_takes_is_replaced_letter_by_letter(self, kind: Any) -> None:
        _, body, _ = pack(kind("a\ud83d\ude00b\0c", 1))
        assert body == "a??b\ufffdc"


class TestErrors:
    def test_the_tree_is_all_of_it(self) -> None:
        assert len(set(tree())) > 25

    @each_kind
    def test_each_comes_back(self, kind: type[FirstReaderError]) -> None:
        error = made(kind)
        same = unpack_error(pack_error(error))
        assert type(same) is kind
        assert (str(same), same.advice) == (str(error), kind.default_advice)
        assert vars(same) == vars(error)

    @each_kind
    def test_its_own_advice_comes_back(self, kind: type[FirstReaderError]) -> None:
        assert unpack_error(pack_error(made(kind, advice="Wait."))).advice == "Wait."

    def test_as_an_event(self) -> None:
        event = unpack(*pack(Failed(ContextExceeded(9, 4))))
        assert isinstance(event, Failed)
        assert isinstance(event.error, ContextExceeded)
        assert (event.error.needed, event.error.available) == (9, 4)

    def test_one_that_this_version_does_not_know(self) -> None:
        text = json.dumps({"kind": "Tomorrow", "message": "It broke.", "advice": "Wait."})
        error = unpack_error(text)
        assert type(error) is FirstReaderError
        assert (str(error), error.advice) == ("It broke.", "Wait.")


class TestJoining:
    def test_pieces_of_text_become_one_that_began_with_the_first(self) -> None:
        given = [Moment(1.0, Text("a", 1)), Moment(2.0, Text("b", 2)), Moment(3.0, Text("c", 3))]
        assert joined(given) == [Moment(1.0, Text("abc", 6))]

    def test_thoughts_and_text_are_kept_apart(self) -> None:
        given = [
            Moment(1.0, Thought("a")),
            Moment(2.0, Thought("b")),
            Moment(3.0, Text("c")),
            Moment(4.0, Thought("d")),
        ]
        assert joined(given) == [Moment(1.0, Thought("ab", 2)), given[2], given[3]]

    def test_what_stands_between_parts(self) -> None:
        given = [
            Moment(1.0, Text("a")),
            Moment(2.0, StateChanged(State.WRITING)),
            Moment(3.0, Text("b")),
        ]
        assert joined(given) == given

    def test_nothing(self) -> None:
        assert joined([]) == []
