"""A comparison of whole-book reports as the sections of a file.

First where they part, then what each lens came to and each chapter, column beside column, then the
figures and a confidentiality sheet for each. Names are told: it is for a comparison that is not
blind, or no longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from components.evidence import Index
from components.export import formatting
from components.export.comparison_export import verdict
from components.export.confidentiality_section import TITLE, sheet_section
from components.export.confidentiality_sheet import sheet
from components.export.report_document import (
    Block,
    Contents,
    FactList,
    FileSection,
    Notice,
    Paragraph,
    Table,
)
from components.export.report_quotations import Quotations
from components.export.report_sections import answer, notice
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


def differing_contents(
    comparison: Series, differing: ModelComparison, index: Index, *, ollama: Mapping[str, str]
) -> Contents:
    """Return what a file of a comparison holds; `index` is that of its manuscript.

    `ollama` are versions by the address of a host, where they are known.
    """
    return _Columns(comparison, differing, index).contents(ollama)


class _Columns:
    """The reports of a comparison, each by its letter and its model."""

    def __init__(self, comparison: Series, differing: ModelComparison, index: Index) -> None:
        self._comparison = comparison
        self._differing = differing
        self._reports = differing.reports
        self._letters = [formatting.letter(report.series.position) for report in self._reports]
        self._names = [
            f"{letter}: {one.setting.model}"
            for letter, one in zip(self._letters, self._reports, strict=True)
        ]
        self._quotations = [Quotations(report, index) for report in self._reports]

    def contents(self, ollama: Mapping[str, str]) -> Contents:
        """Return all of the file."""
        book = self._reports[0].manuscript
        sheets = [
            replace(sheet_section(sheet(one, ollama=ollama)), title=name)
            for name, one in zip(self._names, self._reports, strict=True)
        ]
        return Contents(
            title=formatting.line(book.title) or "Untitled",
            subtitle=formatting.line(self._comparison.name),
            author=formatting.line(book.author),
            notice=self._notice(),
            facts=self._facts(),
            about=(Paragraph(_ABOUT),),
            sections=(
                self._parting(),
                *(self._lens(lens) for lens in self._reports[0].lenses),
                FileSection("Chapter by chapter", (), tuple(map(self._chapter, self._chapters))),
                FileSection("Figures", (self._figures(),)),
                FileSection(f"{TITLE}s", (), tuple(sheets)),
            ),
        )

    @property
    def _chapters(self) -> tuple[ComparedChapter, ...]:
        return self._differing.chapters

    def _notice(self) -> Notice | None:
        lines: list[str] = []
        for name, one in zip(self._names, self._reports, strict=True):
            missing = notice(one)
            if missing is not None:
                lines += [f"{name}. {missing.text}", *(f"{name}. {each}" for each in missing.lines)]
        return Notice("Not every report here is complete.", tuple(lines)) if lines else None

    def _facts(self) -> FactList:
        first = self._reports[0]
        book, setting = first.manuscript, first.setting
        letters = {one.id: letter for letter, one in zip(self._letters, self._reports, strict=True)}
        rows = [
            ("Manuscript", formatting.line(book.title) or "Untitled"),
            ("Author", formatting.line(book.author)),
            ("Length", formatting.plural(book.words, "word")),
            ("Left out by the editor", ", ".join(one.name for one in first.left_out)),
            ("Lenses", ", ".join(first.lenses)),
            ("Depth", formatting.DEPTHS[setting.depth]),
            ("Read", "as a whole" if setting.is_whole else "chapter by chapter"),
            ("Context (num_ctx)", f"{setting.num_ctx:,} tokens"),
            ("Answers in", setting.language),
            *(("Model", name) for name in self._names),
            ("Begun", formatting.date(self._comparison.created)),
            ("This file made", formatting.date(datetime.now(UTC))),
            ("Verdict", verdict(self._comparison, letters)),
        ]
        return FactList(tuple((name, value) for name, value in rows if value))

    def _parting(self) -> FileSection:
        head = ("Chapter", *(scale.capitalize() for scale in SCALES))
        rows = tuple(
            (one.name, *(self._scores(one, scale) for scale in SCALES))
            for one in self._differing.by_disagreement
        )
        order = (
            "The chapters, those first whose scores lie furthest apart; "
            f"{formatting.NO_FIGURE} means that there is no score."
        )
        blocks = (Paragraph(self._differing.agreement_in_words), Paragraph(order))
        return FileSection("Where they part", (*blocks, Table(head, rows)))

    def _scores(self, chapter: ComparedChapter, scale: str) -> str:
        return ", ".join(
            f"{letter} {formatting.score(said, scale)}"
            for letter, said in zip(self._letters, chapter.said, strict=True)
        )

    def _lens(self, lens: str) -> FileSection:
        columns = [
            FileSection(name, answer(one.final(lens), quotations))
            for name, one, quotations in self._each()
        ]
        return FileSection(lens, (), tuple(columns))

    def _chapter(self, chapter: ComparedChapter) -> FileSection:
        columns = []
        for (name, _, quotations), said, only in zip(
            self._each(), chapter.said, chapter.only, strict=True
        ):
            notes = [FileSection(note.lens, answer(note.step, quotations)) for note in said.notes]
            columns.append(FileSection(name, _described(said, only), tuple(notes)))
        return FileSection(chapter.name, (), tuple(columns))

    def _figures(self) -> Table:
        sums = [totals(report) for report in self._reports]
        rows = [
            ("Answers", [f"{report.done:,} of {len(report.steps):,}" for report in self._reports]),
            ("Copied from earlier reports", [f"{report.copied:,}" for report in self._reports]),
            ("Asked again", [f"{one.retries:,}" for one in sums]),
            ("Tokens read (prompt_eval_count)", [_count(one.prompt_eval_count) for one in sums]),
            ("Tokens written (eval_count)", [_count(one.eval_count) for one in sums]),
            ("Reading, seconds", [_seconds(one.prompt_eval_duration) for one in sums]),
            ("Writing, seconds", [_seconds(one.eval_duration) for one in sums]),
            (
                "Quotations found",
                [f"{one.found:,} of {one.quotations:,}" for one in self._differing.checked],
            ),
        ]
        head = ("", *self._names)
        return Table(
            head,
            tuple((name, *values) for name, values in rows),
            frozenset(range(1, len(head))),
        )

    def _each(self) -> list[tuple[str, Report, Quotations]]:
        return list(zip(self._names, self._reports, self._quotations, strict=True))


def _described(said: ChapterReading, only: tuple[str, ...] | None) -> tuple[Block, ...]:
    if said.scores is None:
        return (FactList((("Scores", formatting.NONE_GIVEN),)),)
    rows = (
        ("Summary", formatting.line(" ".join(said.scores.summaries))),
        ("Scores", ", ".join(f"{scale} {formatting.score(said, scale)}" for scale in SCALES)),
        ("Named here alone", formatting.line(", ".join(only or ()))),
    )
    return (FactList(tuple((name, value) for name, value in rows if value)),)


def _count(value: int | None) -> str:
    return formatting.NO_FIGURE if value is None else f"{value:,}"


def _seconds(nanoseconds: int | None) -> str:
    return formatting.NO_FIGURE if nanoseconds is None else f"{nanoseconds / 1e9:,.1f}"
