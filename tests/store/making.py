"""Questions and records to test with."""

from __future__ import annotations

from components.engine import Call, Message
from components.errors import ServerError
from components.store import Question, Record

SECRET = "It was a dark and stormy night"


def question(*, model: str = "scripted:1b", title: str = "The Whale") -> Question:
    return Question(
        manuscript_id="m",
        title=title,
        scope="the whole manuscript",
        words=1234,
        tokens=1600,
        lens="Storyteller's analysis",
        digest="0" * 64,
        prompt="What is it about?",
        call=Call(model, (Message("user", SECRET),)),
    )


def record(**changes: str) -> Record:
    return Record("unguessable", question(**changes))


def failure() -> ServerError:
    return ServerError("It broke.", status_code=500)
