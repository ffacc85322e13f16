"""`llama-server` as Ollama calls it: llama.cpp's own HTTP server, from a prebuilt wheel.

Ollama 0.33 answers for every GGUF model through a `llama-server` process. The wheel `xllamacpp`
has that server as a library; this program turns Ollama's flags into its parameters. An unknown flag
is left out with a line in the log: the server without it is better than none.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any

#: Ollama's flags, by the type of their value.
_FLAGS = {
    str: "--model --host --chat-template --flash-attn --mmproj --load-mode --split-mode "
    "--cache-type-k --cache-type-v --spec-type --spec-draft-model",
    int: "--port -c -np -b -ub -t -ngl --keep --log-verbosity --main-gpu --image-min-tokens "
    "--spec-draft-n-max",
    bool: "--embedding --no-jinja --jinja --context-shift --no-webui --offline --no-log-prefix "
    "--no-log-timestamps --verbose --no-mmproj-offload --spec-draft-backend-sampling "
    "--list-devices --version",
}

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

#: Ollama's flag, the parameter of the same meaning, and the enumeration that has its values.
_ENUMS = (
    ("flash_attn", "flash_attn_type", "llama_flash_attn_type"),
    ("load_mode", "load_mode", "llama_load_mode"),
    ("split_mode", "split_mode", "llama_split_mode"),
    ("cache_type_k", "cache_type_k", "ggml_type"),
    ("cache_type_v", "cache_type_v", "ggml_type"),
)

#: Values that the command line spells in another way than the enumeration.
_RENAMED = {"on": "ENABLED", "off": "DISABLED", "dio": "DIRECT_IO"}

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

#: The threads that compute a model wait for each other asleep, a few hundred times a token. By
#: libgomp's default they wait for some milliseconds awake, and on a busy computer take the
#: processor from the very thread that they wait for. Measured on two busy cores, in turns: 5 tokens
#: a second awake and 41 asleep, two models at once 2 and 47.
WAITING = {"OMP_WAIT_POLICY": "passive"}

#: How much less urgent the model is than everything else on this computer; 0 is a program's usual,
#: 19 the least. Threads that sleep and wake hundreds of times a token are always let in first: with
#: two models on two cores at the usual urgency nothing else ran for up to three seconds on end, no
#: page and no click (measured on Linux 6.18), and they wrote no faster for it.
NICENESS = 15

#: Seconds between two checks whether Ollama is still there.
PARENT_CHECK = 1.0


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the flags that are understood, and the rest as given."""
    parser = argparse.ArgumentParser("llama-server", add_help=False, allow_abbrev=False)
    for kind, flags in _FLAGS.items():
        for flag in flags.split():
            if kind is bool:
                parser.add_argument(flag, action="store_true")
            else:
                parser.add_argument(flag, type=kind)
    parser.add_argument("--lora", action="append", default=[])
    return parser.parse_known_args(arguments)


def parameters(flags: argparse.Namespace, llama: ModuleType) -> Any:
    """Return `llama.CommonParams` filled from the flags; `llama` is the module xllamacpp.

    Raises: ValueError for a value that has no meaning.
    """
    params = llama.CommonParams()
    params.model.path = flags.model
    params.hostnames = [flags.host or "127.0.0.1"]
    params.port = flags.port or 8080
    for flag, name in _NUMBERS.items():
        if (number := getattr(flags, flag)) is not None:
            setattr(params, name, number)
    for flag, name, enum in _ENUMS:
        if value := getattr(flags, flag):
            setattr(params, name, _member(llama, enum, value))
    if flags.t is not None:
        params.cpuparams.n_threads = flags.t
        params.cpuparams_batch.n_threads = flags.t
    params.embedding = flags.embedding
    params.ctx_shift = flags.context_shift
    params.use_jinja = not flags.no_jinja
    if flags.chat_template:
        params.chat_template = flags.chat_template
    if flags.mmproj:
        params.mmproj.path = flags.mmproj
        params.mmproj_use_gpu = not flags.no_mmproj_offload
    if flags.lora:
        params.lora_adapters = [llama.CommonAdapterLoraInfo(path, 1.0) for path in flags.lora]
    if flags.spec_type:
        kind = flags.spec_type.replace("-", "_")
        params.speculative.types = [_member(llama, "common_speculative_type", kind)]
        draft = params.speculative.draft
        if flags.spec_draft_n_max is not None:
            draft.n_max = flags.spec_draft_n_max
        if flags.spec_draft_model:
            draft.mparams.path = flags.spec_draft_model
        draft.backend_sampling = flags.spec_draft_backend_sampling
    params.cache_ram_mib = PROMPT_CACHE
    # Nothing leaves, no page in a browser may ask, and the log holds no text.
    params.offline = True
    params.ui = False
    params.endpoint_slots = False  # It would show the prompts; Ollama does not use it.
    params.cors_origins = NO_ORIGIN
    params.verbosity = min(flags.log_verbosity or HIGHEST_VERBOSITY, HIGHEST_VERBOSITY)
    return params


def _member(llama: ModuleType, enum: str, value: str) -> Any:
    name = _RENAMED.get(value, value.upper().replace("+", "_"))
    member = getattr(getattr(llama, enum), f"{enum.upper()}_{name}", None)
    if member is None:
        raise ValueError(f"{enum}: {value!r} has no meaning here")
    return member


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the model until Ollama ends the process; without a model, describe the machine.

    Returns 0 for a description, 1 with the reason on stderr when the model cannot be served.
    """
    flags, unknown = parse(sys.argv[1:] if arguments is None else arguments)
    # The default action ends the process at once, also while C++ loads a model for minutes.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)  # Read once, when the library is loaded.
    os.nice(NICENESS)
    import xllamacpp as llama

    if flags.version:
        sys.stdout.write(f"llama-server (xllamacpp {getattr(llama, '__version__', '?')})\n")
        return 0
    if flags.list_devices:
        sys.stdout.write(describe_devices(llama) + "\n")
        return 0
    if not flags.model:
        # Ollama starts the server bare and reads what it says of the machine.
        sys.stderr.write(f"system_info: {llama.get_system_info()}\n")
        return 0
    for flag in unknown:
        if flag.startswith("-"):
            sys.stderr.write(f"llama-server: {flag} is not known and left out\n")
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        server = llama.Server(parameters(flags, llama))
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
