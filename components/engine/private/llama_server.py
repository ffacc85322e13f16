"""`llama-server` as Ollama calls it: llama.cpp's own HTTP server, from a prebuilt wheel.

Ollama 0.33 answers for every GGUF model through a `llama-server` process. The wheel `xllamacpp`
holds that very server as a library; this program turns Ollama's flags into its parameters, starts
it and waits until Ollama ends it. Ollama also calls it without a model, to learn about devices.

A flag that is not known is left out with a line in the log: it comes from a newer Ollama, and the
server without it is better than none.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any

#: llama.cpp's names for its ways to load a file, as its command line spells them.
LOAD_MODES = {
    "auto": "AUTO",
    "none": "NONE",
    "mmap": "MMAP",
    "mlock": "MLOCK",
    "mmap+mlock": "MMAP_MLOCK",
    "dio": "DIRECT_IO",
}

FLASH_ATTENTION = {"auto": "AUTO", "on": "ENABLED", "off": "DISABLED"}

#: The most talkative level that was checked to hold no text of a prompt or of an answer; the
#: highest writes both. Ollama asks for 4, because it reads the sizes of buffers from the log.
HIGHEST_VERBOSITY = 4

#: MiB of prompts that are kept beside the one in the context. llama.cpp's own 8,192 would fill a
#: small computer while a novel is read: some 60 MiB for each of its passages, with the smallest of
#: models.
PROMPT_CACHE = 1024

#: Ollama is no browser and needs no origin; llama.cpp's default lets every site's page ask and read
#: the answer. No page can have this one ("null" would be that of any sandboxed frame).
NO_ORIGIN = "https://nobody.invalid"

#: How the threads that compute a model wait for each other, a few hundred times a token: asleep.
#: As libgomp has it by default they wait for some milliseconds awake, and where anything else wants
#: the processor they keep from it the very thread that they wait for. Measured on two cores that
#: others used too, in turns: 5 tokens a second awake and 41 asleep, two models at once 2 and 47.
WAITING = {"OMP_WAIT_POLICY": "passive"}

#: How much less urgent the model is than everything else on this computer; 0 is a program's usual,
#: 19 the least. Threads that sleep and wake hundreds of times a token are always let in first: with
#: two models on two cores at the usual urgency nothing else ran for up to three seconds on end, no
#: page and no click (measured on Linux 6.18), and they wrote no faster for it.
NICENESS = 15

#: Seconds between two looks whether Ollama is still there.
PARENT_CHECK = 1.0

_WITH_VALUE = (
    "--model",
    "--host",
    "--chat-template",
    "--flash-attn",
    "--mmproj",
    "--load-mode",
    "--split-mode",
    "--cache-type-k",
    "--cache-type-v",
    "--spec-type",
    "--spec-draft-model",
)

_WITH_NUMBER = (
    "--port",
    "-c",
    "-np",
    "-b",
    "-ub",
    "-t",
    "-ngl",
    "--keep",
    "--log-verbosity",
    "--main-gpu",
    "--image-min-tokens",
    "--spec-draft-n-max",
)

_SWITCHES = (
    "--embedding",
    "--no-jinja",
    "--jinja",
    "--context-shift",
    "--no-webui",
    "--offline",
    "--no-log-prefix",
    "--no-log-timestamps",
    "--verbose",
    "--no-mmproj-offload",
    "--spec-draft-backend-sampling",
    "--list-devices",
    "--version",
)

#: Ollama's flag and the parameter of the same meaning, where the value needs no translation.
_NUMBERS = {
    "c": "n_ctx",
    "np": "n_parallel",
    "b": "n_batch",
    "ub": "n_ubatch",
    "ngl": "n_gpu_layers",
    "keep": "n_keep",
    "main_gpu": "main_gpu",
    "image_min_tokens": "image_min_tokens",
}


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the flags that are understood, and the rest as given."""
    parser = argparse.ArgumentParser("llama-server", add_help=False, allow_abbrev=False)
    for flag in _WITH_VALUE:
        parser.add_argument(flag)
    for flag in _WITH_NUMBER:
        parser.add_argument(flag, type=int)
    for flag in _SWITCHES:
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--lora", action="append", default=[])
    return parser.parse_known_args(arguments)


def parameters(given: argparse.Namespace, llama: ModuleType) -> Any:
    """Return `llama.CommonParams` filled from the flags; `llama` is the module xllamacpp.

    Raises: ValueError for a value that has no meaning.
    """
    params = llama.CommonParams()
    params.model.path = given.model
    params.hostnames = [given.host or "127.0.0.1"]
    params.port = given.port or 8080
    for flag, name in _NUMBERS.items():
        value = getattr(given, flag)
        if value is not None:
            setattr(params, name, value)
    if given.t is not None:
        params.cpuparams.n_threads = given.t
        params.cpuparams_batch.n_threads = given.t
    params.embedding = given.embedding
    params.ctx_shift = given.context_shift
    params.use_jinja = not given.no_jinja
    if given.chat_template:
        params.chat_template = given.chat_template
    if given.flash_attn:
        params.flash_attn_type = _member(
            llama,
            "llama_flash_attn_type",
            "LLAMA_FLASH_ATTN_TYPE_",
            FLASH_ATTENTION,
            given.flash_attn,
        )
    if given.load_mode:
        params.load_mode = _member(
            llama, "llama_load_mode", "LLAMA_LOAD_MODE_", LOAD_MODES, given.load_mode
        )
    if given.split_mode:
        params.split_mode = _member(
            llama, "llama_split_mode", "LLAMA_SPLIT_MODE_", None, given.split_mode
        )
    for kind in ("cache_type_k", "cache_type_v"):
        if getattr(given, kind):
            value = _member(llama, "ggml_type", "GGML_TYPE_", None, getattr(given, kind))
            setattr(params, kind, value)
    if given.mmproj:
        params.mmproj.path = given.mmproj
        params.mmproj_use_gpu = not given.no_mmproj_offload
    if given.lora:
        params.lora_adapters = [llama.CommonAdapterLoraInfo(path, 1.0) for path in given.lora]
    params.cache_ram_mib = PROMPT_CACHE
    _set_draft(params, given, llama)
    _set_privacy(params, given)
    return params


def _set_draft(params: Any, given: argparse.Namespace, llama: ModuleType) -> None:
    if not given.spec_type:
        return
    kind = given.spec_type.replace("-", "_")
    params.speculative.types = [
        _member(llama, "common_speculative_type", "COMMON_SPECULATIVE_TYPE_", None, kind)
    ]
    draft = params.speculative.draft
    if given.spec_draft_n_max is not None:
        draft.n_max = given.spec_draft_n_max
    if given.spec_draft_model:
        draft.mparams.path = given.spec_draft_model
    draft.backend_sampling = given.spec_draft_backend_sampling


def _set_privacy(params: Any, given: argparse.Namespace) -> None:
    """Nothing leaves, no page in a browser may ask, and the log holds no text."""
    params.offline = True
    params.ui = False
    params.endpoint_slots = False  # It would show the prompts; Ollama does not use it.
    params.cors_origins = NO_ORIGIN
    params.verbosity = min(given.log_verbosity or HIGHEST_VERBOSITY, HIGHEST_VERBOSITY)


def _member(
    llama: ModuleType, enum: str, prefix: str, names: dict[str, str] | None, value: str
) -> Any:
    name = value.upper() if names is None else names.get(value, "")
    found = getattr(getattr(llama, enum), prefix + name, None)
    if found is None:
        raise ValueError(f"{enum}: {value!r} has no meaning here")
    return found


def describe_devices(llama: ModuleType) -> str:
    """Return the graphics devices as llama.cpp's `--list-devices` prints them.

    The processor is left out: Ollama takes every line for a graphics device, and with a processor
    among them it guesses a far too long context and waits five seconds at each change of model.
    """
    kinds = llama.ggml_backend_dev_type
    graphics = {
        kind
        for name in ("GPU", "IGPU")
        if (kind := getattr(kinds, f"GGML_BACKEND_DEVICE_TYPE_{name}", None)) is not None
    }
    lines = ["Available devices:"]
    for device in llama.get_device_info():
        if device["type"] in graphics:
            total, free = (int(device[key]) // 2**20 for key in ("memory_total", "memory_free"))
            lines.append(
                f"  {device['name']}: {device['description']} ({total} MiB, {free} MiB free)"
            )
    return "\n".join(lines)


def _give_way() -> None:
    """Let the page, and all else, go first: it needs little and the model takes what there is."""
    if hasattr(os, "nice"):  # Not on Windows.
        os.nice(NICENESS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the model until Ollama ends the process; without a model, describe the machine.

    Returns 0 for a description, 1 with the reason on stderr when the model cannot be served.
    """
    given, unknown = parse(sys.argv[1:] if arguments is None else arguments)
    # The default action ends the process at once, also while C++ loads a model for minutes.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)  # Read once, when the library is loaded.
    _give_way()
    import xllamacpp as llama

    if given.version:
        sys.stdout.write(f"llama-server (xllamacpp {getattr(llama, '__version__', '?')})\n")
        return 0
    if given.list_devices:
        sys.stdout.write(describe_devices(llama) + "\n")
        return 0
    if not given.model:
        # Ollama starts the server bare and reads what it says of the machine.
        sys.stderr.write(f"system_info: {llama.get_system_info()}\n")
        return 0
    for flag in unknown:
        if flag.startswith("-"):
            sys.stderr.write(f"llama-server: {flag} is not known and left out\n")
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        server = llama.Server(parameters(given, llama))
    except (ValueError, RuntimeError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stderr.write(f"llama-server: listening on {server.listening_address}\n")
    sys.stderr.flush()
    while True:
        signal.pause()


def _end_with_parent(parent: int) -> None:
    """End this process when Ollama is gone without having ended it."""
    tick = threading.Event()
    while os.getppid() == parent:
        tick.wait(PARENT_CHECK)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
