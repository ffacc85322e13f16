"""What can be held against a report: its scores, its receipts, its quotations."""

from __future__ import annotations

from collections.abc import Sequence

from components.evidence import Finding
from components.export import formatting
from components.export.report_document import (
    Block,
    FileSection,
    Listing,
    Notice,
    Paragraph,
    Quotation,
    Table,
)
from components.export.report_quotations import Quotations
from components.reports import SCALES, PassageScores, Receipt, Report
from components.store import StepStatus


def scores_section(report: Report, quotations: Quotations) -> FileSection:
    """Return the scores of each passage: a model's opinion."""
    title = "Scores"
    if not report.setting.has_scores:
        return FileSection(title, (Paragraph("Scores were not asked for."),))
    head = [f"{name.capitalize()} ({low:d} to {high:d})" for name, (low, high) in SCALES.items()]
    table = Table(
        ("Part", *head, "Sentence behind the tension"),
        tuple(_scores(score, quotations) for score in report.scores),
        frozenset(range(1, len(SCALES) + 1)),
    )
    said = "How the model rates each part: an opinion, to be held against the text."
    blocks: list[Block] = [Paragraph(said), table]
    if report.without_scores:
        without = formatting.plural(len(report.without_scores), "part")
        blocks.append(Paragraph(f"For {without} the model gave no scores that can be used."))
    return FileSection(title, tuple(blocks))


def receipts_section(report: Report) -> FileSection:
    """Return what was sent of each chapter, and what the server says it received."""
    counted = "counted by the server" if report.setting.is_counted else "estimated"
    said = (
        "What was sent of each chapter and what the server reports: “Tokens” are those of its "
        f"text, {counted}; “Tokens read” is prompt_eval_count, the server’s count of the prompts "
        "that first read it, questions and notes included."
    )
    of_text = ("Words", "Tokens", "Tokens read")
    head = ("Chapter", "State", *of_text, "Steps done", "Asked again", "Copied", "Cut short")
    table = Table(head, tuple(map(_receipt, report.receipts)), frozenset(range(2, len(head))))
    blocks: list[Block] = [Paragraph(said), table]
    problems = tuple(
        f"{receipt.name}: {receipt.problem}" for receipt in report.receipts if receipt.problem
    )
    if problems:
        blocks.append(Notice("What is wrong:", problems))
    blocks.append(
        Paragraph(
            "“Copied” are answers of earlier reports to the same text, question and options. "
            "“Cut short” are answers that ran into their limit (done_reason length)."
        )
    )
    return FileSection("Receipts", tuple(blocks))


def checked_section(quotations: Quotations) -> FileSection:
    """Return every quotation, each once, those that were not found first."""
    found = quotations.all
    total = formatting.plural(len(found), "quotation")
    said = (
        f"{total} of four words or more, and sentences that scores rest on: {quotations.found:,} "
        f"found in the manuscript, {len(found) - quotations.found:,} not."
    )
    blocks: list[Block] = [Paragraph(said)]
    if quotations.unknown_names:
        blocks.append(Paragraph("Names in the texts that are not in the manuscript:"))
        blocks.append(Listing(tuple(map(formatting.line, quotations.unknown_names))))
    missing = _listed([one for one in found if not one[1].is_verified], quotations)
    there = _listed([one for one in found if one[1].is_verified], quotations)
    sections = [
        FileSection(title, tuple(listed))
        for title, listed in (("Not found in the manuscript", missing), ("Found", there))
        if listed
    ]
    return FileSection("Quotations checked", tuple(blocks), tuple(sections))


def _scores(scored: PassageScores, quotations: Quotations) -> tuple[str, ...]:
    said = scored.scores
    if said is None:
        missing = formatting.NONE_GIVEN if scored.step.state.has_ended else formatting.NOT_THERE_YET
        return (scored.passage.name, *[missing] * len(SCALES), "")
    sentence = quotations.sentences.get(scored.step.position)
    values = [str(getattr(said, name)) for name in SCALES]
    where = quotations.where(sentence) if sentence is not None else formatting.NONE_GIVEN
    return (scored.passage.name, *values, where)


def _receipt(one: Receipt) -> tuple[str, ...]:
    is_asked = one.calls > 0
    figures = (
        f"{one.tokens:,}",
        f"{one.received:,}",
        f"{one.done:,} of {one.calls:,}",
        f"{one.retries:,}",
        f"{one.copied:,}",
        f"{one.cut_answers:,}",
    )
    blank = ("",) * len(figures)
    return (
        one.name,
        formatting.read(one.state),
        f"{one.words:,}",
        *(figures if is_asked else blank),
    )


def _listed(found: Sequence[tuple[StepStatus, Finding]], quotations: Quotations) -> list[Quotation]:
    """Return the quotations, each once, with all the texts that quote it."""
    places: dict[str, dict[str, None]] = {}
    first: dict[str, Finding] = {}
    for step, one in found:
        text = formatting.line(one.text)
        first.setdefault(text, one)
        places.setdefault(text, {})[_named(step)] = None
    return [
        Quotation(text, one.is_verified, quotations.where(one), tuple(places[text]))
        for text, one in first.items()
    ]


def _named(step: StepStatus) -> str:
    """Say which text of the report a step wrote."""
    question = step.question
    part = formatting.PARTS[question.part]
    if question.part == "report":
        return f"the report of “{question.lens}”"
    of_lens = f" of “{question.lens}”" if question.part == "notes" else ""
    return f"{part.lower()}{of_lens}, {question.scope}"
