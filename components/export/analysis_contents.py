"""One analysis, or several of a comparison side by side, as a file.

Markdown and Word hold the answers and their origin; CSV the figures. A viewer of Markdown runs HTML
and fetches pictures, so no text of a model or a manuscript is passed on as it is.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from components.engine import Statistics
from components.evidence import Evidence, Quote
from components.export import formatting
from components.export.contents import (
    Answer,
    Block,
    Contents,
    FileSection,
    Listing,
    Paragraph,
    Table,
    Verbatim,
)
from components.export.report_docx import report_docx
from components.export.report_markdown import report_markdown
from components.measures import csv_text
from components.reports import is_prose
from components.store import Analysis, CallOutcome, Question, Series

#: Ollama's figures, by its names, in the order of the statistics.
_FIGURES = tuple(field.name for field in fields(Statistics) if field.name != "model")

_CHOICES = {"tie": "equally good", "bad": "all bad", "none": "nothing to judge"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a comparison with its outcome and the quotes of its quotations."""

    analysis: Analysis
    outcome: CallOutcome
    evidence: Evidence | None = None

    @property
    def letter(self) -> str:
        """Its name: A to D."""
        return formatting.letter(self.analysis.position)

    @property
    def title(self) -> str:
        """Its name and its model."""
        return f"{self.letter}: {self.analysis.question.model}"

    @property
    def state(self) -> str:
        """How it ended: Ollama's state, or what is wrong with its answer."""
        return formatting.problem(self.outcome.error) or self.outcome.state.value

    @property
    def options(self) -> str:
        """The options that were chosen for it."""
        options = self.analysis.question.options.given()
        return ", ".join(f"{name}={value}" for name, value in options.items())

    def figures(self) -> dict[str, str]:
        """Return the known figures, as text; durations in nanoseconds."""
        if self.outcome.statistics is None:
            return {}
        values = asdict(self.outcome.statistics)
        return {name: str(values[name]) for name in _FIGURES if values[name] is not None}


def to_markdown(analysis: Analysis, outcome: CallOutcome, evidence: Evidence | None = None) -> str:
    """Return an analysis as Markdown, its origin first; unknown figures are left out.

    `evidence` are the quotes of its quotations: a section of its own at the end.
    """
    question, statistics = analysis.question, outcome.statistics
    ended = formatting.state(outcome.state) if outcome.state.has_ended else "still running"
    facts = [
        _subject(question),
        ("Question", question.lens),
        ("Model", question.model),
        ("Date", formatting.date(analysis.created)),
        ("State", formatting.problem(outcome.error) or ended),
    ]
    if otherwise := formatting.otherwise(outcome.earlier_error):
        facts.append(("Asked once more", otherwise))
    if statistics is not None:
        read, written = statistics.prompt_eval_count, statistics.eval_count
        facts += [("done_reason", statistics.done_reason)] if statistics.done_reason else []
        facts += [("Tokens read", f"{read:,}")] if read is not None else []
        facts += [("Tokens written", f"{written:,}")] if written is not None else []
    return report_markdown(
        Contents(
            title=f"{question.lens}: {question.title}",
            about=(_listing(facts),),
            sections=(FileSection("", _answer(question, outcome.text)), *_checked(evidence)),
        )
    )


def comparison_markdown(comparison: Series, columns: Sequence[Column]) -> str:
    """Return a comparison as Markdown: its question, the figures, each answer, the verdict."""
    return report_markdown(_side_by_side(comparison, columns))


def comparison_docx(comparison: Series, columns: Sequence[Column]) -> bytes:
    """Return a comparison as a Word file, with headings for its navigation pane."""
    return report_docx(_side_by_side(comparison, columns))


def comparison_csv(columns: Sequence[Column]) -> str:
    """Return a line for each column; durations in nanoseconds, unknown values empty."""
    file = io.StringIO()
    head = ["column", "model", "digest", "state", "error", "options", *_FIGURES]
    writer = csv.DictWriter(file, head, lineterminator="\n")
    writer.writeheader()
    for column in columns:
        question, error = column.analysis.question, column.outcome.error
        writer.writerow(
            {
                "column": column.letter,
                "model": csv_text(question.model),
                "digest": question.digest,
                "state": column.outcome.state.value,
                "error": "" if error is None else type(error).__name__,
                "options": csv_text(column.options),
                **column.figures(),
            }
        )
    return file.getvalue()


def verdict(comparison: Series, letters: Mapping[str, str]) -> str:
    """Say how a comparison was judged, in one line; `letters` are its columns' by their ids."""
    judgment = comparison.verdict
    if judgment is None:
        return "not judged"
    best = letters.get(str(judgment.get("best")))
    choice = _CHOICES.get(str(judgment.get("choice")), "") if best is None else f"{best} is better"
    return f"{choice}: {judgment['reason']}" if judgment.get("reason") else choice


def _side_by_side(comparison: Series, columns: Sequence[Column]) -> Contents:
    question = columns[0].analysis.question
    letters = {column.analysis.id: column.letter for column in columns}
    facts = [
        _subject(question),
        ("Question", question.lens),
        ("Date", formatting.date(columns[0].analysis.created)),
        *((f"Options of {column.letter}", column.options) for column in columns),
        ("Verdict", verdict(comparison, letters)),
    ]
    figures = [column.figures() for column in columns]
    rows = [("state", *(column.state for column in columns))]
    rows += [
        (name, *(known.get(name, "") for known in figures))
        for name in _FIGURES
        if any(name in known for known in figures)
    ]
    table = Table(("", *(column.title for column in columns)), tuple(rows))
    answers = [
        FileSection(
            column.title,
            _answer(column.analysis.question, column.outcome.text),
            _checked(column.evidence),
        )
        for column in columns
    ]
    return Contents(
        title=f"Comparison: {question.title}",
        about=(_listing(facts),),
        sections=(FileSection("Figures", (table,)), *answers),
    )


def _subject(question: Question) -> tuple[str, str]:
    """Name what was asked about: a manuscript, with the pictures beside it, or pictures alone."""
    if not question.manuscript_id:
        return "Pictures", question.title
    return "Manuscript", f"{question.title} ({question.scope}, {question.words:,} words)"


def _listing(facts: Sequence[tuple[str, str]]) -> Listing:
    return Listing(tuple(f"{name}: {value}" for name, value in facts))


def _answer(question: Question, text: str) -> tuple[Block, ...]:
    if not text.strip():
        return (Paragraph("(nothing was written)"),)
    return (Answer(text.strip("\n")) if is_prose(question) else Verbatim(text.strip()),)


def _checked(evidence: Evidence | None) -> tuple[FileSection, ...]:
    """Return a section with each quote and the unknown names; none where nothing is quoted."""
    if evidence is None or not (evidence.quotes or evidence.names):
        return ()
    count = len(evidence.quotations)
    total = f"{evidence.found} of {count} quotations of four words or more are in the manuscript."
    lines = [f"{_where(quote)}: “{formatting.line(quote.text)}”" for quote in evidence.quotes]
    if evidence.unknown_names:
        lines.append(f"Names that are not in the manuscript: {', '.join(evidence.unknown_names)}")
    return (FileSection("Quotations checked", (Paragraph(total), Listing(tuple(lines)))),)


def _where(quote: Quote) -> str:
    if quote.is_verified:
        heading = quote.places[0].name
        more = f", and {quote.count - 1:,} more" if quote.count > 1 else ""
        other = ", not in the chapter named beside it" if "other chapter" in quote.remarks else ""
        return f"found{f' in {heading}' if heading else ''}{more}{other}"
    if quote.near is not None:
        where = f" of {quote.near.name}" if quote.near.name else ""
        return f"not found in this form; punctuation or capitals differ from those{where}"
    kinds = {"phrase": "not found; perhaps a term", "title": "not found; a title"}
    return kinds.get(quote.kind, "not found")
