"""A text file in pages, as a typewriter or `pdftotext` leaves it: a form feed ends each.

Running heads and page numbers go as those of a PDF do, by where they stand; then what the end of a
page broke is joined.
"""

from collections.abc import Sequence

from components.manuscripts.chapters.headings import KEYED, parse

#: Points: from line to line, and from the first line to the bottom of a page that has no end.
_PITCH, _HEIGHT = 12.0, 1_000_000.0
#: Fewer pages than this have no running heads.
_PAGES = 3


def without_pages(text: str) -> tuple[str, int]:
    """Return `text` without form feeds, and how many pages lost a running head or a number."""
    pages = [page.split("\n") for page in text.split("\f")]
    if len(pages) < _PAGES:
        return text.replace("\f", "\n"), 0
    # Only here: most texts have no pages.
    from components.manuscripts.formats.pdf.printed_page import TextLine
    from components.manuscripts.formats.pdf.running_heads import without_heads

    filled = [[at for at, line in enumerate(page) if line.strip()] for page in pages]
    stripped, _ = without_heads(
        [
            [TextLine(text=page[at], x=0.0, y=_y(at, lines[-1]), size=_PITCH) for at in lines]
            for page, lines in zip(pages, filled, strict=True)
        ]
    )
    bodies = []
    changed = 0
    for page, lines, remaining in zip(pages, filled, stripped, strict=True):
        heights = {line.y for line in remaining}
        # Where each page is a chapter, the headings count as the pages do.
        left = [at for at in lines if _y(at, lines[-1]) in heights or _is_chapter(page[at])]
        changed += len(left) < len(lines)
        if left:
            before = max((at for at in lines if at < left[0]), default=-1)
            bodies.append((left[0] - before - 1, page[left[0] : left[-1] + 1]))
    return (_joined(bodies), changed) if changed else (text.replace("\f", "\n"), 0)


def _is_chapter(line: str) -> bool:
    heading = parse(line)
    return heading is not None and heading.family in KEYED


def _y(at: int, last: int) -> float:
    """Return how high a line stands: from the top, or in the lower half from the last line."""
    return _PITCH * (last - at) if 2 * at > last else _HEIGHT - _PITCH * at


def _joined(pages: Sequence[tuple[int, list[str]]]) -> str:
    """Return pages, each with the blank lines above it, as one text.

    A page begins in the middle of a paragraph, unless there are more blank lines above it than
    above others or it begins with a heading.
    """
    usual = min((blank for blank, _ in pages), default=0)
    lines: list[str] = []
    for blank, page in pages:
        if lines:
            starts = blank > usual or parse(page[0]) is not None
            lines += [""] * (blank - usual + 1 if starts else 0)
        lines += page
    return "\n".join(lines)
