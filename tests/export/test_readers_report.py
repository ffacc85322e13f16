"""The reader's report: the trade's order, filled from findings, and what a person fills."""

import io

from docx import Document

from components.analysis import lens
from components.export import readers_report, report_docx
from components.export.contents import Answer, FileSection
from tests.reports.desk import Desk, book


def answers(section: FileSection) -> list[str]:
    return [block.source for block in section.blocks if isinstance(block, Answer)]


def test_it_is_filled_from_the_lenses_that_were_asked(desk: Desk) -> None:
    lenses = (lens("synopsis"), lens("letter"))
    report = desk.finished(desk.begin(book(), lenses=lenses, num_ctx=4096))
    handle, synopsis, strengths, issues, questions, verdict = readers_report(report).sections
    assert len(answers(handle)) == len(answers(synopsis)) == 1
    assert "[" not in answers(synopsis)[0]
    assert len(answers(strengths)) == 5  # The scripted model finds the first kind of each lens.
    assert not answers(issues)
    assert not answers(questions)
    assert not answers(verdict)
    file = Document(io.BytesIO(report_docx(readers_report(report))))
    assert any(paragraph.text == verdict.title for paragraph in file.paragraphs)


def test_without_these_lenses_it_says_what_would_fill_it(desk: Desk) -> None:
    report = desk.finished(desk.begin(book()))
    sections = readers_report(report).sections
    assert not any(answers(section) for section in sections)
    assert all(section.blocks for section in sections)
