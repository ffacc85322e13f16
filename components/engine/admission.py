"""Which requests that could load a model go to a server, when, and with which context.

Ollama (its server/sched.go) loads a model anew for another `num_ctx` or another `shift` than it
has in memory, and forgets all that it had read: on a small computer ten minutes of a novel, for a
page that only counted. `/api/ps` does not list a model while it is being loaded. So every request
that could load a model looks at the calls of the store first, which run and wait in any process:
calls are asked in a context that serves the others too; counting, loading and unloading are for a
server with no calls, and are withdrawn when the first one comes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.engine.call import Call
from components.engine.context import choose_num_ctx
from components.engine.model import Model, related
from components.errors import FirstReaderError, ModelNotFound

#: Seconds between two looks for calls, of this process or another, during a request that is
#: withdrawn for them.
LOOK_SECONDS = 0.5

#: Tokens of a verbose analysis: room enough for an answer, where more would cost the others theirs.
LONG_ANSWER = 2048

#: Seconds after which a cancelled request is cancelled again: the HTTP library may swallow it.
_CANCEL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Demand:
    """The calls of one model that run or wait: how many, and the largest `num_ctx` among them."""

    calls: int = 0
    num_ctx: int = 0


#: Returns the demand on the server at an address, by model. It may read a database, and is called
#: in a thread. Raises: FirstReaderError.
DemandOf = Callable[[str], Mapping[str, Demand]]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """How a model is loaded and wanted on its server at this moment.

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
        """Whether other calls want the model too; the one that asks is counted in `demand`."""
        return self.demand.calls > 1

    def num_ctx(self, call: Call, tokens: int, *, exact: bool) -> int:
        """Return the context for `call`, whose prompt has `tokens`; `exact` if so counted."""
        limit, answer = self.model.context_length, call.options.num_predict

        def alone(answer: int, loaded: int | None) -> int:
            """Return the context that the call asks for as if it were alone."""
            if call.options.num_ctx:
                return call.options.num_ctx
            chosen = choose_num_ctx(tokens, exact=exact, answer=answer, limit=limit, loaded=loaded)
            return max(chosen, min(call.least_ctx, limit or call.least_ctx))

        if not (self.is_shared or call.shares_ctx):
            # Calls with a least context all get the same, whatever is loaded.
            return alone(answer, None if call.least_ctx else self.loaded)
        given = self.demand.num_ctx if limit is None else min(self.demand.num_ctx, limit)
        # A larger context serves as well, and another than the one that is loaded would lose what
        # the server has read for the others. An answer is seldom as long as it may be: what has
        # room for a long one serves, too.
        asked = [alone(room, self.loaded or given) for room in (answer, min(answer, LONG_ANSWER))]
        there = [num_ctx for num_ctx in (self.loaded, given) if num_ctx]
        serving = (num_ctx for least in asked for num_ctx in there if num_ctx >= least)
        return next(serving, asked[0])


class Admission:
    """Admits requests to the server at `url`. Use it from one event loop only.

    `models` lists what the server has and has loaded; `demand_of` is None where nobody but the
    caller asks anything of it.
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
        self._withdrawable: set[asyncio.Task[None]] = set()

    async def inspect(self, name: str) -> ModelUse:
        """Return how the model called `name` is used now. Raises: ModelNotFound, EngineError."""
        models = await self._models()
        model = next((model for model in models if model.name in {name, f"{name}:latest"}), None)
        if model is None:
            raise ModelNotFound(f"Ollama does not have the model {name}.")
        self._names = frozenset(model.name for model in models)
        # Read last: what is loaded changes with what is asked, and not the other way round.
        demand = await self._demand()
        wanted = demand or {}
        family = related(model, models)
        loaded = [variant.loaded.context_length for variant in family if variant.loaded]
        demands = [wanted[variant.name] for variant in family if variant.name in wanted]
        others = [other for other in models if other.loaded and other not in family]
        return ModelUse(
            model,
            max(loaded, default=None),
            Demand(
                calls=sum(each.calls for each in demands),
                num_ctx=max([each.num_ctx for each in demands], default=0),
            ),
            is_idle=demand == {},
            waited_for=tuple(other for other in others if other.name in wanted),
        )

    async def run_if_idle(self, request: Coroutine[Any, Any, None]) -> bool:
        """Send a request while no call runs or waits; withdraw it as soon as one does.

        Return whether it was completed. Raises: what the request raises.
        """
        task = asyncio.ensure_future(request)
        self._withdrawable.add(task)
        try:
            while not (await asyncio.wait([task], timeout=LOOK_SECONDS))[0]:
                if await self._demand() != {}:
                    await _withdraw(task)
        finally:
            self._withdrawable.discard(task)
            await _withdraw(task)
        if task.cancelled():
            return False
        await task
        return True

    async def withdraw_all(self) -> None:
        """Withdraw the requests that run only while the server is idle: a call begins."""
        for task in list(self._withdrawable):
            await _withdraw(task)

    async def _demand(self) -> Mapping[str, Demand] | None:
        """Return the demand on the server's models; None where that cannot be known."""
        if self._demand_of is None:
            return {}
        try:
            demand = await asyncio.to_thread(self._demand_of, self._url)
        except FirstReaderError:
            return None
        named = {
            name if name in self._names else f"{name}:latest": of for name, of in demand.items()
        }
        return {name: of for name, of in named.items() if name in self._names}


async def _withdraw(task: asyncio.Task[None]) -> None:
    """Cancel `task` unless it has ended, and wait until its connection is closed."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CANCEL_SECONDS)
    if not task.cancelled():
        task.exception()  # Marks it as seen: asyncio would log it.
