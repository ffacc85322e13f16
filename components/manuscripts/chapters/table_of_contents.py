"""A table of contents that stands in the text: not the chapters, but evidence of them.

Its entries are dropped from the headings. Where a book has no numbers, lines that come again
further down as the entries say are the headings.
"""

import re
from collections import Counter
from itertools import accumulate, pairwise, zip_longest
from operator import attrgetter

from components.manuscripts.chapters.headings import CONTENTS, Heading, Headings, merged, parse
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.text.assembly import Blocks
from components.manuscripts.text.ornaments import MAX_LINE, bare

#: Fewer words than this between two headings, three times running: a list of contents.
_CONTENTS_WORDS, _CONTENTS_RUN = 30, 3
#: Share of the entries that come again as headings; share that must, where they are all there is.
_AGAIN, _FOUND = 2 / 3, 0.6
#: The share of the text that follows a list of contents that has this title.
_AFTER = 0.7
#: Characters of such a title with what stands around it.
_LONGEST_TITLE = 60
#: Entries read below such a title, and lines of a page of them.
_MOST_ENTRIES, _FULL_PAGE = 400, 40
_PAGE = re.compile(r"[ .…·_\t]*\b(?:\d{1,4}|[ivxlc]{1,7})\.?$")
_NUMBER = re.compile(
    r"^(?:(?:chapter|chap\.|chapitre|kapitel)\s+)?(?:\d{1,3}|[IVXLC]{1,8})[.:)—–-]?\s+",
    re.IGNORECASE,
)


def without_entries(headings: Headings, blocks: Blocks) -> list[Heading]:
    """Return `headings` without the entries of a list of contents.

    Those stand close together, three or more, and most come again further down as headings.
    """
    total = blocks[-1].words_before if blocks else 0
    last = {_key(heading): heading.at for heading in headings}
    remaining: list[Heading] = []
    run: list[Heading] = []
    for heading, after in zip_longest(headings, headings[1:]):
        run.append(heading)
        if after is not None and after.words_before - heading.words_before < _CONTENTS_WORDS:
            first = next((entry for entry in run if entry.kind != "front"), after)
            again = _key(after) == _key(first) and after.family == first.family
            if first is after or len(run) < _CONTENTS_RUN or not again:
                continue
        repeated = sum(last[_key(entry)] > heading.at for entry in run)
        above = blocks[max(0, run[0].at - 3) : run[0].at + 1]
        titled = any(_is_title(block.text) for block in above)
        listed = repeated >= len(run) * _AGAIN or (
            titled and total - heading.words_before > _AFTER * total
        )
        at = 0
        if listed and max(Counter(entry.family for entry in run).values()) >= _CONTENTS_RUN:
            at = len(run)  # the last may be the first heading, right below the list
            while at and last[_key(run[at - 1])] == run[at - 1].at:
                at -= 1
        remaining += run[at:]
        run = []
    return remaining


def _key(heading: Heading) -> tuple[int, str]:
    if heading.family == "part":
        return heading.number, "part"
    return heading.number, "" if heading.number else heading.label.casefold()


def entries(blocks: Blocks) -> tuple[list[str], int]:
    """Return the entries of the text's own table of contents, and the first block after it."""
    for at, block in enumerate(blocks):
        if not _is_title(block.text.split("\n", 1)[0]):
            continue
        lines = block.text.split("\n")[1:]
        listed = {_folded_entry(line) for line in lines}
        end = at + 1
        for after, below in enumerate(blocks[at + 1 :], at + 1):
            paragraph = "\n" not in below.text or len(below.text) > MAX_LINE * _FULL_PAGE
            if len(below.text) > MAX_LINE and below.role != "contents" and paragraph:
                break
            more = below.text.split("\n")
            first = _folded_entry(more[0])
            if len(first) > 1 and first in listed and len(listed) > _CONTENTS_RUN:
                end = after  # the first heading of the text
                break
            lines += more
            listed.update(map(_folded_entry, more))
            if len(lines) > _MOST_ENTRIES:
                break
        named = [entry for line in lines if len(entry := _folded_entry(line)) > 1]
        if len(named) >= _CONTENTS_RUN:
            return named, end
    return [], 0


def headed_by(blocks: Blocks) -> list[Heading]:
    """Return the blocks that the text's own table of contents names, where most are found."""
    listed, after = entries(blocks)
    wanted = set(listed)
    if len(wanted) < _CONTENTS_RUN:
        return []
    by_entry: dict[str, Heading] = {}
    for at, block in enumerate(blocks[after:], after):
        if len(block.text) > MAX_LINE or block.role in ("break", "contents", "prose"):
            continue
        entry = _folded_entry(block.line)
        if entry in wanted:
            label = bare(block.line)
            heading = parse(label) or Heading("named", 0, "chapter", label, label)
            by_entry[entry] = heading.at_block(at, block.words_before)
    headings = sorted(by_entry.values(), key=attrgetter("at"))
    if len(headings) < _FOUND * len(wanted):
        # The list ends where next to none of its lines come again: a dedication may follow.
        scores = list(accumulate(1 if entry in by_entry else -1 for entry in listed))
        wanted = set(listed[: scores.index(max(scores)) + 1]) if max(scores) > 0 else set()
        headings = [heading for heading in headings if _folded_entry(heading.label) in wanted]
    if len(headings) < max(_CONTENTS_RUN, _FOUND * len(wanted)):
        return []
    headings = merged(headings, _is_pair, " — ")
    gaps = sorted(below.words_before - above.words_before for above, below in pairwise(headings))
    return headings if gaps and gaps[len(gaps) // 2] >= _CONTENTS_WORDS else []


def _is_pair(heading: Heading, above: Heading) -> bool:
    """Return whether two entries are of one section: a story, and who wrote it."""
    return heading.kind == above.kind == "chapter" and not (heading.number or above.number)


def _is_title(text: str) -> bool:
    """Return whether `text` is what stands above a list of contents."""
    return len(text) <= _LONGEST_TITLE and fold(bare(text).rstrip(".:")) in CONTENTS


def _folded_entry(line: str) -> str:
    """Return a line without its number and page, as `fold` leaves it."""
    title = _NUMBER.sub("", _PAGE.sub("", bare(line[: 2 * MAX_LINE])))
    return fold("".join(char if char.isalnum() else " " for char in title.replace("’", "'")))
