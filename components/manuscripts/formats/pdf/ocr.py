"""Text recognition (OCR) of scanned pages, by Tesseract where it is installed.

Tesseract is a program of its own: it gets one picture at a time through a pipe and answers with
words and their positions, so that scanned pages are treated as all others are.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, NamedTuple

from components.manuscripts.formats.metadata import TWO_LETTERS
from components.manuscripts.formats.pdf.printed_page import (
    DamageForgiven,
    PageState,
    PrintedPage,
    TextLine,
)

if TYPE_CHECKING:  # pages ask for `available` and need neither
    from PIL import Image
    from pypdf import PageObject, PdfReader

#: What an editor does who has no Tesseract; the README says how it is installed.
HOW_WITHOUT = (
    "Ask for the file that it was made from, as Word or as a PDF with text; or have the text of the"
    " scan recognised (Acrobat can, and most scanners’ programs) and upload the new file."
)
HOW_TO_USE = "Tesseract is installed: choose text recognition (OCR) to have them read here."

#: Languages asked for at once: each makes recognition slower, and the guess no better.
_LANGUAGES = 3
#: BCP 47 to Tesseract's names.
_CODES = {two: three for three, two in TWO_LETTERS.items()} | {"nb": "nor"}
#: What Tesseract lists among its languages, and is none.
_NO_LANGUAGES = ("osd", "equ", "snum")
#: Seconds for Tesseract to say which languages it has.
_LIST_SECONDS = 10.0
#: Letters larger than most by this factor are a heading's.
_LARGE = 1.5
#: Points. Positions of scanned lines are rounded to this: no scan is straight.
_STEP = 3.0
#: Columns of Tesseract's table, and the level of its rows that are words.
_COLUMNS = 12
_WORD_LEVEL = "5"

#: Pixels. A page of A4 at 600 dots an inch has 35 million.
_PIXELS = 60_000_000
#: Share of the largest picture's pixels below which another is an ornament.
_PART = 0.1
#: Pictures of a page that are put together.
_STRIPS = 40
#: Tesseract's confidence, of 100, below which a page's words are doubtful.
_DOUBTFUL = 70.0

UNRECOGNIZED = PrintedPage(picture=True, state="unrecognized")


class PageImage(NamedTuple):
    """A picture of a page: its number (from 0), PNG bytes, pixels, and points across."""

    page: int
    png: bytes
    pixels: tuple[int, int]
    width: float


def available() -> bool:
    """Return whether Tesseract is on the path."""
    return shutil.which("tesseract") is not None


def languages() -> tuple[str, ...]:
    """Return the languages that Tesseract has, by its names; none where it cannot be asked."""
    listed = _tesseract("--list-langs", seconds=_LIST_SECONDS) or ""
    return tuple(line.strip() for line in listed.splitlines()[1:] if line.strip())


def choose(installed: Sequence[str], language: str) -> tuple[str, ...]:
    """Return which of the `installed` languages to read with, where the book's is `language`."""
    wanted = _CODES.get(language.casefold().split("-")[0], "")
    if wanted in installed:
        return (wanted,)
    usable = [name for name in installed if name not in _NO_LANGUAGES]
    return tuple(sorted(usable, key=lambda name: name != "eng")[:_LANGUAGES])


def recognize(
    images: Iterable[PageImage], *, language: str, seconds: float
) -> Iterator[tuple[int, PrintedPage]]:
    """Yield each page with what is on it, in order, several at a time; `seconds` is for one."""
    installed = languages()
    chosen = choose(installed, language)
    if not chosen:
        yield from ((image.page, UNRECOGNIZED) for image in images)
        return
    arguments = ["stdin", "stdout", "-l", "+".join(chosen)]
    arguments += ["--psm", "1" if "osd" in installed else "3"]
    at_once = max(1, min(os.cpu_count() or 1, 4))
    waiting = iter(images)
    with ThreadPoolExecutor(at_once) as pool:

        def start(count: int) -> list[tuple[int, Future[PrintedPage]]]:
            # Not `map`, which would decode the pictures of the whole book beforehand.
            return [
                (image.page, pool.submit(_recognize, image, arguments, seconds))
                for image in islice(waiting, count)
            ]

        running = start(at_once)
        while running:
            number, page = running.pop(0)
            yield number, page.result()
            running += start(1)


def _tesseract(*arguments: str, data: bytes = b"", seconds: float) -> str | None:
    """Return what Tesseract writes, None where it fails or takes too long."""
    try:
        return subprocess.run(
            ["tesseract", *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return None


def _recognize(image: PageImage, arguments: Sequence[str], seconds: float) -> PrintedPage:
    """Return the lines in Tesseract's table of words, with their positions on the page."""
    width, height = image.pixels
    dpi = max(70, min(1200, round(width / (image.width / 72 or 1.0))))
    table = _tesseract(*arguments, "--dpi", str(dpi), "tsv", data=image.png, seconds=seconds)
    if table is None:
        return UNRECOGNIZED
    # The words of each line: left, top, right, height, text.
    words: dict[tuple[str, ...], list[tuple[int, int, int, int, str]]] = defaultdict(list)
    confidences = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == _COLUMNS and cells[0] == _WORD_LEVEL and (text := cells[11].strip()):
            left, top, wide, tall = map(int, cells[6:10])
            words[tuple(cells[1:5])].append((left, top, left + wide, tall, text))
            confidences.append(float(cells[10]))
    if not words:
        return PrintedPage(picture=True, state="blank")
    scale = image.width / width
    heights = [median(tall for *_, tall, _ in line) for line in words.values()]
    usual = median(heights)
    lines = []
    for line, size in zip(words.values(), heights, strict=True):
        bottom = median(top + tall for _, top, _, tall, _ in line)
        lines.append(
            TextLine(
                " ".join(text for *_, text in line),
                round(line[0][0] * scale / _STEP) * _STEP,
                round((height - bottom) * scale, 1),
                round((size if size > _LARGE * usual else usual) * scale, 1),
                right=round(line[-1][2] * scale, 1),
            )
        )
    state: PageState = "recognized" if fmean(confidences) >= _DOUBTFUL else "doubtful"
    return PrintedPage(tuple(lines), picture=True, state=state)


def page_images(reader: PdfReader, indexes: Iterable[int]) -> Iterator[PageImage]:
    """Yield the pictures of the pages `indexes` that have one.

    A scan is one picture, or a few strips, one above the other. A picture is measured by what the
    file declares before it is decoded, and again after.
    """
    for index in indexes:
        page = reader.pages[index]
        with DamageForgiven():
            image = _image(page)
            if image is None:
                continue
            turned = int(page.get("/Rotate", 0)) % 360
            if turned:
                image = image.rotate(-turned, expand=True)
            out = io.BytesIO()
            image.save(out, "PNG", compress_level=1)
            box = page.mediabox
            width = float(box.height if turned in (90, 270) else box.width)
            yield PageImage(index, out.getvalue(), image.size, width)


def _image(page: PageObject) -> Image.Image | None:
    """Return what a page shows as one gray picture. Raises: what pypdf and Pillow raise."""
    sizes: list[tuple[int, Any]] = []  # in pixels, as the file declares them
    for name in page.images.keys()[:_STRIPS]:
        declared: Any = page
        for step in name if isinstance(name, list) else [name]:
            objects = declared["/Resources"].get_object()["/XObject"].get_object()
            declared = objects[step].get_object()
        pixels = int(declared.get("/Width", 0)) * int(declared.get("/Height", 0))
        if 0 < pixels <= _PIXELS:
            sizes.append((pixels, name))
    largest = max((pixels for pixels, _ in sizes), default=0)
    strips = []
    for pixels, name in sizes:
        decoded = page.images[name].image if pixels >= _PART * largest else None
        if decoded is not None and decoded.width * decoded.height <= _PIXELS:
            strips.append(decoded.convert("L"))
    if len(strips) < 2:
        return strips[0] if strips else None
    from PIL import Image

    size = (max(strip.width for strip in strips), sum(strip.height for strip in strips))
    whole = Image.new("L", size, 255)
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole
