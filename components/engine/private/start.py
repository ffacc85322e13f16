"""Start the private Ollama, complete and with its small model."""

from __future__ import annotations

from pathlib import Path

from components.engine.private.folder import Folder
from components.engine.private.launchers import write_launchers
from components.engine.private.ollama_process import OllamaProcess
from components.engine.private.pins import MODEL, is_built
from components.engine.private.small_model import has_model, import_model
from components.errors import SetupFailed


def start_private(root: Path, *, parallel: int = 1, shared: bool = False) -> OllamaProcess:
    """Start the private Ollama of the folder `root` and make sure that it has its small model.

    The caller stops it; it also ends with this process. `parallel` and `shared` are as
    `OllamaProcess` has them.

    Raises: SetupFailed when it was not built or cannot import its model, OllamaUnavailable when
    it does not start.
    """
    folder = Folder(root)
    if not is_built(folder):
        raise SetupFailed("The private Ollama is not built yet; `make setup` builds it.")
    try:
        write_launchers(folder)
    except OSError as error:
        raise SetupFailed(f"{folder.launchers} cannot be written: {error.strerror}.") from error
    server = OllamaProcess(folder.binary, folder, private=True, parallel=parallel, shared=shared)
    server.start()
    try:
        if not has_model(server.url, MODEL):
            import_model(server.url, MODEL, folder.weights)
    except BaseException:
        server.stop()
        raise
    return server


def problem(root: Path) -> str | None:
    """Return why the last setup of the folder `root` failed, in plain words, or None."""
    return Folder(root).problem()
