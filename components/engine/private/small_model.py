"""Models that come with the private Ollama: imported once each, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import ollama

from components.engine.private.pins import MODEL
from components.errors import SetupFailed

T = TypeVar("T")

_NOT_IMPORTED = "The model cannot be imported"

#: Seconds between two bytes of an answer: a slow disk may take a minute to load the model.
TIMEOUT = httpx.Timeout(180.0, connect=5.0)


def has_model(url: str, name: str) -> bool:
    """Return whether the private server at `url` has the model. Raises: SetupFailed."""

    def work(client: ollama.Client) -> bool:
        return any(model.model == name for model in client.list().models)

    return _with_client(url, "The private Ollama does not answer", work)


def import_model(url: str, name: str, weights: Path) -> None:
    """Import the GGUF file `weights` as `name` into the private server at `url`.

    Raises: SetupFailed.
    """
    digest = _with_client(url, _NOT_IMPORTED, lambda client: client.create_blob(weights))
    create_model(url, name, digest)


def create_model(url: str, name: str, digest: str) -> None:
    """Have the server at `url` make `name` of a GGUF file that it has. Raises: SetupFailed."""

    def work(client: ollama.Client) -> None:
        for _ in client.create(model=name, files={"model.gguf": digest}, stream=True):
            pass

    _with_client(url, _NOT_IMPORTED, work)


def first_answer(url: str) -> None:
    """Make the small model say one token: the proof that the whole build works.

    Raises: SetupFailed.
    """

    def work(client: ollama.Client) -> None:
        options = {"num_predict": 1, "num_ctx": 256}
        client.generate(model=MODEL, prompt="Hello", options=options, keep_alive=0)

    _with_client(url, "The private Ollama was built but does not answer", work)


def _with_client(url: str, failure: str, work: Callable[[ollama.Client], T]) -> T:
    try:
        with ollama.Client(host=url, trust_env=False, timeout=TIMEOUT) as client:
            return work(client)
    except (ollama.ResponseError, httpx.HTTPError, OSError) as error:
        raise SetupFailed(f"{failure}: {error}.") from error
