"""The rows of a new analysis: what was asked, with its pictures, and the call that is queued."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.engine import Connection

from components.errors import UnknownManuscript
from components.store.call_events import StateChanged, pack
from components.store.database import queue_changed
from components.store.question import Question
from components.store.states import State
from components.store.storable_text import storable
from components.store.tables import analysis, call, event, manuscript, picture

#: Seconds between the calls of a series in the queue: who asked first is next, to the microsecond.
IN_ORDER = 1e-6


@dataclass(frozen=True, slots=True)
class QuestionPicture:
    """A picture that goes with a question: its file's name and the bytes of a PNG or JPEG."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Beginning:
    """An analysis that is to be queued, and its place in a series.

    In a chat `parent_id` is the exchange that it follows. `together` names calls that share one
    place on a host, so that they run at the same time; `passage` those that read the same text;
    `key` what decides the answer, which is asked for though it is there where it `is_anew`; with
    fewer than `least` tokens read, as the server counts, an answer is not one that serves here.
    """

    question: Question
    name: str = ""
    series_id: str | None = None
    parent_id: str | None = None
    position: int = 0
    together: str | None = None
    passage: str | None = None
    key: str | None = None
    is_anew: bool = False
    least: int = 0
    pictures: Sequence[QuestionPicture] = ()


def begin_all(
    connection: Connection, owner: str, new: Sequence[Beginning], *, since: float | None = None
) -> list[tuple[str, str]]:
    """Add analyses to the queue in their order; return the ids of each and of its call.

    `since` is since when the first waits, in seconds since 1970; now unless given. A report has up
    to a thousand, so each table is written once. Raises: UnknownManuscript.
    """
    now = time.time()
    for manuscript_id in {one.question.manuscript_id for one in new} - {""}:
        check_manuscript(connection, owner, manuscript_id)
    ids = [(secrets.token_urlsafe(16), secrets.token_urlsafe(16)) for _ in new]
    kind, body, count = pack(StateChanged(State.QUEUED))
    rows: dict[Table, list[dict[str, Any]]] = {
        analysis: [
            {
                "id": analysis_id,
                "owner": owner,
                "manuscript_id": one.question.manuscript_id or None,
                "series_id": one.series_id,
                "parent_id": one.parent_id,
                "position": one.position,
                "name": storable(one.name or f"{one.question.lens} of {one.question.scope}"),
                "question": replace(one.question, pictures=len(one.pictures)).to_json(),
                "created": now,
            }
            for (analysis_id, _), one in zip(ids, new, strict=True)
        ],
        picture: [
            {
                "analysis_id": analysis_id,
                "position": number,
                "name": storable(shown.name),
                "data": shown.data,
            }
            for (analysis_id, _), one in zip(ids, new, strict=True)
            for number, shown in enumerate(one.pictures)
        ],
        call: [
            {
                "id": call_id,
                "analysis_id": analysis_id,
                "owner": owner,
                "model": one.question.model,
                "state": State.QUEUED,
                "queued": (now if since is None else since) + one.position * IN_ORDER,
                "together": one.together,
                "passage": one.passage,
                "key": one.key,
                "anew": int(one.is_anew),
                "least": one.least,
                "last_seq": 1,
            }
            for (analysis_id, call_id), one in zip(ids, new, strict=True)
        ],
        event: [
            {
                "call_id": call_id,
                "seq": 1,
                "attempt": 0,
                "at": now,
                "kind": kind,
                "body": body,
                "count": count,
            }
            for _, call_id in ids
        ],
    }
    for table, values in rows.items():
        if values:
            connection.execute(sa.insert(table), values)
    queue_changed(connection)
    return ids


def check_manuscript(connection: Connection, owner: str, manuscript_id: str) -> None:
    """Raise UnknownManuscript unless `owner` has the manuscript."""
    of = sa.and_(
        manuscript.c.id == manuscript_id,
        manuscript.c.owner == owner,
        manuscript.c.deleted.is_(None),
    )
    if connection.scalar(sa.select(manuscript.c.id).where(of)) is None:
        raise UnknownManuscript("The manuscript is not there any more.")
