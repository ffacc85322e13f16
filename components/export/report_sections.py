"""A report as the sections of a file, in order: what the lenses came to, chapters, proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from components.evidence import Index
from components.export import formatting
from components.export.confidentiality_section import sheet_section
from components.export.confidentiality_sheet import Sheet, sheet
from components.export.report_document import (
    Answer,
    Block,
    Contents,
    FactList,
    FileSection,
    Notice,
    Paragraph,
    Verbatim,
)
from components.export.report_proof import checked_section, receipts_section, scores_section
from components.export.report_quotations import Quotations
from components.plots.static_plots import PlotImage
from components.reports import Passage, PassageScores, Report
from components.store import StepStatus

_ABOUT = (
    "A model wrote the texts below. Its quotations were looked up in the manuscript, and each says "
    "where it was found or that it was not. Scores are the model’s opinion."
)

_WHOLE = (
    "The book fits the model’s context and was read as a whole: there are no notes of chapters."
)


def report_sections(
    report: Report,
    index: Index,
    *,
    pictures: Sequence[PlotImage] = (),
    ollama: Mapping[str, str] | None = None,
) -> Contents:
    """Return what a file of `report` holds; `index` is that of its manuscript.

    `ollama` are versions by the address of a host, where they are known.
    """
    quotations = Quotations(report, index)
    proof = sheet(report, ollama=ollama)
    parts = [_lens(report, title, quotations) for title in report.lenses]
    if pictures:
        parts.append(FileSection("Charts", tuple(pictures)))
    parts += [
        _chapters(report, quotations),
        scores_section(report, quotations),
        receipts_section(report),
        checked_section(quotations),
        sheet_section(proof),
    ]
    return Contents(
        title=formatting.line(report.manuscript.title) or "Untitled",
        subtitle=formatting.line(report.series.name),
        author=formatting.line(report.manuscript.author),
        notice=notice(report),
        facts=_facts(report, quotations, proof),
        about=(Paragraph(_ABOUT),),
        sections=tuple(parts),
    )


def notice(report: Report) -> Notice | None:
    """Return what is missing of a report; None where it is complete."""
    if report.is_complete:
        return None
    lines = [
        f"{one.name}: {formatting.read(one.state)}.{f' {one.problem}' if one.problem else ''}"
        for one in report.short
    ]
    lines += [
        f"The report of “{one.question.lens}”: {formatting.state(one)}."
        for one in report.of("report")
        if formatting.ending(one)
    ]
    chosen = len(report.receipts) - len(report.left_out)
    said = (
        f"{len(report.short):,} of {formatting.plural(chosen, 'chapter')} "
        f"{'was' if chosen == 1 else 'were'} not read whole, "
        f"{report.done:,} of {formatting.plural(len(report.steps), 'step')} are done."
    )
    return Notice(f"This report is not complete. {said}", tuple(lines))


def _facts(report: Report, quotations: Quotations, proof: Sheet) -> FactList:
    book, setting = report.manuscript, report.setting
    chapters = [receipt for receipt in report.receipts if receipt.chapter]
    length = (
        f"{formatting.plural(book.words, 'word')}, {formatting.plural(len(chapters), 'chapter')}"
    )
    left_out = ", ".join(one.name for one in report.left_out)
    said = [
        ("Manuscript", formatting.line(book.title) or "Untitled"),
        ("Author", formatting.line(book.author)),
        ("Length", length),
        ("Left out by the editor", left_out),
        ("Lenses", ", ".join(report.lenses)),
        ("Depth", formatting.DEPTHS[setting.depth]),
        ("Answers in", setting.language),
        ("Model", setting.model),
        ("Begun", formatting.date(proof.begun)),
        ("Ended", formatting.date(proof.ended) if proof.ended else "not ended"),
        ("This file made", formatting.date(datetime.now(UTC))),
        ("State", "complete" if report.is_complete else "not complete"),
        ("Quotations found", f"{quotations.found:,} of {len(quotations.all):,}"),
    ]
    return FactList(tuple((name, value) for name, value in said if value))


def _lens(report: Report, title: str, quotations: Quotations) -> FileSection:
    return FileSection(title, answer(report.final(title), quotations))


def _chapters(report: Report, quotations: Quotations) -> FileSection:
    blocks: tuple[Block, ...] = ()
    if report.setting.is_whole:
        blocks = (Paragraph(_WHOLE),)
        sections = [_passage(score.passage, [], score, quotations) for score in report.scores]
    else:
        scores = {score.passage.number: score for score in report.scores}
        steps: dict[int, list[StepStatus]] = {}
        for part in ("notes", "story"):
            for one in report.of(part):
                steps.setdefault(one.question.passage, []).append(one)
        sections = [
            _passage(place, steps.get(place.number, []), scores.get(place.number), quotations)
            for place in report.setting.passages
        ]
    return FileSection("Chapter by chapter", blocks, tuple(sections))


def _passage(
    place: Passage,
    steps: Sequence[StepStatus],
    scored: PassageScores | None,
    quotations: Quotations,
) -> FileSection:
    blocks = _described(scored, quotations) if scored is not None else ()
    sections = [
        FileSection(
            step.question.lens if step.question.part == "notes" else formatting.PARTS["story"],
            answer(step, quotations),
        )
        for step in steps
    ]
    return FileSection(place.name, blocks, tuple(sections))


def _described(scored: PassageScores, quotations: Quotations) -> tuple[Block, ...]:
    """Return what the scores of a passage say in words."""
    said = scored.scores
    if said is None:
        missing = formatting.NONE_GIVEN if scored.step.state.has_ended else formatting.NOT_THERE_YET
        return (FactList((("Scores", missing),)),)
    sentence = quotations.sentences.get(scored.step.position)
    rows = [
        ("Summary", said.summary),
        ("Setting", said.setting),
        ("Point of view", said.point_of_view),
        ("Present", ", ".join(said.characters)),
        ("Purpose", said.purpose),
    ]
    if sentence is not None:
        rows.append(
            ("Its tension", f"“{formatting.line(sentence.text)}” ({quotations.where(sentence)})")
        )
    return (FactList(tuple((name, formatting.line(value)) for name, value in rows if value)),)


def answer(step: StepStatus, quotations: Quotations) -> tuple[Block, ...]:
    """Return what a step wrote, its quotations marked, and what is wrong with how it ended."""
    blocks: list[Block] = []
    if said := formatting.ending(step):
        blocks.append(Paragraph(said))
    checked = quotations.answers.get(step.position)
    if checked is not None:
        said = step.answer.strip("\n")
        blocks.append(Answer(said, checked.marks, quotations.language(step)))
    elif step.answer.strip():
        blocks.append(Verbatim(step.answer))
    elif not said:
        blocks.append(Paragraph("The model finished without writing anything."))
    return tuple(blocks)
