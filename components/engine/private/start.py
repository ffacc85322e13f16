"""Start the private Ollama, complete: its launchers written, its small model imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import ollama

from components.engine.private.folder import Folder
from components.engine.private.launchers import write_launchers
from components.engine.private.ollama_process import OllamaProcess
from components.engine.private.pins import MODEL, is_built
from components.errors import SetupFailed
from components.settings import SETUP

#: Seconds between two bytes of an answer: a slow disk may take a minute to load the model.
TIMEOUT = httpx.Timeout(180.0, connect=5.0)


def start_private(root: Path, *, parallel: int = 1) -> OllamaProcess:
    """Start the private Ollama of the folder `root` and make sure that it has its small model.

    The caller stops it. `parallel` is as in `OllamaProcess`.
    Raises: SetupFailed when it was not built or cannot import its model, OllamaUnavailable when
    it does not start.
    """
    folder = Folder(root)
    if not is_built(folder):
        raise SetupFailed(f"The private Ollama is not built yet; `{SETUP}` builds it.")
    try:
        write_launchers(folder)
    except OSError as error:
        raise SetupFailed(f"{folder.launchers} cannot be written: {error.strerror}.") from error
    server = OllamaProcess(folder.binary, folder, private=True, parallel=parallel)
    server.start()
    try:
        if not has_model(server.url, MODEL):
            import_model(server.url, MODEL, folder.weights)
    except BaseException:
        server.stop()
        raise
    return server


def has_model(url: str, name: str) -> bool:
    """Return whether the private server at `url` has the model. Raises: SetupFailed."""
    with _client(url, "The private Ollama does not answer") as client:
        return any(model.model == name for model in client.list().models)


def import_model(url: str, name: str, weights: Path) -> None:
    """Import a GGUF file as `name` into the private server at `url`. Raises: SetupFailed."""
    with _client(url, "The model cannot be imported") as client:
        digest = client.create_blob(weights)
    create_model(url, name, digest)


def create_model(url: str, name: str, digest: str) -> None:
    """Have the server at `url` make `name` of a GGUF file that it has. Raises: SetupFailed."""
    with _client(url, "The model cannot be imported") as client:
        for _ in client.create(model=name, files={"model.gguf": digest}, stream=True):
            pass


def first_answer(url: str) -> None:
    """Have the small model say a token, to prove that the build works. Raises: SetupFailed."""
    options = {"num_predict": 1, "num_ctx": 256}
    with _client(url, "The private Ollama was built but does not answer") as client:
        client.generate(model=MODEL, prompt="Hello", options=options, keep_alive=0)


@contextmanager
def _client(url: str, failure: str) -> Iterator[ollama.Client]:
    """Give a client of the server at `url`. Raises: SetupFailed, `failure`, where it raises."""
    try:
        with ollama.Client(host=url, trust_env=False, timeout=TIMEOUT) as client:
            yield client
    except (ollama.ResponseError, httpx.HTTPError, OSError) as error:
        raise SetupFailed(f"{failure}: {error}.") from error
