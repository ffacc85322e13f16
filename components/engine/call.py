"""One question to a model, complete: everything that decides the answer."""

from __future__ import annotations

from dataclasses import dataclass

#: Longest answer unless the editor says otherwise, in tokens: a verbose analysis, not a loop.
DEFAULT_NUM_PREDICT = 4096


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent to `model`. `num_predict` is the longest answer in tokens."""

    model: str
    messages: tuple[Message, ...]
    num_predict: int = DEFAULT_NUM_PREDICT
    temperature: float | None = None
    seed: int | None = None

    @property
    def prompt(self) -> str:
        """All that the model reads, in order; for counting, not for sending."""
        return "\n".join(message.content for message in self.messages)
