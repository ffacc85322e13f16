"""One analysis, or several of a comparison side by side, as a file.

Markdown and Word hold the answers and their origin; CSV the figures. A viewer of Markdown runs HTML
and fetches pictures, so no text of a model or a manuscript is passed on as it is.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from components.engine import Statistics
from components.evidence import Evidence
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
from components.export.evidence_labels import CHECKED, counted, flagged, where
from components.languages import length
from components.measures import csv_text
from components.reports import is_prose
from components.store import Analysis, CallOutcome, Question, Series, State

#: Ollama's figures, by its names, in the order of the statistics.
_FIGURES = tuple(field.name for field in fields(Statistics) if field.name != "model")

#: What was found when an answer was checked: quotations of four words or more, and flags.
_CHECKED = ("quotations", "quotations_found", "flags")

_CHOICES = {"tie": "equally good", "bad": "all bad", "none": "nothing to judge"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a comparison with its outcome and what was found when its answer was checked.

    `answer` is the text where that is made from what the model wrote.
    """

    analysis: Analysis
    outcome: CallOutcome
    evidence: Evidence | None = None
    answer: str | None = None

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

    def checked(self) -> dict[str, str]:
        """Return how much was quoted, found and flagged, as text; nothing if it was not checked."""
        if self.evidence is None:
            return {}
        counts = (len(self.evidence.quotations), self.evidence.found, len(self.evidence.flags))
        return dict(zip(_CHECKED, map(str, counts), strict=True))

    def figures(self) -> dict[str, str]:
        """Return the known figures, as text; durations in nanoseconds."""
        if self.outcome.statistics is None:
            return {}
        values = asdict(self.outcome.statistics)
        return {name: str(values[name]) for name in _FIGURES if values[name] is not None}


def analysis_contents(
    analysis: Analysis,
    outcome: CallOutcome,
    evidence: Evidence | None = None,
    *,
    answer: str | None = None,
) -> Contents:
    """Return what a file of an analysis holds, its origin first; unknown figures are left out.

    `evidence` is what was found when it was checked: a section of its own at the end. `answer` is
    the text where that is made from what the model wrote.
    """
    question, statistics = analysis.question, outcome.statistics
    ended = formatting.state(outcome.state) if outcome.state.has_ended else "still running"
    facts = [
        _subject(question),
        ("Question", question.prompt if answer is not None else question.lens),
        ("Model", question.model or "none: looked up in the text"),
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
    return Contents(
        title=f"{question.lens}: {question.title}",
        about=(_listing(facts),),
        sections=(
            FileSection("", _answer(question, outcome, answer)),
            *_checked(outcome, evidence),
        ),
    )


def comparison_csv(columns: Sequence[Column]) -> str:
    """Return a line for each column; durations in nanoseconds, unknown values empty."""
    file = io.StringIO()
    head = ["column", "model", "digest", "state", "error", "options", *_CHECKED, *_FIGURES]
    writer = csv.DictWriter(file, head, lineterminator="\r\n")
    writer.writeheader()
    for column in columns:
        question, error = column.analysis.question, column.outcome.error
        values = {
            "column": column.letter,
            "model": question.model,
            "digest": question.digest,
            "state": column.outcome.state.value,
            "error": "" if error is None else type(error).__name__,
            "options": column.options,
            **column.checked(),
            **column.figures(),
        }
        writer.writerow({name: csv_text(value) for name, value in values.items()})
    return file.getvalue()


def verdict(comparison: Series, letters: Mapping[str, str]) -> str:
    """Say how a comparison was judged, in one line; `letters` are its columns' by their ids."""
    judgment = comparison.verdict
    if judgment is None:
        return "not judged"
    best = letters.get(str(judgment.get("best")))
    choice = _CHOICES.get(str(judgment.get("choice")), "") if best is None else f"{best} is better"
    return f"{choice}: {judgment['reason']}" if judgment.get("reason") else choice


def side_by_side(comparison: Series, columns: Sequence[Column]) -> Contents:
    """Return the contents of a comparison: its question, verdict and figures, then each answer."""
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
    counts = [column.checked() for column in columns]
    rows += [(name, *(each.get(name, "") for each in counts)) for name in _CHECKED if any(counts)]
    table = Table(("", *(column.title for column in columns)), tuple(rows))
    answers = [
        FileSection(
            column.title,
            _answer(column.analysis.question, column.outcome, column.answer),
            _checked(column.outcome, column.evidence),
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
    return (
        "Manuscript",
        f"{question.title} ({question.scope}, {length(question.words, question.unit)})",
    )


def _listing(facts: Sequence[tuple[str, str]]) -> Listing:
    return Listing(tuple(f"{name}: {value}" for name, value in facts))


def _answer(question: Question, outcome: CallOutcome, answer: str | None) -> tuple[Block, ...]:
    text = outcome.text if answer is None else answer
    if not text.strip():
        return (Paragraph("(nothing was written)"),)
    return (Answer(text.strip("\n")) if is_prose(question) else Verbatim(text.strip()),)


def _checked(outcome: CallOutcome, evidence: Evidence | None) -> tuple[FileSection, ...]:
    """Return a section with each quote and what is flagged; none where there is nothing to say."""
    if evidence is None:
        return ()
    count = counted(evidence, is_done=outcome.state is State.DONE)
    lines = [f"{where(quote)}: “{formatting.line(quote.text)}”" for quote in evidence.quotes]
    lines += flagged(evidence)
    blocks = ((Paragraph(count),) if count else ()) + ((Listing(tuple(lines)),) if lines else ())
    return (FileSection(CHECKED, blocks),) if blocks else ()
