"""An analysis as a Markdown file: what the model wrote, and where it comes from.

A viewer runs HTML and fetches pictures, so nothing that a model or a manuscript says is passed on
as it is (`safe_markdown`). The model's headings stand below all of the file's own.
"""

from __future__ import annotations

from components.evidence import Evidence
from components.export import formatting
from components.export.checked_quotations import checked_markdown
from components.export.report_document import Answer
from components.export.safe_markdown import fenced, plain, rewritten
from components.reports import is_prose
from components.store import Analysis, CallOutcome, Question, State

#: The level of the file's last heading: the quotations that were checked.
_LOWEST = 2

_ENDING = {
    State.DONE: "finished",
    State.STOPPED: "stopped before its end",
    State.FAILED: "broken off by an error",
    State.INTERRUPTED: "interrupted",
}


def to_markdown(analysis: Analysis, outcome: CallOutcome, evidence: Evidence | None = None) -> str:
    """Return the analysis with its origin in front; figures that are not known are left out.

    `evidence` is what was found of its quotations: a section of its own at the end.
    """
    question, statistics = analysis.question, outcome.statistics
    facts = [
        _subject(question),
        ("Question", question.lens),
        ("Model", question.model),
        ("Date", f"{analysis.created:%Y-%m-%d %H:%M} UTC"),
        ("State", formatting.problem(outcome.error) or _ENDING.get(outcome.state, "still running")),
    ]
    if otherwise := formatting.otherwise(outcome.earlier_error):
        facts.append(("Asked once more", otherwise))
    if statistics is not None and statistics.done_reason:
        facts.append(("done_reason", statistics.done_reason))
    if statistics is not None and statistics.prompt_eval_count is not None:
        facts.append(("Tokens read", f"{statistics.prompt_eval_count:,}"))
    if statistics is not None and statistics.eval_count is not None:
        facts.append(("Tokens written", f"{statistics.eval_count:,}"))
    lines = "\n".join(f"- {name}: {plain(value)}" for name, value in facts)
    head = f"# {plain(f'{question.lens}: {question.title}')}\n\n{lines}\n\n---\n\n"
    said = answer_markdown(question, outcome.text, below=_LOWEST)
    checked = checked_markdown(evidence, level=_LOWEST)
    return head + said + (f"\n\n---{checked}\n" if checked else "\n")


def answer_markdown(question: Question, text: str, *, below: int) -> str:
    """Return an answer as Markdown that means nothing else; its headings stand below level `below`.

    JSON is shown as it is.
    """
    if not is_prose(question):
        return fenced(text.strip())
    said = text.strip("\n")
    return rewritten(said, below=Answer(said).lowering(below))


def _subject(question: Question) -> tuple[str, str]:
    """Say what it was asked of: a manuscript, with the pictures beside it, or pictures alone."""
    if not question.manuscript_id:
        return "Pictures", question.title
    return "Manuscript", f"{question.title} ({question.scope}, {question.words:,} words)"
