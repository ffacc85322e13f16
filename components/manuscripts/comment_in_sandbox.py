"""Comments in the margin of an author's own Word file, written in a process of its own."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from components import sandbox
from components.errors import ManuscriptError
from components.manuscripts.limits import DEFAULT_LIMITS, Limits
from components.manuscripts.read_in_sandbox import guarded

_TASK = "components.manuscripts.formats.docx.comments"


@dataclass(frozen=True, slots=True)
class MarginComment:
    """A comment on the characters from `start` to before `end` of `Manuscript.text`."""

    start: int
    end: int
    text: str


def add_comments(
    data: bytes,
    *,
    text: str,
    comments: Sequence[MarginComment],
    author: str,
    initials: str,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[bytes, tuple[int, ...]]:
    """Return the Word file `data` with `comments`, and the positions of those without a place.

    `text` is what was read of the file, which the comments count in. Neither their texts nor
    `author` may hold characters that XML cannot. A comment that has no place in the file is not
    written: its words are a number that Word counts by itself, or stand in a text box.

    The text, tracked changes and comments of the file stay; of its parts only the text, the
    comments and the two lists that name them are written anew, the others byte for byte.

    Raises: OtherManuscript where the file's text is another; UnsupportedType, PasswordRequired,
    DamagedFile, LimitReached, EmptyFile.
    """
    header = {
        "text_sha256": text_sha256(text),
        "comments": [asdict(comment) for comment in comments],
        "author": author,
        "initials": initials,
        "limits": asdict(limits),
    }
    with guarded(data, limits=limits):
        return sandbox.run(
            _TASK,
            header,
            data,
            into=lambda fields, written: (written, tuple(fields["left_out"])),
            errors=ManuscriptError,
            memory_bytes=limits.memory_bytes,
            seconds=limits.seconds,
        )


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
