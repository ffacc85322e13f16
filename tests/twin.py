"""A second small model: the private Ollama's own weights under another digest.

A variant shares its base's weights and so its runner; two models that run at the same time need two
files. One letter of the file's description makes another file of it.
"""

from __future__ import annotations

from pathlib import Path

import ollama

from components.engine.private.pins import MODEL
from components.settings import PROJECT

TWIN = "twin:135m"

_SAID, _SAYS = b"8k-lc100k-mix1-ep2", b"8k-lc100k-mix1-ep3"


def make_twin(url: str, folder: Path) -> str:
    """Have the server at `url` hold the twin and return its name; `folder` is used for the file."""
    with ollama.Client(host=url, trust_env=False) as client:
        if any(model.model == TWIN for model in client.list().models):
            return TWIN
        source = next((PROJECT / ".ollama" / "weights").glob("**/*.gguf"))
        data = source.read_bytes()
        assert data.count(_SAID) == 1, "the weights are not those that were known"
        path = folder / "twin.gguf"
        path.write_bytes(data.replace(_SAID, _SAYS))
        try:
            shown = client.show(MODEL)
            client.create(
                model=TWIN,
                files={path.name: client.create_blob(path)},
                template=shown.template or "",
                parameters={"stop": ["<|im_start|>", "<|im_end|>"]},
            )
        finally:
            path.unlink()
    return TWIN


def remove_twin(url: str) -> None:
    """Have the server forget the twin."""
    with ollama.Client(host=url, trust_env=False) as client:
        client.delete(TWIN)
