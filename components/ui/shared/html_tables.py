"""Tables and lists of figures as HTML, sent where they changed. Text is escaped unless `Html`.

A table that is too wide scrolls sideways, by the keyboard too.
"""

from collections.abc import Iterable
from html import escape

from streamlit.delta_generator import DeltaGenerator


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(text: str) -> str:
    """Return `text` as HTML."""
    return text if isinstance(text, Html) else escape(text)


def with_term(name: str, term: str) -> Html:
    """Return the name of a figure with Ollama's term for it, which may be empty, in small type."""
    return Html(f"{html(name)} <small>{html(term)}</small>" if term else html(name))


def table(
    label: str, heads: Iterable[str], rows: Iterable[Iterable[str]], *, kind: str = ""
) -> Html:
    """Return a table called `label`; `kind` is a further class, for the style sheet."""
    # An empty heading would be read out as one.
    head = "".join(f"<th>{html(head)}</th>" if head else "<td></td>" for head in heads)
    cells = ("".join(f"<td>{html(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    name, classes = escape(label), f"fr-table {kind}".rstrip()
    return Html(
        f'<div class="{classes}" role="region" aria-label="{name}" tabindex="0">'
        f'<table aria-label="{name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def figure_list(
    figures: Iterable[tuple[str, str]], *, kind: str, label: str = "", value_first: bool = False
) -> Html:
    """Return (name, value) pairs as a list of the class `kind`."""
    rows = []
    for name, value in figures:
        parts = [f"<dt>{html(name)}</dt>", f"<dd>{html(value)}</dd>"]
        rows.append(f"<div>{''.join(reversed(parts) if value_first else parts)}</div>")
    aria = f' aria-label="{escape(label)}"' if label else ""
    return Html(f'<dl class="{kind}"{aria}>{"".join(rows)}</dl>')


class HtmlSlot:
    """Shows HTML in a place made by `st.empty()`; it is sent only where it changed."""

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place
        self._shown = ""

    def show(self, html: str, *, always: bool = False) -> bool:
        """Show `html`, nothing where it is empty; return whether it was sent.

        It is sent `always`, or where it is another than before.
        """
        if html == self._shown and not always:
            return False
        self._shown = html
        if html:
            self._place.html(html)
        else:
            self._place.empty()
        return True
