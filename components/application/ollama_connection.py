"""The way to Ollama: found or started in the background, and watched from then on."""

import asyncio
import logging
import os
import threading
from concurrent.futures import Future

from components.engine import BackgroundLoop, Host, Hosts, repeated
from components.engine.private import Folder, OllamaProcess, locate, problem, start_private
from components.engine.private.locate import address
from components.errors import FirstReaderError, OllamaUnavailable, SettingsError
from components.settings import Settings

_log = logging.getLogger(__name__)

#: Seconds between two looks at the servers' health.
_CHECK_SECONDS = 5.0


class Connection:
    """Fills `hosts` with the servers of `settings`, or with the one that it finds or starts."""

    def __init__(self, settings: Settings, loop: BackgroundLoop, hosts: Hosts) -> None:
        self._settings = settings
        self._loop = loop
        self._hosts = hosts
        self._problem: FirstReaderError | None = None
        self._process: OllamaProcess | None = None
        self._process_is_private = False
        self._changing = threading.Lock()
        self._looked = threading.Event()
        self._watching: Future[None] | None = None

    def start(self) -> None:
        """Begin to look for Ollama, in the background."""
        self._looked.clear()
        threading.Thread(target=self._connect, name="first-reader-connect", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until Ollama was found or was found missing; return whether that is so."""
        return self._looked.wait(seconds)

    def host(self) -> Host:
        """Return the first server that answers. Raises: FirstReaderError, why there is none."""
        problem = self._problem  # Another thread, that looks again, takes it away.
        if problem is not None:
            # Without the traceback of the last time: each would hold on to a page's frames.
            raise problem.with_traceback(None)
        if not self._hosts.all():
            raise OllamaUnavailable("Ollama is still starting.", advice="It takes a few seconds.")
        up = self._hosts.up()
        if not up:
            raise self._hosts.problem().with_traceback(None)
        return up[0][0]

    def close(self) -> None:
        """Close the connections; `end_process` comes after the loop has stopped."""
        if self._watching is not None:
            self._watching.cancel()
        self._loop.call(self._hosts.close())

    def end_process(self) -> None:
        """Stop the Ollama that was started here, if one was."""
        with self._changing:
            if self._process is not None:
                self._process.stop()
                self._process = None

    def _connect(self) -> None:
        with self._changing:
            self._problem = None
            try:
                self._loop.call(self._hosts.use(self._find()))
                if self._watching is None or self._watching.done():
                    self._watching = self._loop.start(self._watch())
            except FirstReaderError as error:
                self._problem = error
                _log.warning("%s", error)
            except Exception as error:  # noqa: BLE001 - a thread's end must reach the page
                self._problem = OllamaUnavailable(
                    f"Ollama could not be started ({type(error).__name__})."
                )
                _log.warning("%s", self._problem)
            finally:
                self._looked.set()

    async def _watch(self) -> None:
        await asyncio.sleep(_CHECK_SECONDS)
        await repeated(self._look, name="asking Ollama how it is", seconds=_CHECK_SECONDS)

    async def _look(self) -> None:
        await self._hosts.check()
        # One that ended by itself, here or in the process that shared it, is started again, once.
        if self._looked.is_set() and self._process is not None and not self._process.running:
            self.start()

    def _find(self) -> list[Host]:
        if self._settings.hosts:
            return [Host(_address(url), slots) for url, slots in self._settings.hosts]
        slots, process = self._settings.parallel, self._process
        if process is not None and process.running:
            return [self._host(process)]
        if process is not None:
            self._process = None
            process.stop()
        folder = self._settings.ollama_folder
        located = locate(os.environ, root=folder)
        if located.url is not None:
            return [Host(located.url, slots)]
        if located.binary is None:
            raise OllamaUnavailable(problem(folder) or "There is no Ollama on this computer.")
        self._process_is_private = located.kind == "private"
        if self._process_is_private:
            process = start_private(folder, parallel=slots)
        else:
            process = OllamaProcess(located.binary, Folder(folder), private=False, parallel=slots)
            process.start()
        self._process = process
        return [self._host(process)]

    def _host(self, process: OllamaProcess) -> Host:
        """Return the server that was started, maybe by another process and for fewer calls."""
        slots = min(self._settings.parallel, process.parallel)
        return Host(process.url, slots, self._process_is_private)


def _address(url: str) -> str:
    try:
        return address(url)
    except SettingsError as error:
        raise SettingsError(
            "FIRST_READER_OLLAMA_HOSTS names what is not the address of a server.",
            advice="Set it to addresses such as http://one:11434=2, http://two:11434.",
        ) from error
