"""The lenses that an editor made, each a Markdown file in a folder of the editor's.

Files and no table in the store: an editor can copy one, send it to a colleague, write one in
another program and put it there. So the folder is read anew each time, whatever was put into it is
taken as it is, and what cannot be taken is reported by name. The names of the files are the names
of the lenses; folders in it, hidden files and the copies that other programs end with ~ are left
alone. Nothing in it is followed to another place.

What is deleted moves into a folder beside it and stays there.
"""

from __future__ import annotations

import os
import stat
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
    checked,
    from_text,
    shipped_names,
    to_text,
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
class Unread:
    """A file in the folder that is no lens: its name, and why."""

    file: str
    error: LensError


class OwnLenses:
    """An editor's lenses in `folder`, which is made when the first is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> tuple[Lens, ...]:
        """Return those that can be read, by title. Raises: LensError, where the folder cannot."""
        return self.look()[0]

    def problems(self) -> tuple[Unread, ...]:
        """Return the files that are no lenses, and why. Raises: LensError, as `all`."""
        return self.look()[1]

    def look(self) -> tuple[tuple[Lens, ...], tuple[Unread, ...]]:
        """Return `all` and `problems` of one look into the folder. Raises: LensError."""
        found: list[Lens] = []
        unread: list[Unread] = []
        for file in self._files():
            try:
                found.append(self._take(file, before=len(found)))
            except LensError as error:
                # The name may come from a system with other letters: it must be fit to be shown.
                unread.append(Unread(os.fsencode(file).decode("utf-8", "replace"), error))
        found.sort(key=lambda one: (one.title.casefold(), one.name))
        return tuple(found), tuple(unread)

    def get(self, name: str) -> Lens:
        """Return the lens called `name`. Raises: UnknownLens, LensError."""
        return self._read(_name(name))

    def save(
        self, title: str, prompt: str, schema: str | None = None, *, name: str | None = None
    ) -> Lens:
        """Keep a lens and return it as it was kept.

        A new one gets a name of its own, made of its title; with the `name` of one that there is,
        that one is replaced. It is written whole or not at all. Raises: LensError.
        """
        wanted = _name(name) if name is not None else _slug(title)
        in_few = self._in_few(wanted) if name is not None else ""
        one = checked(Lens(wanted, title, prompt, schema, True, in_few))
        try:
            data = to_text(one).encode()
        except UnicodeEncodeError as error:
            raise LensError(
                "The lens holds a character that cannot be kept.", advice="Type it anew."
            ) from error
        with _mapped("The lens could not be kept."):
            _make(self.folder)
            if name is None and len(self._files()) >= MOST_LENSES:
                raise LensError(
                    f"There are {MOST_LENSES:,} lenses of yours, and no more can be kept.",
                    advice="Delete one that you no longer need.",
                )
            part = _write(self.folder, data)
            try:
                kept = self._put(part, wanted, is_new=name is None)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return replace(one, name=kept.name.removesuffix(_ENDING))

    def _in_few(self, name: str) -> str:
        """Return the question in few words that a file has; empty for a file that is no lens.

        Only an editor who writes the file knows of it, and loses it by no change made here.
        """
        try:
            return self._read(name).of_chapter
        except LensError:
            return ""

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
        file = source / f"{_name(name)}{_ENDING}"
        with _mapped("The lens could not be moved."):
            for folder in (source, target):
                if folder.is_symlink() and folder != self.folder:
                    raise LensError("The folder of deleted lenses leads to another place.")
            if not _is_file(file):
                raise UnknownLens("There is no such lens any more.")
            _make(target)
            kept = _move_to_free(file, target, name)
        return kept.name.removesuffix(_ENDING)

    def _put(self, part: Path, name: str, *, is_new: bool) -> Path:
        """Move the written file `part` to where it is found; return that place."""
        if is_new:
            return _move_to_free(part, self.folder, name, taken=shipped_names())
        path = self.folder / f"{name}{_ENDING}"
        if path.is_symlink():
            raise _leads_away()
        return part.replace(path)

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

    def _files(self) -> list[str]:
        with _mapped("The folder of your lenses cannot be read."):
            try:
                with os.scandir(self.folder) as entries:
                    return sorted(
                        entry.name
                        for entry in entries
                        if not entry.is_dir(follow_symlinks=False)
                        and not entry.name.startswith(".")
                        and not entry.name.endswith("~")
                    )
            except FileNotFoundError:
                return []

    def _read(self, name: str) -> Lens:
        path = self.folder / f"{name}{_ENDING}"
        with _mapped("The file cannot be opened."):
            if path.is_symlink():
                raise _leads_away()
            if not path.exists():
                raise UnknownLens("There is no such lens any more.")
            if not _is_file(path):
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


def _leads_away() -> LensError:
    return LensError(
        "It is a link to another place, which is not followed.",
        advice="Put a copy of the file there instead.",
    )


def _name(name: str) -> str:
    """Return `name` if it can be a file's in the folder. Raises: LensError."""
    if not name or name.startswith(".") or not name.isprintable() or set(name) & set("/\\"):
        raise LensError("This cannot be the name of a lens.", advice="Choose one from the list.")
    return name


def _slug(title: str) -> str:
    """Return the name that a title makes: its letters and digits, in any script."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", title).lower())
    kept = "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in text)
    return "-".join(kept.split())[:_MOST_NAME].strip("-") or "lens"


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _make(folder: Path) -> None:
    """Make a folder that only the user may open, and close one that was left open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write(folder: Path, data: bytes) -> Path:
    """Write a new hidden file, readable to the user alone, down to the disk."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _move_to_free(
    file: Path, folder: Path, name: str, *, taken: frozenset[str] = frozenset()
) -> Path:
    """Move `file` to that name, or that name and a number, where none was before.

    The place is held by an empty file first: two windows that save at the same moment then get two
    files, on every file system.
    """
    number = 1
    while True:
        tried = name if number == 1 else f"{name}-{number}"
        number += 1
        if tried in taken:
            continue
        path = folder / f"{tried}{_ENDING}"
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
    """Turn what the system says of files into ours; its message may hold a path, ours does not."""
    try:
        yield
    except OSError as error:
        said = f" The system says: {error.strerror}." if error.strerror else ""
        raise LensError(f"{message}{said}") from error
