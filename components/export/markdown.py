"""An analysis as a Markdown file: the text as the model wrote it, and where it comes from."""

from __future__ import annotations

from components.evidence import Evidence
from components.export.checked import checked_markdown
from components.store import Analysis, Outcome, Question, State

_ENDING = {
    State.DONE: "finished",
    State.STOPPED: "stopped before its end",
    State.FAILED: "broken off by an error",
    State.INTERRUPTED: "interrupted",
}


def to_markdown(analysis: Analysis, outcome: Outcome, evidence: Evidence | None = None) -> str:
    """Return the analysis with its origin in front; figures that are not known are left out.

    `evidence` is what was found of its quotations: a section of its own at the end.
    """
    question, statistics = analysis.question, outcome.statistics
    facts = [
        _subject(question),
        ("Question", question.lens),
        ("Model", question.model),
        ("Date", f"{analysis.created:%Y-%m-%d %H:%M} UTC"),
        ("State", _ENDING.get(outcome.state, "still running")),
    ]
    if statistics is not None and statistics.done_reason:
        facts.append(("done_reason", statistics.done_reason))
    if statistics is not None and statistics.prompt_eval_count is not None:
        facts.append(("Tokens read", f"{statistics.prompt_eval_count:,}"))
    if statistics is not None and statistics.eval_count is not None:
        facts.append(("Tokens written", f"{statistics.eval_count:,}"))
    lines = "\n".join(f"- {name}: {value}" for name, value in facts)
    head = f"# {question.lens}: {question.title}\n\n{lines}\n\n---\n\n"
    checked = checked_markdown(evidence)
    return head + outcome.text.strip() + (f"\n\n---{checked}\n" if checked else "\n")


def _subject(question: Question) -> tuple[str, str]:
    """Say what it was asked of: a manuscript, with the pictures beside it, or pictures alone."""
    if not question.manuscript_id:
        return "Pictures", question.title
    return "Manuscript", f"{question.title} ({question.scope}, {question.words:,} words)"
