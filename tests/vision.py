"""A tiny model that sees: random weights, so that it says nonsense and takes the true path.

No model that sees pictures is small enough to come with the tests. This one is written here with
the package `gguf`, in two files as such models have them: a language model of two layers with the
tokenizer of the private Ollama's own model, and a projector, an image encoder of two layers that
turns each picture into sixteen tokens. Ollama gives it the capability `vision` by the second file.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import ollama

from components.engine.private.pins import MODEL
from components.settings import PROJECT

VISION = "tiny-vision:1m"

#: Tokens of a picture: the patches of 14 pixels in a picture of 56.
PICTURE_TOKENS = (56 // 14) ** 2

#: The trained context in tokens.
CONTEXT = 8192

_WIDTH, _FEED, _LAYERS, _HEADS = 64, 128, 2, 4


def make_vision_model(url: str, folder: Path) -> str:
    """Have the server at `url` hold the model and return its name; `folder` is for its files."""
    language, projector = folder / "tiny.gguf", folder / "mmproj-tiny.gguf"
    chance = np.random.default_rng(11)
    write_language(language, chance)
    _write_projector(projector, chance)
    with ollama.Client(host=url, trust_env=False) as client:
        shown = client.show(MODEL)
        client.create(
            model=VISION,
            files={path.name: client.create_blob(path) for path in (language, projector)},
            template=shown.template or "",
            parameters={"stop": ["<|im_start|>", "<|im_end|>"]},
        )
    return VISION


def remove_vision_model(url: str) -> None:
    """Have the server forget the model."""
    with ollama.Client(host=url, trust_env=False) as client:
        client.delete(VISION)


def write_language(path: Path, chance: np.random.Generator) -> None:
    """Write the language model alone, which Ollama imports as any other."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny vision")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    words = _copy_tokenizer(writer)
    square, wide = (_WIDTH, _WIDTH), (_FEED, _WIDTH)
    _add(writer, chance, "token_embd.weight", words, _WIDTH)
    writer.add_tensor("output_norm.weight", np.ones(_WIDTH, np.float32))
    for layer in range(_LAYERS):
        at = f"blk.{layer}"
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{at}.{name}.weight", np.ones(_WIDTH, np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            _add(writer, chance, f"{at}.{name}.weight", *square)
        for name, shape in (("ffn_gate", wide), ("ffn_up", wide), ("ffn_down", wide[::-1])):
            _add(writer, chance, f"{at}.{name}.weight", *shape)
    _finish(writer)


def _copy_tokenizer(writer: gguf.GGUFWriter) -> int:
    """Give the file the tokenizer of the private Ollama's model; return its number of words."""
    weights = next((PROJECT / ".ollama" / "weights").glob("**/*.gguf"))
    reader = gguf.GGUFReader(weights)
    for name, field in reader.fields.items():
        if name.startswith("tokenizer."):
            kind = field.types[0]
            part = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), kind, sub_type=part)
    return len(reader.fields["tokenizer.ggml.tokens"].data)


def _write_projector(path: Path, chance: np.random.Generator) -> None:
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_name("Tiny projector")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    for name, value in (
        ("image_size", 56),
        ("patch_size", 14),
        ("embedding_length", _WIDTH),
        ("feed_forward_length", _FEED),
        ("projection_dim", _WIDTH),
        ("block_count", _LAYERS),
        ("attention.head_count", _HEADS),
    ):
        writer.add_uint32(f"clip.vision.{name}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    _add(writer, chance, "v.patch_embd.weight", _WIDTH, 3, 14, 14)
    _add(writer, chance, "v.class_embd", _WIDTH)
    _add(writer, chance, "v.position_embd.weight", PICTURE_TOKENS + 1, _WIDTH)
    _add_norm(writer, "v.pre_ln")
    for layer in range(_LAYERS):
        at = f"v.blk.{layer}"
        _add_norm(writer, f"{at}.ln1")
        _add_norm(writer, f"{at}.ln2")
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            _add_linear(writer, chance, f"{at}.{name}", _WIDTH, _WIDTH)
        _add_linear(writer, chance, f"{at}.ffn_up", _FEED, _WIDTH)
        _add_linear(writer, chance, f"{at}.ffn_down", _WIDTH, _FEED)
    _add_linear(writer, chance, "mm.0", _WIDTH, _WIDTH)
    _add_linear(writer, chance, "mm.2", _WIDTH, _WIDTH)
    _finish(writer)


def _add_norm(writer: gguf.GGUFWriter, name: str) -> None:
    writer.add_tensor(f"{name}.weight", np.ones(_WIDTH, np.float32))
    writer.add_tensor(f"{name}.bias", np.zeros(_WIDTH, np.float32))


def _add_linear(
    writer: gguf.GGUFWriter, chance: np.random.Generator, name: str, out: int, into: int
) -> None:
    _add(writer, chance, f"{name}.weight", out, into)
    writer.add_tensor(f"{name}.bias", np.zeros(out, np.float32))


def _add(writer: gguf.GGUFWriter, chance: np.random.Generator, name: str, *shape: int) -> None:
    writer.add_tensor(name, chance.normal(0.0, 0.1, shape).astype(np.float32))


def _finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
