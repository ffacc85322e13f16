"""The readers on whole books, word by word, and on files made to do harm."""

from __future__ import annotations

import json
import platform
import sys
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from components.errors import EmptyFile, ManuscriptError, PasswordRequired
from components.manuscripts import DEFAULT_LIMITS, read
from components.manuscripts.parse import parse, read_document
from tests.manuscripts.making_archives import docx, epub, odt, p, page

BOOKS = ("the-time-machine", "frankenstein", "le-tour-du-monde", "pride-and-prejudice")
BUILDS = ("book.headings.docx", "book.plain.docx", "book.epub", "book.odt", "book.rtf")
#: Share of words wrong that a format without pages may have.
WORDS_WRONG = 0.002

NOTHING = {
    "docx": docx(p()),
    "epub": epub({"a.xhtml": page("<p> </p><hr/>")}),
    "odt": odt("<text:p/>"),
    "rtf": rb"{\rtf1 \par}",
}


@pytest.mark.parametrize("source", sorted(NOTHING))
def test_files_without_words(source):
    with pytest.raises(EmptyFile):
        parse(NOTHING[source], name=f"a.{source}", password=None, limits=DEFAULT_LIMITS)


@pytest.mark.shared
@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("book", BOOKS)
def test_words_of_the_corpus(shared, book, build):
    folder = shared / "corpus" / book
    file = folder / "builds" / build
    if not file.is_file():
        pytest.skip(f"{book} was not built as {build}")
    truth = json.loads((folder / "truth.json").read_text())
    text = (folder / "book.txt").read_text()
    source = file.suffix.removeprefix(".")
    document = read_document(file.read_bytes(), source=source, password=None, limits=DEFAULT_LIMITS)
    # Builds have no contents list and word their headings as they like: bodies are compared.
    expected = [text[one["body_start"] : one["end"]].split() for one in truth["chapters"]]
    wanted = [word for words in expected for word in words]
    first = expected[0][:12]
    found = " ".join(one.text for one in document.blocks if one.role != "heading").split()
    at = next(at for at in range(len(found)) if found[at : at + len(first)] == first)
    plain = build == "book.plain.docx" or book == "le-tour-du-monde"
    headings = 0  # words of headings that are bodies here
    for one in truth["chapters"] if plain else ():
        headings += 2 + len(f"{one['heading']} {one['title'] or ''}".split())
    wrong = Levenshtein.distance(wanted, found[at:])
    assert wrong <= WORDS_WRONG * len(wanted) + headings

    if not build.startswith("book.plain"):
        headed = [one for one in document.blocks if one.role == "heading"]
        numbers = Counter(one.level for one in headed)
        assert len(headed) >= len(truth["chapters"])
        assert numbers[1] >= len(truth["chapters"])
    if build == "book.epub":
        assert sum(bool(one.label) for one in document.blocks) == len(truth["chapters"])
    if build in ("book.epub", "book.headings.docx"):
        assert (document.title, document.author) == (truth["title"], truth["author"])
    assert document.warnings == ()


@pytest.mark.shared
def test_nothing_of_this_computer_is_in_the_text(shared):
    host = platform.node()
    for name in ("epub_xxe.epub", "epub_path_traversal.epub", "epub_script_remote.epub"):
        text = read((shared / "hostile" / name).read_bytes(), name=name).text
        assert host not in text
        assert "root:" not in text
        if name == "epub_script_remote.epub":
            assert text.split() == ["Chapter", "One", "Text.", "End."]


@pytest.mark.shared
def test_a_locked_word_file_asks_for_its_password(shared):
    with pytest.raises(PasswordRequired):
        read((shared / "hostile" / "docx_password.docx").read_bytes(), name="a.docx")


@pytest.mark.shared
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "name", ["docx_zip_bomb_1GiB.docx", "docx_zip_size_lies.docx", "docx_many_entries.docx"]
)
def test_bombs_cost_little(shared, name):
    """In this process: the guard itself, not the process around it, keeps memory down."""
    data = (shared / "hostile" / name).read_bytes()
    before = _resident()
    with pytest.raises(ManuscriptError):
        read_document(data, source="docx", password=None, limits=DEFAULT_LIMITS)
    assert _resident() - before < 128 * 1024 * 1024


def _resident() -> int:
    """The most memory that this process has taken so far, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
