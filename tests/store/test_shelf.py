from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from components.errors import UnknownAnalysis
from components.manuscripts import Manuscript
from components.store import Shelf, State
from tests.store.making import question

WHALE = Manuscript("The Whale", "Call me Ishmael.", (), "txt", "a" * 64, "utf-8", None, ())


class TestManuscripts:
    def test_what_is_kept_is_found(self) -> None:
        shelf = Shelf()
        assert shelf.manuscript(shelf.keep(WHALE)) is WHALE

    def test_the_same_keeps_its_id(self) -> None:
        shelf = Shelf()
        assert shelf.keep(WHALE) == shelf.keep(replace(WHALE))

    def test_another_gets_another(self) -> None:
        shelf = Shelf()
        assert shelf.keep(WHALE) != shelf.keep(replace(WHALE, sha256="b" * 64))

    def test_the_same_bytes_read_differently_are_another(self) -> None:
        shelf = Shelf()
        assert shelf.keep(WHALE) != shelf.keep(replace(WHALE, encoding="cp1252", text="other"))

    def test_ids_are_not_to_be_guessed(self) -> None:
        ids = {Shelf().keep(WHALE) for _ in range(20)}
        assert len(ids) == 20
        assert all(len(one) >= 20 for one in ids)

    def test_an_unknown_one_is_none(self) -> None:
        assert Shelf().manuscript("nothing") is None

    def test_many_threads_keep_one(self) -> None:
        shelf, about, ids = Shelf(), threading.Barrier(8), []

        def keep() -> None:
            about.wait(30)
            ids.append(shelf.keep(replace(WHALE)))

        threads = [threading.Thread(target=keep) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(ids) == 8
        assert len(set(ids)) == 1


class TestAnalyses:
    def test_what_is_opened_is_found(self) -> None:
        shelf = Shelf()
        record = shelf.open(question())
        assert shelf.record(record.id) is record
        assert record.state is State.QUEUED

    def test_the_same_question_is_asked_anew(self) -> None:
        shelf = Shelf()
        assert shelf.open(question()).id != shelf.open(question()).id

    @pytest.mark.parametrize("address", ["", "nothing", "../etc/passwd"])
    def test_an_unknown_address(self, address: str) -> None:
        with pytest.raises(UnknownAnalysis) as raised:
            Shelf().record(address)
        assert raised.value.advice
        assert raised.value.__suppress_context__

    def test_newest_first(self) -> None:
        shelf = Shelf()
        opened = [shelf.open(question()) for _ in range(3)]
        for number, record in enumerate(opened):
            record.created = record.created.replace(year=2000 + number)
        assert shelf.records() == opened[::-1]
