"""The lines under an answer that say what was checked, and what was not found."""

from __future__ import annotations

from html import escape

from components.evidence import Evidence, Finding
from components.ui.answer.quote_marks import missing_because
from components.ui.shared import labels
from components.ui.shared.address import passage_address

#: Quotations that are listed; all are marked in the text.
_LISTED = 12
_CHARACTERS = 160


def quote_summary(evidence: Evidence, manuscript_id: str) -> str:
    """Return the lines as HTML, empty where nothing was quoted and no name is unknown."""
    parts = []
    if evidence.findings:
        parts.append(f"<p>{escape(said_of(evidence))}</p>")
    if evidence.missing:
        rows = [_missing(one, manuscript_id) for one in evidence.missing[:_LISTED]]
        if len(evidence.missing) > _LISTED:
            more = len(evidence.missing) - _LISTED
            rows.append(f"<li>and {more:,} more, underlined with dots in the text</li>")
        parts.append(f"<ul>{''.join(rows)}</ul>")
    if evidence.terms:
        terms = ", ".join(f"“{_short(term.text)}”" for term in evidence.terms[:_LISTED])
        more = len(evidence.terms) - _LISTED
        and_more = f" and {more:,} more" if more > 0 else ""
        parts.append(
            f"<p>Short phrases in quotation marks that are not in the manuscript, perhaps terms: "
            f"{escape(terms)}{and_more}.</p>"
        )
    if evidence.unknown_names:
        names = ", ".join(_short(unknown_name) for unknown_name in evidence.unknown_names[:_LISTED])
        parts.append(f"<p>Names that are not in the manuscript: {escape(names)}.</p>")
    if not parts:
        return ""
    return f'<div class="fr-checked" role="note">{"".join(parts)}</div>'


def said_of(evidence: Evidence) -> str:
    """Say how many quotations there are, and how many of them were found."""
    total, found = len(evidence.quotations), evidence.found
    if not total:
        return "No quotation of four words or more."
    said = labels.plural(total, "quotation")
    if found == total:
        which = "found in the manuscript" if total == 1 else "all found in the manuscript"
        return f"{said}: {which}."
    if not found:
        return f"{said}: {'not' if total == 1 else 'none'} found in the manuscript."
    return f"{said}: {found:,} found in the manuscript, {total - found:,} not."


def _missing(found: Finding, manuscript_id: str) -> str:
    said = f"“{escape(_short(found.text))}”"
    because = escape(missing_because(found))
    if found.near is not None:
        address = escape(passage_address(manuscript_id, found.near.start, found.near.end))
        because += f' <a href="{address}" target="_self">Compare the passage</a>'
    return f"<li>{said} <span>{because}</span></li>"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _CHARACTERS else f"{plain[:_CHARACTERS].rsplit(' ', 1)[0]} …"
