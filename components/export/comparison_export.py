"""A comparison as files: Markdown to read, CSV of the figures, DOCX for Word."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from docx import Document

from components.engine import Statistics
from components.evidence import Evidence
from components.export import formatting
from components.export.analysis_markdown import answer_markdown
from components.export.checked_quotations import HEADING, checked_lines, checked_markdown
from components.export.docx_blocks import text, write_markdown
from components.export.formatting import letter
from components.export.safe_markdown import plain, table
from components.store import Analysis, CallOutcome, Series

#: The level of the Markdown file's last headings: the quotations that were checked.
_LOWEST = 3

#: Ollama's figures, by its names, in the order of the statistics.
FIGURES = tuple(field.name for field in fields(Statistics) if field.name != "model")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a comparison with what came of it, and what was found of its quotations."""

    analysis: Analysis
    outcome: CallOutcome
    evidence: Evidence | None = None

    @property
    def letter(self) -> str:
        """What it is called: A to D."""
        return letter(self.analysis.position)

    @property
    def state(self) -> str:
        """How it ended: Ollama's state, or what is wrong with its answer."""
        return formatting.problem(self.outcome.error) or self.outcome.state.value

    def figures(self) -> dict[str, str]:
        """Return the figures that are known, as text; durations in nanoseconds."""
        known = self.outcome.statistics
        if known is None:
            return {}
        values = asdict(known)
        return {name: str(values[name]) for name in FIGURES if values[name] is not None}


def comparison_csv(columns: Sequence[Column]) -> str:
    """Return a line for each column; durations in nanoseconds, what is not known left empty."""
    file = io.StringIO()
    head = ["column", "model", "digest", "state", "error", "options", *FIGURES]
    writer = csv.DictWriter(file, head, lineterminator="\n")
    writer.writeheader()
    for column in columns:
        question = column.analysis.question
        writer.writerow(
            {
                "column": column.letter,
                "model": _inert(question.model),
                "digest": question.digest,
                "state": column.outcome.state.value,
                "error": formatting.kind(column.outcome.error),
                "options": _inert(_options(column)),
                **column.figures(),
            }
        )
    return file.getvalue()


def comparison_markdown(comparison: Series, columns: Sequence[Column]) -> str:
    """Return the comparison as Markdown: what was asked, the figures, each text, the verdict."""
    facts = _facts(comparison, columns)
    listed = "\n".join(f"- {name}: {plain(said)}" for name, said in facts)
    parts = [f"# {plain(_title(columns))}", listed]
    shown = [name for name in FIGURES if any(name in column.figures() for column in columns)]
    names = [plain(f"{column.letter}: {column.analysis.question.model}") for column in columns]
    rows = [["state", *(plain(column.state) for column in columns)]]
    rows += [
        [name, *(plain(column.figures().get(name, "")) for column in columns)] for name in shown
    ]
    parts.append("\n".join(table(["", *names], rows)))
    for name, one in zip(names, columns, strict=True):
        parts.append(f"## {name}")
        said = "(nothing was written)"
        if one.outcome.text.strip():
            said = answer_markdown(one.analysis.question, one.outcome.text, below=_LOWEST)
        parts.append(said + checked_markdown(one.evidence, level=_LOWEST))
    return "\n\n".join(parts) + "\n"


def comparison_docx(comparison: Series, columns: Sequence[Column]) -> bytes:
    """Return the comparison as a Word file, with headings for its navigation pane."""
    document = Document()
    document.core_properties.title = text(_title(columns))[:255]
    document.add_heading(text(_title(columns)), level=0)
    for name, said in _facts(comparison, columns):
        document.add_paragraph(text(f"{name}: {said}"), style="List Bullet")
    document.add_heading("Figures", level=1)
    shown = [name for name in FIGURES if any(name in column.figures() for column in columns)]
    table = document.add_table(rows=1, cols=len(columns) + 1, style="Light List")
    for cell, one in zip(table.rows[0].cells[1:], columns, strict=True):
        cell.text = f"{one.letter}: {one.analysis.question.model}"
    for name in ("state", *shown):
        cells = table.add_row().cells
        cells[0].text = name
        for cell, one in zip(cells[1:], columns, strict=True):
            cell.text = one.state if name == "state" else one.figures().get(name, "")
    for column in columns:
        document.add_heading(f"{column.letter}: {column.analysis.question.model}", level=1)
        write_markdown(document, column.outcome.text, below=2)
        checked = checked_lines(column.evidence)
        if checked:
            document.add_heading(HEADING, level=2)
            document.add_paragraph(text(checked[0]))
        for line in checked[1:]:
            document.add_paragraph(text(line), style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def verdict(comparison: Series, letters: Mapping[str, str]) -> str:
    """Say how it was judged, in one line; `letters` are those of the columns by their ids."""
    given = comparison.verdict
    if given is None:
        return "not judged"
    best = letters.get(str(given.get("best")))
    said = {"tie": "equally good", "bad": "all bad", "none": "nothing to judge"}.get(
        str(given.get("choice")), ""
    )
    if best is not None:
        said = f"{best} is better"
    return f"{said}: {given['reason']}" if given.get("reason") else said


def _title(columns: Sequence[Column]) -> str:
    return f"Comparison: {columns[0].analysis.question.title}"


def _facts(comparison: Series, columns: Sequence[Column]) -> list[tuple[str, str]]:
    question = columns[0].analysis.question
    facts = [
        ("Manuscript", f"{question.title} ({question.scope}, {question.words:,} words)"),
        ("Question", question.lens),
        ("Date", f"{columns[0].analysis.created:%Y-%m-%d %H:%M} UTC"),
    ]
    facts += [(f"Options of {column.letter}", _options(column)) for column in columns]
    letters = {column.analysis.id: column.letter for column in columns}
    return [*facts, ("Verdict", verdict(comparison, letters))]


def _options(column: Column) -> str:
    given = column.analysis.question.options.given()
    return ", ".join(f"{name}={value}" for name, value in given.items())


def _inert(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
