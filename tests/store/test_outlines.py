"""The history of an outline: nothing is lost, and two windows do not overwrite each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from components.errors import OutlineChanged, UnknownManuscript
from components.manuscripts import Chapter, Manuscript, outline_edits
from components.store import Store
from components.store.tables import outline
from tests.store.conftest import OpenStore
from tests.store.making import together

TEXT = "\n\n".join(f"Chapter {number}\n\nThe sea was grey." for number in range(1, 4))
STARTS = [TEXT.index(f"Chapter {number}") for number in range(1, 4)]
CHAPTERS = tuple(
    Chapter(
        index=number,
        heading=f"Chapter {number}",
        kind="chapter",
        start=start,
        end=end,
        words=4,
        number=number,
        heading_start=start,
        body_start=start + 11,
    )
    for number, (start, end) in enumerate(zip(STARTS, [*STARTS[1:], len(TEXT)], strict=True), 1)
)
SEA = Manuscript(
    "The Sea", TEXT, CHAPTERS, "txt", "b" * 64, "utf-8", None, (),
    basis="numbering", confidence=0.9,
)  # fmt: skip


@pytest.fixture
def kept(store: Store) -> str:
    return store.shelf().manuscripts.keep(SEA)


def renamed(store: Store, kept: str, heading: str, since: int) -> int:
    outlines = store.shelf().outlines
    edited = outline_edits.rename(outlines.open(kept).manuscript, 1, heading)
    return outlines.change(kept, edited, done=f"Renamed to {heading}", since=since)


def heading(store: Store, kept: str) -> str:
    return store.shelf().manuscripts.get(kept).chapters[0].heading


def test_what_was_read_is_version_nothing(store: Store, kept: str) -> None:
    opened = store.shelf().outlines.open(kept)
    assert opened.manuscript == SEA
    assert (opened.number, opened.versions) == (0, ())
    assert opened.undone_by_undo is None
    assert opened.done_by_redo is None


def test_a_change_holds_wherever_the_manuscript_is_read(store: Store, kept: str) -> None:
    merged = outline_edits.merge(SEA, 2)
    assert store.shelf().outlines.change(kept, merged, done="Merged", since=0) == 1
    assert store.shelf().manuscripts.get(kept) == merged
    assert store.shelf().outlines.open(kept).manuscript == merged


def test_undo_and_redo_restore_exactly_and_survive_a_restart(
    store: Store, kept: str, reopened: OpenStore
) -> None:
    made = [SEA]
    for number, change in enumerate(
        (
            lambda one: outline_edits.merge(one, 2),
            lambda one: outline_edits.mark(one, 1, "prologue"),
            lambda one: outline_edits.split(one, 1, STARTS[1]),
        )
    ):
        made.append(change(made[-1]))
        store.shelf().outlines.change(kept, made[-1], done=str(number), since=number)
    again = reopened().shelf()
    for before in reversed(made[:-1]):
        opened = again.outlines.open(kept)
        assert opened.undone_by_undo is not None
        again.outlines.go_to(kept, opened.undone_by_undo.parent, since=opened.number)
        assert again.manuscripts.get(kept) == before
    for after in made[1:]:
        opened = again.outlines.open(kept)
        assert opened.done_by_redo is not None
        again.outlines.go_to(kept, opened.done_by_redo.number, since=opened.number)
        assert again.manuscripts.get(kept) == after
    assert again.outlines.open(kept).done_by_redo is None


def test_what_was_undone_before_another_change_is_still_there(store: Store, kept: str) -> None:
    first = renamed(store, kept, "First", 0)
    outlines = store.shelf().outlines
    outlines.go_to(kept, 0, since=first)
    second = renamed(store, kept, "Second", 0)
    assert (first, second) == (1, 2)
    opened = outlines.open(kept)
    assert [one.done for one in opened.versions] == ["Renamed to First", "Renamed to Second"]
    outlines.go_to(kept, first, since=second)
    assert heading(store, kept) == "First"
    outlines.go_to(kept, 0, since=first)
    redo = outlines.open(kept).done_by_redo
    assert redo is not None
    assert redo.number == second


def test_of_two_windows_the_later_is_told_and_changes_nothing(store: Store, kept: str) -> None:
    renamed(store, kept, "First", 0)
    with pytest.raises(OutlineChanged) as raised:
        renamed(store, kept, "Second", 0)
    assert raised.value.advice
    assert heading(store, kept) == "First"
    with pytest.raises(OutlineChanged):
        store.shelf().outlines.go_to(kept, 0, since=0)
    assert heading(store, kept) == "First"


class TestAtTheSameMoment:
    DATABASES = ("sqlite", "postgres")

    def test_one_of_the_windows_changes_it(
        self, store: Store, kept: str, reopened: OpenStore
    ) -> None:
        stores = [reopened() for _ in range(4)]
        results = together(
            *(
                lambda one=one, number=number: renamed(one, kept, f"By {number}", 0)
                for number, one in enumerate(stores)
            )
        )
        assert results.count(1) == 1
        assert sum(isinstance(one, OutlineChanged) for one in results) == 3
        assert heading(store, kept) == f"By {results.index(1)}"


def test_the_same_file_again_keeps_the_edited_outline(store: Store, kept: str) -> None:
    renamed(store, kept, "Mine", 0)
    shelf = store.shelf()
    assert shelf.manuscripts.keep(SEA) == kept
    assert heading(store, kept) == "Mine"
    shelf.manuscripts.delete(kept)
    assert shelf.manuscripts.keep(SEA) == kept
    assert heading(store, kept) == "Mine"


def test_a_title_is_not_part_of_the_outline(store: Store, kept: str) -> None:
    store.shelf().manuscripts.rename(kept, "The Ocean")
    number = renamed(store, kept, "Mine", 0)
    assert store.shelf().manuscripts.get(kept).title == "The Ocean"
    store.shelf().outlines.go_to(kept, 0, since=number)
    assert store.shelf().manuscripts.get(kept) == replace(SEA, title="The Ocean")


def test_nobody_elses(store: Store, kept: str) -> None:
    theirs = store.shelf("other").outlines
    for doing in (
        lambda: theirs.open(kept),
        lambda: theirs.change(kept, SEA, done="", since=0),
        lambda: theirs.go_to(kept, 0, since=0),
    ):
        with pytest.raises(UnknownManuscript):
            doing()


def test_there_is_no_such_outline(store: Store, kept: str) -> None:
    with pytest.raises(OutlineChanged):
        store.shelf().outlines.go_to(kept, 7, since=0)


def test_what_is_deleted_for_good_leaves_no_outline(store: Store, kept: str) -> None:
    renamed(store, kept, "Mine", 0)
    store.shelf().manuscripts.delete(kept)
    assert store.purge(before=float("inf")) == 1
    with store._database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(outline)) == 0
