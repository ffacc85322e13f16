"""What was deleted lately: listed to who deleted it, until it is gone for good."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from components.errors import UnknownManuscript
from components.store import UNDO_SECONDS, Kind, Store
from components.store.tables import analysis as analysis_table
from tests.store.making import begun, question, step, steps_of

DATABASES = ("sqlite", "postgres")


def named(store: Store, owner: str = "") -> list[tuple[str, str, str]]:
    return [(one.kind, one.name, one.title) for one in store.shelf(owner).deletions.all()]


def test_what_was_deleted_last_is_listed_first_and_members_are_not(store: Store) -> None:
    shelf = store.shelf()
    analysis = begun(store, name="An analysis")
    report = steps_of(store, step(), step())
    chat = shelf.series.begin(Kind.CHAT, [question("")], name="A chat")
    assert named(store) == []
    shelf.analyses.delete(analysis.id)
    shelf.series.delete(report.id)
    shelf.series.delete(chat.id)
    assert named(store) == [
        ("chat", "A chat", ""),
        ("report", "r", "The Whale"),
        ("analysis", "An analysis", "The Whale"),
    ]
    shelf.manuscripts.delete(report.manuscript_id)
    assert named(store)[0] == ("manuscript", "The Whale", "The Whale")
    assert len(named(store)) == 4


def test_it_is_gone_for_good_when_it_is_said(store: Store) -> None:
    analysis = begun(store)
    before = datetime.now(UTC)
    store.shelf().analyses.delete(analysis.id)
    (deletion,) = store.shelf().deletions.all()
    assert deletion.until >= before + timedelta(seconds=UNDO_SECONDS)
    assert deletion.until <= datetime.now(UTC) + timedelta(seconds=UNDO_SECONDS)
    with store._database.write() as connection:
        earlier = sa.update(analysis_table).where(analysis_table.c.id == analysis.id)
        deleted = analysis_table.c.deleted - UNDO_SECONDS
        connection.execute(earlier.values(deleted=deleted))
    assert named(store) == []


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_it_goes_though_the_clock_was_put_back(
    store: Store, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    real, analysis = time.time, begun(store)
    monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
    store.shelf().manuscripts.delete(analysis.question.manuscript_id)
    monkeypatch.setattr(time, "time", real)
    assert store.purge() == 0
    (deletion,) = store.shelf().deletions.all()
    assert deletion.until <= datetime.now(UTC) + timedelta(seconds=UNDO_SECONDS)
    store.shelf().restore(deletion)
    assert store.shelf().analyses.all() == [analysis]
    store.shelf().manuscripts.delete(deletion.id)
    monkeypatch.setattr(time, "time", lambda: real() + UNDO_SECONDS + 1)
    assert store.purge() > 0


def test_nobody_elses_is_listed(store: Store) -> None:
    analysis = begun(store, "anna", name="Hers")
    store.shelf("anna").analyses.delete(analysis.id)
    assert named(store, "bert") == []
    assert [name for _, name, _ in named(store, "anna")] == ["Hers"]
    (deletion,) = store.shelf("anna").deletions.all()
    with pytest.raises(UnknownManuscript):
        store.shelf("bert").restore(deletion)
    assert len(named(store, "anna")) == 1


def test_an_analysis_comes_back_with_its_manuscript(store: Store) -> None:
    shelf = store.shelf()
    analysis, other = begun(store), begun(store)
    about = analysis.question.manuscript_id
    shelf.analyses.delete(analysis.id)
    shelf.manuscripts.delete(about)
    deletion = next(one for one in shelf.deletions.all() if one.kind == "analysis")
    shelf.restore(deletion)
    assert {one.id for one in shelf.analyses.of(about)} == {analysis.id, other.id}
    assert named(store) == []
    shelf.manuscripts.delete(about)
    (deletion,) = shelf.deletions.all()
    shelf.restore(deletion)
    assert shelf.manuscripts.get(about)
