from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from components.errors import OtherManuscript, UnsupportedType
from components.export import MarginComment, comment_file, commented_copy, comments_of
from components.manuscripts import Manuscript, read
from tests.manuscripts.making_archives import archive
from tests.manuscripts.word_comments import changed, covered, parts
from tests.reports.desk import Desk
from tests.reports.desk import book as story

AUTHOR = "First Reader (gemma3:4b)"

BOOK = """# Part One

## Chapter 1: The Door

She opened the door at noon. Nobody was there.

The cat came in.

## Chapter 2: The Window

Roses are red,
violets are blue.

He shut the window & slept <well>.
"""


def on(text: str, words: str, said: str | None = None) -> MarginComment:
    start = text.index(words)
    return MarginComment(start, start + len(words), said or f"on {words}")


@pytest.fixture(scope="module")
def novel() -> Manuscript:
    return read(f"By A. Writer\n\n{BOOK}".encode(), name="book.md")


@pytest.fixture(scope="module")
def word() -> bytes:
    """A file as an author's program writes one, with a comment of the author's."""
    document = Document()
    document.add_heading("Chapter 1")
    paragraph = document.add_paragraph("She opened ")
    run = paragraph.add_run("the door")
    run.italic = True
    paragraph.add_run(" at noon.")
    document.add_comment(run, "Which door?", "The Author", "TA")
    document.add_paragraph("Nobody was there.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_comments_in_the_authors_file(word):
    manuscript = read(word, name="book.docx")
    comments = [
        on(manuscript.text, "opened the"),
        on(manuscript.text, "door at noon.\n\nNobody", "Two lines:\none \x00 more"),
        MarginComment(2, 2, "on nothing"),
    ]
    data, left_out = comment_file(word, manuscript, comments, author=AUTHOR)
    assert left_out == (comments[2],)
    assert covered(data) == {
        "Which door?": "the door",
        "on opened the": "opened the",
        "Two lines:\none \ufffd more": "door at noon. Nobody",
    }
    assert read(data, name="book.docx").text == manuscript.text
    assert changed(word, data) == {"word/document.xml", "word/comments.xml"}
    document = Document(io.BytesIO(data))
    assert [(each.author, each.initials) for each in document.comments] == [
        ("The Author", "TA"),
        (AUTHOR, "FR"),
        (AUTHOR, "FR"),
    ]
    looks = [(run.text, bool(run.italic)) for run in document.paragraphs[1].runs if run.text]
    assert looks == [
        ("She ", False),
        ("opened ", False),
        ("the", True),
        (" ", True),
        ("door", True),
        (" at noon.", False),
    ]


def test_nothing_to_say_leaves_the_file(word):
    assert comment_file(word, read(word, name="book.docx"), [], author=AUTHOR) == (word, ())


def test_another_file(word, novel):
    with pytest.raises(OtherManuscript) as caught:
        comment_file(word, novel, [on(novel.text, "door")], author=AUTHOR)
    assert caught.value.advice
    with pytest.raises(UnsupportedType):
        comment_file(b"The text.", novel, [on(novel.text, "door")], author=AUTHOR)


def test_a_copy_holds_the_text_and_the_chapters(novel):
    data = commented_copy(novel, [], author=AUTHOR)
    again = read(data, name="copy.docx")
    assert (again.text, again.title) == (novel.text, novel.title)
    assert [(one.heading, one.start, one.end) for one in again.chapters] == [
        (one.heading, one.start, one.end) for one in novel.chapters
    ]
    document = Document(io.BytesIO(data))
    headings = [
        (each.style.name, each.text)
        for each in document.paragraphs
        if each.style is not None and each.style.name.startswith("Heading")
    ]
    assert headings == [
        ("Heading 1", "Part One"),
        ("Heading 2", "Chapter 1: The Door"),
        ("Heading 2", "Chapter 2: The Window"),
    ]


def test_a_heading_over_two_paragraphs_is_one_for_word():
    manuscript = read(
        b"CHAPTER 1\n\nThe Door\n\nIt was noon when she came.\n\n"
        b"CHAPTER 2\n\nThe Window\n\nIt was night when he left.\n",
        name="book.txt",
    )
    document = Document(io.BytesIO(commented_copy(manuscript, [], author=AUTHOR)))
    assert [each.style.name for each in document.paragraphs if each.style] == [
        "Heading 1",
        "Subtitle",
        "Normal",
    ] * 2


def test_comments_in_a_copy(novel):
    words = [
        "By A. Writer",
        "Chapter 1",
        "opened the door at",
        "the door at noon. Nobody",
        "Nobody was there.\n\nThe cat",
        "red,\nviolets",
        "& slept <well>.",
    ]
    comments = [on(novel.text, each) for each in words]
    comments.append(MarginComment(0, len(novel.text), "on all"))
    data = commented_copy(novel, comments, author=AUTHOR)
    assert covered(data) == {f"on {each}": " ".join(each.split()) for each in words} | {
        "on all": " ".join(novel.text.split())
    }
    assert {(each.author, each.initials) for each in Document(io.BytesIO(data)).comments} == {
        (AUTHOR, "FR")
    }


@pytest.mark.parametrize(("start", "end"), [(3, 3), (-1, 4), (0, 10_000), (12, 14)])
def test_a_copy_takes_no_comment_on_nothing(novel, start, end):
    with pytest.raises(ValueError, match="range"):
        commented_copy(novel, [MarginComment(start, end, "")], author=AUTHOR)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_reads_the_same_text_changes_and_comments(word, tmp_path):
    before = parts(word)
    main = before["word/document.xml"].decode()
    tracked = "".join(
        f"<w:{name} w:id='{number}' w:author='A' w:date='2020-01-01T00:00:00Z'>"
        f"<w:r><w:{text} xml:space='preserve'>{words}</w:{text}></w:r></w:{name}>"
        for name, number, text, words in (
            ("ins", 71, "t", "put in "), ("del", 72, "delText", "taken out ")
        )
    )  # fmt: skip
    before["word/document.xml"] = main.replace("<w:r><w:t>Nobody", f"{tracked}<w:r><w:t>Nobody")
    data = archive(before)
    manuscript = read(data, name="book.docx")
    said = [on(manuscript.text, "at noon"), on(manuscript.text, "in Nobody was")]
    after, left_out = comment_file(data, manuscript, said, author=AUTHOR)
    assert not left_out
    (old, old_comments), (new, new_comments) = (
        opened_in_libreoffice(tmp_path / name, file)
        for name, file in (("before", data), ("after", after))
    )
    assert old == new
    assert b"taken out" in new
    assert old_comments == [("The Author", "Which door?")]
    assert new_comments == [*old_comments, (AUTHOR, "on at noon"), (AUTHOR, "on in Nobody was")]


def opened_in_libreoffice(folder: Path, data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """What LibreOffice reads of a file: its body without comments, and those by their authors."""
    folder.mkdir()
    (folder / "book.docx").write_bytes(data)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'home').as_uri()}", "--headless",
            "--convert-to", "fodt", "--outdir", folder, folder / "book.docx",
        ],
        check=True,
        timeout=120,
    )  # fmt: skip
    body = etree.parse(folder / "book.fodt").find(".//{*}body")
    comments = []
    for note in list(body.iter("{*}annotation", "{*}annotation-end")):
        if author := note.findtext("{*}creator"):
            comments.append((author, "".join(note.find("{*}p").itertext())))
        note.tail, tail = None, note.tail or ""
        before = note.getprevious()
        if before is None:
            note.getparent().text = (note.getparent().text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        note.getparent().remove(note)
    for element in body.iter():
        element.attrib.clear()  # Ids and names of styles are new each time.
    return etree.tostring(body, method="c14n"), comments


def test_a_report_has_a_comment_for_each_finding_with_its_words(desk: Desk) -> None:
    report = desk.finished(desk.begin(story()))
    comments = comments_of(report)
    assert len(comments) == 5
    assert [one.start for one in comments] == sorted(one.start for one in comments)
    found = [one for findings in report.findings.values() for one in findings]
    words = {report.manuscript.text[one.start : one.end] for one in comments}
    assert words == {one.words for one in found}
    copy = commented_copy(report.manuscript, comments, author="First Reader (m)")
    assert len(list(Document(io.BytesIO(copy)).comments)) == 5
