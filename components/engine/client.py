"""The engine: one Ollama server, spoken to through the official client.

A call first asks for the model to be loaded (an empty chat, which Ollama answers with
`done_reason: load`) and then sends the prompt: so loading and reading are told apart by the server,
not guessed from time.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from components.engine import events
from components.engine.admission import Admission, DemandOf, ModelUse
from components.engine.call import Call
from components.engine.context import PICTURE_TOKENS, Calibration
from components.engine.exceptions import mapped
from components.engine.http import HttpClient
from components.engine.model import Model, read_models
from components.engine.model_management import Management
from components.engine.token_counting import TokenCounts
from components.errors import (
    CloudModelRefused,
    ConnectionLost,
    ContextExceeded,
    EngineError,
    ModelNotFound,
    ModelRepeated,
    ServerError,
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

#: Seconds after which a server that did not describe a model is asked about it again.
SHOW_AGAIN_SECONDS = 600.0


class Engine:
    """One Ollama server at `url`. Use it from one event loop only.

    `allow_cloud` lets models answer that send the prompt to another machine. `stall_seconds` is
    the longest pause between two tokens. `calibration` is shared by servers that learn together;
    `demand_of` says which calls run and wait; `management` is for the models themselves.
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
        self.url = url
        self.calibration = calibration or Calibration()
        self._allow_cloud = allow_cloud
        self._stall_seconds = stall_seconds
        self._client = HttpClient(url)
        self._admission = Admission(url, self.models, demand_of)
        self.management = Management(self._client, self._admission)
        self._counts = TokenCounts(self._client, self.calibration.counts, self._admission)
        #: By each model as `/api/tags` has it: the model with what `/api/show` adds, and until when
        #: it is not asked about where the server did not describe it.
        self._shown: dict[Model, Model] = {}
        self._silent: dict[Model, float] = {}

    async def close(self) -> None:
        """Close the connections; running calls end with ConnectionLost."""
        await self._client.close()  # type: ignore[no-untyped-call]

    async def version(self) -> str:
        """Return the server's version. Raises: EngineError."""
        return str((await self._client.get("/api/version")).get("version", ""))

    async def models(self) -> list[Model]:
        """Return the models that the server has, cloud models among them, by name.

        Raises: OllamaUnavailable, ConnectionLost, BadResponse, ServerError.
        """
        models = read_models(await self._client.get("/api/tags"), await self._client.get("/api/ps"))
        return list(await asyncio.gather(*map(self._show, models)))

    async def _show(self, model: Model) -> Model:
        """Return the model with what only `/api/show` says; asked once for each version of it."""
        listed, now = replace(model, loaded=None), time.monotonic()
        if not (model.is_cloud or listed in self._shown or now < self._silent.get(listed, 0.0)):
            try:
                show = await self._client.describe(model.name)
                with mapped(self.url, model=model.name):
                    self._shown[listed] = listed.with_show(show)
            except (ModelNotFound, ServerError):  # Deleted meanwhile, damaged, or too old a server.
                self._silent[listed] = now + SHOW_AGAIN_SECONDS
        return replace(self._shown.get(listed, listed), loaded=model.loaded)

    async def count_tokens(self, name: str, texts: Sequence[str]) -> list[int] | None:
        """Return the exact tokens of each text for the model called `name`.

        None where the server does not say, or calls run on it or wait. Raises: EngineError, as
        `stream`.
        """
        return await self._counts.count(await self._find(name), texts)

    async def stream(self, call: Call) -> AsyncGenerator[events.Event, None]:
        """Run `call` and yield what happens, Finished last.

        Closing the iterator, or cancelling the task that iterates, closes the connection, and
        with it the server stops generating.
        Raises: any EngineError; ContextExceeded with the server's own count when the prompt is
        too long for the model: nothing is ever cut to make it fit.
        """
        yield events.StageBegan(events.Stage.CONTACTING)
        await self._admission.withdraw_all()
        use = await self._find(call.model)
        model = use.model
        model.require("completion")
        if call.pictures:  # None is left out in silence.
            model.require("vision")
        if call.options.think:
            model.require("thinking")
        await self._hold(use.waited_for)
        if use.is_shared and call.options.releases_within(HELD_SECONDS):
            call = replace(call, options=replace(call.options, keep_alive=None))
        tokens, exact = self.calibration.tokens(call.prompt, model.digest), False
        tokens += call.pictures * PICTURE_TOKENS
        while True:
            num_ctx = use.num_ctx(call, tokens, exact=exact)
            yield events.ContextChosen(num_ctx, model.context_length)
            yield events.StageBegan(events.Stage.LOADING)
            # With another context the model is loaded anew, here and not within the answer.
            load_wait = 0 if use.loaded == num_ctx else await self._load(call, num_ctx)
            yield events.StageBegan(events.Stage.READING)
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
                if call.options.num_ctx:  # The editor chose it; no other is taken instead.
                    raise
                limit = model.context_length
                if exact or limit is None or refused.needed >= limit:
                    raise ContextExceeded(refused.needed, limit or refused.available) from refused
                # The estimate was short, and the model can take it: once more, by the exact count.
                # Where little room is left for the answer, it ends with `length`, and that is said.
                tokens, exact = refused.needed, True
                use = replace(use, loaded=num_ctx)
            else:
                return

    async def _hold(self, models: Sequence[Model]) -> None:
        """Keep models in memory that others wait for, while another answers, if there is room.

        Ollama unloads one five minutes after its last answer, and forgets what it has read.
        """
        for model in models:
            if model.loaded and (model.loaded.seconds_left or HELD_SECONDS) < HELD_SECONDS:
                body = {
                    "model": model.name,
                    "options": {"num_ctx": model.loaded.context_length},
                    "keep_alive": int(HELD_SECONDS),
                }
                with contextlib.suppress(EngineError):
                    await self._client.load(body)

    async def _load(self, call: Call, num_ctx: int) -> int:
        """Have the model in memory with this context; return the nanoseconds it took."""
        start = time.monotonic_ns()
        body = {"model": call.model, **call.options.body(num_ctx)}
        body.pop("keep_alive", None)  # Zero would unload what was just loaded.
        await self._client.load(body)
        return time.monotonic_ns() - start

    async def _answer(
        self, call: Call, num_ctx: int, load_wait: int, digest: str
    ) -> AsyncGenerator[events.Event, None]:
        start = time.monotonic_ns()
        first: int | None = None
        received = repeats = 0
        last = ""
        async with contextlib.aclosing(self._client.answer(call.body(num_ctx))) as parts:
            while True:
                try:
                    async with asyncio.timeout(None if first is None else self._stall_seconds):
                        part = await anext(parts, None)
                except TimeoutError as error:
                    raise StreamStalled(
                        f"Ollama has sent nothing for {self._stall_seconds:.0f} seconds."
                    ) from error
                if part is None and repeats >= MOST_REPEATS:
                    raise ModelRepeated(
                        f"The model began to repeat itself; Ollama ended it after {received:,} "
                        "tokens."
                    )
                if part is None:
                    raise ConnectionLost("Ollama ended the answer before it was complete.")
                content, thinking = part.message.content, part.message.thinking
                token = (content or thinking or "").strip()
                last, repeats = token, repeats + 1 if token == last else 0
                if (content or thinking) and first is None:
                    first = time.monotonic_ns() - start
                    yield events.StageBegan(events.Stage.WRITING)
                if thinking:
                    received += 1
                    yield events.Thought(thinking)
                if content:
                    received += 1
                    yield events.Text(content)
                if part.done:
                    break
        statistics = events.Statistics(
            model=call.model,
            num_ctx=num_ctx,
            load_wait=load_wait,
            time_to_first_token=first,
            received=received,
            done_reason=part.done_reason,
            total_duration=part.total_duration,
            load_duration=part.load_duration,
            prompt_eval_count=part.prompt_eval_count,
            prompt_eval_duration=part.prompt_eval_duration,
            eval_count=part.eval_count,
            eval_duration=part.eval_duration,
        )
        if statistics.prompt_eval_count and not call.pictures:
            self.calibration.learn(
                digest,
                prompt_bytes=len(call.prompt.encode()),
                tokens=statistics.prompt_eval_count,
                tokens_per_second=statistics.prompt_tokens_per_second,
            )
        yield events.Finished(statistics)

    async def _find(self, name: str) -> ModelUse:
        use = await self._admission.inspect(name)
        if use.model.is_cloud and not self._allow_cloud:
            where = use.model.remote_host or "another machine"
            raise CloudModelRefused(
                f"{name} would send the manuscript to {where}; it was not sent."
            )
        return use
