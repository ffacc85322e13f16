"""The Ollama servers in use: one on this computer, or several of a publisher's, and their health.

Each is asked for its version and its models regularly. One that does not answer is left out until
it does; one that is merely slow, as a busy machine is, gets a second chance.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from components.engine.admission import DemandOf
from components.engine.client import Engine
from components.engine.context import Calibration
from components.engine.exceptions import described
from components.engine.http import is_loopback
from components.engine.model import Model
from components.errors import BadResponse, FirstReaderError, OllamaUnavailable, StreamStalled

_log = logging.getLogger(__name__)

#: Seconds that a server gets to answer.
_CHECK_SECONDS = 5.0

#: After this many checks in a row without an answer in time a server counts as gone.
_MAX_MISSES = 2


@dataclass(frozen=True, slots=True)
class Host:
    """An Ollama server: its address, how many calls it runs at once, its version when known."""

    url: str
    slots: int = 1
    is_private: bool = False
    version: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it runs on this computer, so that the manuscript does not leave it."""
        return is_loopback(urlsplit(self.url).hostname or "")


@dataclass(slots=True)
class _Server:
    host: Host
    engine: Engine
    models: list[Model] = field(default_factory=list)
    problem: FirstReaderError | None = field(
        default_factory=lambda: OllamaUnavailable(
            "Ollama is still starting.", advice="It takes a few seconds."
        )
    )
    misses: int = 0
    checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    checked: float = 0.0


class Hosts:
    """The servers that answer calls. Its coroutines belong to one event loop.

    `demand_of` says what runs on each and waits; None where nobody but the caller asks.
    """

    def __init__(self, *, allow_cloud: bool = False, demand_of: DemandOf | None = None) -> None:
        self.calibration = Calibration()
        self._allow_cloud = allow_cloud
        self._demand_of = demand_of
        # Replaced as a whole and never changed: pages iterate over it in threads of their own.
        self._servers: Mapping[str, _Server] = MappingProxyType({})
        self._closed = False

    async def use(self, hosts: Iterable[Host]) -> None:
        """Use these servers and no others, and ask each how it is.

        One that was in use stays so, with its calls. Raises: OllamaUnavailable once closed.
        """
        if self._closed:
            raise OllamaUnavailable("First Reader is closing.")
        before = self._servers
        servers: dict[str, _Server] = {}
        for host in hosts:
            server = before.get(host.url) or servers.get(host.url)
            if server is None:
                engine = Engine(
                    host.url,
                    allow_cloud=self._allow_cloud,
                    calibration=self.calibration,
                    demand_of=self._demand_of,
                )
                server = _Server(host, engine)
            server.host = replace(host, version=server.host.version)
            servers[host.url] = server
        self._servers = MappingProxyType(servers)
        for url, server in before.items():
            if url not in servers:
                await server.engine.close()
        await self.check()

    async def check(self, *, up_only: bool = False) -> None:
        """Ask each server for its version and its models; `up_only` those that answered last."""
        servers = [server for server in self._servers.values() if not (up_only and server.problem)]
        await asyncio.gather(*map(self._check, servers))

    async def models(self) -> list[Model]:
        """Return the models of all servers, by name. Raises: FirstReaderError if none answers."""
        await self.check(up_only=True)
        if not self.up():
            raise self.problem()
        by_name = {model.name: model for _, models in reversed(self.up()) for model in models}
        return [by_name[name] for name in sorted(by_name)]

    def problem(self) -> FirstReaderError:
        """Return what is wrong with the first server that does not answer."""
        problems = (error for _, error in self.all() if error is not None)
        return next(problems, OllamaUnavailable("There is no Ollama in use."))

    def up(self) -> list[tuple[Host, list[Model]]]:
        """Return the servers that answer, each with its models, in the order given."""
        servers = self._servers.values()
        return [(server.host, server.models) for server in servers if server.problem is None]

    def away(self) -> list[tuple[Host, list[Model]]]:
        """Return the servers that do not answer, each with the models that it had when it did."""
        servers = self._servers.values()
        return [(server.host, server.models) for server in servers if server.problem is not None]

    def all(self) -> list[tuple[Host, FirstReaderError | None]]:
        """Return all servers, each with what is wrong with it, if anything."""
        return [(server.host, server.problem) for server in self._servers.values()]

    def engine(self, url: str) -> Engine:
        """Return the engine of the server at `url`. Raises: OllamaUnavailable."""
        server = self._servers.get(url)
        if server is None:
            raise OllamaUnavailable("This Ollama server is not in use any more.")
        return server.engine

    def leave_out(self, url: str, error: FirstReaderError) -> None:
        """Take a server for gone, until it answers again."""
        server = self._servers.get(url)
        if server is not None:
            server.problem = error

    async def close(self) -> None:
        """Close all connections for good; running calls end with ConnectionLost."""
        self._closed = True
        servers, self._servers = self._servers, MappingProxyType({})
        for server in servers.values():
            await server.engine.close()

    async def _check(self, server: _Server) -> None:
        """Ask a server once for all who wait, with a request that began after they came.

        Fifty pages that are shown at once would otherwise each ask all servers of a publisher. Who
        comes while one is being asked waits for that answer and the next; where the first does not
        come in time, no longer.
        """
        came = time.monotonic()
        async with server.checking:
            if server.checked < came:
                began = time.monotonic()
                await self._ask(server)
                server.checked = max(began, server.checked)

    async def _ask(self, server: _Server) -> None:
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                version = await server.engine.version()
                server.models = await server.engine.models()
        except TimeoutError:
            server.checked = time.monotonic()  # Who came meanwhile missed the same answer.
            server.misses += 1
            if server.misses >= _MAX_MISSES or not server.host.version:
                server.problem = StreamStalled(
                    f"Ollama at {server.host.url} does not answer in time."
                )
        except FirstReaderError as error:
            server.problem = error
        except RuntimeError:  # Closed meanwhile.
            server.problem = OllamaUnavailable("This Ollama server is not in use any more.")
        except Exception as error:  # noqa: BLE001 - the others must be checked all the same
            server.problem = BadResponse(
                f"What came from {server.host.url} is not what Ollama sends."
            )
            _log.error("a server's answer could not be read: %s", described(error))
        else:
            server.misses, server.problem = 0, None
            server.host = replace(server.host, version=version)
