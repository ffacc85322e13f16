"""Running heads and page numbers, told from the text by where they stand and how they count.

A number is a page number only where it counts with the pages, at one height, over a run of them:
else "Chapter 7" would go. A line is a running head only where the lines at its height are mostly
page numbers or repeated; what reads as a chapter's heading, only where the text nearby has it too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Literal, NamedTuple

from components.manuscripts.chapters.headings import KEYED, parse
from components.manuscripts.chapters.numerals import roman
from components.manuscripts.formats.pdf.printed_page import TextLine

#: Heights, counted from the top and from the bottom of a page, where heads and numbers stand.
_EDGE = 3
#: Points. Lines that stand less than this apart are of one height.
_BAND = 3.0
#: Pages that must bear a number that counts with them, or the same line, and the share of the
#: pages between the first and the last of them.
_PAGES = 3
_DENSE = 0.35
#: A number counted at another height than most must be seen on this share of their pages.
_SECOND = 0.05
#: Characters. Nothing longer is taken off.
_HEAD_LENGTH = 120
#: A line that no other page repeats is a head only where it stands apart by this many pitches.
_APART = 1.25
#: A line that is this many times larger than the text is a heading.
_LARGE = 1.3
#: A line that is this share of the widest one's width fills the page.
_FULL = 0.9
#: Share of the lines at a height that must be known as heads for the others to be heads too.
_KNOWN = 0.6
#: A height without numbers: on this share of its pages nothing stands further out; it is seen on
#: this share of all pages, and on this share of its own there is one on a neighboring page too.
_OUTER = 0.8
_SHARE = 0.1
_BESIDE = 0.7
#: A head that stands further in than another line is one line on this share of all pages.
_EVERYWHERE = 0.3

#: Stands for the number of the page; no text holds it.
_PAGE = "\0"
_NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
_ROMAN = re.compile(r"(?<![^\W_])[ivxlc]{1,9}(?![^\W_])|(?<![^\W_])[IVXLC]{1,9}(?![^\W_])")
_BARE = re.compile(
    r"\W*(?:(?:page|p|pp|pg|seite|s|página|pagina|pág)\b\.?\s*)?\0"
    r"(?:\s*(?:/|of|de|sur|von|di|van)\s*\d+)?[^\w\0]*",
    re.IGNORECASE,
)
#: "Page 3", said so plainly that one page is enough.
_PLAIN = re.compile(r"\W*page\s+(\d{1,5})(?:\s*(?:/|of|de|sur|von)\s*\d+)?\W*", re.IGNORECASE)

#: A height of the page: which edge, and the height in steps of `_BAND`.
_Height = tuple[Literal["top", "bottom"], int]
_Kind = Literal["digits", "roman"]
#: A way of counting: digits or Roman numerals, and number less index of the page.
_Count = tuple[_Kind, int]
#: The counts at each height where pages count, best first.
_Numbering = dict[_Height, set[_Count]]


class _Edge(NamedTuple):
    """A line near the top or the bottom of a page: which of its lines, what it says, where.

    `apart` is whether it stands apart from the next line further in, `outer` whether it is the
    outermost. `template` is the text with the number of its page as `_PAGE`.
    """

    at: int
    text: str
    height: _Height
    apart: bool
    outer: bool
    template: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is the page's number and nothing else."""
        return _BARE.fullmatch(self.template) is not None


def without_heads(pages: Sequence[Sequence[TextLine]]) -> tuple[list[list[TextLine]], int]:
    """Return `pages` without page numbers and running heads, and how many pages lost a line.

    On the first page only numbers and lines that bear one are taken off: what looks like a
    running head there is the title.
    """
    edges = [list(_edges(lines)) for lines in pages]
    numbering = _numbering(edges)
    edges = [
        [edge._replace(template=_template(edge, index, numbering)) for edge in page]
        for index, page in enumerate(edges)
    ]
    by_height: dict[_Height, list[tuple[int, _Edge]]] = defaultdict(list)
    for index, page in enumerate(edges):
        for edge in page:
            by_height[edge.height].append((index, edge))
    repeated = {height: _repeated(band) for height, band in by_height.items()}
    heights = {
        height
        for height, band in by_height.items()
        if _holds_heads(band, repeated[height], pages=len(pages))
    }
    elsewhere = _elsewhere(pages, edges, heights)
    believed = list(numbering)
    changed = 0
    stripped = []
    titles: set[str] = set()
    for index, lines in enumerate(pages):
        dropped = {
            edge.at
            for edge in edges[index]
            if (match := _PLAIN.fullmatch(edge.text)) and int(match[1]) == index + 1
        }
        # Which line is the number of the page and nothing else: one at most.
        numbers = (edge for edge in edges[index] if edge.is_number)
        best = min(numbers, key=lambda edge: believed.index(edge.height), default=None)
        number = None if best is None else best.at
        for edge in edges[index]:
            if edge.at == number:
                dropped.add(edge.at)
                continue
            if edge.height not in heights or edge.is_number:
                continue
            key = _key(edge.text)
            bears_number = _PAGE in edge.template
            if index == 0 and not bears_number:
                titles.add(key)
                continue
            is_repeated = index in repeated[edge.height][edge.template]
            if not (is_repeated or bears_number or edge.apart):
                continue
            if not bears_number and parse(edge.text) is not None:
                # A heading, unless its twin in the text, or an earlier page, keeps what it says.
                twins = elsewhere.get(key, set())
                known = key in titles or any(page <= index + 1 for page in twins)
                if not (is_repeated and known):
                    titles.add(key)
                    continue
            dropped.add(edge.at)
        changed += bool(dropped)
        stripped.append([line for at, line in enumerate(lines) if at not in dropped])
    return stripped, changed


def _edges(lines: Sequence[TextLine]) -> Iterator[_Edge]:
    """Yield the outermost lines of a page, from the top and then from the bottom.

    What is larger than the text is a heading. What has no number is text where it fills the page
    from side to side, or ends a paragraph at the foot.
    """
    at_height: dict[float, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        at_height[round(line.y, 1)].append(at)
    heights = sorted(at_height, reverse=True)
    gaps = sorted(above - below for above, below in pairwise(heights))
    pitch = gaps[len(gaps) // 2] if gaps else 0.0
    sizes = sorted(line.size for line in lines for _ in range(1 + len(line.text) // 10))
    large = _LARGE * sizes[len(sizes) // 2] if sizes else 0.0
    full = _FULL * max((line.right - line.x for line in lines), default=0.0)
    is_full = {
        height: any(lines[at].right - lines[at].x > full > 0 for at in at_height[height])
        for height in [*heights[: _EDGE + 1], *heights[-_EDGE - 1 :]]
    }
    seen: set[int] = set()
    sides: tuple[Literal["top"], Literal["bottom"]] = ("top", "bottom")
    for side in sides:
        outermost = heights if side == "top" else heights[::-1]
        for height, further_in in zip_longest(outermost[:_EDGE], outermost[1 : _EDGE + 1]):
            apart = further_in is not None and abs(height - further_in) > _APART * pitch
            goes_on = side == "bottom" and further_in is not None and is_full[further_in]
            is_text = is_full[height] or (goes_on and not apart)
            for at in at_height[height]:
                text = " ".join(lines[at].text.split())
                # On a page of few lines a number may be seen from both ends.
                if (at in seen and not text.isdecimal()) or len(text) > _HEAD_LENGTH:
                    continue
                seen.add(at)
                if lines[at].size > large:
                    continue
                if is_text and not any(map(str.isdecimal, text)):
                    continue
                yield _Edge(
                    at,
                    text,
                    (side, round(height / _BAND)),
                    apart=apart,
                    outer=abs(height - outermost[0]) < _BAND,
                )


def _numbers(text: str) -> Iterator[tuple[_Kind, int]]:
    """Yield the numbers in a line that may be its page's: that of "Chapter 7" is its own."""
    heading = parse(text)
    own = heading.number if heading is not None and heading.family in KEYED else None
    for match in _NUMBER.finditer(text):
        if int(match[0]) != own:
            yield "digits", int(match[0])
    for match in _ROMAN.finditer(text):
        # "I" and "mix" are words: a Roman number stands first or last.
        value = roman(match[0])
        if (match.start() == 0 or match.end() == len(text)) and value and value != own:
            yield "roman", value


def _numbering(edges: Sequence[Sequence[_Edge]]) -> _Numbering:
    """Return how the pages count.

    The height with the most pages is believed first. Another must count the same way, or on pages
    that the first does not reach (front matter in Roman numbers).
    """
    seen: dict[tuple[_Height, _Count], set[int]] = defaultdict(set)
    for index, page in enumerate(edges):
        for edge in page:
            for kind, number in _numbers(edge.text):
                seen[edge.height, (kind, number - index)].add(index)
    ranked = sorted(
        (item for item in seen.items() if len(item[1]) >= _PAGES),
        key=lambda item: (-len(item[1]), item[0]),
    )
    numbering: _Numbering = defaultdict(set)
    believed: dict[_Count, set[int]] = {}
    for (height, count), pages in ranked:
        if count not in believed and not _dense(pages):
            continue
        first, last = min(pages), max(pages)
        crossing = any(
            sum(first <= page <= last for page in others) * 2 > len(pages)
            for other, others in believed.items()
            if other != count
        )
        most = len(believed.get(count, ()))
        if crossing or (most and len(pages) < _SECOND * most):
            continue
        numbering[height].add(count)
        believed.setdefault(count, set()).update(pages)
    return dict(numbering)


def _dense(pages: set[int]) -> bool:
    """Return whether `pages` are a good share of those between the first and the last of them."""
    return len(pages) >= _DENSE * (max(pages) - min(pages) + 1)


def _template(edge: _Edge, index: int, numbering: _Numbering) -> str:
    """Return a line with the number of its page as `_PAGE`, and only that number."""
    counts = numbering.get(edge.height)
    if not counts:
        return edge.text

    own = set(_numbers(edge.text))

    def marked(match: re.Match[str]) -> str:
        digits = match[0].isdecimal()
        value = int(match[0]) if digits else roman(match[0])
        count: _Count = ("digits" if digits else "roman", (value or 0) - index)
        mine = value is not None and (count[0], value) in own
        return _PAGE if mine and count in counts else match[0]

    text = _NUMBER.sub(marked, edge.text)
    return text if _PAGE in text else _ROMAN.sub(marked, edge.text)


def _repeated(band: Sequence[tuple[int, _Edge]]) -> dict[str, set[int]]:
    """Return for each line at one height, as a template, the neighboring pages that have it."""
    pages: dict[str, set[int]] = defaultdict(set)
    for index, edge in band:
        pages[edge.template].add(index)
    return {template: _neighbors(indexes) for template, indexes in pages.items()}


def _neighbors(pages: set[int]) -> set[int]:
    """Return those of `pages` that have another next to them, or next but one."""
    return {page for page in pages if {page - 2, page - 1, page + 1, page + 2} & pages}


def _holds_heads(
    band: Sequence[tuple[int, _Edge]], repeated: dict[str, set[int]], *, pages: int
) -> bool:
    """Return whether heads stand at one height, in a book of `pages` pages.

    "ANNA" below each second chapter's number comes again too, and so does the address above
    a letter; but a head stands on one page after another, and nothing outside it.
    """
    here = len({index for index, _ in band})
    numbered = {index for index, edge in band if _PAGE in edge.template}
    known = numbered.union(*repeated.values())
    if len(known) < max(_PAGES, _KNOWN * here) or not _dense(known):
        return False
    if 2 * len(numbered) >= len(known):
        return True
    if len({index for index, edge in band if edge.outer}) < _OUTER * here:
        again = Counter(edge.template for index, edge in band if index in repeated[edge.template])
        return max(again.values()) >= _EVERYWHERE * pages
    return len(known) >= _SHARE * pages and len(_neighbors(known)) >= _BESIDE * len(known)


def _elsewhere(
    pages: Sequence[Sequence[TextLine]],
    edges: Sequence[Sequence[_Edge]],
    heights: set[_Height],
) -> dict[str, set[int]]:
    """Return on which pages the lines of heads stand in the text, outside the heads."""
    heads = [[edge for edge in page if edge.height in heights] for page in edges]
    headings = {_key(edge.text) for page in heads for edge in page if parse(edge.text) is not None}
    twins: dict[str, set[int]] = defaultdict(set)
    for index, (lines, page) in enumerate(zip(pages, heads, strict=True)):
        outer = {edge.at for edge in page}
        for at, line in enumerate(lines) if headings else ():
            if at not in outer and len(line.text) <= _HEAD_LENGTH:
                key = _key(line.text)
                if key in headings:
                    twins[key].add(index)
    return twins


def _key(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")
