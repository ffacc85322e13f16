"""What a file to take away is called."""

from __future__ import annotations

import re

#: Longest part of a name, in characters: with four bytes for each, still short enough anywhere.
_LONGEST = 56


def file_name(title: str, what: str, suffix: str) -> str:
    """Return a name that every system takes: "the-novel-report.docx"."""
    said = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")
    return f"{said[:_LONGEST].strip('-') or 'manuscript'}-{what}.{suffix}"
