"""What is done with models rather than asked of them: pull, delete, load, unload, vary."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from components.engine.boundary import mapped
from components.engine.details import Details, read_details
from components.engine.registries import explained, is_on_this_computer
from components.engine.wire import Wire
from components.errors import ConnectionLost, OllamaUnavailable, ServerError


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
        next time. Raises: UnknownModel, PullLost, PullFailed.
        """
        try:
            with mapped(self._url):
                lines = await self._wire.pulling(model, insecure=is_on_this_computer(model))
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
            raise explained(error, model) from error
        except (ConnectionLost, OllamaUnavailable) as error:
            advice = "Check that Ollama is running, then go on: what was complete is kept."
            raise type(error)(str(error), advice=advice) from error
        if not done:
            raise ConnectionLost(
                f"Ollama ended the pull of {model} before it was complete.",
                advice="What was fetched is kept. Pull it again: it goes on from there.",
            )
