"""What the editor wants read, and the plan that comes of it: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from components.analysis import Lens
from components.engine import Model, Options
from components.reports.depth import Depth
from components.reports.passages import Passage
from components.store import Step


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What the editor wants read: of which chapters (their indexes), by which lenses, how.

    `language` is what the answers are written in, empty for the model's choice. `num_ctx` is the
    context in tokens. `is_anew` asks again what was answered before.
    """

    manuscript_id: str
    model: Model
    lenses: tuple[Lens, ...]
    chapters: tuple[int, ...]
    depth: Depth = Depth.STANDARD
    has_scores: bool = True
    language: str = ""
    num_ctx: int = 4096
    options: Options = field(default_factory=Options)
    is_anew: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a report, in order, and what they take, in tokens.

    `book_tokens` are those of the text that is read; `read_tokens` what the server reads anew,
    notes and questions included, `answer_tokens` what it writes at most.
    """

    order: ReadingRequest
    is_whole: bool
    passages: tuple[Passage, ...]
    steps: tuple[Step, ...]
    book_tokens: int
    read_tokens: int
    answer_tokens: int

    def seconds(self, speeds: tuple[float, float] | None) -> float | None:
        """Estimate how long it takes at these speeds of reading and writing, tokens a second.

        Answers take about two thirds of the room that they have. None where nothing is known.
        """
        if speeds is None:
            return None
        return self.read_tokens / speeds[0] + self.answer_tokens * 2 / 3 / speeds[1]
