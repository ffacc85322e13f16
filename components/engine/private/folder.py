"""Where the private Ollama lives, and which steps of its setup are finished.

Everything is under one folder, so that removing it removes all, and the user's own Ollama and
models are never touched. A finished step of the recipe leaves a *stamp*: a file whose content is
the step's key (the pinned versions). It is written last and by renaming, so an interrupted step, or
one of another version, is done again.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from components.engine.private.supervise import take_lock


class Folder:
    """The layout of the private Ollama's folder; `root` is an absolute path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        #: The `ollama` program; it looks for its runtime at `../lib/ollama` from here.
        self.binary = root / "bin" / "ollama"
        #: Where `ollama` looks for `llama-server` and `llama-quantize`.
        self.launchers = root / "lib" / "ollama"
        #: The Python packages that the launchers import.
        self.python = root / "python"
        #: The small model's file, as its publisher packed it.
        self.weights = root / "weights" / "smollm2-135m-instruct.gguf"
        #: The server's HOME, where it keeps a key pair of its own.
        self.home = root / "home"
        #: The server's OLLAMA_MODELS.
        self.models = root / "models"
        #: The files of the server's models, each called `sha256-` and its hash.
        self.blobs = self.models / "blobs"
        #: Unfinished work, which may be removed when nobody holds the setup's lock.
        self.temporary = root / "tmp"
        #: The server's output since it was last started.
        self.serve_log = root / "serve.log"
        #: Why the last setup failed, for the page to show.
        self.problem_file = root / "problem.txt"

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
        """Remove the record of `step`, before its result is replaced."""
        self._stamp(step).unlink(missing_ok=True)

    def lock(self, name: str) -> Path:
        """Return the file that whoever holds the lock called `name` has locked."""
        return self.root / f"{name}.lock"

    def users(self, name: str) -> Path:
        """Return the file that all users of the server called `name` have locked."""
        return self.root / f"{name}.users"

    @contextmanager
    def locked(self, name: str, *, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock called `name`, which ends with its process.

        Where another process has it, `waiting` is called first.
        """
        with self.lock(name).open("w") as file:
            if not take_lock(file.fileno(), fcntl.LOCK_EX):
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def build_log(self, step: str) -> Path:
        """Return where the output of the tool goes that does `step`."""
        return self.root / f"build-{step}.log"

    def _stamp(self, step: str) -> Path:
        return self.root / "stamps" / step


def problem(root: Path) -> str | None:
    """Return why the last setup of the folder `root` failed, in an editor's words, or None."""
    try:
        return Folder(root).problem_file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Write `text` to `path` so that a reader sees the old content or the new, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    part.write_text(text, encoding="utf-8")
    part.chmod(mode)
    part.replace(path)
