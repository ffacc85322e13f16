"""The confidentiality sheet as a section of a file."""

from __future__ import annotations

import json

from components.export import formatting
from components.export.confidentiality_sheet import PLACE, Sheet, SheetQuestion
from components.export.report_document import (
    Block,
    FactList,
    FileSection,
    Paragraph,
    Table,
    Verbatim,
)

TITLE = "Confidentiality sheet"


def sheet_section(sheet: Sheet) -> FileSection:
    """Return the sheet: where the text went, of which file, by which model, with which prompts."""
    return FileSection(
        TITLE,
        (
            *map(Paragraph, sheet.statement),
            _facts(sheet),
            _computers(sheet),
            _steps(sheet),
        ),
        (_prompts(sheet),),
    )


def _facts(sheet: Sheet) -> FactList:
    options = ", ".join(f"{name}={_said(value)}" for name, value in sheet.options.items())
    copied = f"{sheet.copied:,} of {formatting.plural(sheet.steps, 'step')}"
    if sheet.copied and sheet.oldest is not None:
        copied += f", the oldest of {formatting.date(sheet.oldest)}"
    rows = (
        ("Title", " ".join(sheet.title.split()) or "Untitled"),
        ("SHA-256 of the file", sheet.sha256),
        ("Model", sheet.model),
        ("Digest of the model", sheet.digest or "not known"),
        ("Context (num_ctx)", f"{sheet.num_ctx:,} tokens"),
        ("Options", options or "the model’s own"),
        ("Begun", formatting.date(sheet.begun)),
        ("Ended", formatting.date(sheet.ended) if sheet.ended else "not ended"),
        ("Copied from earlier reports", copied),
        ("First Reader", sheet.version or "version not known"),
    )
    return FactList(rows)


def _computers(sheet: Sheet) -> Table:
    head = ("Host", "The computer of First Reader", "Steps begun", "Ollama, as of now")
    rows = tuple(
        (
            computer.address,
            "yes" if computer.is_this else "no",
            f"{computer.steps:,}" if computer.steps else "none: it counted tokens",
            computer.ollama or "not known",
        )
        for computer in sheet.computers
    )
    return Table(head, rows, frozenset({2}))


def _steps(sheet: Sheet) -> Table:
    head = ("Kind of step", "Lens", "Steps", "num_predict", "Form")
    counted: dict[tuple[str, str, int, bool], int] = {}
    for one in sheet.asked:
        key = (one.part, one.lens, one.num_predict, one.has_form)
        counted[key] = counted.get(key, 0) + one.steps
    rows = tuple(
        (
            formatting.PARTS[part],
            _lens(part, lens),
            f"{steps:,}",
            f"{tokens:,}",
            "JSON" if has_form else "prose",
        )
        for (part, lens, tokens, has_form), steps in counted.items()
    )
    return Table(head, rows, frozenset({2, 3}))


def _prompts(sheet: Sheet) -> FileSection:
    said = (
        "Each question stands here once. The text of the manuscript, or the notes on it, stood "
        f"before it between two marks; {PLACE} stands for the name of the part that was read. A "
        "step that was asked again was told what was wrong with the form of its answer. Where the "
        "model had repeated itself, it was asked with a higher repeat_penalty over more tokens, a "
        "lower temperature and another seed; where it had refused, with a low temperature, and "
        "told that the text is there to be read; where it wrote in another language, told in which "
        "to write."
    )
    sections = []
    told: dict[str, list[SheetQuestion]] = {}
    for one in sheet.asked:
        told.setdefault(one.system, []).append(one)
    for system, asked in told.items():
        blocks: list[Block] = [Paragraph("Told beforehand (system):"), Verbatim(system)]
        for one in asked:
            lens = _lens(one.part, one.lens)
            name = f"{formatting.PARTS[one.part]}{f', {lens}' if lens else ''}"
            blocks += [
                Paragraph(f"{name}, asked in {formatting.plural(one.steps, 'step')}:"),
                Verbatim(one.prompt),
            ]
        what = "Asked of the text" if asked[0].of_text else "Asked of the notes"
        sections.append(FileSection(what, tuple(blocks)))
    return FileSection("Prompts", (Paragraph(said),), tuple(sections))


def _lens(part: str, lens: str) -> str:
    return lens if part in ("notes", "digest", "report") else ""


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
