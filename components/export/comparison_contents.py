"""A comparison of whole-book reports as the sections of a file.

First where they differ most, then each lens and each chapter, column beside column, then the
figures and a confidentiality sheet for each. Models are named: it is for a comparison that is not
blind, or no longer.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from components.evidence import Index
from components.export import formatting
from components.export.analysis_contents import verdict
from components.export.confidentiality_sheet import TITLE, sheet, sheet_section
from components.export.contents import Contents, FactList, FileSection, Notice, Paragraph, Table
from components.export.evidence_labels import share_found
from components.export.report_contents import (
    book_facts,
    fact_list,
    in_place,
    notice,
    under_unfinished,
    unfinished_sections,
)
from components.export.report_quotations import Quotations
from components.export.stages import seconds
from components.reports import (
    SCALES,
    ChapterReading,
    ComparedChapter,
    ModelComparison,
    Report,
    totals,
)
from components.store import Series

_ABOUT = (
    "Models wrote the texts below, each from the same plan. Their quotations were looked up in the "
    "manuscript, and each says where it was found or that it was not. Scores are a model’s opinion."
)


def comparison_contents(
    comparison: Series, differing: ModelComparison, index: Index, *, ollama: Mapping[str, str]
) -> Contents:
    """Return the contents of a file of a comparison; `index` is that of its manuscript.

    `ollama` are versions by the address of a host, where they are known.
    """
    columns = [
        _Column(formatting.letter(report.series.position), report, Quotations(report, index))
        for report in differing.reports
    ]
    first = differing.reports[0]
    chapters = tuple(_chapter(chapter, columns) for chapter in differing.chapters)
    written = [
        FileSection(column.name, (), sections)
        for column in columns
        if (sections := unfinished_sections(column.report, column.quotations))
    ]
    sheets = tuple(
        sheet_section(sheet(column.report, ollama=ollama), column.name) for column in columns
    )
    return Contents(
        title=formatting.line(first.manuscript.title) or "Untitled",
        subtitle=formatting.line(comparison.name),
        notice=_notice(columns),
        facts=_facts(comparison, columns),
        about=(Paragraph(_ABOUT),),
        sections=(
            _disagreement(differing, columns),
            *(_lens(lens, columns) for lens in first.lenses),
            *under_unfinished(written),
            FileSection("Chapter by chapter", (), chapters),
            FileSection("Figures", (_figures(differing),)),
            FileSection(f"{TITLE}s", (), sheets),
        ),
    )


class _Column(NamedTuple):
    letter: str
    report: Report
    quotations: Quotations

    @property
    def name(self) -> str:
        return _name(self.report)


def _name(report: Report) -> str:
    return f"{formatting.letter(report.series.position)}: {report.setting.model}"


def _notice(columns: Sequence[_Column]) -> Notice | None:
    lines = [
        f"{column.name}. {line}"
        for column in columns
        if (missing := notice(column.report)) is not None
        for line in (missing.text, *missing.lines)
    ]
    return Notice("Not every report here is complete.", tuple(lines)) if lines else None


def _facts(comparison: Series, columns: Sequence[_Column]) -> FactList:
    first = columns[0].report
    setting = first.setting
    letters = {column.report.id: column.letter for column in columns}
    return fact_list(
        [
            *book_facts(first),
            ("Read", "as a whole" if setting.is_whole else "chapter by chapter"),
            ("Context (num_ctx)", f"{setting.num_ctx:,} tokens"),
            ("Answers in", setting.language),
            *(("Model", column.name) for column in columns),
            ("Begun", formatting.date(comparison.created)),
            ("This file made", formatting.date(datetime.now(UTC))),
            ("Verdict", verdict(comparison, letters)),
        ]
    )


def _disagreement(differing: ModelComparison, columns: Sequence[_Column]) -> FileSection:
    def scores(chapter: ComparedChapter, scale: str) -> str:
        return ", ".join(
            f"{column.letter} {formatting.score(said, scale)}"
            for column, said in zip(columns, chapter.said, strict=True)
        )

    order = (
        "The chapters, those first whose scores lie furthest apart; "
        f"{formatting.NO_FIGURE} means that there is no score."
    )
    table = Table(
        ("Chapter", *(scale.capitalize() for scale in SCALES)),
        tuple(
            (chapter.name, *(scores(chapter, scale) for scale in SCALES))
            for chapter in differing.by_disagreement
        ),
    )
    blocks = (Paragraph(differing.agreement_in_words), Paragraph(order), table)
    return FileSection("Where they part", blocks)


def _lens(lens: str, columns: Sequence[_Column]) -> FileSection:
    sections = tuple(
        FileSection(
            column.name, in_place(column.report, column.report.final(lens), column.quotations)
        )
        for column in columns
    )
    return FileSection(lens, (), sections)


def _chapter(chapter: ComparedChapter, columns: Sequence[_Column]) -> FileSection:
    sections = []
    for column, said, only in zip(columns, chapter.said, chapter.only, strict=True):
        notes = tuple(
            FileSection(note.lens, in_place(column.report, note.step, column.quotations))
            for note in said.notes
        )
        sections.append(FileSection(column.name, (_described(said, only),), notes))
    return FileSection(chapter.name, (), tuple(sections))


def figure_rows(differing: ModelComparison) -> list[tuple[str, str, list[str]]]:
    """Return names of figures, Ollama's terms or what is meant, and the value of each report.

    What was copied from before counts no time.
    """
    reports, checked = differing.reports, differing.checked
    sums = [totals(report) for report in reports]
    found = [share_found(each.quotations, each.found) for each in checked]
    flags = [f"{each.flags:,}" for each in checked]
    return [
        ("Answers", "", [f"{report.done:,} of {len(report.steps):,}" for report in reports]),
        ("Copied from earlier reports", "", [f"{report.copied:,}" for report in reports]),
        ("Asked again", "", [f"{each.retries:,}" for each in sums]),
        ("Tokens read", "prompt_eval_count", [_count(each.prompt_eval_count) for each in sums]),
        ("Tokens written", "eval_count", [_count(each.eval_count) for each in sums]),
        ("Reading", "prompt_eval_duration", [_time(each.prompt_eval_duration) for each in sums]),
        ("Writing", "eval_duration", [_time(each.eval_duration) for each in sums]),
        ("In all", "total_duration", [_time(each.total_duration) for each in sums]),
        ("Quotations found", "in the manuscript", found),
        ("Flags", "unread chapters, unknown names, copies", flags),
        ("Passages without scores", "", [f"{len(one.without_scores):,}" for one in reports]),
    ]


def _figures(differing: ModelComparison) -> Table:
    return Table(
        ("", *map(_name, differing.reports)),
        tuple(
            (f"{name} ({term})" if term else name, *values)
            for name, term, values in figure_rows(differing)
        ),
        frozenset(range(1, len(differing.reports) + 1)),
    )


def _described(said: ChapterReading, only: tuple[str, ...] | None) -> FactList:
    if said.scores is None:
        return FactList((("Scores", formatting.NONE_GIVEN),))
    return fact_list(
        [
            ("Summary", formatting.line(" ".join(said.scores.summaries))),
            ("Scores", ", ".join(f"{scale} {formatting.score(said, scale)}" for scale in SCALES)),
            ("Named here alone", formatting.line(", ".join(only or ()))),
        ]
    )


def _count(value: int | None) -> str:
    return formatting.NO_FIGURE if value is None else f"{value:,}"


def _time(nanoseconds: int | None) -> str:
    return formatting.NO_FIGURE if nanoseconds is None else seconds(nanoseconds / 1e9)
