"""`llama-quantize` as Ollama calls it while it imports a model: check the file and copy it.

Ollama 0.33 calls `llama-quantize [--allow-requantize] IN OUT COPY` for every GGUF that it imports.
Other types than COPY would make a model smaller; that is the real tool's work and not needed here.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy IN to OUT when IN is a whole GGUF; returns 0, or 1 with the reason on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "--version" in words or "--help" in words:
        return 0
    if len(words) < 3 or words[-1] != "COPY":
        return _refuse("only a plain import (IN OUT COPY) is possible with the private Ollama")
    source, target = Path(words[-3]), Path(words[-2])
    try:
        problem = fault(source)
    except OSError as error:
        problem = f"cannot read the model: {error.strerror}"
    if problem is not None:
        return _refuse(problem)
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        return _refuse(f"cannot copy the model: {error.strerror}")
    return 0


def fault(path: Path) -> str | None:
    """Return what is wrong with the GGUF at `path`, or None.

    Every tensor must lie inside the file, so that a download that was cut is not imported.
    Raises: OSError.
    """
    from gguf import GGUFReader

    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            return "this is not a GGUF file"
    try:
        reader = GGUFReader(path)
    except (ValueError, IndexError, KeyError) as error:
        return f"this GGUF file is damaged: {error}"
    if not reader.tensors:
        return "this GGUF file holds no weights"
    size = path.stat().st_size
    if any(tensor.data_offset + tensor.n_bytes > size for tensor in reader.tensors):
        return "this GGUF file ends too early"
    return None


def _refuse(reason: str) -> int:
    sys.stderr.write(f"error: {reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
