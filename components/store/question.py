"""What was asked of which text: enough to run it again, and to say what it was."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from components.engine import Options
from components.errors import RecordUnreadable
from components.store.storable_text import decoding, storable


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a model, of a manuscript or, where `manuscript_id` is empty, of none.

    `title` is the manuscript's; `scope` names the part that is sent ("the whole manuscript",
    "Chapter 1"), `ranges` are its characters (start, end) and `words` counts them; `tokens` is the
    estimate of the prompt before the server counted it; `digest` is the model's; `system` is the
    system prompt, where it is not the app's own. In a chat `left_out` counts the oldest exchanges
    that are not sent; in a comparison `least_ctx` is the context in tokens that all columns ask
    for; `pictures` counts those that go with it, which are kept beside it. The text itself is the
    manuscript's and is kept once, there.

    In a report `part` says which of its calls this is and `passage` counts, from 1, the passage
    that it reads; `chapters` are the indexes of those whose text is in it. An answer that is no
    use is asked for again, at most `retries` times. `language` is what the prompt says that the
    answer is to be written in, as the editor named it; empty where it says nothing of that.
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
    options: Options = field(default_factory=Options)
    system: str = ""
    left_out: int = 0
    least_ctx: int = 0
    pictures: int = 0
    part: str = ""
    passage: int = 0
    chapters: tuple[int, ...] = ()
    retries: int = 0
    language: str = ""

    def to_json(self) -> str:
        """Return all of it as JSON."""
        fields = asdict(self) | {"options": self.options.given()}
        return storable(json.dumps(fields, ensure_ascii=False))

    @classmethod
    def from_json(cls, text: str) -> Question:
        """Return the question that `to_json` made `text` of. Raises: RecordUnreadable."""
        with decoding("The question of this analysis"):
            fields: dict[str, Any] = json.loads(text)
            ranges = tuple((start, end) for start, end in fields.pop("ranges"))
            chapters = tuple(fields.pop("chapters", ()))
            options = Options.of(fields.pop("options"))
            return cls(ranges=ranges, chapters=chapters, options=options, **fields)

    @classmethod
    def for_list(cls, text: str) -> Question:
        """Return the question that `to_json` made `text` of, or one that says it cannot be read.

        A list goes on past one such row; whoever is to ask the question uses `from_json`.
        """
        try:
            return cls.from_json(text)
        except RecordUnreadable:
            said = "a question that cannot be read"
            return cls("", "", said, (), 0, 0, lens=said.capitalize(), prompt="", model="")
