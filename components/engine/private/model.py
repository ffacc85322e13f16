"""The one model that comes with the private Ollama: imported once, through the official client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import ollama

from components.engine.private.pins import MODEL
from components.errors import SetupFailed

T = TypeVar("T")

#: Seconds between two bytes of an answer: a slow disk may take a minute to load the model.
TIMEOUT = httpx.Timeout(180.0, connect=5.0)


def ensure_model(url: str, weights: Path) -> bool:
    """Import `weights` as the model into the private server at `url`, unless it has it.

    Returns whether it was imported now.

    Raises: SetupFailed.
    """

    def work(client: ollama.Client) -> bool:
        if any(model.model == MODEL for model in client.list().models):
            return False
        digest = client.create_blob(weights)
        for _ in client.create(model=MODEL, files={weights.name: digest}, stream=True):
            pass
        return True

    return _with_client(url, "The small model cannot be imported", work)


def first_answer(url: str) -> None:
    """Make the model say one token: the proof that the whole build works.

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
