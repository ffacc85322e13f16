"""A report's findings as comments in the margin of a Word file.

In the author's own file where the manuscript was read from one, in a Word copy of its text else.
"""

import io
import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime

from docx import Document
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from components.manuscripts import Manuscript, MarginComment, add_comments
from components.markdown import printable
from components.reports import Report

#: Longest value of a property of the document, in characters: Word refuses more.
_LONGEST = 255


def comments_of(report: Report) -> tuple[MarginComment, ...]:
    """Return a comment for each finding of a report that has its words in the text, in order."""
    lenses = {step.position: step.question.lens for step in report.steps}
    comments = [
        MarginComment(
            finding.start,
            finding.end,
            " ".join((f"{lenses[position]}, {finding.label}", *finding.remarks)),
        )
        for position, findings in report.findings.items()
        for finding in findings
        if finding.start is not None and finding.end is not None
    ]
    return tuple(sorted(comments, key=lambda comment: (comment.start, comment.end)))


def comment_file(
    source: bytes, manuscript: Manuscript, comments: Sequence[MarginComment], *, author: str
) -> tuple[bytes, tuple[MarginComment, ...]]:
    """Return the author's own Word file with `comments`, and those that have no place in it.

    `source` are the bytes that `manuscript` was read from, or another file with the same text. It
    is read again, in the sandbox, and its words, tracked changes and own comments stay; so do,
    byte for byte, all parts but the text, the comments and the lists that name them. A comment has
    no place where its words are a number that Word counts, or stand in a text box, and where its
    range is empty.

    Raises: OtherManuscript where the text of `source` is another; UnsupportedType where it is no
    Word file; PasswordRequired, DamagedFile, LimitReached, EmptyFile.
    """
    written = [
        MarginComment(comment.start, comment.end, printable(comment.text)) for comment in comments
    ]
    commented, left_out = add_comments(
        source,
        text=manuscript.text,
        comments=written,
        author=printable(author),
        initials=_initials(author),
    )
    return commented, tuple(comments[at] for at in left_out)


def commented_copy(
    manuscript: Manuscript, comments: Sequence[MarginComment], *, author: str
) -> bytes:
    """Return a Word file of the manuscript's text, with `comments` at their words.

    Headings of chapters are headings for Word; all other paragraphs are plain. Footnotes, which
    are not in the text, are left out.

    Raises: ValueError where a comment's range holds no words of the text.
    """
    text = printable(manuscript.text)
    ranges = [_shown(text, comment) for comment in comments]
    edges = sorted({edge for each in ranges for edge in each})
    styles = _heading_styles(manuscript)
    document = Document()
    properties, now = document.core_properties, datetime.now(UTC).replace(tzinfo=None)
    properties.title = printable(manuscript.title)[:_LONGEST]
    properties.author = printable(manuscript.author)[:_LONGEST]
    properties.language = manuscript.language
    properties.last_modified_by, properties.comments = "First Reader", ""
    properties.created = properties.modified = now
    end_of_body = document.element.body[-1]
    begins: dict[int, Run] = {}
    ends: dict[int, Run] = {}
    for start, end in manuscript.paragraphs(0, len(text)):
        # `Document.add_paragraph` looks at all paragraphs before it: half a minute for 12,000.
        end_of_body.addprevious(element := OxmlElement("w:p"))
        paragraph = Paragraph(element, document._body)  # noqa: SLF001
        if start in styles:
            paragraph.style = styles[start]
        inside = edges[bisect_left(edges, start + 1) : bisect_left(edges, end)]
        for first, last in zip((start, *inside), (*inside, end), strict=True):
            begins[first] = ends[last] = paragraph.add_run(text[first:last])
    for comment, (first, last) in zip(comments, ranges, strict=True):
        document.add_comment(
            (begins[first], ends[last]),
            printable(comment.text),
            printable(author),
            _initials(author),
        )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _shown(text: str, comment: MarginComment) -> tuple[int, int]:
    """Return the range of a comment without the white space at its ends."""
    words = text[max(comment.start, 0) : comment.end]
    if not words.strip() or comment.start < 0 or comment.end > len(text):
        raise ValueError("The range of a comment holds no words of the text.")
    start = comment.start + len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _heading_styles(manuscript: Manuscript) -> dict[int, str]:
    """Return the styles of the paragraphs that are headings, by where they begin.

    A heading over several paragraphs has the others below it, so that the navigation pane shows
    each chapter once.
    """
    styles = {}
    for chapter in manuscript.chapters:
        if chapter.is_headless:
            continue
        lines = manuscript.paragraphs(chapter.heading_start, chapter.body_start)
        # The page of a part belongs to the chapter that follows it.
        part = [
            (start, end)
            for start, end in manuscript.paragraphs(chapter.start, chapter.heading_start)
            if " ".join(manuscript.text[start:end].split()) in chapter.part
        ]
        level = 2 if chapter.part and chapter.kind != "part" else 1
        for heading, style in ((part, "Heading 1"), (lines, f"Heading {level}")):
            for number, (start, _) in enumerate(heading):
                styles[start] = "Subtitle" if number else style
    return styles


def _initials(author: str) -> str:
    """Return the initials of a name: "FR" for "First Reader (gemma3:4b)"."""
    return "".join(word[0].upper() for word in re.findall(r"(?<!\S)[^\W\d_]\S*", author))[:9]
