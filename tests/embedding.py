"""A tiny model that only embeds: random weights, as a model of sentence embeddings has them.

It is given to Ollama as safetensors, which Ollama converts itself. The file that comes of it has
its keys in alphabetical order, `bert.pooling_type` before `general.architecture`, and Ollama's
`/api/tags` takes such a model for one that writes; only `/api/show` tells what it is.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import ollama

EMBEDDING = "tiny-embedding:1m"

_WIDTH, _FEED, _LAYERS, _HEADS, _CONTEXT = 32, 64, 1, 2, 64

_WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "time", "machine")


def make_embedding_model(url: str, folder: Path) -> str:
    """Have the server at `url` hold the model and return its name; `folder` is for its files."""
    vocabulary = {word: number for number, word in enumerate(_WORDS)}
    settings = {
        "architectures": ["BertModel"],
        "hidden_size": _WIDTH,
        "intermediate_size": _FEED,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": _CONTEXT,
        "num_attention_heads": _HEADS,
        "num_hidden_layers": _LAYERS,
        "vocab_size": len(_WORDS),
    }
    pooling = {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}
    files = {
        "config.json": json.dumps(settings).encode(),
        "tokenizer.json": json.dumps(
            {"model": {"type": "WordPiece", "vocab": vocabulary}}
        ).encode(),
        "modules.json": json.dumps([pooling]).encode(),
        "1_Pooling/config.json": json.dumps({"pooling_mode_mean_tokens": True}).encode(),
        "model.safetensors": _weights(),
    }
    with ollama.Client(host=url, trust_env=False) as client:
        digests = {}
        for name, data in files.items():
            path = folder / name.replace("/", "-")
            path.write_bytes(data)
            digests[name] = client.create_blob(path)
        client.create(model=EMBEDDING, files=digests)
    return EMBEDDING


def remove_embedding_model(url: str) -> None:
    """Have the server forget the model."""
    with ollama.Client(host=url, trust_env=False) as client:
        client.delete(EMBEDDING)


def _weights() -> bytes:
    """Return random weights as a file of safetensors: the length of a header, the header, data."""
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(_WORDS), _WIDTH),
        "embeddings.position_embeddings.weight": (_CONTEXT, _WIDTH),
        "embeddings.token_type_embeddings.weight": (2, _WIDTH),
        "embeddings.LayerNorm.weight": (_WIDTH,),
        "embeddings.LayerNorm.bias": (_WIDTH,),
    }
    for layer in range(_LAYERS):
        at = f"encoder.layer.{layer}"
        for name, out, into in (
            ("attention.self.query", _WIDTH, _WIDTH),
            ("attention.self.key", _WIDTH, _WIDTH),
            ("attention.self.value", _WIDTH, _WIDTH),
            ("attention.output.dense", _WIDTH, _WIDTH),
            ("intermediate.dense", _FEED, _WIDTH),
            ("output.dense", _WIDTH, _FEED),
        ):
            shapes[f"{at}.{name}.weight"] = (out, into)
            shapes[f"{at}.{name}.bias"] = (out,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{at}.{name}.weight"] = shapes[f"{at}.{name}.bias"] = (_WIDTH,)
    chance = np.random.default_rng(7)
    header, data = {}, b""
    for name, shape in shapes.items():
        begin = len(data)
        data += chance.normal(0.0, 0.1, shape).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": (begin, len(data))}
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + data
