"""Which requests that could load a model go to a server, when, and with which context.

Ollama (its server/sched.go) loads a model anew for another `num_ctx` or another `shift` than it
has in memory: the moment such a request comes, the model is marked to go with the call that runs on
it, even where whoever asked has gone by then. All that it had read goes with it: on a small
computer ten minutes of a novel, for a page that only counted. And `/api/ps` cannot be believed when
it says that a model is not loaded: it says so as long as one is being loaded (18 s, measured). So
every request that could load a model looks here first, at the server's own list and at the calls of
the store, which are the truth about what runs and waits, in whatever process:

- calls are asked in the context that is loaded where it serves them, else in the largest that the
  others give (`context.shared_num_ctx`);
- counting, loading and unloading are for a server with no calls, and give way to the first one
  that comes. What cannot change what is loaded is let through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.engine.call import Call
from components.engine.context import choose_num_ctx, shared_num_ctx
from components.engine.model import Model, related
from components.errors import FirstReaderError, ModelNotFound

#: Seconds between two looks whether a call has come, in this process or another, while a request
#: that gives way is under way.
LOOK_SECONDS = 0.5

#: Tokens of a verbose analysis: room enough for an answer, where more would cost the others theirs.
LONG_ANSWER = 2048

#: Seconds after which a request that was cancelled is cancelled again: the HTTP client's library
#: may swallow it.
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Demand:
    """Calls of one model that run or wait: how many, and the largest `num_ctx` that one gives."""

    calls: int = 0
    num_ctx: int = 0


#: Says, for the server at an address, what its calls and those that wait want, by model. It may
#: read a database, and is called in a thread. Raises: FirstReaderError.
DemandOf = Callable[[str], Mapping[str, Demand]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stands on its server at this moment.

    `loaded` is the context in tokens that its weights are loaded with, by this name or that of a
    variant, None where they are not. `demand` is for its weights too. `is_idle` says that no call
    at all runs on the server or waits for one of its models. `waited_for` are the other models
    that are loaded and that calls run on or wait for.
    """

    model: Model
    loaded: int | None = None
    demand: Demand = field(default_factory=Demand)
    is_idle: bool = True
    waited_for: tuple[Model, ...] = ()

    @property
    def is_shared(self) -> bool:
        """Whether other calls than the one that asks, which is one of them, want the model."""
        return self.demand.calls > 1

    def num_ctx(self, call: Call, tokens: int, *, exact: bool) -> int:
        """Return the context for `call`, whose prompt has `tokens`; `exact` if so counted."""
        limit, answer = self.model.context_length, call.options.num_predict
        if not (self.is_shared or call.shares_ctx):
            # The same for all who ask for a least one.
            loaded = None if call.least_ctx else self.loaded
            return _asked(call, tokens, exact=exact, answer=answer, limit=limit, loaded=loaded)
        given = self.demand.num_ctx if limit is None else min(self.demand.num_ctx, limit)
        held = {self.loaded, given}
        found = []
        # An answer is seldom as long as it may be: what has room for a long one serves, too.
        for room in (answer, min(answer, LONG_ANSWER)):
            asked = _asked(
                call, tokens, exact=exact, answer=room, limit=limit, loaded=self.loaded or given
            )
            found.append(shared_num_ctx(asked, given=given, loaded=self.loaded))
        return next((num_ctx for num_ctx in found if num_ctx in held), found[0])


def _asked(
    call: Call, tokens: int, *, exact: bool, answer: int, limit: int | None, loaded: int | None
) -> int:
    """Return the context that a call asks for, as if it were alone."""
    if call.options.num_ctx:
        return call.options.num_ctx
    chosen = choose_num_ctx(tokens, exact=exact, answer=answer, limit=limit, loaded=loaded)
    return max(chosen, min(call.least_ctx, limit or call.least_ctx))


class Admission:
    """Looks before a request goes to the server at `url`. Use it from one event loop only.

    `models` lists what the server has and has loaded; `demand_of` says what is asked of it, None
    where nobody but the caller asks anything.
    """

    def __init__(
        self,
        url: str,
        models: Callable[[], Awaitable[list[Model]]],
        demand_of: DemandOf | None = None,
    ) -> None:
        self._url = url
        self._models = models
        self._demand_of = demand_of
        self._names: frozenset[str] = frozenset()
        self._giving_way: set[asyncio.Task[None]] = set()

    async def look(self, name: str) -> Standing:
        """Return how the model called `name` stands now. Raises: ModelNotFound, EngineError."""
        models = await self._models()
        model = next((model for model in models if model.name in {name, f"{name}:latest"}), None)
        if model is None:
            raise ModelNotFound(f"Ollama does not have the model {name}.")
        self._names = frozenset(model.name for model in models)
        # Last: what is loaded changes with what is asked, and not the other way round.
        demand = await self._demand()
        kin = related(model, models)
        loaded = [one.loaded.context_length for one in kin if one.loaded]
        asked = [demand[one.name] for one in kin if one.name in demand] if demand else []
        others = [model for model in models if model.loaded and model not in kin]
        return Standing(
            model,
            max(loaded, default=None),
            Demand(sum(one.calls for one in asked), max([one.num_ctx for one in asked], default=0)),
            is_idle=demand == {},
            waited_for=tuple(other for other in others if demand and other.name in demand),
        )

    async def alone(self, request: Coroutine[Any, Any, None]) -> bool:
        """Send a request while no call runs or waits; withdraw it as soon as one does.

        Return whether it came to its end. Raises: what the request raises.
        """
        task = asyncio.ensure_future(request)
        self._giving_way.add(task)
        try:
            while not (await asyncio.wait([task], timeout=LOOK_SECONDS))[0]:
                if await self._demand() != {}:
                    await _withdraw(task)
        finally:
            self._giving_way.discard(task)
            await _withdraw(task)
        if task.cancelled():
            return False
        await task
        return True

    async def give_way(self) -> None:
        """Withdraw what gives way to calls: one begins."""
        for task in list(self._giving_way):
            await _withdraw(task)

    async def _demand(self) -> Mapping[str, Demand] | None:
        """Return what is asked of the server's models; None where that cannot be known."""
        if self._demand_of is None:
            return {}
        try:
            asked = await asyncio.to_thread(self._demand_of, self._url)
        except FirstReaderError:
            return None
        named = {
            name if name in self._names else f"{name}:latest": of for name, of in asked.items()
        }
        return {name: of for name, of in named.items() if name in self._names}


async def _withdraw(task: asyncio.Task[None]) -> None:
    """Cancel `task` unless it has ended, and wait for its end: its connection is closed then."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE_SECONDS)
    if not task.cancelled():
        task.exception()  # Seen: asyncio would log it.
