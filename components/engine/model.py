"""What Ollama says of its models, as typed values.

The official client's types drop `remote_host` and `remote_model`, the two fields that tell a cloud
model from a local one, so these values are read from the raw answers of `/api/tags`, `/api/ps` and
`/api/show`.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from components.engine.exceptions import UNREADABLE
from components.errors import BadResponse, ModelCannot

#: By capability: what a model without it cannot do, and what to do then where that is not obvious.
_CANNOT = {
    "completion": "cannot write an analysis: it was made to embed texts",
    "vision": "cannot see pictures",
    "thinking": "cannot think before it answers",
}
_ADVICE = {"thinking": "Switch thinking off, or choose a model that can."}

_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000, "T": 1_000_000_000_000}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in the server's memory: its context in tokens, its sizes in bytes.

    `expires_at` is when the server unloads it unless it is asked again, as the server wrote it.
    """

    context_length: int
    size: int
    size_vram: int
    expires_at: str = ""

    @property
    def seconds_left(self) -> float | None:
        """How long it stays loaded unless it is asked again; None where the server does not say."""
        try:
            end = datetime.fromisoformat(self.expires_at)
            return (end - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Model:
    """An installed model.

    `size` is bytes on disk; `context_length` is the trained limit in tokens, None where the server
    does not say; `remote_host` is where a cloud model sends the prompt, None for a local one;
    `parent_model` is what a variant was made from, whose weights it shares.
    """

    name: str
    digest: str
    size: int
    family: str
    parameter_size: str
    quantization_level: str
    context_length: int | None
    capabilities: frozenset[str]
    remote_host: str | None
    loaded: Loaded | None = None
    parent_model: str = ""

    @property
    def parameters(self) -> int | None:
        """How many parameters it has, as `parameter_size` says ("1.8B"); None where it does not."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMBT]?)", self.parameter_size.strip().upper())
        return round(float(match[1]) * _UNITS[match[2]]) if match else None

    @property
    def is_cloud(self) -> bool:
        """Whether the prompt would leave the server; by `remote_host`, the name only as a hint."""
        return self.remote_host is not None or has_cloud_name(self.name)

    def can(self, capability: str) -> bool:
        """Whether it has a capability; assumed where the server is too old to say."""
        return not self.capabilities or capability in self.capabilities

    def require(self, capability: str, *, advice: str | None = None) -> None:
        """Do nothing if it has the capability. Raises: ModelCannot."""
        if not self.can(capability):
            cannot = _CANNOT.get(capability, f"cannot do this ({capability})")
            raise ModelCannot(f"{self.name} {cannot}.", advice=advice or _ADVICE.get(capability))

    def with_show(self, show: Mapping[str, Any]) -> Model:
        """Return the model with what `/api/show` says of it.

        Its capabilities win over those of `/api/tags`: they are what the server holds a call
        against. Ollama 0.33 makes the list from the head of a file alone and calls a model that
        only embeds a writing one where `general.architecture` comes late, as it does in every file
        that Ollama itself converted for an architecture before "general" in the alphabet.
        """
        info = show.get("model_info") or {}
        context = info.get(f"{info.get('general.architecture')}.context_length")
        return replace(
            self,
            context_length=self.context_length or (int(context) if context else None),
            capabilities=frozenset(map(_text, show.get("capabilities") or ())) or self.capabilities,
            remote_host=self.remote_host or _text(show.get("remote_host")) or None,
        )


def has_cloud_name(name: str) -> bool:
    """Whether a model of this name runs in Ollama's cloud, as far as a name can tell."""
    return name.endswith(("-cloud", ":cloud"))


def related(model: Model, models: Sequence[Model]) -> list[Model]:
    """Return those of `models` that share the weights of `model`: its base and its variants.

    Ollama keeps them in memory once, and lists them as loaded under one of the names.
    """
    parents = {model.name: model.parent_model for model in models}

    def base(name: str) -> str:
        for _ in models:
            if not (parent := parents.get(name)):
                break
            name = parent if ":" in parent else f"{parent}:latest"
        return name

    return [other for other in models if base(other.name) == base(model.name)]


def read_models(tags: Mapping[str, Any], ps: Mapping[str, Any]) -> list[Model]:
    """Return the installed models, by name, from `/api/tags` and `/api/ps`. Raises: BadResponse."""
    try:
        loaded = {
            _text(entry["name"]): Loaded(
                context_length=int(entry.get("context_length") or 0),
                size=int(entry.get("size") or 0),
                size_vram=int(entry.get("size_vram") or 0),
                expires_at=str(entry.get("expires_at") or ""),
            )
            for entry in ps.get("models") or ()
        }
        models = [_read(entry, loaded.get(entry["name"])) for entry in tags.get("models") or ()]
        return sorted(models, key=lambda model: model.name)
    except UNREADABLE as error:
        raise BadResponse("The server's list of models is not Ollama's.") from error


def _read(entry: Mapping[str, Any], loaded: Loaded | None) -> Model:
    details = entry.get("details") or {}
    context = details.get("context_length")
    return Model(
        name=_text(entry["name"]),
        digest=_text(entry.get("digest")),
        size=int(entry.get("size") or 0),
        family=_text(details.get("family")),
        parameter_size=_text(details.get("parameter_size")),
        quantization_level=_text(details.get("quantization_level")),
        context_length=int(context) if context else None,
        capabilities=frozenset(map(_text, entry.get("capabilities") or ())),
        remote_host=_text(entry.get("remote_host")) or None,
        loaded=loaded,
        parent_model=_text(details.get("parent_model")),
    )


def _text(value: Any) -> str:
    """Return `value`, empty where it is null. Raises: TypeError, UnicodeEncodeError for no text."""
    if not isinstance(value, str | None):
        raise TypeError
    (value or "").encode()  # Half of a letter, which JSON can hold, can be neither kept nor shown.
    return value or ""


@dataclass(frozen=True, slots=True)
class Details:
    """A model's own texts and parameters, as its Modelfile has them.

    `parameters` hold where an option is left to the model: Ollama's names, the Modelfile's own
    values; `stop` may occur more than once.
    """

    template: str
    system: str
    license: str
    parameters: tuple[tuple[str, str], ...]

    def default(self, name: str) -> str | None:
        """Return the value of a parameter, None where the model leaves it to Ollama."""
        return next((value for known, value in self.parameters if known == name), None)


def read_details(show: Mapping[str, Any]) -> Details:
    """Return the details from the answer of `/api/show`. Raises: BadResponse."""
    try:
        licenses = show.get("license") or ""
        lines = (line.strip() for line in (show.get("parameters") or "").splitlines())
        return Details(
            template=show.get("template") or "",
            system=show.get("system") or "",
            license="\n\n".join(licenses) if isinstance(licenses, list) else str(licenses),
            parameters=tuple(_parameter(line) for line in lines if line),
        )
    except (AttributeError, TypeError) as error:
        raise BadResponse("What the server says of the model is not Ollama's.") from error


def _parameter(line: str) -> tuple[str, str]:
    name, _, value = line.partition(" ")
    value = value.strip()
    if value.startswith('"'):
        with contextlib.suppress(ValueError):  # A quotation mark within: shown as it is.
            value = "".join(shlex.split(value))
    return name, value
