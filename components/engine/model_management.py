"""What is done with models rather than asked of them: pull, delete, load, unload, vary."""

import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from components.engine.admission import Admission
from components.engine.exceptions import mapped
from components.engine.http import HttpClient
from components.engine.model import Details, read_details
from components.engine.model_pull import CANCELED, explained, is_on_this_computer
from components.errors import ConnectionLost, OllamaUnavailable, ServerBusy, ServerError

#: How often a pull is asked for that ends with another one of the same model.
_TRIES = 5


class Management:
    """The models of one server. Use it from one event loop only.

    Each method raises EngineError where the server does not do it.
    """

    def __init__(self, client: HttpClient, admission: Admission) -> None:
        self._client = client
        self._admission = admission

    async def details(self, model: str) -> Details:
        """Return what the model was made with. Raises: ModelNotFound."""
        return read_details(await self._client.describe(model))

    async def delete(self, model: str) -> None:
        """Delete the model from the server's disk. Raises: ModelNotFound, ServerBusy."""
        await self._check_unused(model)
        with mapped(self._client.url, model=model):
            await self._client.delete(model)

    async def keep(self, model: str, keep_alive: int | str) -> None:
        """Load the model and keep it loaded: seconds or a duration ("30m"), -1 for ever.

        One that is loaded stays in its context. Raises: ModelNotFound; ServerBusy where it is not
        loaded and calls run or wait, or begin to meanwhile.
        """
        use = await self._admission.inspect(model)
        body: dict[str, Any] = {"model": model, "keep_alive": keep_alive}
        if use.loaded is not None:
            await self._client.load(body | {"options": {"num_ctx": use.loaded}})
        elif not use.is_idle or not await self._admission.run_if_idle(self._client.load(body)):
            raise ServerBusy(
                f"{model} was not loaded: an analysis runs or waits, and what was read for it "
                "might have to leave the memory.",
                advice="A question loads its model by itself, when its turn comes.",
            )

    async def unload(self, model: str) -> None:
        """Take the model from the server's memory. Raises: ModelNotFound, ServerBusy."""
        await self._check_unused(model)
        await self._client.load({"model": model, "keep_alive": 0})

    async def _check_unused(self, model: str) -> None:
        if (await self._admission.inspect(model)).demand.calls:
            raise ServerBusy(
                f"{model} stays as it is: an analysis with it runs or waits.",
                advice="Wait until that is done, or stop it first.",
            )

    async def create(
        self, model: str, *, base: str, system: str, parameters: Mapping[str, Any]
    ) -> None:
        """Make `model`, with the weights of `base`. Raises: ModelNotFound."""
        with mapped(self._client.url, model=base):
            await self._client.create(
                model=model, from_=base, system=system or None, parameters=parameters or None
            )

    async def pull(self, model: str) -> AsyncGenerator[dict[str, Any], None]:
        """Have the server fetch `model`; yield its progress, the last with the status "success".

        Closing the iterator ends the pull; the server keeps what it has and goes on from there the
        next time. Raises: UnknownModel, PullLost, PullFailed.
        """
        done = False
        for tries_left in reversed(range(_TRIES)):
            try:
                lines = self._client.pull_lines(model, insecure=is_on_this_computer(model))
                async with contextlib.aclosing(lines):
                    async for line in lines:
                        done = line.get("status") == "success"
                        yield line
                break
            except ServerError as error:
                # Ollama still ends a pull of it that was canceled, and has ended this one with it.
                if not (tries_left and CANCELED in str(error).lower()):
                    raise explained(error, model) from error
            except (ConnectionLost, OllamaUnavailable) as error:
                advice = "Check that Ollama is running, then go on: what was complete is kept."
                raise type(error)(str(error), advice=advice) from error
        if not done:
            raise ConnectionLost(
                f"Ollama ended the pull of {model} before it was complete.",
                advice="What was fetched is kept. Pull it again: it goes on from there.",
            )
