"""The command that checks the quotations of a report; it needs no model and no Ollama."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from components.analysis.refusal import is_refusal
from components.cli.output import note, out, out_json
from components.evidence import Evidence, Index, Quote, check
from components.export.evidence_labels import FLAG_LABELS, QUOTES_NOTHING
from components.scripting.analyze import open_file


def quotes(arguments: argparse.Namespace) -> int:
    """Check the report on standard input against a manuscript; 1 where a quotation is missing.

    A short phrase or a title that is not found, and what else is flagged (names, chapters, empty
    lists), is reported and changes no status.
    """
    index = Index(open_file(arguments.file))
    # Its bytes: in a report of another encoding some quotations are not found; that is no error.
    report = sys.stdin.buffer.read().decode(errors="replace")
    evidence = check(report, index)
    if arguments.json:
        out_json(_as_json(evidence))
    else:
        for quote in evidence.quotes:
            out(_line(quote))
        for kind, text in dict.fromkeys((flag.kind, flag.text) for flag in evidence.flags):
            out(f"{FLAG_LABELS[kind][0]}\t\t{' '.join(text.split())}")
        total = len(evidence.quotations)
        note(f"{evidence.found} of {total} quotations of four words or more found")
        if evidence.quotes_nothing and not is_refusal(report):
            note(QUOTES_NOTHING)
    return 1 if evidence.missing else 0


def _as_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "quotations": [_value(quote) for quote in evidence.quotes],
        "unknown_names": [
            {"name": flag.text, "start": flag.start, "end": flag.end}
            for flag in evidence.flags
            if flag.kind == "name"
        ],
        "flags": list(map(asdict, evidence.flags)),
        "quotes_nothing": evidence.quotes_nothing,
        "counted": len(evidence.quotations),
        "found": evidence.found,
    }


def _value(quote: Quote) -> dict[str, Any]:
    """Return a quote as JSON: its place in the report, and in the manuscript when verified."""
    value: dict[str, Any] = {
        "quotation": quote.text,
        "verified": quote.is_verified,
        "kind": quote.kind,
        "report_start": quote.start,
        "report_end": quote.end,
    }
    if quote.is_verified:
        places = [
            {"chapter": place.chapter, "start": place.start, "end": place.end}
            for place in quote.places
        ]
        value |= {"exact": quote.is_exact, "heading": quote.places[0].heading, **places[0]}
        value |= {"occurrences": quote.count, "places": places}
    elif quote.near is not None:
        near = quote.near
        value["near"] = {"chapter": near.chapter, "start": near.start, "end": near.end}
    if quote.remarks:
        value["remarks"] = list(quote.remarks)
    return value


def _line(quote: Quote) -> str:
    quotation = " ".join(quote.text.split())
    if quote.is_verified:
        place = quote.places[0]
        return f"found\t{place.name or 'text'} {place.start}-{place.end}\t{quotation}"
    state = {"phrase": "not found (a term?)", "title": "not found (a title)"}.get(quote.kind, "")
    return f"{state or 'NOT FOUND'}\t{', '.join(quote.remarks)}\t{quotation}"
