"""The reader's report, in the trade's order, filled from findings as far as a reading has any.

What the book is, a one-sentence handle, the synopsis, strengths, issues with their places,
questions to the author. Genre and verdict are left for a person to write. A part whose lens was not
asked says which lens would fill it.
"""

from collections.abc import Iterable

from components.analysis import Finding, lens, to_markdown
from components.evidence import index_of
from components.export import formatting
from components.export.contents import Answer, Block, Contents, FactList, FileSection, Paragraph
from components.export.report_contents import notice
from components.languages import length
from components.markdown import literal
from components.reports import Report, conflicts, summary_sentences

#: The fewest and the most issues that a reader's report has.
LEAST_ISSUES, MOST_ISSUES = 3, 7

#: The most sentences of the synopsis, strengths and questions.
_MOST = 7

_TO_FILL = "................................................"


def readers_report(report: Report) -> Contents:
    """Return the contents of a reader's report made of a report's findings."""
    book = report.manuscript
    words = length(book.words, book.unit)
    facts = FactList(
        (
            ("Title", formatting.line(book.title) or "Untitled"),
            ("Author", formatting.line(book.author) or _TO_FILL),
            ("Length", words),
            ("Genre", _TO_FILL),
            ("Read by", f"First Reader with {report.setting.model}; to be checked by the editor"),
        )
    )
    summary = report.summaries.get(_title("synopsis"), "")
    synopsis, _ = summary_sentences(summary, report.findings_of(_title("synopsis")), index_of(book))
    letter = report.findings_of(_title("letter"))
    found = [finding for finding in letter if finding.is_supported]
    questions = _of(found, "Question")[:_MOST]
    return Contents(
        title=f"Reader’s report: {formatting.line(book.title) or 'Untitled'}",
        subtitle=formatting.line(report.series.name),
        language=book.language,
        notice=notice(report),
        facts=facts,
        about=(Paragraph("Each statement stands with the words of the manuscript behind it."),),
        sections=(
            FileSection("In one sentence", _text(synopsis[:1], "synopsis")),
            FileSection("Synopsis", _text(synopsis, "synopsis")),
            FileSection("Strengths", _listed(_of(found, "Strength")[:_MOST], "letter")),
            FileSection("Issues", _issues(report, found)),
            FileSection("Questions to the author", _listed(questions, "letter")),
            FileSection("Verdict", (Paragraph(_TO_FILL), Paragraph("Signed: " + _TO_FILL))),
        ),
    )


def _title(name: str) -> str:
    return lens(name).title


def _of(findings: Iterable[Finding], kind: str) -> list[Finding]:
    return [finding for finding in findings if finding.kind == kind]


def _issues(report: Report, letter: list[Finding]) -> tuple[Block, ...]:
    """Return contradictions first, then doubts, one of each chapter before others."""
    everything = [one for findings in report.findings.values() for one in findings]
    issues: list[Block] = []
    for conflict in conflicts(everything).values():
        sides = [to_markdown(one) for _, behind in conflict.sides for one in behind]
        issues.append(Answer("\n\n".join([f"**{literal(conflict.subject)}**", *sides])))
    doubts = _of(letter, "Doubt")
    first = {finding.chapter: finding for finding in reversed(doubts)}
    ordered = [*first.values(), *(one for one in doubts if first[one.chapter] is not one)]
    in_order = sorted(ordered[:MOST_ISSUES], key=lambda finding: finding.start or 0)
    issues += [Answer(to_markdown(one)) for one in in_order]
    if not issues:
        return _nothing("letter")
    more = "The reading found no more; what is missing is the editor’s."
    return (*issues[:MOST_ISSUES], *([Paragraph(more)] if len(issues) < LEAST_ISSUES else []))


def _listed(findings: Iterable[Finding], name: str) -> tuple[Block, ...]:
    return tuple(Answer(to_markdown(finding)) for finding in findings) or _nothing(name)


def _text(sentences: list[str], name: str) -> tuple[Block, ...]:
    return (Answer(" ".join(sentences)),) if sentences else _nothing(name)


def _nothing(name: str) -> tuple[Block, ...]:
    """Say that there is nothing, and which lens would have given it."""
    return (Paragraph(f"Nothing yet: it comes from the lens “{_title(name)}”."),)
