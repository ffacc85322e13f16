"""What the file of a report is called."""

from __future__ import annotations

import re

from components.novel import Report

#: Longest part of a name, in characters: with four bytes for each, still short enough anywhere.
_LONGEST = 56


def report_file_name(report: Report, suffix: str) -> str:
    """Return a name for the file that every system takes."""
    title = re.sub(r"[^\w-]+", "-", report.manuscript.title.lower()).strip("-")
    return f"{title[:_LONGEST].strip('-') or 'manuscript'}-report.{suffix}"
