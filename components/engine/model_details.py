"""What `/api/show` says of one model: what it was made with."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.errors import BadResponse


@dataclass(frozen=True, slots=True)
class Details:
    """A model's own texts and parameters, as its Modelfile has them.

    `parameters` are what holds where an option is left to the model, by Ollama's names, in the
    Modelfile's own words; `stop` may stand more than once. `bytes_per_token` is the memory that a
    token of context takes, None where the server does not say enough.
    """

    template: str
    system: str
    license: str
    parameters: tuple[tuple[str, str], ...]
    parent_model: str
    bytes_per_token: int | None = None

    def default(self, name: str) -> str | None:
        """Return the value of a parameter, None where the model leaves it to Ollama."""
        return next((value for known, value in self.parameters if known == name), None)


def read_details(show: Mapping[str, Any]) -> Details:
    """Return the details from the answer of `/api/show`. Raises: BadResponse."""
    try:
        return Details(
            template=show.get("template") or "",
            system=show.get("system") or "",
            license=_joined(show.get("license")),
            parameters=tuple(_parameters(show.get("parameters") or "")),
            parent_model=(show.get("details") or {}).get("parent_model") or "",
            bytes_per_token=_bytes_per_token(show.get("model_info") or {}),
        )
    except (AttributeError, TypeError) as error:
        raise BadResponse("What the server says of the model is not Ollama's.") from error


def _parameters(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name:
            found.append((name, _unquoted(value.strip())))
    return found


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return "".join(shlex.split(value))
    except ValueError:  # A quotation mark within: shown as it is.
        return value


def _joined(licenses: Any) -> str:
    return "\n\n".join(licenses) if isinstance(licenses, list) else str(licenses or "")


def _bytes_per_token(info: Mapping[str, Any]) -> int | None:
    """Return what a token takes in the cache of keys and values, at 16 bits each.

    Layers times heads times the lengths of a key and a value; models whose layers differ say lists.
    """
    architecture = info.get("general.architecture")

    def of(name: str) -> Any:
        return info.get(f"{architecture}.{name}")

    layers, heads = of("block_count"), of("attention.head_count_kv")
    all_heads, width = of("attention.head_count"), of("embedding_length")
    try:
        count = sum(heads) if isinstance(heads, list) else int(heads) * int(layers)
        each = int(width) // int(all_heads) if isinstance(all_heads, int) else 0
        key = int(of("attention.key_length") or each)
        value = int(of("attention.value_length") or each)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return 2 * count * (key + value) or None
