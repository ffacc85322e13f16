"""Tables of our own: moved sideways where they are too wide, by the keyboard too."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def table(label: str, heads: Iterable[str], rows: Iterable[str], *, kind: str = "") -> str:
    """Return a table called `label` as HTML; `heads` are cells of its first row, `rows` are rows.

    All are HTML already. `kind` is a further class, for the style sheet.
    """
    # An empty heading would be read out as one.
    head = "".join(f"<th>{head}</th>" if head else "<td></td>" for head in heads)
    name, classes = escape(label), f"fr-table {kind}".rstrip()
    return (
        f'<div class="{classes}" role="region" aria-label="{name}" tabindex="0">'
        f'<table aria-label="{name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(*cells: str) -> str:
    """Return a row of cells, which are HTML already."""
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
