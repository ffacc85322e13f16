"""What decides an answer besides the prompt, in Ollama's own terms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

#: Longest answer unless the editor says otherwise, in tokens: a verbose analysis, not a loop.
DEFAULT_NUM_PREDICT = 4096

#: What goes beside `options` in the body of `/api/chat`, not into it.
_BESIDE = ("think", "keep_alive", "format")

#: Units of a duration; a bare number is seconds.
_SECONDS = {"": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one call; None leaves each to the model's own parameters.

    `num_predict` is the longest answer in tokens and `num_ctx` the exact context in tokens: without
    one it is chosen to fit. `think` is on, off, or a level ("low", "medium", "high"); `keep_alive`
    how long the model stays loaded ("5m", "1h", "0"; "-1" for ever); `format` is "json" or a JSON
    schema as text. The rest is Ollama's, see its documentation of a Modelfile's parameters.
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
        """Return the fields of `/api/chat` that say these options, with this context."""
        given = {name: value for name, value in self.given().items() if name not in _BESIDE}
        sent: dict[str, Any] = {"options": given | {"num_ctx": num_ctx}}
        if self.think is not None:
            sent["think"] = self.think
        if self.keep_alive is not None:
            # A bare number is seconds; a negative one holds the model for ever.
            plain = self.keep_alive.removeprefix("-").isdecimal()
            sent["keep_alive"] = int(self.keep_alive) if plain else self.keep_alive
        if self.format is not None:
            sent["format"] = self.format if self.format == "json" else json.loads(self.format)
        return sent

    def releases_within(self, seconds: float) -> bool:
        """Whether `keep_alive` has the server let go of the model so soon after the answer."""
        said = self.keep_alive or "-1"
        parts = re.findall(r"([\d.]+)(ms|s|m|h|$)", said)
        length = sum(float(number) * _SECONDS[unit] for number, unit in parts)
        return not said.startswith("-") and length < seconds

    def given(self) -> dict[str, Any]:
        """Return those that are not left to the model, by Ollama's names."""
        values = asdict(self) | {"stop": list(self.stop)}
        return {name: value for name, value in values.items() if value not in (None, [])}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Return the options that `given` made `values` of; names that it does not know are left.

        Raises: TypeError, ValueError.
        """
        known = {field.name for field in fields(cls)}
        found = {name: value for name, value in values.items() if name in known}
        return cls(**found | {"stop": tuple(found.get("stop") or ())})
