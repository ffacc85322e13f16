"""One question to a model, complete: everything that decides the answer, in Ollama's own terms."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

#: Sent with every `/api/chat`. Without `truncate: false` Ollama drops the front of a long prompt in
#: silence, and without `shift: false` it forgets the beginning while it writes. Also for a call
#: that only loads the model: a runner is started for one `shift`, and started anew for the other.
NO_TRUNCATION = {"truncate": False, "shift": False}

#: The longest answer unless the editor says otherwise, in tokens: a verbose analysis, not a loop.
DEFAULT_NUM_PREDICT = 4096

#: Options that go beside `options` in the body of `/api/chat`, not into it.
_BESIDE = ("think", "keep_alive", "format")

#: Units of a duration; a bare number is seconds.
_SECONDS = {"": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `role` is `system`, `user` or `assistant`.

    `images` are the bytes of picture files (PNG or JPEG).
    """

    role: str
    content: str
    images: tuple[bytes, ...] = field(default=(), repr=False)

    def body(self) -> dict[str, Any]:
        """Return the message as `/api/chat` takes it; pictures in base64."""
        body: dict[str, Any] = {"role": self.role, "content": self.content}
        if self.images:
            body["images"] = [b64encode(data).decode("ascii") for data in self.images]
        return body


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one call; None leaves each to the model's own parameters.

    `num_predict` is the longest answer in tokens and `num_ctx` the exact context in tokens; without
    one it is chosen to fit. `think` is on, off, or a level ("low", "medium", "high"); `keep_alive`
    how long the model stays loaded ("5m", "1h", "0"; "-1" for ever); `format` is "json" or a JSON
    schema as text. The rest is described in Ollama's documentation of a Modelfile's parameters.
    """

    num_predict: int = DEFAULT_NUM_PREDICT
    num_ctx: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    repeat_penalty: float | None = None
    repeat_last_n: int | None = None
    stop: tuple[str, ...] = ()
    think: bool | str | None = None
    keep_alive: str | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a `format` that is neither "json" nor a schema."""
        if self.format not in (None, "json") and not isinstance(json.loads(self.format), dict):
            raise ValueError("a format is json or a JSON schema")

    def body(self, num_ctx: int) -> dict[str, Any]:
        """Return the fields of `/api/chat` for these options, with this context."""
        options = {name: value for name, value in self.given().items() if name not in _BESIDE}
        body: dict[str, Any] = {"options": options | {"num_ctx": num_ctx}}
        if self.think is not None:
            body["think"] = self.think
        if self.keep_alive is not None:
            # A bare number is seconds; a negative one holds the model for ever.
            is_number = self.keep_alive.removeprefix("-").isdecimal()
            body["keep_alive"] = int(self.keep_alive) if is_number else self.keep_alive
        if self.format is not None:
            body["format"] = self.format if self.format == "json" else json.loads(self.format)
        return body

    def releases_within(self, seconds: float) -> bool:
        """Whether `keep_alive` has the server unload the model so soon after the answer."""
        duration = self.keep_alive or "-1"
        parts = re.findall(r"([\d.]+)(ms|s|m|h|$)", duration)
        length = sum(float(number) * _SECONDS[unit] for number, unit in parts)
        return not duration.startswith("-") and length < seconds

    def given(self) -> dict[str, Any]:
        """Return the options that are not left to the model, by Ollama's names."""
        values = asdict(self) | {"stop": list(self.stop)}
        return {name: value for name, value in values.items() if value not in (None, [])}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Return the options of these names, leaving out others. Raises: TypeError, ValueError."""
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in values.items() if name in names}
        return cls(**known | {"stop": tuple(known.get("stop") or ())})


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent to `model`; the context is at least `least_ctx` tokens, where the model can.

    With `shares_ctx` a larger context than that of the options serves too, where it is loaded.
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

    def body(self, num_ctx: int) -> dict[str, Any]:
        """Return the body of `/api/chat` that asks this in a context of `num_ctx` tokens."""
        return {
            "model": self.model,
            "messages": [message.body() for message in self.messages],
            "stream": True,
            **NO_TRUNCATION,
            **self.options.body(num_ctx),
        }
