"""The command that checks the quotations of a report; it needs no model and no Ollama."""

import argparse
import sys
from typing import Any

from components.cli.output import note, out, out_json
from components.evidence import Evidence, Finding, Index, check
from components.scripting.api import open_file


def quotes(arguments: argparse.Namespace) -> int:
    """Check the report on standard input against a manuscript; 1 where a quotation is missing.

    A short phrase, a title or a name that is not found is reported, and changes no status.
    """
    index = Index(open_file(arguments.file))
    # Its bytes: in a report of another encoding some quotations are not found; that is no error.
    evidence = check(sys.stdin.buffer.read().decode(errors="replace"), index)
    if arguments.json:
        out_json(_as_json(evidence))
    else:
        for finding in evidence.findings:
            out(_line(finding))
        for name in evidence.unknown_names:
            out(f"name not in the manuscript\t\t{name}")
        total = len(evidence.quotations)
        note(f"{evidence.found} of {total} quotations of four words or more found")
    return 1 if evidence.missing else 0


def _as_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "quotations": [_value(finding) for finding in evidence.findings],
        "unknown_names": [
            {"name": name.text, "start": name.start, "end": name.end} for name in evidence.names
        ],
        "counted": len(evidence.quotations),
        "found": evidence.found,
    }


def _value(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON: its place in the report, and in the manuscript when verified."""
    value: dict[str, Any] = {
        "quotation": finding.text,
        "verified": finding.is_verified,
        "kind": finding.kind,
        "report_start": finding.start,
        "report_end": finding.end,
    }
    if finding.is_verified:
        places = [
            {"chapter": place.chapter, "start": place.start, "end": place.end}
            for place in finding.places
        ]
        value |= {"exact": finding.is_exact, "heading": finding.places[0].heading, **places[0]}
        value |= {"occurrences": finding.count, "places": places}
    elif finding.near is not None:
        near = finding.near
        value["near"] = {"chapter": near.chapter, "start": near.start, "end": near.end}
    if finding.remarks:
        value["remarks"] = list(finding.remarks)
    return value


def _line(finding: Finding) -> str:
    quotation = " ".join(finding.text.split())
    if finding.is_verified:
        place = finding.places[0]
        return f"found\t{place.name or 'text'} {place.start}-{place.end}\t{quotation}"
    state = {"phrase": "not found (a term?)", "title": "not found (a title)"}.get(finding.kind, "")
    return f"{state or 'NOT FOUND'}\t{', '.join(finding.remarks)}\t{quotation}"
