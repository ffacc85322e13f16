"""What was checked, at the end of a file, after the model's text."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from docx import Document

from components.evidence import Evidence, check
from components.export import Column, comparison_docx, comparison_markdown, to_markdown
from components.store import CallOutcome, Kind, Series, State
from tests.evidence import making
from tests.export.hostile import HOSTILE
from tests.export.test_analysis_markdown import analysis
from tests.export.test_report_markdown import NEVER, headings, kinds

TEXT = "He “was not afraid of the storm”, “was afraid of the storm”, and Margaret says so.\n"


def evidence() -> Evidence:
    return check(
        "He meets Margaret. " + TEXT.replace("and Margaret", "and by Margaret"), making.index()
    )


def test_in_markdown() -> None:
    outcome = CallOutcome(text=TEXT, state=State.DONE)
    plain = to_markdown(analysis(), outcome)
    text = to_markdown(analysis(), outcome, evidence())
    assert text.startswith(plain.rstrip("\n"))
    section = text.removeprefix(plain.rstrip("\n"))
    assert "## Quotations checked" in section
    assert "1 of 2 quotations" in section
    assert "- found in Chapter 1: “was not afraid of the storm”" in section
    assert "- not found: “was afraid of the storm”" in section
    assert "Names that are not in the manuscript: Margaret" in section
    assert to_markdown(analysis(), outcome, Evidence()) == plain


def test_a_comparison_in_markdown_does_nothing_either() -> None:
    title = "<img src=x onerror=alert(1)> ![x](https://evil.example/p.png)"
    one = analysis(title=title, model="m<i>|`[a](https://evil.example)")
    columns = [Column(one, CallOutcome(text=HOSTILE, state=State.DONE), evidence())]
    columns.append(Column(one, CallOutcome(state=State.DONE)))
    created = datetime(2026, 3, 1, tzinfo=UTC)
    reason = "<script>alert(1)</script> ![x](https://evil.example)"
    judged = Series("s", Kind.COMPARISON, "m", "", {}, {"choice": "tie", "reason": reason}, created)
    text = comparison_markdown(judged, columns)
    assert not kinds(text) & NEVER
    tags = [tag for tag, _ in headings(text)]
    assert (tags[0], tags.count("h1"), tags.count("h2")) == ("h1", 1, 2)
    assert [said for tag, said in headings(text) if tag == "h3"] == ["Quotations checked"]
    assert ("h4", "Confidentiality sheet") in headings(text)
    assert "(nothing was written)" in text


def test_in_a_comparison() -> None:
    columns = [Column(analysis(), CallOutcome(text=TEXT, state=State.DONE), evidence())]
    created = datetime(2026, 3, 1, tzinfo=UTC)
    comparison = Series("s", Kind.COMPARISON, "m", "", {}, None, created)
    assert "### Quotations checked" in comparison_markdown(comparison, columns)
    document = Document(io.BytesIO(comparison_docx(comparison, columns)))
    said = [one.text for one in document.paragraphs]
    assert "Quotations checked" in said
    assert "not found: “was afraid of the storm”" in said
