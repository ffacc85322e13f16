"""Text recognition (OCR) of scanned pages, by Tesseract where it is installed.

Tesseract (Apache-2.0) is a program of its own and not part of First Reader: where it is on the
path, recognition is offered; where not, the message says how to get it. It is given one picture
at a time through a pipe and answers with words and their places, so that scanned pages go the way
of all pages: running heads, paragraphs and divided words are treated alike.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from components.manuscripts.formats.pdf.printed_page import PrintedPage, TextLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: What an editor does who has no Tesseract.
HOW_TO_INSTALL = (
    "To have them read here, install Tesseract (on Windows: winget install"
    " UB-Mannheim.TesseractOCR; on a Mac: brew install tesseract; on Linux: the package"
    " tesseract-ocr), with the book's language, and upload the file again."
)
HOW_TO_USE = "Tesseract is installed: choose text recognition (OCR) to have them read here."

#: Languages asked for at once: each makes recognition slower, and the guess no better.
_LANGUAGES = 3
#: BCP 47 to Tesseract's names, where the first three letters differ or need to be known.
_CODES = {
    "en": "eng", "fr": "fra", "de": "deu", "es": "spa", "it": "ita", "nl": "nld", "pt": "por",
    "sv": "swe", "da": "dan", "nb": "nor", "no": "nor", "fi": "fin", "pl": "pol", "cs": "ces",
    "ru": "rus", "el": "ell", "hu": "hun", "ro": "ron", "tr": "tur", "uk": "ukr",
}  # fmt: skip
#: Seconds for Tesseract to say which languages it has.
_LIST_SECONDS = 10.0
#: Letters larger than most by this factor are a heading's.
_LARGE = 1.5
#: Points. Places of scanned lines are rounded to this: no scan is straight.
_STEP = 3.0
#: Columns of Tesseract's table.
_COLUMNS = 12
_WORD_LEVEL = "5"


class PageImage(NamedTuple):
    """A picture of a page: its place in the book (from 0), PNG bytes, pixels and points across."""

    page: int
    png: bytes
    pixels: tuple[int, int]
    points: tuple[float, float]


class Recognised(NamedTuple):
    """What was recognised on a page; `confidence` is Tesseract's mean, 0 to 100.

    `lines` is None where recognition failed or took too long.
    """

    page: int
    lines: tuple[TextLine, ...] | None
    confidence: float = 0.0


def available() -> bool:
    """Return whether Tesseract is on the path."""
    return shutil.which("tesseract") is not None


def languages() -> tuple[str, ...]:
    """Return the languages that Tesseract has, by its names ("eng"); none where it is absent."""
    try:
        said = subprocess.run(
            ["tesseract", "--list-langs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIST_SECONDS,
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in said.splitlines()[1:] if line.strip())


def choose(installed: Sequence[str], language: str) -> tuple[str, ...]:
    """Return which of the `installed` languages to read with, where the book's is `language`."""
    wanted = _CODES.get(language.casefold().split("-")[0], "")
    if wanted in installed:
        return (wanted,)
    usable = [one for one in installed if one not in ("osd", "equ", "snum")]
    return tuple(sorted(usable, key=lambda one: one != "eng")[:_LANGUAGES])


def recognise(
    pictures: Iterable[PageImage], *, language: str, seconds: float
) -> Iterator[Recognised]:
    """Yield what is on each picture, in order, two at a time.

    `language` is BCP 47 or empty; `seconds` is for one picture.
    """
    installed = languages()
    chosen = choose(installed, language)
    if not chosen:
        for picture in pictures:
            yield Recognised(picture.page, None)
        return
    command = ["tesseract", "stdin", "stdout", "-l", "+".join(chosen)]
    command += ["--psm", "1" if "osd" in installed else "3"]
    at_once = max(1, min(os.cpu_count() or 1, 4))

    def one(picture: PageImage) -> Recognised:
        return _recognise(picture, command, seconds)

    waiting = iter(pictures)
    with ThreadPoolExecutor(at_once) as pool:
        # Not `map`, which would decode the pictures of the whole book beforehand.
        running = [pool.submit(one, picture) for picture in islice(waiting, at_once)]
        while running:
            yield running.pop(0).result()
            running.extend(pool.submit(one, picture) for picture in islice(waiting, 1))


def _recognise(picture: PageImage, command: Sequence[str], seconds: float) -> Recognised:
    across = picture.points[0] / 72 or 1.0
    dpi = max(70, min(1200, round(picture.pixels[0] / across)))
    try:
        table = subprocess.run(
            [*command, "--dpi", str(dpi), "tsv"],
            input=picture.png,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return Recognised(picture.page, None)
    return _read_table(picture, table)


def _read_table(picture: PageImage, table: str) -> Recognised:
    """Return the lines in Tesseract's table of words, with their places on the page."""
    scale = picture.points[0] / picture.pixels[0]
    words: dict[tuple[str, ...], list[tuple[int, int, int, int, str]]] = defaultdict(list)
    sure = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        left, top, wide, high = map(int, cells[6:10])
        words[tuple(cells[1:5])].append((left, top, wide, high, cells[11].strip()))
        sure.append(float(cells[10]))
    if not words:
        return Recognised(picture.page, ())
    heights = {key: median(word[3] for word in line) for key, line in words.items()}
    usual = median(heights.values())
    lines = []
    for key, line in words.items():
        tall: float = heights[key] if heights[key] > _LARGE * usual else usual
        bottom = median(top + height for _, top, _, height, _ in line)
        lines.append(
            TextLine(
                " ".join(word[4] for word in line),
                round(line[0][0] * scale / _STEP) * _STEP,
                round((picture.pixels[1] - bottom) * scale, 1),
                round(tall * scale, 1),
            )
        )
    return Recognised(picture.page, tuple(lines), sum(sure) / len(sure))


def as_page(recognised: Recognised) -> PrintedPage:
    """Return a recognised page as one that was printed."""
    return PrintedPage(recognised.lines or (), picture=True)
