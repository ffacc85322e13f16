"""What was asked of which text: enough to run it again, and to say what it was."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from components.engine import DEFAULT_NUM_PREDICT
from components.store.storable import storable


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a manuscript.

    `title` is the manuscript's; `scope` names the part that is sent ("the whole manuscript",
    "Chapter 1"), `ranges` are its characters (start, end) and `words` counts them; `tokens` is the
    estimate of the prompt before the server counted it; `digest` is the model's. `num_predict`
    is the longest answer in tokens. The text itself is the manuscript's and is kept once, there.
    """

    manuscript_id: str
    title: str
    scope: str
    ranges: tuple[tuple[int, int], ...]
    words: int
    tokens: int
    lens: str
    prompt: str
    model: str
    digest: str = ""
    num_predict: int = DEFAULT_NUM_PREDICT
    temperature: float | None = None
    seed: int | None = None

    def to_json(self) -> str:
        """Return all of it as JSON."""
        return storable(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def from_json(cls, text: str) -> Question:
        """Return the question that `to_json` made `text` of."""
        fields: dict[str, Any] = json.loads(text)
        ranges = tuple((start, end) for start, end in fields.pop("ranges"))
        return cls(ranges=ranges, **fields)
