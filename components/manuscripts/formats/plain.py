"""Plain text as a document: lines to paragraphs.

Where most lines are as full as their width allows, the text is hard-wrapped and a newline inside a
paragraph becomes a space. A line that breaks though there was room for the next word breaks on
purpose: verse, an address, a title. Without blank lines every line is a paragraph.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import mode
from typing import NamedTuple

from components.manuscripts.chapters.headings import KEYED, parse
from components.manuscripts.document import Block
from components.manuscripts.text.language_detection import is_wrapped
from components.manuscripts.text.ornaments import MAX_LINE, STOPS, is_break, is_contents_entry

#: Characters. Narrower lines are verse, wider ones paragraphs.
_NARROWEST, _WIDEST = 40, 120
#: The share of lines that are no wider than the width; a few always stick out.
_WIDTH_QUANTILE = 0.95
#: Share of full lines among those with a line below: for the text, and for one paragraph of it.
_WRAPPED_SHARE, _PROSE_SHARE = 0.6, 0.5
#: Characters of room that a full line may have left: raggedness, and hyphens taken out.
_SLACK = 4
#: Share of the width below which a line in prose was not broken by the width.
_SHORT = 0.72
#: Share of blank lines below which a text has its paragraphs one under the other.
_BLANK_SHARE = 0.02
#: Share of the lines that stand alone in a text with blank lines between all of them.
_DOUBLE_SHARE = 0.9
#: Characters, and share of the lines in stretches: lines so long are paragraphs.
_PARAGRAPH = 120
_PARAGRAPH_SHARE = 0.2
#: Lines under each other that read as headings, or end in a page number: a list of contents.
_CONTENTS_LINES = 3
#: Characters of the line below a heading from which on it is text and no title.
_TITLE_WIDTH = 80
#: Headings, as of a part and of its first chapter, that stand one right under the other.
_MAX_HEADINGS = 3
#: Characters looked at for the script of a text, and lines for its width.
_CHARACTERS_SAMPLED = 20_000
_LINES_SAMPLED = 20_000


class _Stretch(NamedTuple):
    """Lines with no blank one between them, and how many blank lines stand before."""

    lines: tuple[str, ...]
    gap: int


def blocks(text: str) -> Iterator[Block]:
    r"""Yield the paragraphs of `text`, which has `\n` as its only line end."""
    stretches = _single_spaced(list(_stretches(text)))
    width = 0
    # Without spaces between words a line ends where its paragraph does.
    alone = not is_wrapped(text[:_CHARACTERS_SAMPLED])
    if not alone:
        width = _width(stretches)
        filled = sum(len(stretch.lines) for stretch in stretches)
        blank = sum(stretch.gap for stretch in stretches[1:])
        # Paragraphs under each other, blank lines only between scenes if at all.
        lines = [line for stretch in stretches if len(stretch.lines) > 1 for line in stretch.lines]
        long = sum(len(line) > _PARAGRAPH for line in lines)
        few_blank = blank <= _BLANK_SHARE * (filled + blank)
        alone = not width and (few_blank or long > _PARAGRAPH_SHARE * len(lines))
    for stretch in stretches:
        texts: Iterable[str] = stretch.lines if alone else _texts(stretch.lines, width)
        for at, paragraph in enumerate(texts):
            yield _block(paragraph.strip() if alone else paragraph, 0 if at else stretch.gap)


def _stretches(text: str) -> Iterator[_Stretch]:
    gap = 0
    for filled, run in groupby(text.split("\n"), lambda line: bool(line.strip())):
        lines = tuple(line.rstrip().replace("\t", "    ") for line in run)
        if filled:
            yield _Stretch(lines, gap)
        gap = len(lines)


def _single_spaced(stretches: list[_Stretch]) -> list[_Stretch]:
    """Return `stretches`, those of a text with blank lines between all lines put together."""
    alone = [stretch for stretch in stretches if len(stretch.lines) == 1]
    if len(alone) < max(_DOUBLE_SHARE * len(stretches), _CONTENTS_LINES):
        return stretches
    usual = mode(stretch.gap for stretch in stretches)
    pairs = [(above.lines[-1], below.lines[0]) for above, below in pairwise(stretches)]
    ended = sum(_ends(stretch.lines[-1]) for stretch in stretches)
    # A paragraph ends its sentence, a line that the width broke mostly does not.
    if not usual or 2 * ended > len(stretches) or not _width_of(pairs[:_LINES_SAMPLED]):
        return stretches
    joined: list[_Stretch] = []
    for stretch in stretches:
        headed = _is_keyed(stretch.lines[0]) or (joined and _is_keyed(joined[-1].lines[-1]))
        if joined and stretch.gap <= usual and not headed:
            joined[-1] = _Stretch((*joined[-1].lines, *stretch.lines), joined[-1].gap)
        else:
            joined.append(_Stretch(stretch.lines, max(0, stretch.gap - usual)))
    return joined


def _is_keyed(line: str) -> bool:
    """Return whether a line says "Chapter 1" or the like."""
    heading = parse(line) if len(line) <= MAX_LINE else None
    return heading is not None and heading.family in KEYED


def _width(stretches: Sequence[_Stretch]) -> int:
    """Return the width at which the lines of a text are broken, or 0 where they are not."""
    pairs: list[tuple[str, str]] = []
    for stretch in stretches:
        pairs += pairwise(stretch.lines)
        if len(pairs) > _LINES_SAMPLED:
            break
    return _width_of(pairs)


def _width_of(pairs: Sequence[tuple[str, str]]) -> int:
    """Return the width at which lines are broken, by each with the one below it, or 0."""
    if len(pairs) < _CONTENTS_LINES:
        return 0
    lengths = sorted(len(line) for line, _ in pairs)
    width = lengths[int(_WIDTH_QUANTILE * (len(lengths) - 1))]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(line, below, width) for line, below in pairs)
    return width if full >= _WRAPPED_SHARE * len(pairs) else 0


def _is_full(line: str, below: str, width: int) -> bool:
    """Return whether the first word of `below` had no room on `line`."""
    first = below.split(None, 1)[0]
    return len(line) + 1 + len(first) > width - _SLACK


def _ends(line: str) -> bool:
    """Return whether a sentence ends with `line`."""
    return line.rstrip("”’\"'»)_*」』").endswith((*STOPS, "!", "?", "…", ":", "！", "？"))


def _texts(lines: Sequence[str], width: int) -> Iterator[str]:
    """Yield the headings and paragraphs of a stretch; `width` 0 is a text that is not wrapped."""
    title_width = int(_SHORT * width) if width else _TITLE_WIDTH
    for ornament, group in groupby(lines, lambda line: is_break(line.strip())):
        run = list(group)
        if ornament:
            yield from run
            continue
        for _ in range(_MAX_HEADINGS):
            length = _heading_length(run, title_width)
            if not length:
                break
            yield "\n".join(run[:length])
            run = run[length:]
        if run:
            yield from _paragraphs(run, width) if width else ["\n".join(_dedented(run))]


def _paragraphs(lines: Sequence[str], width: int) -> Iterator[str]:
    """Yield paragraphs: lines joined where the width broke them, apart where an indent begins."""
    pairs = list(pairwise(lines))
    full = [_is_full(line, below, width) for line, below in pairs]
    if sum(full) < _PROSE_SHARE * len(pairs):
        yield "\n".join(_dedented(lines))
        return
    indents = [len(line) - len(line.lstrip()) for line in lines]
    base = min(indents)
    indented = indents.count(base) * 2 >= len(lines)
    out = lines[0].strip()
    for at, (line, below) in enumerate(pairs):
        opens = indented and indents[at + 1] >= base + 2 > indents[at] + 1
        wraps = full[at] or len(line) >= _SHORT * width
        goes_on = below.lstrip(" “‘\"'«_*")[:1].islower()
        if opens or (not wraps and _ends(line) and not goes_on):
            yield out
            out = below.strip()
        else:
            out += (" " if wraps else "\n") + below.strip()
    yield out


def _heading_length(lines: Sequence[str], width: int) -> int:
    """Return over how many lines a heading goes that a run of lines begins with, 0 for none."""
    first = parse(lines[0]) if len(lines) > 1 and len(lines[0]) <= MAX_LINE else None
    if first is None or first.kind == "front" or (first.title and first.family not in KEYED):
        return 0
    for at, line in enumerate(lines[1:3], start=1):
        if heading := parse(line):  # a chapter's below a part's, which may be named, or a list
            text = any(len(below.strip()) > width for below in lines[at + 1 : at + 3])
            return at if heading.family != first.family and (text or len(lines) <= 4) else 0
    for at, line in enumerate(lines[1:], start=1):
        letters = [char for char in line if char.isalpha()]
        capitals = sum(char.isupper() for char in letters) > len(letters) * 0.8
        if not capitals:
            is_text = len(line.strip()) > width or len(lines) - at > 2
            return at if is_text else len(lines)
    return len(lines)


def _block(text: str, gap: int) -> Block:
    if is_break(text):
        return Block(text, "break", gap=gap)
    lines = text.split("\n")
    listed = 0
    if len(lines) >= _CONTENTS_LINES:
        listed = sum(
            is_contents_entry(line) or (len(line) <= MAX_LINE and parse(line) is not None)
            for line in lines
        )
    is_contents = listed >= _CONTENTS_LINES and listed * 2 > len(lines)
    return Block(text, "contents" if is_contents else "body", gap=gap)


def _dedented(lines: Sequence[str]) -> list[str]:
    """Return `lines` without the indent that all of them have."""
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[indent:].rstrip() for line in lines]
