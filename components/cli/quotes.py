"""The command that checks the quotations of a report; it needs no model and no Ollama."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from components.cli.output import note, out
from components.evidence import Evidence, Finding, Index, check
from components.scripting import open_file


def quotes(given: argparse.Namespace) -> int:
    """Check the report on standard input against a manuscript; 1 where a quotation is missing.

    A short phrase, a title and a name that are not found are told and change no status.
    """
    index = Index(open_file(given.file))
    # Its bytes: a report of another encoding has places that are not found, and is no error.
    evidence = check(sys.stdin.buffer.read().decode(errors="replace"), index)
    if given.json:
        out(json.dumps(_as_json(evidence), ensure_ascii=False, indent=2))
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


def _value(one: Finding) -> dict[str, Any]:
    """Return a finding as JSON: its place in the report, and in the manuscript when verified."""
    value: dict[str, Any] = {
        "quotation": one.text,
        "verified": one.is_verified,
        "kind": one.kind,
        "report_start": one.start,
        "report_end": one.end,
    }
    if one.is_verified:
        first = one.places[0]
        value |= {
            "exact": one.is_exact,
            "chapter": first.chapter,
            "heading": first.heading,
            "start": first.start,
            "end": first.end,
            "occurrences": one.count,
            "places": [
                {"chapter": place.chapter, "start": place.start, "end": place.end}
                for place in one.places
            ],
        }
    elif one.near is not None:
        value["near"] = {
            "chapter": one.near.chapter,
            "start": one.near.start,
            "end": one.near.end,
        }
    if one.remarks:
        value["remarks"] = list(one.remarks)
    return value


def _line(one: Finding) -> str:
    said = " ".join(one.text.split())
    if one.is_verified:
        place = one.places[0]
        where = f"{place.name or 'text'} {place.start}-{place.end}"
        return f"found\t{where}\t{said}"
    state = {"phrase": "not found (a term?)", "title": "not found (a title)"}.get(one.kind, "")
    return f"{state or 'NOT FOUND'}\t{', '.join(one.remarks)}\t{said}"
