"""Taming the names of uploaded files.

A browser sends whatever name it likes, and somebody else chose it. Here it is never a path: it
only serves messages and, where the text has no title, the title.
"""

import re
import unicodedata

#: Characters. Longer names push everything else out of a line.
MAX_NAME = 80

#: What we call a file whose name has nothing left in it.
NAMELESS = "manuscript"

_PATH_PARTS = re.compile(r"[/\\]")
#: Not allowed in file names on Windows, or markup where a name is shown.
_UNWANTED = re.compile(r'[<>:"|?*;`\[\]{}$]+')
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})$")


def display_name(name: str) -> str:
    """Return `name` without folders, control characters or markup, at most `MAX_NAME` long.

    The result is for showing. It is never empty and never a path, but it is not made to be a
    file name either.
    """
    last = _PATH_PARTS.split(name[-4096:])[-1]
    spaced = _SPACES.sub(" ", last)
    shown = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    tame = _UNWANTED.sub("_", shown).strip(" ._'=")
    if not tame:
        return NAMELESS
    if len(tame) <= MAX_NAME:
        return tame
    ending = extension(tame)
    tail = f"….{ending}" if ending else "…"
    return tame[: MAX_NAME - len(tail)] + tail


def extension(name: str) -> str:
    """Return the ending of `name` in lower case without its dot, or "" where it has none."""
    match = _EXTENSION.search(name.strip())
    return match[1].lower() if match and match.start() > 0 else ""


def title_from_name(name: str) -> str:
    """Return a title made from the name of a file: no ending, no underscores."""
    tame = display_name(name)
    ending = extension(tame)
    stem = tame[: -len(ending) - 1] if ending else tame
    return _SPACES.sub(" ", stem.replace("_", " ")).strip(" .…") or NAMELESS
