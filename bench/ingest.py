"""Reading manuscripts: how fast beside the bare libraries, how true, with how much memory.

For each format `read` (a process of its own, from the bytes to the manuscript with its chapters)
and what the bare library needs for the words alone take turns in one run. Where the novels with
known text and chapters lie beside the project they are read; else the sample is.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import re
import resource
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import docx
from lxml import etree
from pypdf import PdfReader
from rapidfuzz.distance import Levenshtein

from components.manuscripts import Manuscript, read, sample
from components.settings import PROJECT

CORPUS = PROJECT.parent / "shared" / "corpus"


@dataclass(frozen=True)
class Book:
    """A file to be read and, where it is known, what must come of it."""

    name: str
    data: bytes
    text: str = ""
    first_words: tuple[str, ...] = ()


def books() -> list[Book]:
    """Return every build of every novel, or the sample."""
    if not CORPUS.is_dir():
        name, data = sample()
        return [Book(name, data, data.decode())]
    found = []
    for folder in sorted(CORPUS.iterdir()):
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        text = (folder / "book.txt").read_text(encoding="utf-8")
        # From the first chapter on: a list of contents is not in every build.
        body = text[truth["chapters"][0]["start"] :]
        begins = tuple(key(one["first_words"]) for one in truth["chapters"])
        found += [
            Book(path.name, path.read_bytes(), body, begins)
            for path in sorted((folder / "builds").iterdir())
        ]
    return found


def bare(book: Book) -> Callable[[], int] | None:
    """Return what the bare library does for the words of a file; None where there is none."""
    if book.name.endswith(".pdf"):
        return lambda: sum(
            len(page.extract_text()) for page in PdfReader(io.BytesIO(book.data)).pages
        )
    if book.name.endswith(".docx"):
        return lambda: sum(len(one.text) for one in docx.Document(io.BytesIO(book.data)).paragraphs)
    if book.name.endswith((".epub", ".odt")):
        return lambda: sum(len("".join(one.itertext())) for one in parts(book.data))
    if book.name.endswith((".txt", ".md")):
        encoding = "utf-16" if "utf16" in book.name else "cp1252" if "1252" in book.name else "utf8"
        return lambda: len(book.data.decode(encoding))
    return None


def parts(data: bytes) -> list[Any]:
    """Return the XML files of an archive, parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [one for one in archive.namelist() if one.endswith((".xhtml", "content.xml"))]
        return [etree.fromstring(archive.read(name)) for name in names]


def reading(book: Book) -> tuple[float, int, Manuscript]:
    """Return the seconds of a `read`, the largest process's memory in bytes, and what was read."""
    began = time.monotonic()
    manuscript = read(book.data, name=book.name)
    seconds = time.monotonic() - began
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, manuscript


def key(words: str) -> str:
    """Return the first eight words as letters alone."""
    return " ".join(re.findall(r"\w+", words.casefold())[:8])


def boundaries(manuscript: Manuscript, truth: tuple[str, ...]) -> float:
    """Return the F1 of the chapters that begin with the right words; 1 where nothing is known."""
    found = {
        key(manuscript.text[one.body_start : one.end][:400])
        for one in manuscript.chapters
        if one.body_start > one.heading_start
    }
    return 2 * len(found & set(truth)) / (len(found) + len(truth)) if truth else 1.0


def wrong(manuscript: Manuscript, text: str) -> float:
    """Return the share of words that are not as in `text`, headings' spaces left out."""
    start = manuscript.chapters[0].heading_start if manuscript.chapters else 0
    ours, theirs = manuscript.text[start:].split(), text.split()
    return Levenshtein.distance(ours, theirs) / max(len(theirs), 1)


def measure(book: Book, rounds: int) -> dict[str, Any]:
    """Return the figures of one file."""
    alone = bare(book)
    ours, theirs, memory = [], [], 0
    for _ in range(rounds):
        # A process each, so that the memory is that of this file's reader.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, peak, manuscript = pool.apply(reading, (book,))
        ours.append(seconds)
        memory = max(memory, peak)
        if alone is not None:
            began = time.monotonic()
            alone()
            theirs.append(time.monotonic() - began)
    return {
        "format": ".".join(book.name.split(".")[1:]),
        "words": manuscript.words,
        "pages": manuscript.page_count,
        "seconds": median(ours),
        "ratio": median(theirs) / median(ours) if theirs else None,
        "wrong": wrong(manuscript, book.text),
        "f1": boundaries(manuscript, book.first_words),
        "memory": memory,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    rows = [measure(book, given.rounds) for book in books()]
    formats = {
        row["format"]: [one for one in rows if one["format"] == row["format"]] for row in rows
    }
    print("format         words/s  pages/s   of the bare   words wrong   chapters F1   memory MB")
    figures = {}
    for name, ones in formats.items():
        seconds = sum(one["seconds"] for one in ones)
        pages = sum(one["pages"] or 0 for one in ones)
        ratios = [one["ratio"] for one in ones if one["ratio"]]
        figures[name] = {
            "words_per_second": round(sum(one["words"] for one in ones) / seconds),
            "pages_per_second": round(pages / seconds) if pages else None,
            "rate_ratio": round(median(ratios), 3) if ratios else None,
            "word_error_most": round(max(one["wrong"] for one in ones), 5),
            "f1_least": round(min(one["f1"] for one in ones), 3),
            "memory_mb_most": round(max(one["memory"] for one in ones) / 1e6),
        }
        shown = figures[name]
        print(
            f"{name:<14} {shown['words_per_second']:>7,} {shown['pages_per_second'] or '':>8}"
            f" {shown['rate_ratio'] or '':>13} {shown['word_error_most']:>13.3%}"
            f" {shown['f1_least']:>13.3f} {shown['memory_mb_most']:>11}"
        )
    print(json.dumps({"rounds": given.rounds, "files": len(rows), **figures}))


if __name__ == "__main__":
    main()
