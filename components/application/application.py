"""The running app: which parts there are and how they hold together.

Made once for a process, by the server's start or by the first page, and closed with it. At home
pages and worker share a process and a SQLite file; a publisher's pages and workers are processes
of their own around a Postgres. The parts are the same.
"""

import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from components.analysis import OwnLenses, suited_options
from components.application.api_tokens import ApiToken
from components.application.ollama_connection import Connection
from components.application.pulls import Pulls
from components.engine import (
    BackgroundLoop,
    Details,
    Host,
    Hosts,
    Management,
    Model,
    Options,
    memory,
    ranked,
    repeated,
)
from components.engine.private import Folder, first_model
from components.errors import EngineError, FirstReaderError, SettingsError
from components.jobs import Embedded, Jobs, Worker
from components.settings import Settings
from components.store import Backup, Question, Store, restore

#: Seconds between two looks whether the day's copy of the store is due.
_LOOK_SECONDS = 600.0

#: In which those that run go back to the queue at the end.
_CLOSE_SECONDS = 3.0

T = TypeVar("T")


def own_lenses(settings: Settings, owner: str = "") -> OwnLenses:
    """Return the lenses that a user made; the empty name is the only user's.

    Known without a running app, so that a shell can list them while there is no Ollama. A user's
    name comes from outside: the folder is called by its hash, so that no name is a path.
    """
    folder = settings.data_folder / "lenses"
    return OwnLenses(folder / hashlib.sha256(owner.encode()).hexdigest() if owner else folder)


def user_of(settings: Settings, headers: Mapping[str, str]) -> str:
    """Return who sends a request of these headers; the empty name is the only user's.

    Raises: SettingsError, where the reverse proxy should say so and does not.
    """
    if settings.user_header is None:
        return ""
    user = headers.get(settings.user_header, "").strip()
    if not user:
        raise SettingsError(
            "The server in front of First Reader did not say who you are.",
            advice="Open First Reader by the address that your IT department gave you.",
        )
    return user


class Application:
    """All parts of one running First Reader. `start` returns at once; `close` ends everything.

    `works` says whether this process performs analyses where workers have processes of their own;
    `only_own` that it performs what it has submitted itself and nothing else.
    Raises: SettingsError, StoreError.
    """

    def __init__(self, settings: Settings, *, works: bool = False, only_own: bool = False) -> None:
        self.settings = settings
        self.store = Store(settings.database or settings.store_file)
        #: Returns what a user has; the empty name is the only user's.
        self.shelf = self.store.shelf
        #: Returns the lenses that a user made.
        self.own_lenses = partial(own_lenses, settings)
        #: Returns the token with which a user's programs come over HTTP.
        self.api_token = partial(ApiToken, settings)
        self._loop = BackgroundLoop()
        self._hosts = Hosts(allow_cloud=settings.allow_cloud, demand_of=self.store.demand)
        #: The Ollama servers in use, each with what is wrong with it, if anything.
        self.servers = self._hosts.all
        self.pulls = Pulls(self._loop, self._hosts, settings.ollama_folder)
        self._details: dict[str, Details] = {}
        self._connection = Connection(settings, self._loop, self._hosts)
        #: Looks for Ollama once more.
        self.look_again = self._connection.start
        #: Waits so many seconds until Ollama was found or was found missing; whether that is so.
        self.wait_connected = self._connection.wait
        #: The first server that answers. Raises: FirstReaderError, why there is none.
        self.host = self._connection.host
        try:
            self.jobs = self._jobs(works=works, only_own=only_own)
        except FirstReaderError:
            self._loop.stop()
            self.store.close()
            raise

    def start(self) -> None:
        """Look for Ollama in the background, and run what is queued. Raises: StoreError."""
        self._connection.start()
        try:
            self.jobs.start()
        except FirstReaderError:
            self.close()
            raise
        self._loop.start(
            repeated(
                lambda: asyncio.to_thread(self.store.upkeep.look),
                name="looking after the store's file",
                seconds=_LOOK_SECONDS,
            )
        )

    @property
    def is_connected(self) -> bool:
        """Whether any server answers."""
        return bool(self._hosts.up())

    def ollama_versions(self) -> dict[str, str]:
        """Return the versions of the Ollama servers in use, by their addresses."""
        return {host.url: host.version for host, _ in self.servers()}

    def models(self, capability: str = "completion") -> tuple[list[Model], int]:
        """Return the models that may write an answer and have `capability`, by name.

        And how many cloud models were left out. Raises: EngineError.
        """
        self.host()
        needed = ("completion", capability)
        models = self._loop.call(self._hosts.models())
        models = [model for model in models if all(map(model.can, needed))]
        allowed = [model for model in models if self.settings.allow_cloud or not model.is_cloud]
        return allowed, len(models) - len(allowed)

    def ranked(self, models: Iterable[Model], chosen: str = "") -> list[Model]:
        """Return the models, the one to begin with first: the one called `chosen`, or else by size.

        The memory counts where all servers are on this computer.
        """
        is_local = all(host.is_local for host, _ in self.servers())
        by_size = ranked(models, memory=memory() if is_local else None)
        return sorted(by_size, key=lambda model: model.name != chosen)

    def installed(self) -> list[tuple[Host, list[Model]]]:
        """Return each server that answers with all its models, as of now. Raises: EngineError."""
        self.host()
        self._loop.call(self._hosts.check())
        up = self._hosts.up()
        if not up:  # It was stopped since it was asked the last time.
            raise self._hosts.problem().with_traceback(None)
        return up

    def known_models(self) -> list[Model]:
        """Return the models that write, as the servers that answer were last asked."""
        installed = (model for _, models in self._hosts.up() for model in models)
        return [model for model in installed if model.can("completion")]

    def first_model_bytes(self) -> int:
        """Return how much of the private Ollama's first model was fetched by an earlier try."""
        return first_model.whole_bytes(Folder(self.settings.ollama_folder.absolute()))

    def manage(self, host: str, action: Callable[[Management], Awaitable[T]]) -> Future[T]:
        """Do something with the models of the server at `host`; cancelling withdraws the request.

        Raises, and may come to: EngineError.
        """

        async def act() -> T:
            try:
                return await action(self._hosts.engine(host).management)
            finally:
                await self._hosts.check(up_only=True)

        return self._loop.start(act())

    def details(self, model: Model) -> Details:
        """Return what `model` was made with; asked of the server once. Raises: EngineError."""
        if model.digest not in self._details:
            engine = self._hosts.engine(self.host_of(model).url)
            self._details[model.digest] = self._loop.call(engine.management.details(model.name))
        return self._details[model.digest]

    def suited(self, options: Options, model: Model) -> Options:
        """Return `options` with what suits a small model, where they and the model are silent."""
        try:
            details = self.details(model)
        except EngineError:
            details = None  # The call itself says what is wrong with the server.
        return suited_options(options, model, details)

    def token_counter(self, model: Model | None) -> Callable[[str], int]:
        """Return what estimates the tokens of a text for `model`, better after its first call."""
        calibration = self._hosts.calibration
        return lambda text: calibration.tokens(text, model.digest if model else "")

    def count_tokens(
        self, host: Host, model: Model, texts: Sequence[str]
    ) -> Future[list[int] | None]:
        """Have `host` count the exact tokens of each text; cancelling withdraws the request.

        It comes to None where the server does not say, or has calls to run. Raises, and may come
        to: EngineError.
        """
        return self._loop.start(self._hosts.engine(host.url).count_tokens(model.name, texts))

    def host_of(self, model: Model) -> Host:
        """Return a server that has `model`, or the first one. Raises: FirstReaderError."""
        for host, models in self._hosts.up():
            if any(installed.name == model.name for installed in models):
                return host
        return self.host()

    def reading_seconds(self, question: Question) -> float | None:
        """Estimate how long the model reads the question's prompt; None until it is known."""
        return self._hosts.calibration.reading_seconds(question.tokens, question.digest)

    def close(self) -> None:
        """Give the analyses back to the queue, their text kept; stop the Ollama started here."""
        self.jobs.close(seconds=_CLOSE_SECONDS)
        self._loop.call(self.pulls.close())
        self._connection.close()
        self._loop.stop()
        self._connection.end_process()
        self.store.close()

    def _jobs(self, *, works: bool, only_own: bool) -> Jobs:
        parts = (self.store, self._loop, Worker(self.store, self._hosts, only_own=only_own))
        if self.settings.database is None:
            return Embedded(*parts)
        # Imported here, because only a publisher's server has what it needs installed.
        from components.jobs.distributed import Announcing, Performing

        return (Performing if works else Announcing)(*parts, self.settings.database)


_application: Application | None = None
_lock = threading.RLock()


def application() -> Application:
    """Return the process's app, started if need be. Raises: SettingsError, StoreError."""
    global _application
    with _lock:
        if _application is None:
            app = Application(Settings.from_environment())
            app.start()
            _application = app
        return _application


def close_application() -> None:
    """Close the process's application, if it was ever started."""
    global _application
    with _lock:
        if _application is not None:
            _application.close()
            _application = None


def restore_backup(backup: Backup) -> Path:
    """Close the process's application and put `backup` in the place of its store's file.

    Returns the folder that the damaged file is kept in; the next `application` opens the backup.
    Raises: SettingsError, StoreError.
    """
    with _lock:
        close_application()
        return restore(Settings.from_environment().store_file, backup)
