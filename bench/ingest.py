"""How fast and how truly a manuscript is read, by format, against the bare library.

Each build of each book is read by `components.manuscripts.read` (the process that reads it and is
limited, the canonical text, the chapters) and by what a script would use for the format (pypdf,
zip and lxml, striprtf, a decode), taking turns in one run; the best of ROUNDS counts. What was
read is held against the book itself: words wrong (edits by word), boundaries of chapters found (F1
by first words). Memory is the most that the reading process held (its highest resident set).
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from components.manuscripts import Manuscript, read

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ROUNDS = 3
FIRST_WORDS = 12
BUILDS = {
    "txt": "book.txt",
    "cp1252": "builds/book.cp1252.txt",
    "md": "builds/book.md",
    "pdf": "builds/book.pdf",
    "docx": "builds/book.headings.docx",
    "docx plain": "builds/book.plain.docx",
    "epub": "builds/book.epub",
    "odt": "builds/book.odt",
    "rtf": "builds/book.rtf",
}
#: Reads one file as the app does, in this process, and says the most memory that it took.
MEASURED = """
import pathlib, resource, sys
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.parse import parse
file = pathlib.Path(sys.argv[1])
parse(file.read_bytes(), name=file.name, password=None, limits=DEFAULT_LIMITS)
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True)
class Row:
    """What was measured of one build."""

    kind: str
    words: int
    pages: int
    seconds: float
    bare_seconds: float
    error: float | None
    f1: float | None
    megabytes: float


def bare(kind: str) -> Callable[[bytes], str]:
    """Return how a script would get the text of a format."""
    return {
        "pdf": _pdf,
        "docx": lambda data: _zipped(data, r"word/document\.xml"),
        "docx plain": lambda data: _zipped(data, r"word/document\.xml"),
        "odt": lambda data: _zipped(data, r"content\.xml"),
        "epub": lambda data: _zipped(data, r".*\.x?html"),
        "rtf": _rtf,
        "cp1252": lambda data: data.decode("cp1252"),
    }.get(kind, bytes.decode)


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _zipped(data: bytes, parts: str) -> str:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(parts, name)]
        roots = [etree.fromstring(archive.read(name)) for name in names]
    return "\n".join("".join(root.itertext()) for root in roots)


def _rtf(data: bytes) -> str:
    """Take the groups and control words away: there is no library that the app uses for it."""
    return re.sub(r"\\'[0-9a-f]{2}|\\[a-z]+-?\d* ?|[{}]", "", data.decode("cp1252"))


def files() -> Iterator[tuple[str, Path, Path | None]]:
    """Yield the builds that there are: kind, file, and the folder with the truth."""
    if CORPUS.is_dir():
        for folder in sorted(CORPUS.iterdir()):
            for kind, name in BUILDS.items():
                if (folder / name).is_file():
                    yield kind, folder / name, folder
        return
    import components.manuscripts.samples as shipped

    for file in sorted((Path(shipped.__file__).parent / "samples").iterdir()):
        yield file.suffix.removeprefix("."), file, None


def timed(once: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    began = time.perf_counter()
    once()
    return time.perf_counter() - began


def measure(kind: str, file: Path, folder: Path | None, rounds: int) -> Row:
    """Read one build both ways, `rounds` times in turn."""
    data = file.read_bytes()
    found = read(data, name=file.name)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(timed(lambda: read(data, name=file.name)))
        theirs.append(timed(lambda: bare(kind)(data)))
    said = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], capture_output=True, check=True, text=True
    )
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kibibytes elsewhere
    return Row(
        kind,
        found.words,
        found.pages,
        min(ours),
        min(theirs),
        _error(found, folder),
        _f1(found, folder),
        int(said.stdout) * unit / 1e6,
    )


def _error(found: Manuscript, folder: Path | None) -> float | None:
    """Return the words wrong in the chapters' bodies, as a share of the book's.

    A chapter is held against the one that begins with the same words; one that is not there has
    all of its words wrong.
    """
    if folder is None:
        return None
    book = (folder / "book.txt").read_text(encoding="utf-8")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["chapters"]
    read_as = {
        _first(body): body.split()
        for one in found.chapters
        if (body := found.text[one.body_start : one.end])
    }
    wrong = total = 0
    for one in truth:
        wanted = book[one["body_start"] : one["end"]].split()
        got = read_as.get(_first(one["first_words"]), [])
        total += len(wanted)
        if wanted != got:
            edits = difflib.SequenceMatcher(None, wanted, got, autojunk=False).get_opcodes()
            wrong += sum(max(b - a, d - c) for tag, a, b, c, d in edits if tag != "equal")
    return wrong / total


def _f1(found: Manuscript, folder: Path | None) -> float | None:
    if folder is None:
        return None
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["chapters"]
    wanted = {_first(one["first_words"]) for one in truth}
    got = [
        _first(found.text[one.body_start : one.end])
        for one in found.chapters
        if not one.is_headless
    ]
    right = sum(one in wanted for one in got)
    return 2 * right / (len(got) + len(wanted))


def _first(text: str) -> str:
    return " ".join(text.split(None, FIRST_WORDS)[:FIRST_WORDS])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    rows = [measure(*one, rounds=given.rounds) for one in files()]
    print("format      books   words/s   bare words/s   pages/s   words wrong      F1   memory")
    summary = {}
    for kind in dict.fromkeys(row.kind for row in rows):
        ours = [row for row in rows if row.kind == kind]
        words, seconds = sum(row.words for row in ours), sum(row.seconds for row in ours)
        theirs = words / sum(row.bare_seconds for row in ours)
        pages = sum(row.pages for row in ours) / seconds
        errors = [row.error for row in ours if row.error is not None]
        scores = [row.f1 for row in ours if row.f1 is not None]
        memory = max(row.megabytes for row in ours)
        summary[kind] = {
            "words_per_second": round(words / seconds),
            "against_bare": round(words / seconds / theirs, 3),
            "pages_per_second": round(pages, 1),
            "word_error": round(fmean(errors), 6) if errors else None,
            "f1": round(fmean(scores), 4) if scores else None,
            "peak_megabytes": round(memory),
        }
        print(
            f"{kind:<10} {len(ours):>6} {words / seconds:>9,.0f} {theirs:>14,.0f} {pages:>9,.0f}"
            f" {fmean(errors) if errors else float('nan'):>13.4%}"
            f" {fmean(scores) if scores else float('nan'):>7.3f} {memory:>5,.0f} MB"
        )
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
