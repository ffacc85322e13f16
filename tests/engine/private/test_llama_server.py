from __future__ import annotations

import os
import subprocess
import sys
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from components.engine.private import llama_server
from components.settings import PROJECT


class Names:
    """An enumeration of llama.cpp as far as it matters: a value is its own name."""

    def __init__(self, *names: str) -> None:
        for name in names:
            setattr(self, name, name)


class Kind(Enum):
    GGML_BACKEND_DEVICE_TYPE_CPU = 0
    GGML_BACKEND_DEVICE_TYPE_GPU = 1
    GGML_BACKEND_DEVICE_TYPE_ACCEL = 3


@pytest.fixture
def llama() -> Any:
    def params() -> SimpleNamespace:
        holder = SimpleNamespace
        return holder(
            model=holder(),
            mmproj=holder(),
            cpuparams=holder(),
            cpuparams_batch=holder(),
            speculative=holder(draft=holder(mparams=holder())),
        )

    module = ModuleType("xllamacpp")
    module.__dict__.update(
        CommonParams=params,
        CommonAdapterLoraInfo=lambda path, scale: (path, scale),
        llama_flash_attn_type=Names(
            "LLAMA_FLASH_ATTN_TYPE_AUTO",
            "LLAMA_FLASH_ATTN_TYPE_ENABLED",
            "LLAMA_FLASH_ATTN_TYPE_DISABLED",
        ),
        llama_load_mode=Names("LLAMA_LOAD_MODE_NONE", "LLAMA_LOAD_MODE_DIRECT_IO"),
        llama_split_mode=Names("LLAMA_SPLIT_MODE_NONE"),
        ggml_type=Names("GGML_TYPE_Q8_0", "GGML_TYPE_F16"),
        common_speculative_type=Names("COMMON_SPECULATIVE_TYPE_DRAFT_MTP"),
        ggml_backend_dev_type=Kind,
    )
    return module


def fill(llama: Any, flags: str) -> Any:
    given, unknown = llama_server.parse(["--model", "m.gguf", *flags.split()])
    assert unknown == []
    return llama_server.parameters(given, llama)


def test_the_flags_that_ollama_passes(llama: Any) -> None:
    params = fill(
        llama,
        "--port 37917 --host 127.0.0.1 --no-webui --offline -c 8192 -np 2 --log-verbosity 4 "
        "--no-log-prefix --no-log-timestamps --no-jinja --chat-template chatml --load-mode none "
        "--flash-attn auto -b 1024 -ub 512 -t 3 -ngl 7 --context-shift --keep 5 --embedding "
        "--cache-type-k q8_0 --cache-type-v f16 --split-mode none --main-gpu 1 --lora a --lora b "
        "--mmproj p.gguf --no-mmproj-offload --image-min-tokens 1024",
    )
    assert params.model.path == "m.gguf"
    assert (params.hostnames, params.port) == (["127.0.0.1"], 37917)
    assert (params.n_ctx, params.n_parallel, params.n_batch, params.n_ubatch) == (
        8192,
        2,
        1024,
        512,
    )
    assert (params.cpuparams.n_threads, params.cpuparams_batch.n_threads) == (3, 3)
    assert (params.n_gpu_layers, params.main_gpu) == (7, 1)
    assert (params.ctx_shift, params.n_keep, params.embedding) == (True, 5, True)
    assert (params.use_jinja, params.chat_template) == (False, "chatml")
    assert params.load_mode == "LLAMA_LOAD_MODE_NONE"
    assert params.flash_attn_type == "LLAMA_FLASH_ATTN_TYPE_AUTO"
    assert (params.cache_type_k, params.cache_type_v) == ("GGML_TYPE_Q8_0", "GGML_TYPE_F16")
    assert params.split_mode == "LLAMA_SPLIT_MODE_NONE"
    assert params.lora_adapters == [("a", 1.0), ("b", 1.0)]
    assert (params.mmproj.path, params.mmproj_use_gpu) == ("p.gguf", False)
    assert params.image_min_tokens == 1024


def test_what_is_not_given_is_left_to_llama(llama: Any) -> None:
    params = fill(llama, "--port 1")
    for name in ("n_ctx", "n_gpu_layers", "flash_attn_type", "load_mode", "cache_type_k", "n_keep"):
        assert not hasattr(params, name)
    assert params.use_jinja is True
    assert params.ctx_shift is False


def test_it_gives_way_to_everything_else() -> None:
    given = os.getpriority(os.PRIO_PROCESS, 0)
    code = (
        "import os, sys, types; sys.modules['xllamacpp'] = types.ModuleType('xllamacpp');"
        "from components.engine.private import llama_server; llama_server.main(['--version']);"
        "print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert int(said.stdout.split()[-1]) == min(given + llama_server.NICENESS, 19)


def test_prompts_that_are_kept_take_a_bounded_room(llama: Any) -> None:
    assert fill(llama, "--port 1").cache_ram_mib == llama_server.PROMPT_CACHE


def test_a_draft_model(llama: Any) -> None:
    draft = fill(
        llama,
        "--port 1 --spec-type draft-mtp --spec-draft-n-max 4 --spec-draft-backend-sampling "
        "--spec-draft-model d.gguf",
    ).speculative
    assert draft.types == ["COMMON_SPECULATIVE_TYPE_DRAFT_MTP"]
    assert (draft.draft.n_max, draft.draft.backend_sampling) == (4, True)
    assert draft.draft.mparams.path == "d.gguf"


@pytest.mark.parametrize(("asked", "used"), [("2", 2), ("4", 4), ("9", 4)])
def test_the_log_never_holds_text(llama: Any, asked: str, used: int) -> None:
    params = fill(llama, f"--port 1 --log-verbosity {asked}")
    assert params.verbosity == used
    assert params.offline is True
    assert params.endpoint_slots is False
    assert params.ui is False
    assert params.cors_origins == llama_server.NO_ORIGIN


def test_a_value_without_meaning(llama: Any) -> None:
    with pytest.raises(ValueError, match="sideways"):
        fill(llama, "--port 1 --flash-attn sideways")


def test_unknown_flags_are_set_apart() -> None:
    given, unknown = llama_server.parse(["--model", "m", "--new-thing", "3", "--port", "5"])
    assert given["--port"] == 5
    assert unknown[0] == "--new-thing"


def test_only_graphics_devices_are_listed(llama: Any) -> None:
    sizes = {"memory_total": 16 * 2**30, "memory_free": 15 * 2**30}
    llama.get_device_info = lambda: [
        {"name": kind.name[-3:], "description": "A thing", "type": kind} | sizes for kind in Kind
    ]
    assert llama_server.describe_devices(llama).splitlines() == [
        "Available devices:",
        "  GPU: A thing (16384 MiB, 15360 MiB free)",
    ]


@pytest.mark.parametrize(
    ("chosen", "found"), [({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")]
)
def test_threads_wait_asleep_unless_it_was_chosen_otherwise(
    tmp_path: Path, chosen: dict[str, str], found: str
) -> None:
    """The library reads it while it is loaded, and not later."""
    stub = 'import os\n__version__ = os.environ.get("OMP_WAIT_POLICY", "unset")\n'
    (tmp_path / "xllamacpp.py").write_text(stub, encoding="utf-8")
    environ = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-P", llama_server.__file__, "--version"],
        env=environ | {"PYTHONPATH": str(tmp_path)} | chosen,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"llama-server (xllamacpp {found})\n"
