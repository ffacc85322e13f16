"""A report as the sections of a file, in order: the lenses' reports, charts, chapters, evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from components.evidence import Index, Quote
from components.export import formatting
from components.export.confidentiality_sheet import Sheet, sheet, sheet_section
from components.export.contents import (
    Answer,
    Block,
    Contents,
    FactList,
    FileSection,
    Listing,
    Notice,
    Paragraph,
    Quotation,
    Table,
    Verbatim,
)
from components.export.evidence_labels import CHECKED, flagged, quotation_count
from components.export.report_quotations import Quotations
from components.export.report_status import report_status
from components.export.stages import step_name
from components.languages import length
from components.plots.static_plots import PlotImage
from components.reports import SCALES, PassageScores, Read, ReadingPassage, Receipt, Report
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
    """Return the contents of a file of `report`; `index` is that of its manuscript.

    `ollama` are versions by the address of a host, where they are known.
    """
    quotations = Quotations(report, index)
    confidentiality = sheet(report, ollama=ollama)
    charts = [FileSection("Charts", tuple(pictures))] if pictures else []
    return Contents(
        title=formatting.line(report.manuscript.title) or "Untitled",
        language=report.manuscript.language,
        subtitle=formatting.line(report.series.name),
        notice=notice(report),
        facts=_facts(report, quotations, confidentiality),
        about=(Paragraph(_ABOUT),),
        sections=(
            *(
                FileSection(lens, in_place(report, report.final(lens), quotations))
                for lens in report.lenses
            ),
            *under_unfinished(unfinished_sections(report, quotations)),
            *charts,
            _chapters(report, quotations),
            _scores(report, quotations),
            _receipts(report),
            _checked(quotations),
            sheet_section(confidentiality),
        ),
    )


def notice(report: Report) -> Notice | None:
    """Return what is missing of a report; None where it is complete."""
    if report.is_complete:
        return None
    lines = [
        f"{receipt.name}: {formatting.read(receipt.state)}. {receipt.problem}".rstrip()
        for receipt in report.short
    ]
    lines += [
        f"The report of “{step.question.lens}”: {formatting.state(step.state)}."
        for step in report.of("report")
        if formatting.unfinished(step)
    ]
    chosen = [receipt for receipt in report.receipts if receipt.state is not Read.LEFT_OUT]
    text = "This report is not complete. "
    if unread := sum(not receipt.is_read for receipt in chosen):
        text += f"{unread:,} of {formatting.plural(len(chosen), 'chapter')} "
        text += f"{'was' if len(chosen) == 1 else 'were'} not read whole, "
    text += f"{report.done:,} of {formatting.plural(len(report.steps), 'step')} are done."
    return Notice(text, (*lines, report_status(report)))


def book_facts(report: Report) -> list[tuple[str, str]]:
    """Return the facts about a report's book that every file of it begins with."""
    book = report.manuscript
    return [
        ("Manuscript", formatting.line(book.title) or "Untitled"),
        ("Author", formatting.line(book.author)),
        ("Length", length(book.words, book.unit)),
        ("Left out by the editor", ", ".join(receipt.name for receipt in report.left_out)),
        ("Lenses", ", ".join(report.lenses)),
        ("Depth", report.setting.depth.value),
    ]


def fact_list(rows: Iterable[tuple[str, str]]) -> FactList:
    """Return the facts that have a value."""
    return FactList(tuple((name, value) for name, value in rows if value))


def answer(step: StepStatus, quotations: Quotations) -> tuple[Block, ...]:
    """Return a step's answer, its quotations marked, and why it is not whole."""
    blocks: list[Block] = []
    unfinished = formatting.unfinished(step)
    if unfinished:
        blocks.append(Paragraph(unfinished))
    checked = quotations.of(step)
    if checked is not None:
        source = step.answer.strip("\n")
        blocks.append(Answer(source, checked.marks, quotations.language(step)))
    elif step.answer.strip():
        blocks.append(Verbatim(step.answer))
    elif not unfinished:
        blocks.append(Paragraph("The model finished without writing anything."))
    return tuple(blocks)


def in_place(report: Report, step: StepStatus, quotations: Quotations) -> tuple[Block, ...]:
    """Return a step's answer where it belongs; of an unfinished one that it stands apart."""
    written = next((one for one in report.unfinished if one.position == step.position), None)
    if written is None:
        return answer(step, quotations)
    said = f"{formatting.unfinished(written)} It stands under “{formatting.UNFINISHED}”."
    # The findings of a lens whose summary is unfinished.
    rest = answer(step, quotations)[1:] if step.answer != written.answer else ()
    return (Paragraph(said), *rest)


def unfinished_sections(report: Report, quotations: Quotations) -> tuple[FileSection, ...]:
    """Return what steps wrote that were stopped or broke off, a section each."""
    return tuple(
        FileSection(step_name(step), answer(step, quotations)) for step in report.unfinished
    )


def under_unfinished(sections: Sequence[FileSection]) -> list[FileSection]:
    """Return `sections` under their heading; nothing without any."""
    return [FileSection(formatting.UNFINISHED, (), tuple(sections))] if sections else []


def _facts(report: Report, quotations: Quotations, confidentiality: Sheet) -> FactList:
    facts = dict(book_facts(report))
    chapters = sum(bool(receipt.chapter) for receipt in report.receipts)
    facts["Length"] += f", {formatting.plural(chapters, 'chapter')}"
    begun, ended = confidentiality.begun, confidentiality.ended
    return fact_list(
        [
            *facts.items(),
            ("Answers in", report.setting.language),
            ("Model", report.setting.model),
            ("Begun", formatting.date(begun)),
            ("Ended", formatting.date(ended) if ended else "not ended"),
            ("This file made", formatting.date(datetime.now(UTC))),
            ("State", "complete" if report.is_complete else "not complete"),
            ("Quotations found", f"{quotations.found:,} of {len(quotations.all):,}"),
        ]
    )


def _chapters(report: Report, quotations: Quotations) -> FileSection:
    title = "Chapter by chapter"
    if report.setting.is_whole:
        sections = [
            _passage(report, score.passage, [], score, quotations) for score in report.scores
        ]
        return FileSection(title, (Paragraph(_WHOLE),), tuple(sections))
    scores = {score.passage.number: score for score in report.scores}
    steps: dict[int, list[StepStatus]] = defaultdict(list)
    for step in (*report.of("findings"), *report.of("notes"), *report.of("story")):
        steps[step.question.passage].append(step)
    sections = [
        _passage(report, passage, steps[passage.number], scores.get(passage.number), quotations)
        for passage in report.setting.passages
    ]
    return FileSection(title, (), tuple(sections))


def _passage(
    report: Report,
    passage: ReadingPassage,
    steps: Sequence[StepStatus],
    scored: PassageScores | None,
    quotations: Quotations,
) -> FileSection:
    sections = tuple(
        FileSection(
            formatting.PARTS["story"] if step.question.part == "story" else step.question.lens,
            in_place(report, step, quotations),
        )
        for step in steps
    )
    blocks = () if scored is None else (_described(scored, quotations),)
    return FileSection(passage.name, blocks, sections)


def _described(scored: PassageScores, quotations: Quotations) -> FactList:
    """Return the words that a model gave with the scores of a passage."""
    scores = scored.scores
    if scores is None:
        return FactList((("Scores", _missing(scored)),))
    rows = [
        ("Summary", scores.summary),
        ("Setting", scores.setting),
        ("Point of view", scores.point_of_view),
        ("Present", ", ".join(scores.characters)),
        ("Purpose", scores.purpose),
    ]
    if (sentence := quotations.sentences.get(scored.step.position)) is not None:
        rows.append(("Its tension", f"“{sentence.text}” ({quotations.where(sentence)})"))
    return fact_list((name, formatting.line(value)) for name, value in rows)


def _missing(scored: PassageScores) -> str:
    return formatting.NONE_GIVEN if scored.step.state.has_ended else formatting.NOT_THERE_YET


def _scores(report: Report, quotations: Quotations) -> FileSection:
    """Return the scores of each passage: a model's opinion."""
    title = "Scores"
    if not report.setting.has_scores:
        return FileSection(title, (Paragraph("Scores were not asked for."),))
    rows = []
    for scored in report.scores:
        values, where = [_missing(scored)] * len(SCALES), ""
        if scored.scores is not None:
            values = [str(getattr(scored.scores, scale)) for scale in SCALES]
            sentence = quotations.sentences.get(scored.step.position)
            where = formatting.NONE_GIVEN if sentence is None else quotations.where(sentence)
        rows.append((scored.passage.name, *values, where))
    scales = [f"{name.capitalize()} ({low:d} to {high:d})" for name, (low, high) in SCALES.items()]
    head = ("Part", *scales, "Sentence behind the tension")
    blocks: list[Block] = [
        Paragraph("How the model rates each part: an opinion, to be held against the text."),
        Table(head, tuple(rows), frozenset(range(1, len(SCALES) + 1))),
    ]
    if report.without_scores:
        without = formatting.plural(len(report.without_scores), "part")
        blocks.append(Paragraph(f"For {without} the model gave no scores that can be used."))
    return FileSection(title, tuple(blocks))


def _receipts(report: Report) -> FileSection:
    """Return what was sent of each chapter, and what the server says it received."""
    counted = "counted by the server" if report.setting.is_counted else "estimated"
    about = (
        "What was sent of each chapter and what the server reports: “Tokens” are those of its "
        f"text, {counted}; “Tokens read” is prompt_eval_count, the server’s count of the prompts "
        "that first read it, questions and notes included."
    )
    blocks: list[Block] = [Paragraph(about), receipt_table(report)]
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


def receipt_table(report: Report) -> Table:
    """Return a row for each chapter: its state, what was sent of it, what the server received."""
    of_text = (report.manuscript.unit.capitalize(), "Tokens", "Tokens read", "Passages")
    of_steps = ("Steps done", "Asked again", "Copied", "Cut short", "done_reason")
    rows = tuple(map(_receipt, report.receipts))
    return Table(("Chapter", "State", *of_text, *of_steps), rows, frozenset(range(2, 10)))


def _receipt(receipt: Receipt) -> tuple[str, ...]:
    reasons = sorted((receipt.done_reasons or {}).items())
    figures: tuple[str, ...] = (
        f"{receipt.tokens:,}",
        f"{receipt.received:,}",
        f"{receipt.passages:,}",
        f"{receipt.done:,} of {receipt.calls:,}",
        f"{receipt.retries:,}",
        f"{receipt.copied:,}",
        f"{receipt.cut_answers:,}",
        ", ".join(f"{reason} {count:,}" for reason, count in reasons),
    )
    if not receipt.calls:
        figures = ("",) * len(figures)
    return (receipt.name, formatting.read(receipt.state), f"{receipt.words:,}", *figures)


def _checked(quotations: Quotations) -> FileSection:
    """Return what is flagged, and every quotation once, those that were not found first."""
    count = quotation_count(len(quotations.all), quotations.found)
    blocks: list[Block] = [
        Paragraph(f"Quotations of four words or more, and sentences that scores rest on. {count}")
    ]
    lines = flagged(quotations.evidence)
    if quotations.silent:
        named = ", ".join(dict.fromkeys(map(_named, quotations.silent)))
        lines.append(f"Texts that quote nothing, so that nothing could be looked up: {named}.")
    if lines:
        blocks.append(Listing(tuple(lines)))
    sections = [
        FileSection(title, listed)
        for title, is_found in (("Not found in the manuscript", False), ("Found", True))
        if (listed := _listed(quotations, is_found=is_found))
    ]
    return FileSection(CHECKED, tuple(blocks), tuple(sections))


def _listed(quotations: Quotations, *, is_found: bool) -> tuple[Quotation, ...]:
    """Return the quotations, each once, with all the texts that quote it."""
    alike: dict[str, list[tuple[StepStatus, Quote]]] = defaultdict(list)
    for step, quote in quotations.all:
        if quote.is_verified is is_found:
            alike[formatting.line(quote.text)].append((step, quote))
    return tuple(
        Quotation(
            text,
            is_found,
            quotations.where(found[0][1]),
            tuple(dict.fromkeys(_named(step) for step, _ in found)),
        )
        for text, found in alike.items()
    )


def _named(step: StepStatus) -> str:
    """Name the text of the report that a step wrote."""
    question = step.question
    if question.part == "report":
        return f"the report of “{question.lens}”"
    of_lens = "" if question.part in ("story", "scores") else f" of “{question.lens}”"
    return f"{formatting.PARTS[question.part].lower()}{of_lens}, {question.scope}"
