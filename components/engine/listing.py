"""What models a server has, and what it has in memory, as it says now."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

from components.engine.exceptions import mapped
from components.engine.http import Wire
from components.engine.model import Model, read_models
from components.errors import ModelNotFound, ServerError

#: Seconds after which a server that said nothing of a model is asked about it again.
SHOW_AGAIN_SECONDS = 600.0


class Listing:
    """Lists the models of the server at `url`. Use it from one event loop only."""

    def __init__(self, url: str, wire: Wire) -> None:
        self._url = url
        self._wire = wire
        #: Each model as `/api/tags` has it, with what `/api/show` adds; and until when one of which
        #: that said nothing is not asked about.
        self._shown: dict[Model, Model] = {}
        self._silent: dict[Model, float] = {}

    async def version(self) -> str:
        """Return the server's version. Raises: EngineError."""
        return str((await self._get("/api/version")).get("version", ""))

    async def models(self) -> list[Model]:
        """Return the models that the server has, cloud models among them, by name.

        Raises: OllamaUnavailable, ConnectionLost, BadResponse, ServerError.
        """
        models = read_models(await self._get("/api/tags"), await self._get("/api/ps"))
        return list(await asyncio.gather(*map(self._show, models)))

    async def _show(self, model: Model) -> Model:
        """Return the model with what only `/api/show` tells; asked once for each version of it."""
        listed, now = replace(model, loaded=None), time.monotonic()
        if not (model.is_cloud or listed in self._shown or now < self._silent.get(listed, 0.0)):
            try:
                with mapped(self._url, model=model.name):
                    self._shown[listed] = listed.shown(await self._wire.describe(model.name))
            except (ModelNotFound, ServerError):  # Deleted meanwhile, damaged, or too old a server.
                self._silent[listed] = now + SHOW_AGAIN_SECONDS
        return replace(self._shown.get(listed, listed), loaded=model.loaded)

    async def _get(self, path: str) -> dict[str, Any]:
        with mapped(self._url):
            return await self._wire.get(path)
