"""What is done with models rather than asked of them: pull, delete, load, unload, vary."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Mapping
from ipaddress import ip_address
from typing import Any

from components.engine.boundary import mapped
from components.engine.details import Details, read_details
from components.engine.wire import Wire
from components.errors import ConnectionLost, PullFailed, ServerError, UnknownModel


class Management:
    """The models of the server at `url`. Use it from one event loop only.

    Each method raises EngineError where the server does not do it.
    """

    def __init__(self, url: str, wire: Wire) -> None:
        self._url = url
        self._wire = wire

    async def details(self, model: str) -> Details:
        """Return what the model was made with. Raises: ModelNotFound."""
        with mapped(self._url, model=model):
            return read_details(await self._wire.describe(model))

    async def delete(self, model: str) -> None:
        """Delete the model from the server's disk. Raises: ModelNotFound."""
        with mapped(self._url, model=model):
            await self._wire.delete(model)

    async def keep(self, model: str, keep_alive: int | str) -> None:
        """Load the model and keep it loaded: seconds or a duration ("30m"), -1 for ever."""
        with mapped(self._url, model=model):
            await self._wire.load({"model": model, "messages": [], "keep_alive": keep_alive})

    async def unload(self, model: str) -> None:
        """Take the model from the server's memory."""
        await self.keep(model, 0)

    async def create(
        self, model: str, *, base: str, system: str, parameters: Mapping[str, Any]
    ) -> None:
        """Make `model` from `base`, with its weights and another system prompt and parameters.

        Raises: ModelNotFound.
        """
        with mapped(self._url, model=base):
            await self._wire.create(
                model=model, from_=base, system=system or None, parameters=parameters or None
            )

    async def pull(self, model: str) -> AsyncGenerator[dict[str, Any], None]:
        """Have the server fetch `model`; yield what it says, the last with the status "success".

        Closing the iterator ends the pull; the server keeps what it has and goes on from there the
        next time. Raises: UnknownModel, PullFailed.
        """
        try:
            with mapped(self._url):
                lines = await self._wire.pulling(model, insecure=_is_loopback(model))
            async with contextlib.aclosing(lines):
                done = False
                while True:
                    with mapped(self._url):
                        line = await anext(lines, None)
                    if line is None:
                        break
                    done = line.get("status") == "success"
                    yield line
        except ServerError as error:
            raise _explained(error, model) from error
        if not done:
            raise ConnectionLost(
                f"Ollama ended the pull of {model} before it was complete.",
                advice="What was fetched is kept. Pull it again: it goes on from there.",
            )


def _explained(error: ServerError, model: str) -> PullFailed:
    said = str(error).lower()
    if "file does not exist" in said or "not found" in said or "invalid model name" in said:
        return UnknownModel(f"The registry has no model {model}.")
    if "no space left" in said or "disk full" in said or "not enough space" in said:
        return PullFailed(
            "The disk of the Ollama server is full.",
            advice="Make room, for example by deleting a model, then go on: what was fetched is "
            "kept.",
        )
    if any(word in said for word in ("no such host", "dial tcp", "timeout", "unreachable")):
        return PullFailed(
            "The Ollama server cannot reach the model registry.",
            advice="Check its network, then go on: what was fetched is kept.",
        )
    return PullFailed(f"The pull broke off. {error}")


def _is_loopback(model: str) -> bool:
    """Whether `model` names a registry on this computer, which needs no encryption."""
    registry, _, rest = model.removeprefix("http://").partition("/")
    name = registry.partition(":")[0]
    try:
        return bool(rest) and (name == "localhost" or ip_address(name).is_loopback)
    except ValueError:
        return False
