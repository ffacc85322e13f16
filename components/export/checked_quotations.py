"""What was checked of an answer, for the end of a file: each quotation, found or not."""

from __future__ import annotations

from components.evidence import Evidence, Finding
from components.export.safe_markdown import plain

HEADING = "Quotations checked"


def checked_lines(evidence: Evidence | None) -> list[str]:
    """Return a line for all, one for each finding, one for unknown names; none where none are."""
    if evidence is None or not (evidence.findings or evidence.names):
        return []
    total = len(evidence.quotations)
    lines = [f"{evidence.found} of {total} quotations of four words or more are in the manuscript."]
    lines += [
        f"{_said(finding)}: “{' '.join(finding.text.split())}”" for finding in evidence.findings
    ]
    if evidence.unknown_names:
        lines.append(f"Names that are not in the manuscript: {', '.join(evidence.unknown_names)}")
    return lines


def checked_markdown(evidence: Evidence | None, *, level: int = 2) -> str:
    """Return a section of Markdown, with white space before it; empty where nothing is quoted."""
    lines = checked_lines(evidence)
    if not lines:
        return ""
    listed = "\n".join(f"- {plain(line)}" for line in lines[1:])
    return f"\n\n{'#' * level} {HEADING}\n\n{lines[0]}\n\n{listed}"


def _said(found: Finding) -> str:
    if found.is_verified:
        heading = found.places[0].name
        more = f", and {found.count - 1:,} more" if found.count > 1 else ""
        other = ", not in the chapter named beside it" if "other chapter" in found.remarks else ""
        return f"found{f' in {heading}' if heading else ''}{more}{other}"
    if found.near is not None:
        where = f" of {found.near.name}" if found.near.name else ""
        return f"not found in this form; punctuation or capitals differ from those{where}"
    return {"phrase": "not found; perhaps a term", "title": "not found; a title"}.get(
        found.kind, "not found"
    )
