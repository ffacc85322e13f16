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
from collections.abc import Mapping, Sequence
from functools import reduce
from types import ModuleType
from typing import Any

#: Ollama's flags with a text or a number, and the parameters of llama.cpp that take it as it is.
_TEXTS = {
    "--model": ["model.path"],
    "--chat-template": ["chat_template"],
    "--mmproj": ["mmproj.path"],
    "--spec-draft-model": ["speculative.draft.mparams.path"],
}
_NUMBERS = {
    "--port": ["port"],
    "-c": ["n_ctx"],
    "-np": ["n_parallel"],
    "-b": ["n_batch"],
    "-ub": ["n_ubatch"],
    "-t": ["cpuparams.n_threads", "cpuparams_batch.n_threads"],
    "-ngl": ["n_gpu_layers"],
    "--keep": ["n_keep"],
    "--main-gpu": ["main_gpu"],
    "--image-min-tokens": ["image_min_tokens"],
    "--spec-draft-n-max": ["speculative.draft.n_max"],
}

#: Ollama's flags with a value of an enumeration, the parameter that takes it, and the enumeration.
_ENUMS = {
    "--flash-attn": ("flash_attn_type", "llama_flash_attn_type"),
    "--load-mode": ("load_mode", "llama_load_mode"),
    "--split-mode": ("split_mode", "llama_split_mode"),
    "--cache-type-k": ("cache_type_k", "ggml_type"),
    "--cache-type-v": ("cache_type_v", "ggml_type"),
}

#: The flags whose meaning `parameters` spells out.
_SWITCHES = (
    "--embedding --no-jinja --jinja --context-shift --no-webui --offline --no-log-prefix "
    "--no-log-timestamps --verbose --no-mmproj-offload --spec-draft-backend-sampling "
    "--list-devices --version"
)

#: Values that the command line spells in another way than the enumeration.
_RENAMED = {"on": "ENABLED", "off": "DISABLED", "dio": "DIRECT_IO"}

#: The kinds of devices that are graphics devices.
_GRAPHICS = ("GGML_BACKEND_DEVICE_TYPE_GPU", "GGML_BACKEND_DEVICE_TYPE_IGPU")

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


def parse(arguments: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the flags that are understood, by their names, and the rest as given."""
    parser = argparse.ArgumentParser("llama-server", add_help=False, allow_abbrev=False)
    for flag in [*_TEXTS, *_ENUMS, "--host", "--spec-type"]:
        parser.add_argument(flag, dest=flag)
    for flag in [*_NUMBERS, "--log-verbosity"]:
        parser.add_argument(flag, dest=flag, type=int)
    for flag in _SWITCHES.split():
        parser.add_argument(flag, dest=flag, action="store_true")
    parser.add_argument("--lora", dest="--lora", action="append", default=[])
    flags, unknown = parser.parse_known_args(arguments)
    return vars(flags), unknown


def parameters(flags: Mapping[str, Any], llama: ModuleType) -> Any:
    """Return the flags as parameters of `llama`, the module xllamacpp. Raises: ValueError."""
    params = llama.CommonParams()
    for flag, names in (_TEXTS | _NUMBERS).items():
        if flags[flag] is not None:
            for name in names:
                *outer, last = name.split(".")
                setattr(reduce(getattr, outer, params), last, flags[flag])
    for flag, (name, enum) in _ENUMS.items():
        if flags[flag]:
            setattr(params, name, _member(llama, enum, flags[flag]))
    params.hostnames = [flags["--host"] or "127.0.0.1"]
    params.embedding = flags["--embedding"]
    params.ctx_shift = flags["--context-shift"]
    params.use_jinja = not flags["--no-jinja"]
    params.mmproj_use_gpu = not flags["--no-mmproj-offload"]
    params.lora_adapters = [llama.CommonAdapterLoraInfo(path, 1.0) for path in flags["--lora"]]
    if flags["--spec-type"]:
        kind = flags["--spec-type"].replace("-", "_")
        params.speculative.types = [_member(llama, "common_speculative_type", kind)]
        params.speculative.draft.backend_sampling = flags["--spec-draft-backend-sampling"]
    params.cache_ram_mib = PROMPT_CACHE
    # Nothing leaves, no page in a browser may ask, and the log holds no text.
    params.offline = True
    params.ui = False
    params.endpoint_slots = False  # It would show the prompts; Ollama does not use it.
    params.cors_origins = NO_ORIGIN
    params.verbosity = min(flags["--log-verbosity"] or HIGHEST_VERBOSITY, HIGHEST_VERBOSITY)
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
    lines = ["Available devices:"]
    for device in llama.get_device_info():
        if device["type"].name in _GRAPHICS:
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

    if flags["--version"]:
        sys.stdout.write(f"llama-server (xllamacpp {getattr(llama, '__version__', '?')})\n")
        return 0
    if flags["--list-devices"]:
        sys.stdout.write(describe_devices(llama) + "\n")
        return 0
    if not flags["--model"]:
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
