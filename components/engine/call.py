"""One question to a model, complete: everything that decides the answer."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from components.engine.options import Options


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `role` is `system`, `user` or `assistant`.

    `images` are the bytes of picture files (PNG or JPEG).
    """

    role: str
    content: str
    images: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent to `model`; the context is at least `least_ctx` tokens, where the model can.

    With `shares_ctx` a larger context than the options give serves it too, where that is loaded.
    """

    model: str
    messages: tuple[Message, ...]
    options: Options = field(default_factory=Options)
    least_ctx: int = 0
    shares_ctx: bool = False

    @property
    def prompt(self) -> str:
        """All text that the model reads, in order; for counting, not for sending."""
        return "\n".join(message.content for message in self.messages)

    @property
    def pictures(self) -> int:
        """How many pictures the model sees."""
        return sum(len(message.images) for message in self.messages)

    def sent(self) -> list[dict[str, Any]]:
        """Return the messages as `/api/chat` takes them; pictures in base64."""
        return [_sent(message) for message in self.messages]


def _sent(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.images:
        body["images"] = [b64encode(data).decode("ascii") for data in message.images]
    return body
