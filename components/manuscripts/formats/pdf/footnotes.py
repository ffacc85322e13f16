"""Notes at the foot of a page, taken out of the sentence that runs on to the next page.

A note is set smaller than the text, below all of it, and begins with a mark that stands in the
text of its page too. Where the mark is missing the lines stay where they are.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from components.manuscripts.document import Block
from components.manuscripts.formats.pdf.columns import Flow
from components.manuscripts.formats.pdf.printed_page import TextLine
from components.manuscripts.formats.pdf.typography import text_size
from components.manuscripts.manuscript import Footnote
from components.manuscripts.text import hyphens

#: Letters of a note are smaller than this share of the text's.
_SMALLER = 0.93
_MARK = re.compile(r"[\[(]?(\d{1,3}|[*†‡§¶]{1,3})[\])]?[.:]?\s*(?=\D)")
#: The first of the signs that stand where a mark stood, of a range that no text uses.
_SIGN = 0xF0000
_SIGNS = re.compile("[\U000f0000-\U000ffffd]")
_MOST_NOTES = 0xFFFD


class Notes(NamedTuple):
    """The flows of a book without the notes at their foot, and the lines of each note."""

    flows: list[Flow]
    notes: list[list[str]]


def without_notes(flows: Sequence[Flow]) -> Notes:
    """Return `flows` without notes, a sign for `located` where the mark of each stood."""
    size = text_size(flows)
    on_page: dict[int, list[list[TextLine]]] = defaultdict(list)
    lines = [list(flow.lines) for flow in flows]
    for flow, own in zip(flows, lines, strict=True):
        on_page[flow.page].append(own)
    notes: list[list[str]] = []
    for flow, own in zip(flows, lines, strict=True):
        first = len(own)
        while first > 0 and own[first - 1].size < _SMALLER * size:
            first -= 1
        foot = own[first:]
        if not first or not foot or len(notes) + len(foot) > _MOST_NOTES:
            continue
        del own[first:]
        for mark, said in _split(foot):
            if not _put_sign(mark, chr(_SIGN + len(notes)), on_page[flow.page]):
                own += foot
                break
            notes.append(said)
            foot = foot[len(said) :]
    marked = (flow._replace(lines=tuple(own)) for flow, own in zip(flows, lines, strict=True))
    return Notes(list(marked), notes)


def _split(foot: Sequence[TextLine]) -> Iterator[tuple[str, list[str]]]:
    """Yield the mark and the lines of each note, where the lines begin with one."""
    mark = ""
    said: list[str] = []
    for line in foot:
        match = _MARK.match(line.text)
        following = not mark.isdecimal() or match is None or match[1] == str(int(mark) + 1)
        if match is not None and following:
            if said:
                yield mark, said
            mark, said = match[1], [line.text[match.end() :]]
        else:
            said.append(line.text)
    yield mark, said


def _put_sign(mark: str, sign: str, flows: Sequence[list[TextLine]]) -> bool:
    """Put a sign for the first mark that stands behind a word; return whether there is one."""
    if not mark:
        return False
    pattern = re.compile(rf"(?<=[^\s\d\[(])[\[(]?{re.escape(mark)}[\])]?(?!\w)")
    for lines in flows:
        for at, line in enumerate(lines):
            if mark in line.text and (match := pattern.search(line.text)):
                text = line.text[: match.start()] + sign + line.text[match.end() :]
                lines[at] = line._replace(text=text)
                return True
    return False


def located(
    blocks: Sequence[Block], notes: Sequence[list[str]]
) -> tuple[list[Block], list[Footnote]]:
    """Return `blocks` without the signs that stand for notes, and the notes with their blocks."""
    vocabulary = hyphens.Vocabulary(line for note in notes for line in note)
    texts = [hyphens.join(note, vocabulary) for note in notes]
    clean: list[Block] = []
    found: list[Footnote] = []
    for at, block in enumerate(blocks):
        signs = _SIGNS.findall(block.text)
        found += [Footnote(texts[ord(sign) - _SIGN], at) for sign in signs]
        clean.append(replace(block, text=_SIGNS.sub("", block.text)) if signs else block)
    return clean, found
