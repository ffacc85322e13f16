"""The running app: which parts there are and how they hold together.

Made once for a process, by the server's start or by the first page, and closed with it. Ollama is
looked for and started in the background, so that the page opens at once and says what happens.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from components.engine import BackgroundLoop, Calibration, Engine, Model
from components.engine.private import Folder, OllamaProcess, locate, problem, start_private
from components.errors import FirstReaderError, OllamaUnavailable
from components.jobs import Runner
from components.settings import Settings
from components.store import Question, Shelf


@dataclass(frozen=True, slots=True)
class Host:
    """The Ollama server in use: its address, whether it is the private one, its version."""

    url: str
    is_private: bool
    version: str

    @property
    def is_local(self) -> bool:
        """Whether it runs on this computer, so that the manuscript does not leave it."""
        name = urlsplit(self.url).hostname or ""
        try:
            return name == "localhost" or ip_address(name).is_loopback
        except ValueError:  # Any other name, such as 127.example, is looked up somewhere.
            return False


class Application:
    """All parts of one running First Reader. `start` returns at once; `close` ends everything."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf()
        self._loop = BackgroundLoop()
        self.runner = Runner(self._loop, self.shelf, self.engine)
        self._engine: Engine | None = None
        self._host: Host | None = None
        self._problem: FirstReaderError | None = None
        self._process: OllamaProcess | None = None
        self._process_is_private = False
        self._changing = threading.Lock()
        self._connected = threading.Event()

    def start(self) -> None:
        """Begin to look for Ollama, in the background."""
        self._connected.clear()
        threading.Thread(target=self._connect, name="first-reader-connect", daemon=True).start()

    def wait_connected(self, seconds: float) -> bool:
        """Wait until Ollama was found or was found missing; return whether that is so."""
        return self._connected.wait(seconds)

    def host(self) -> Host:
        """Return the server in use. Raises: FirstReaderError, why there is none."""
        if self._problem is not None:
            # Without the traceback of the last time: each would hold on to a page's frames.
            raise self._problem.with_traceback(None)
        if self._host is None:
            raise OllamaUnavailable("Ollama is still starting.", advice="It takes a few seconds.")
        return self._host

    def engine(self) -> Engine:
        """Return the engine. Raises: FirstReaderError, why there is none."""
        self.host()
        if self._engine is None:
            raise OllamaUnavailable("First Reader is closing.", advice="Start it again.")
        return self._engine

    def models(self) -> tuple[list[Model], int]:
        """Return the models that may answer, and how many cloud models were left out.

        Raises: EngineError.
        """
        engine = self.engine()
        models = [model for model in self._loop.call(engine.models()) if model.can_write]
        allowed = [one for one in models if self.settings.allow_cloud or not one.is_cloud]
        return allowed, len(models) - len(allowed)

    def token_counter(self, model: Model | None) -> Callable[[str], int]:
        """Return what estimates the tokens of a text for `model`, better after its first call."""
        calibration = self._engine.calibration if self._engine else Calibration()
        return lambda text: calibration.tokens(text, model.digest if model else "")

    def reading_seconds(self, question: Question) -> float | None:
        """Estimate how long the model reads the question's prompt; None until it is known."""
        if self._engine is None:
            return None
        return self._engine.calibration.reading_seconds(question.tokens, question.digest)

    def close(self) -> None:
        """Stop the analyses, and the Ollama that this app started."""
        self.runner.shut_down()
        if self._engine is not None:
            engine, self._engine = self._engine, None
            self._loop.call(engine.close())
        self._loop.stop()
        with self._changing:
            if self._process is not None:
                self._process.stop()
                self._process = None

    def _connect(self) -> None:
        with self._changing:
            self._problem = None
            try:
                url, is_private = self._find()
                allow_cloud = self.settings.allow_cloud
                engine, version = self._loop.call(_reached(url, allow_cloud=allow_cloud))
                last, self._engine = self._engine, engine
                self._host = Host(url, is_private, version)
                if last is not None:
                    self._loop.call(last.close())
            except FirstReaderError as error:
                self._problem = error
            except Exception as error:  # noqa: BLE001 - a thread's end must reach the page
                self._problem = OllamaUnavailable(
                    f"Ollama could not be started ({type(error).__name__})."
                )
            finally:
                self._connected.set()

    def _find(self) -> tuple[str, bool]:
        if self._process is not None and self._process.running:
            return self._process.url, self._process_is_private
        folder = self.settings.ollama_folder
        found = locate(os.environ, root=folder)
        if found.url is not None:
            return found.url, False
        if found.binary is None:
            raise OllamaUnavailable(problem(folder) or "There is no Ollama on this computer.")
        self._process_is_private = found.kind == "private"
        if self._process_is_private:
            self._process = start_private(folder)
        else:
            process = OllamaProcess(found.binary, Folder(folder), private=False)
            process.start()
            self._process = process
        return self._process.url, self._process_is_private


async def _reached(url: str, *, allow_cloud: bool) -> tuple[Engine, str]:
    """Return an engine for the server at `url`, and its version. Raises: EngineError."""
    engine = Engine(url, allow_cloud=allow_cloud)
    try:
        return engine, await engine.version()
    except BaseException:
        await engine.close()
        raise


_application: Application | None = None
_lock = threading.Lock()


def application() -> Application:
    """Return the process's application, starting it at the first call.

    Raises: SettingsError.
    """
    global _application
    with _lock:
        if _application is None:
            _application = Application(Settings.from_environment())
            _application.start()
        return _application


def close_application() -> None:
    """Close the process's application, if it was ever started."""
    global _application
    with _lock:
        if _application is not None:
            _application.close()
            _application = None
