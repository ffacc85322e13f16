"""Exact token counts from a server that has no way to count.

Ollama refuses a prompt that does not fit the context, with the exact number of its tokens, before
it has read any of it (`truncate: false`). So a text is sent behind a padding that alone is too
long; the count that comes back, less that of the padding, is what the text takes. That costs some
ten milliseconds for a chapter. A server that has calls to run is not asked (`admission`).
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping, Sequence

from components.engine.admission import Admission, ModelUse
from components.engine.call import NO_TRUNCATION
from components.engine.context import SMALLEST_CONTEXT
from components.engine.http import HttpClient
from components.engine.model import Model
from components.errors import ContextExceeded, EngineError

#: One token each in every vocabulary that was tried.
_PIECE = "a "

#: Seconds for loading the model first, which is no part of counting.
LOAD_SECONDS = 180.0

#: Seconds for one count. A server that writes for somebody else answers later; then an estimate
#: must do.
PATIENCE_SECONDS = 10.0


class TokenCounts:
    """Counts tokens on one server; `known` is shared by servers, for the life of the app."""

    def __init__(
        self, client: HttpClient, known: dict[tuple[str, str], int], admission: Admission
    ) -> None:
        self._client = client
        self._known = known
        self._admission = admission
        self._padding: dict[tuple[str, int], tuple[str, int]] = {}

    async def count(self, use: ModelUse, texts: Sequence[str]) -> list[int] | None:
        """Return the tokens of each text as part of a message.

        None where the server does not say, has calls to run, or gets one meanwhile. A model that is
        loaded is asked in its context, which stays; else it is loaded, in a small one. Raises:
        EngineError.
        """
        digest = use.model.digest
        keys = [(digest, hashlib.sha256(text.encode()).hexdigest()) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new and use.is_idle:
            await self._admission.run_if_idle(self._count_all(use, new))
        if all(key in self._known for key in keys):
            return [self._known[key] for key in keys]
        return None

    async def _count_all(self, use: ModelUse, texts: Mapping[tuple[str, str], str]) -> None:
        """Remember the tokens of each text, as far as the server says them."""
        model = use.model
        limit = model.context_length or SMALLEST_CONTEXT
        num_ctx = use.loaded or min(SMALLEST_CONTEXT, limit)
        if use.loaded is None:
            try:
                async with asyncio.timeout(LOAD_SECONDS):
                    await self._client.load({"model": model.name, "options": {"num_ctx": num_ctx}})
            except (TimeoutError, EngineError):
                return
        padding = await self._padded(model, num_ctx)
        if padding is None:
            return
        text_before, base = padding
        for key, text in texts.items():
            total = await self._total(model.name, [text_before, text], num_ctx)
            if total is None:
                return
            self._known[key] = max(total - base, 0)

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
            **NO_TRUNCATION,
            # Should it fit after all, next to nothing is read and written.
            "options": {"num_ctx": num_ctx, "num_predict": 1},
        }
        try:
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                contextlib.aclosing(self._client.answer(body)) as parts,
            ):
                await anext(parts, None)
        except ContextExceeded as refused:
            return refused.needed
        except (TimeoutError, EngineError):
            return None
        return None
