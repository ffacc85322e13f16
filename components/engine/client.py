"""The engine: one Ollama server, spoken to through the official client.

Without `truncate: false` Ollama drops the front of a long prompt in silence, and without
`shift: false` it forgets the beginning while it writes, so every call sends both. A call first
asks for the model to be loaded (an empty chat, which Ollama answers with `done_reason: load`) and
then sends the prompt: so loading and reading are told apart by the server, not guessed from time.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

import ollama

from components.engine.admission import Admission, DemandOf, Standing
from components.engine.call import Call
from components.engine.context import PICTURE_TOKENS, Calibration
from components.engine.events import (
    ContextChosen,
    Event,
    Finished,
    Stage,
    StageBegan,
    Text,
    Thought,
)
from components.engine.exceptions import mapped
from components.engine.http import WHOLE, Wire
from components.engine.listing import Listing
from components.engine.model import Model
from components.engine.model_management import Management
from components.engine.statistics import Statistics
from components.engine.token_counting import TokenCounts
from components.errors import (
    CloudModelRefused,
    ConnectionLost,
    ContextExceeded,
    EngineError,
    ModelRepeated,
    StreamStalled,
)

#: Once a model writes, a pause this long means that it died without closing the connection.
#: Reading and loading have no limit: both take minutes on a slow machine.
STALL_SECONDS = 120.0

#: Ollama ends an answer without a word once a model has sent the same token this often, counted
#: without white space (its llm/llama_server.go).
MOST_REPEATS = 30

#: Seconds after an answer for which the model stays in memory at least, while others wait for it.
HELD_SECONDS = 1800.0

_FIGURES = (
    "done_reason",
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
)


class Engine:
    """One Ollama server at `url`. Use it from one event loop only.

    `allow_cloud` lets models answer that send the prompt to another machine. `stall_seconds` is
    the longest pause between two tokens. `calibration` is shared by servers that learn together;
    `demand_of` says what else is asked of them; `management` does what concerns the models
    themselves.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_cloud: bool = False,
        stall_seconds: float = STALL_SECONDS,
        calibration: Calibration | None = None,
        demand_of: DemandOf | None = None,
    ) -> None:
        self.calibration = calibration or Calibration()
        self._allow_cloud = allow_cloud
        self._stall_seconds = stall_seconds
        with mapped(url):
            self._wire = Wire(url)
        self.url = url
        self._listing = Listing(url, self._wire)
        self._admission = Admission(url, self._listing.models, demand_of)
        self.management = Management(url, self._wire, self._admission)
        self._counts = TokenCounts(url, self._wire, self.calibration.counts, self._admission)

    async def close(self) -> None:
        """Close the connections; running calls end with ConnectionLost."""
        await self._wire.shut()

    async def version(self) -> str:
        """Return the server's version. Raises: EngineError."""
        return await self._listing.version()

    async def models(self) -> list[Model]:
        """Return the models that the server has, cloud models among them, by name.

        Raises: OllamaUnavailable, ConnectionLost, BadResponse, ServerError.
        """
        return await self._listing.models()

    async def count_tokens(self, name: str, texts: Sequence[str]) -> list[int] | None:
        """Return the exact tokens of each text for the model called `name`.

        None where the server does not say, or calls run on it or wait. Raises: EngineError, as
        `stream`.
        """
        return await self._counts.count(await self._find(name), texts)

    async def stream(self, call: Call) -> AsyncGenerator[Event, None]:
        """Run `call` and yield what happens, Finished last.

        Closing the iterator, or cancelling the task that iterates, closes the connection, and
        with it the server stops generating.

        Raises: any EngineError; ContextExceeded with the server's own count when the prompt is
        too long for the model: nothing is ever cut to make it fit.
        """
        yield StageBegan(Stage.CONTACTING)
        await self._admission.give_way()
        standing = await self._find(call.model)
        model = standing.model
        _check_capable(call, model)
        await self._hold(standing.waited_for)
        if standing.is_shared and call.options.releases_within(HELD_SECONDS):
            call = replace(call, options=replace(call.options, keep_alive=None))
        tokens, exact = self.calibration.tokens(call.prompt, model.digest), False
        tokens += call.pictures * PICTURE_TOKENS
        while True:
            num_ctx = standing.num_ctx(call, tokens, exact=exact)
            yield ContextChosen(num_ctx, model.context_length)
            yield StageBegan(Stage.LOADING)
            load_wait = await self._load(call, num_ctx)
            yield StageBegan(Stage.READING)
            try:
                answer = self._answer(call, num_ctx, load_wait, model.digest)
                # Closed with this iterator, not when it is collected: it holds the connection.
                async with contextlib.aclosing(answer):
                    async for event in answer:
                        yield event
            except ContextExceeded as refused:
                if not call.pictures:
                    self.calibration.learn(
                        model.digest, prompt_bytes=len(call.prompt.encode()), tokens=refused.needed
                    )
                if call.options.num_ctx:  # It was asked for, and no other is taken instead.
                    raise
                limit = model.context_length
                if exact or limit is None or refused.needed >= limit:
                    raise ContextExceeded(refused.needed, limit or refused.available) from refused
                # The estimate was short, and the model can take it: once more, by the exact count.
                # Where little room is left for the answer, it ends with `length`, and that is said.
                tokens, exact = refused.needed, True
                standing = replace(standing, loaded=num_ctx)
            else:
                return

    async def _hold(self, models: Sequence[Model]) -> None:
        """Have models that others wait for stay in memory while another answers, if it has room.

        Ollama lets go of one five minutes after its last answer, and with it of what it has read.
        """
        for model in models:
            if model.loaded and (model.loaded.seconds_left or HELD_SECONDS) < HELD_SECONDS:
                body = {
                    "model": model.name,
                    "options": {"num_ctx": model.loaded.context_length},
                    "keep_alive": int(HELD_SECONDS),
                }
                with contextlib.suppress(EngineError), mapped(self.url, model=model.name):
                    await self._wire.load(body)

    async def _load(self, call: Call, num_ctx: int) -> int:
        """Have the model in memory with this context; return the nanoseconds it took."""
        began = time.monotonic_ns()
        with mapped(self.url, model=call.model):
            body = {"model": call.model, **call.options.body(num_ctx)}
            body.pop("keep_alive", None)  # Zero would unload what was just loaded.
            await self._wire.load(body)
        return time.monotonic_ns() - began

    async def _answer(
        self, call: Call, num_ctx: int, load_wait: int, digest: str
    ) -> AsyncGenerator[Event, None]:
        body = chat_body(call, num_ctx)
        began = time.monotonic_ns()
        first: int | None = None
        received = repeats = 0
        last = ""
        with mapped(self.url, model=call.model):
            parts = await self._wire.answer(body)
        try:
            while True:
                with mapped(self.url, model=call.model):
                    part = await self._next(parts, stall=first is not None)
                if part is None and repeats >= MOST_REPEATS:
                    raise ModelRepeated(
                        f"The model began to repeat itself; Ollama ended it after {received:,} "
                        "tokens."
                    )
                if part is None:
                    raise ConnectionLost("Ollama ended the answer before it was complete.")
                content, thinking = part.message.content, part.message.thinking
                said = (content or thinking or "").strip()
                last, repeats = said, repeats + 1 if said == last else 0
                if (content or thinking) and first is None:
                    first = time.monotonic_ns() - began
                    yield StageBegan(Stage.WRITING)
                if thinking:
                    received += 1
                    yield Thought(thinking)
                if content:
                    received += 1
                    yield Text(content)
                if part.done:
                    break
        finally:
            await parts.aclose()
        statistics = Statistics(
            model=call.model,
            num_ctx=num_ctx,
            load_wait=load_wait,
            time_to_first_token=first,
            received=received,
            **{name: getattr(part, name) for name in _FIGURES},
        )
        if statistics.prompt_eval_count and not call.pictures:
            self.calibration.learn(
                digest,
                prompt_bytes=len(call.prompt.encode()),
                tokens=statistics.prompt_eval_count,
                tokens_per_second=statistics.prompt_tokens_per_second,
            )
        yield Finished(statistics)

    async def _next(
        self, parts: AsyncGenerator[ollama.ChatResponse, None], *, stall: bool
    ) -> ollama.ChatResponse | None:
        try:
            async with asyncio.timeout(self._stall_seconds if stall else None):
                return await anext(parts)
        except StopAsyncIteration:
            return None
        except TimeoutError as error:
            raise StreamStalled(
                f"Ollama has sent nothing for {self._stall_seconds:.0f} seconds."
            ) from error

    async def _find(self, name: str) -> Standing:
        standing = await self._admission.look(name)
        model = standing.model
        if model.is_cloud and not self._allow_cloud:
            where = model.remote_host or "another machine"
            raise CloudModelRefused(
                f"{name} would send the manuscript to {where}; it was not sent."
            )
        return standing


def chat_body(call: Call, num_ctx: int) -> dict[str, Any]:
    """Return the body of `/api/chat` that asks `call` in a context of `num_ctx` tokens."""
    return {
        "model": call.model,
        "messages": call.sent(),
        "stream": True,
        **WHOLE,
        **call.options.body(num_ctx),
    }


def _check_capable(call: Call, model: Model) -> None:
    """Raise ModelCannot for what `model` is known not to do: no picture is left out in silence."""
    model.require("completion")
    if call.pictures:
        model.require("vision")
    if call.options.think:
        model.require("thinking")
