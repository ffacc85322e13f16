"""What happens during one call, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from components.engine.statistics import Statistics


class Stage(StrEnum):
    """Where a call is; each begins once, in this order."""

    CONTACTING = "contacting"
    LOADING = "loading"
    READING = "reading"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class StageBegan:
    """The call entered `stage`."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class ContextChosen:
    """`num_ctx` tokens of context were asked for; `limit` is the model's own, None if unknown."""

    num_ctx: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of the answer that came in `pieces` pieces, one a token as Ollama sends them."""

    text: str
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Thought:
    """A stretch of what a thinking model thinks before it answers."""

    text: str
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Finished:
    """The server is done; always the last event of a call that did not fail."""

    statistics: Statistics


Event = StageBegan | ContextChosen | Text | Thought | Finished
