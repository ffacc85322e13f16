"""The lenses that an editor made, each a Markdown file in a folder of the editor's.

Files and no table in the store: an editor can copy one, send it to a colleague, write one in
another program and put it there. So the folder is read anew each time, and files that are no lenses
are reported by name. The names of the files are the names of the lenses; folders, hidden files and
the copies that other programs end with ~ are left alone, and no link is followed. Deleted lenses
move into a folder beside the others.
"""

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from components.analysis.lens import (
    MOST_PROMPT,
    MOST_TITLE,
    Lens,
    from_text,
    shipped_names,
    to_text,
    validated,
)
from components.errors import LensError, UnknownLens

#: More than anybody finds something in; all of them are read at each look.
MOST_LENSES = 200

#: Longest file, in bytes: a title, a prompt and a schema at their limits, in the widest letters.
MOST_BYTES = 4 * (MOST_TITLE + 2 * MOST_PROMPT) + 1_000

#: Longest name made of a title, in characters; four bytes each, they and a number fit the 255
#: bytes that file systems give a name.
_MOST_NAME = 60

_ENDING = ".md"
_DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class InvalidLensFile:
    """A file in the folder that is no lens: its name, and why."""

    file: str
    error: LensError


class OwnLenses:
    """An editor's lenses in `folder`, which is made when the first is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> tuple[Lens, ...]:
        """Return the lenses by title. Raises: LensError, where the folder cannot be read."""
        return self.look()[0]

    def problems(self) -> tuple[InvalidLensFile, ...]:
        """Return the files that are no lenses, and why. Raises: LensError, as `all`."""
        return self.look()[1]

    def look(self) -> tuple[tuple[Lens, ...], tuple[InvalidLensFile, ...]]:
        """Return `all` and `problems`, reading the folder once. Raises: LensError."""
        lenses: list[Lens] = []
        unread: list[InvalidLensFile] = []
        for file in self._files():
            try:
                lenses.append(self._take(file, before=len(lenses)))
            except LensError as error:
                # The name may come from a system with other letters: it must be fit to be shown.
                unread.append(InvalidLensFile(os.fsencode(file).decode("utf-8", "replace"), error))
        lenses.sort(key=lambda lens: (lens.title.casefold(), lens.name))
        return tuple(lenses), tuple(unread)

    def get(self, name: str) -> Lens:
        """Return the lens called `name`. Raises: UnknownLens, LensError."""
        path = self._path(name)
        with _mapped("The file cannot be opened."):
            _refuse_link(path)
            if not path.exists():
                raise UnknownLens("There is no such lens any more.")
            if not path.is_file():
                raise LensError("It is not a file.", advice="Take it out of the folder.")
            # Neither followed nor waited for, should it have become something else meanwhile.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            with os.fdopen(os.open(path, flags), "rb") as file:
                data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise LensError(
                f"The file has more than {MOST_BYTES:,} bytes.", advice="Make it shorter."
            )
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LensError(
                "The file is not text in UTF-8.", advice="Save it as plain text in UTF-8."
            ) from error
        return from_text(name, text, is_own=True)

    def _take(self, file: str, *, before: int) -> Lens:
        if before == MOST_LENSES:
            raise LensError(
                f"There are {MOST_LENSES:,} lenses before this one, and no more are read.",
                advice="Move some of them to another folder.",
            )
        if not file.endswith(_ENDING):
            raise LensError(
                "It is not a Markdown file.", advice=f"Let its name end with {_ENDING}."
            )
        return self.get(file.removesuffix(_ENDING))

    def save(
        self, title: str, prompt: str, schema: str | None = None, *, name: str | None = None
    ) -> Lens:
        """Store a lens and return it as it was stored.

        A new one gets a name made of its title; with the `name` of an existing lens, that one is
        replaced, and keeps what only its file shows: its question in few words, and what a report
        looks for. It is written whole or not at all. Raises: LensError.
        """
        wanted = _slug(title) if name is None else name
        path = self._path(wanted)
        before = None if name is None else self._before(name)
        of_chapter, kinds = (before.of_chapter, before.kinds) if before else ("", ())
        lens = validated(Lens(wanted, title, prompt, schema, True, of_chapter, kinds))
        try:
            data = to_text(lens).encode()
        except UnicodeEncodeError as error:
            raise LensError(
                "The lens holds a character that cannot be kept.", advice="Type it anew."
            ) from error
        with _mapped("The lens could not be kept."):
            _make_private(self.folder)
            if name is None and len(self._files()) >= MOST_LENSES:
                raise LensError(
                    f"There are {MOST_LENSES:,} lenses of yours, and no more can be kept.",
                    advice="Delete one that you no longer need.",
                )
            with _written(self.folder, data) as part:
                if name is None:
                    path = _move_to_free(part, self.folder, wanted, taken=shipped_names())
                else:
                    _refuse_link(path)
                    part.replace(path)
        return replace(lens, name=path.name.removesuffix(_ENDING))

    def delete(self, name: str) -> str:
        """Move a lens, or a file that is none, to the deleted ones.

        Returns the name that brings it back. Raises: UnknownLens, LensError.
        """
        return self._move(name, self.folder, self.folder / _DELETED)

    def restore(self, name: str) -> str:
        """Bring back what `delete` moved away, by the name it gave; return its name now.

        That is the one it had, unless another lens has it meanwhile.
        Raises: UnknownLens, LensError.
        """
        return self._move(name, self.folder / _DELETED, self.folder)

    def _move(self, name: str, source: Path, target: Path) -> str:
        file = source / self._path(name).name
        with _mapped("The lens could not be moved."):
            if (self.folder / _DELETED).is_symlink():
                raise LensError("The folder of deleted lenses leads to another place.")
            if file.is_symlink() or not file.is_file():
                raise UnknownLens("There is no such lens any more.")
            _make_private(target)
            path = _move_to_free(file, target, name)
        return path.name.removesuffix(_ENDING)

    def _before(self, name: str) -> Lens | None:
        try:
            return self.get(name)
        except LensError:
            return None

    def _path(self, name: str) -> Path:
        """Return the path of a lens in the folder. Raises: LensError."""
        if not name or name.startswith(".") or not name.isprintable() or set(name) & set("/\\"):
            raise LensError(
                "This cannot be the name of a lens.", advice="Choose one from the list."
            )
        return self.folder / f"{name}{_ENDING}"

    def _files(self) -> list[str]:
        with _mapped("The folder of your lenses cannot be read."):
            try:
                with os.scandir(self.folder) as entries:
                    names = [
                        entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)
                    ]
            except FileNotFoundError:
                return []
        return sorted(name for name in names if name[0] != "." and name[-1] != "~")


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise LensError(
            "It is a link to another place, which is not followed.",
            advice="Put a copy of the file there instead.",
        )


def _slug(title: str) -> str:
    """Return the name that a title makes: its letters and digits, in any script."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).lower())
    letters = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in text)
    return "-".join(letters.split())[:_MOST_NAME].strip("-") or "lens"


def _make_private(folder: Path) -> None:
    """Make a folder that only the user may open, and close one that was left open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def _written(folder: Path, data: bytes) -> Iterator[Path]:
    """Write a new hidden file, readable to the user alone, down to the disk, to be moved."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)


def _move_to_free(
    file: Path, folder: Path, name: str, *, taken: frozenset[str] = frozenset()
) -> Path:
    """Move `file` to that name, or that name and a number, where none was before.

    An empty file holds the name first: two windows that save at the same moment then get two
    files, on every file system.
    """
    number = 0
    while True:
        number += 1
        free = name if number == 1 else f"{name}-{number}"
        if free in taken:
            continue
        path = folder / f"{free}{_ENDING}"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        try:
            return file.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


@contextmanager
def _mapped(message: str) -> Iterator[None]:
    """Map errors of the system to ours: their messages may hold a path, ours do not."""
    try:
        yield
    except OSError as error:
        reason = f" The system says: {error.strerror}." if error.strerror else ""
        raise LensError(f"{message}{reason}") from error
