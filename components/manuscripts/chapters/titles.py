"""The titles that stand below the numbers of chapters, and above those of parts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from components.languages import languages
from components.manuscripts.chapters.headings import Heading, Headings, is_date, merged, parse
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.text.assembly import Blocks, PlacedBlock
from components.manuscripts.text.ornaments import STOPS, bare, is_capital

#: Characters of a line that may head a chapter by itself.
LONGEST = 90
#: Characters of a title in capitals, in ordinary letters, and where nearly all chapters have one.
_CAPITALS_LENGTH, _PLAIN_LENGTH, _LONG_LENGTH = 250, 90, 320
#: Blocks that a title may take.
_TITLE_BLOCKS = 3
#: Blank lines; more are a page, which may begin after a text of one sentence.
_PAGE_GAP = 6
#: Share of capitals among the letters of a title in capitals: names of ships stay in lower case.
_CAPITALS = 0.8
#: Words of a title whose capitals are all that shows it.
_CASED_WORDS = 9
#: Shares of the headings with such a line below that make it a title: in capitals, in ordinary
#: letters, and with a full stop, which a short first sentence has too.
_CAPITALS_SHARE, _PLAIN_SHARE, _STOPPED_SHARE = 0.25, 0.6, 0.8
#: Fewer headings than these make no share.
_FEW = 3

#: The end of a sentence within a line, behind a word that is too long to be "Mr." or "St.".
_SENTENCE_END = re.compile(r"[^\W\d_]{3}(?<!Mrs)[.!?…][”’\"]? (?=\W?[^\W\d_])|[。！？](?=.)")
#: A line with so many of them is a text.
_SENTENCES = 2
#: Kinds of lines below headings, beside "set" (as the headings are) and "long".
_KINDS = ("apart", "capitals", "plain", "stopped", "quoted")
_SURE = {"capitals", "set"}
#: Kinds that the lines of a text are of too.
_OF_TEXT = frozenset({"stopped", "quoted"})
_ENDS = frozenset(end.casefold() for language in languages().values() for end in language.end)
#: Words of four letters and more that stay in lower case in a title.
_SMALL_WORDS = frozenset(word for language in languages().values() for word in language.small_words)


def is_capitals(title: str) -> bool:
    """Return whether `title` is in capitals."""
    letters = [char for char in title if char.isalpha()]
    return len(letters) > 1 and sum(map(str.isupper, letters)) > _CAPITALS * len(letters)


def is_title_case(title: str) -> bool:
    """Return whether all the longer words of a short `title` begin with a capital."""
    words = title.replace("-", " ").split()
    longer = [
        word.lstrip("“‘«(")
        for word in words
        if word == words[0] or (len(word) > 3 and word not in _SMALL_WORDS)
    ]
    return len(words) <= _CASED_WORDS and all(word[:1].isupper() for word in longer)


def is_plain(title: str, *, stop: bool = False, most: int = _PLAIN_LENGTH) -> bool:
    """Return whether a line of `most` characters may be a title, with a full `stop` or without."""
    shown = title.strip(" \t*_")
    if (
        not shown
        or len(shown) > most
        or not is_capital(shown[0])
        or shown[-1] in ",;:—”\"»'’，；：」』"
    ):
        return False
    return stop or not shown.endswith(STOPS)


def may_head(text: str, *, apart: bool = False) -> bool:
    """Return whether `text`, alone in its block, may head a chapter without a number.

    Where it stands `apart`, below a wide gap, it may be in quotation marks or exclaim.
    """
    shown = bare(text)
    if apart:
        shown = shown.strip('“”"«»‘’').rstrip("!?") or shown
    if not shown or not is_capital(shown[0]):
        return False
    if sum(map(str.isalpha, shown)) < 2 or is_date(shown) or shown.startswith(("By ", "BY ")):
        return False
    return not shown.endswith((*STOPS, *",;:—!，；：")) and not is_end(shown)


def is_end(text: str) -> bool:
    """Return whether `text` says that the book ends, as "THE END." does."""
    return len(text) < 20 and bare(text).rstrip(".!。！").casefold() in _ENDS


def with_titles(
    blocks: Blocks, headings: Headings, main: Headings, *, look: str = "", sure: bool = False
) -> list[Heading]:
    """Return `headings` with the titles from the blocks below them.

    Capitals are titles where some of the headings have them, ordinary letters where most do, a line
    set as the headings are (with `look`) always. Where the file itself marks the numbers as
    headings, and not these lines, only those are titles that are `sure` to be.
    """
    headings = [with_title_again(heading, blocks) for heading in merged(headings, _is_name_below)]
    heads = {heading.at for heading in headings}
    untitled = [heading for heading in headings if not heading.full_title]
    below = {
        heading.at: _below(blocks, heading, heads, look)
        for heading in untitled
        if heading.family != "title"
    }
    if sure:
        below = {
            at: title
            for at, title in below.items()
            if title
            and (title.kind in _SURE or (title.kind == "plain" and is_title_case(title.text)))
        }
    numbered = {heading.at for heading in main}
    chapters = [heading for heading in untitled if heading.at in numbered]
    # A line that comes again and again in the text, such as a speaker's name, is none.
    lines = Counter(block.line for block in blocks if len(block.text) <= LONGEST)
    lines.subtract(title.text for title in below.values() if title)
    below = {at: title for at, title in below.items() if title and lines[title.text] < _FEW}
    kinds = [title.kind for heading in chapters if (title := below.get(heading.at))]
    # Where the lines below those lines are of the same kind, such are the text: speeches of a play.
    after = [
        _below(blocks, replace(heading, until=title.until), heads, "")
        for heading in chapters
        if (title := below.get(heading.at))
    ]
    text = Counter(title.kind for title in after if title)
    kinds = [
        kind for kind in kinds if kind not in _OF_TEXT or text[kind] < _PLAIN_SHARE * len(after)
    ]
    wanted = _kinds_of_titles(kinds, chapters)
    if sure and len(kinds) < _STOPPED_SHARE * len(chapters):
        wanted = set()
    parts = [heading.at for heading in untitled if heading.kind == "part" and heading.at in below]
    plain = sum(title.kind == "plain" for at in parts if (title := below[at]))
    named = len(parts) > 1 and plain >= _PLAIN_SHARE * len(parts)
    out = []
    for heading in headings:
        title = below.get(heading.at)
        if heading.kind == "part":
            accepted = _SURE | {"plain"} if named else _SURE
        elif heading.at in numbered:
            accepted = wanted | {"set"}
        else:
            accepted = _SURE | (wanted & {"plain"})
        above_chapter = title is not None and heading.kind == "part" and title.until in heads
        if title is not None and (title.kind in accepted or above_chapter):
            heading = heading.with_below(title.text, title.until)
        out.append(heading)
    return out


def with_title_again(heading: Heading, blocks: Blocks) -> Heading:
    """Return `heading` with the block below it where that only says its title again."""
    if heading.until >= len(blocks) or blocks[heading.until].after_break:
        return heading
    line = blocks[heading.until].line.rstrip(".")
    says = fold(line) if heading.full_title and len(line) <= _LONG_LENGTH else ""
    again = says in (fold(heading.full_title.rstrip(".")), fold(heading.label.rstrip(".")))
    return replace(heading, until=heading.until + 1) if says and again else heading


def _is_name_below(heading: Heading, above: Heading) -> bool:
    """Return whether a named heading stands right below a number without a title."""
    untitled = above.number > 0 and not above.full_title and above.kind != "part"
    return heading.family == "named" and untitled


def _kinds_of_titles(kinds: Sequence[str], chapters: Headings) -> set[str]:
    """Return which of the `kinds` of lines below the headings of `chapters` are titles."""
    count = len(chapters)
    if not count:
        return set()
    share = {kind: kinds.count(kind) / count for kind in _KINDS}
    few = count < _FEW
    if chapters[0].family != "letter":
        every = sum(share.values())
        plain = share["capitals"] + share["plain"] + share["apart"]
        if every >= _STOPPED_SHARE and not few and every - share["quoted"] >= _PLAIN_SHARE:
            return {*_KINDS, "long"}
        if plain >= _STOPPED_SHARE and not few:
            return {"apart", "capitals", "plain", "long"}
        if plain >= _PLAIN_SHARE and count > 1:
            return {"apart", "capitals", "plain"}
    return {"capitals"} if few or share["capitals"] >= _CAPITALS_SHARE else set()


class _Title(NamedTuple):
    """The title that may stand below a heading, the block after it, and its kind."""

    text: str
    until: int
    kind: str


def _below(blocks: Blocks, heading: Heading, heads: set[int], look: str) -> _Title | None:
    """Return the title that may stand below a heading."""
    at = heading.until
    if at + 1 >= len(blocks) or at in heads:
        return None
    if look and blocks[heading.at].look == look and (title := _set_below(blocks, at, heads, look)):
        return title
    lines: list[str] = []
    while at < len(blocks) and len(lines) < _TITLE_BLOCKS:
        block, line = blocks[at], blocks[at].line
        if at in heads or not _may_hold_title(block, _CAPITALS_LENGTH):
            break
        if block.after_break or not is_capitals(line):
            break
        if lines and (parse(line) or block.gap > 2):
            break
        lines.append(line)
        at += 1
    if lines:
        ended = at < len(blocks) and (at not in heads or heading.kind == "part")
        return _Title(" ".join(lines), at, "capitals") if ended else None
    block, line = blocks[at], blocks[at].line
    if not _may_hold_title(block) or block.text.count("\n") > 2 or is_date(line):
        return None
    # A block that stands nearer to the heading above than the text stands to it.
    near = 0 < block.gap < blocks[at + 1].gap < _PAGE_GAP and at + 1 not in heads
    if len(_SENTENCE_END.findall(line)) >= _SENTENCES:
        return None
    fits = {
        "apart": near and is_plain(line, stop=True, most=_LONG_LENGTH),
        "plain": is_plain(line),
        "long": is_plain(line, most=_LONG_LENGTH),
        "stopped": is_plain(line, stop=True),
        "quoted": len(line) <= _PLAIN_LENGTH and is_plain(line.strip("“”\"'‘’«».!? ")),
    }
    return next((_Title(line, at + 1, kind) for kind in fits if fits[kind]), None)


def _set_below(blocks: Blocks, first: int, heads: set[int], look: str) -> _Title | None:
    """Return the lines from `first` on that are set with `look`."""
    at = first
    while at + 1 < len(blocks) and at not in heads and at < first + _TITLE_BLOCKS:
        block = blocks[at]
        if block.look != look or block.after_break or not _may_hold_title(block):
            break
        at += 1
    if at == first or at in heads:
        return None
    return _Title(" ".join(block.line for block in blocks[first:at]), at, "set")


def _may_hold_title(block: PlacedBlock, most: int = _LONG_LENGTH) -> bool:
    """Return whether a block may be a title of at most `most` characters."""
    if block.role not in ("body", "heading") or len(block.line) > most:
        return False
    read = parse(block.line)  # a number in digits heads a section
    return read is None or read.family not in ("arabic", "roman")


def named_parts(blocks: Blocks, main: Headings) -> list[Heading]:
    """Return the names of parts right above each number 1, where all but the first have one."""
    ones = [heading for heading in main if heading.number == 1]
    if len(ones) < 2:
        return []
    parts: list[Heading] = []
    for heading in ones:
        at = heading.at - 1
        line = blocks[at].line if at >= 0 else ""
        parsed = parse(line)
        fits = at >= 0 and blocks[at].role in ("body", "heading") and len(line) <= LONGEST
        if fits and (may_head(line) or (parsed is not None and parsed.kind == "part")):
            parts.append(
                Heading.without_number(bare(line), "part").at_block(at, blocks[at].words_before)
            )
        elif heading is not ones[0]:
            return []
    return [part for part in parts if parse(blocks[part.at].text) is None]
