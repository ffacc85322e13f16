"""Where the private Ollama lives, and what in it is finished.

Everything is under one folder (`.ollama/` of the project, or FIRST_READER_OLLAMA_DIR), so that
removing the folder removes all of it, and so that the user's own Ollama and models, which live in
the home folder, are never read or written.

A step of the recipe that is finished leaves a *stamp*: a file whose content is the step's key (the
pinned version, the hash of the pinned packages). A stamp is written last and by renaming, so a
step that was interrupted at any moment has none and is done again; a new version has another key,
so its step is done again too.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folder:
    """The layout of the private Ollama's folder; `root` is an absolute path."""

    root: Path

    @property
    def binary(self) -> Path:
        """The `ollama` program; it looks for its runtime at `../lib/ollama` from here."""
        return self.root / "bin" / "ollama"

    @property
    def launchers(self) -> Path:
        """The folder where `ollama` looks for `llama-server` and `llama-quantize`."""
        return self.root / "lib" / "ollama"

    @property
    def python(self) -> Path:
        """The Python packages that the launchers import."""
        return self.root / "python"

    @property
    def weights(self) -> Path:
        """The small model's file, as its publisher packed it."""
        return self.root / "weights" / "smollm2-135m-instruct.gguf"

    @property
    def home(self) -> Path:
        """The server's HOME, where it keeps a key pair of its own."""
        return self.root / "home"

    @property
    def models(self) -> Path:
        """The server's OLLAMA_MODELS."""
        return self.root / "models"

    @property
    def blobs(self) -> Path:
        """Where the server keeps the files of its models, each as `sha256-` and its hash."""
        return self.models / "blobs"

    @property
    def temporary(self) -> Path:
        """Unfinished work, which may be removed when nobody holds the setup's lock."""
        return self.root / "tmp"

    @property
    def build_log(self) -> Path:
        """What the tools of the recipe wrote, in the last setup that ran any."""
        return self.root / "build.log"

    @property
    def serve_log(self) -> Path:
        """What the server wrote since it was last started."""
        return self.root / "serve.log"

    @property
    def problem_file(self) -> Path:
        """Why the last setup failed, for the page to show."""
        return self.root / "problem.txt"

    def make(self) -> None:
        """Create the folder, readable by its user alone, and keep it out of Git."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = self.root / ".gitignore"
        if not ignore.exists():
            write_whole(ignore, "*\n")

    def is_done(self, step: str, key: str) -> bool:
        """Whether `step` is finished for exactly this `key`."""
        try:
            return self._stamp(step).read_text(encoding="utf-8") == key
        except (OSError, UnicodeDecodeError):
            return False

    def mark_done(self, step: str, key: str) -> None:
        """Record that `step` is finished; call it last."""
        stamp = self._stamp(step)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        write_whole(stamp, key)

    def forget(self, step: str) -> None:
        """Remove the record of `step`, before what it made is replaced."""
        self._stamp(step).unlink(missing_ok=True)

    @contextmanager
    def locked(self, name: str, *, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock called `name`, which ends with its process.

        Where another process has it, `waiting` is called and its end is waited for.
        """
        with (self.root / f"{name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def problem(self) -> str | None:
        """Return why the last setup failed, in an editor's words, or None."""
        try:
            return self.problem_file.read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def _stamp(self, step: str) -> Path:
        return self.root / "stamps" / step


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Write `text` to `path` so that a reader sees the old content or the new, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    part.write_text(text, encoding="utf-8")
    part.chmod(mode)
    part.replace(path)
