"""Exact token counts from a server that has no way to count.

Ollama refuses a prompt that does not fit the context, with the exact number of its tokens, before
it has read any of it (`truncate: false`). So a text is sent behind a padding too long by itself:
what comes back, less the padding's own count, is what the text takes. That costs some ten
milliseconds for a chapter and evaluates nothing. Counts are remembered by model and text.

A server that has calls to run is not asked: what it has loaded and read for them is theirs, and an
estimate must do (`admission`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence

from components.engine.admission import Admission, Standing
from components.engine.context import SMALLEST_CONTEXT
from components.engine.exceptions import mapped
from components.engine.http import WHOLE, Wire
from components.engine.model import Model
from components.errors import ContextExceeded, EngineError

#: One token each in every vocabulary that was tried.
_PIECE = "a "

#: Seconds for having the model in memory first, which is no part of counting.
LOAD_SECONDS = 180.0

#: Seconds for one count. A server that writes for somebody else answers later; then an estimate
#: must do.
PATIENCE_SECONDS = 10.0


class TokenCounts:
    """Counts tokens on one server; `known` is shared by servers, for the life of the app."""

    def __init__(
        self, url: str, wire: Wire, known: dict[tuple[str, str], int], admission: Admission
    ) -> None:
        self._url = url
        self._wire = wire
        self._known = known
        self._admission = admission
        self._padding: dict[tuple[str, int], tuple[str, int]] = {}

    async def count(self, standing: Standing, texts: Sequence[str]) -> list[int] | None:
        """Return the tokens of each text as part of a message.

        None where the server does not say, has calls to run, or gets one meanwhile. A model that is
        loaded is asked in its context, which stays; else it is loaded, in a small one. Raises:
        EngineError.
        """
        digest = standing.model.digest
        wanted = [(digest, hashlib.sha256(text.encode()).hexdigest()) for text in texts]
        new = {key: text for key, text in zip(wanted, texts, strict=True) if key not in self._known}
        if new and standing.is_idle:
            await self._admission.alone(self._count_all(standing, new))
        found = [self._known.get(key) for key in wanted]
        return None if None in found else [one for one in found if one is not None]

    async def _count_all(self, standing: Standing, texts: Mapping[tuple[str, str], str]) -> None:
        """Remember the tokens of each text, as far as the server says them."""
        model = standing.model
        limit = model.context_length or SMALLEST_CONTEXT
        num_ctx = standing.loaded or min(SMALLEST_CONTEXT, limit)
        if standing.loaded is None and not await self._load(model.name, num_ctx):
            return
        for key, text in texts.items():
            count = await self._count(model, text, num_ctx)
            if count is None:
                return
            self._known[key] = count

    async def _load(self, model: str, num_ctx: int) -> bool:
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                with mapped(self._url, model=model):
                    await self._wire.load({"model": model, "options": {"num_ctx": num_ctx}})
        except (TimeoutError, EngineError):
            return False
        return True

    async def _count(self, model: Model, text: str, num_ctx: int) -> int | None:
        padding = await self._padded(model, num_ctx)
        if padding is None:
            return None
        before, base = padding
        total = await self._total(model.name, [before, text], num_ctx)
        return None if total is None else max(total - base, 0)

    async def _padded(self, model: Model, num_ctx: int) -> tuple[str, int] | None:
        """Return a text that alone does not fit, and the tokens of it with an empty message."""
        key = (model.digest, num_ctx)
        if key not in self._padding:
            text = _PIECE * (num_ctx + num_ctx // 8 + 64)
            alone = await self._total(model.name, [text], num_ctx)
            base = await self._total(model.name, [text, ""], num_ctx)
            if alone is None or base is None:
                return None
            self._padding[key] = (text, base)
        return self._padding[key]

    async def _total(self, model: str, contents: Sequence[str], num_ctx: int) -> int | None:
        """Return the tokens of these messages, which do not fit; None where it is not said."""
        body = {
            "model": model,
            "messages": [{"role": "user", "content": content} for content in contents],
            "stream": True,
            **WHOLE,
            # Should it fit after all, next to nothing is read and written.
            "options": {"num_ctx": num_ctx, "num_predict": 1},
        }
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                with mapped(self._url, model=model):
                    parts = await self._wire.answer(body)
                    async for _ in parts:
                        await parts.aclose()
                        return None
        except ContextExceeded as refused:
            return refused.needed
        except (TimeoutError, EngineError):
            return None
        return None
