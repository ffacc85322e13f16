"""The titles that stand below the numbers of chapters, and above those of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from components.manuscripts.chapters.heading_position import HeadingMark
from components.manuscripts.chapters.headings import Heading, parse
from components.manuscripts.chapters.title_case import is_title_case
from components.manuscripts.text.assembly import PlacedBlock
from components.manuscripts.text.ornaments import bare, is_date

#: Characters of a title in capitals, over all its lines, and of one in ordinary letters.
_CAPITALS_LENGTH, _PLAIN_LENGTH = 250, 90
#: Characters of a long title, in a book where nearly all chapters have one.
_LONG_LENGTH = 320
#: Blocks that a title may take.
_TITLE_BLOCKS = 3
#: Blank lines; more are a page, which may begin after a text of one sentence.
_PAGE_GAP = 6
#: Share of capitals among the letters of a title in capitals: names of ships stay in lower case.
_CAPITALS = 0.8
#: Shares of the headings that have such a line below, from which on it is a title: in capitals, in
#: ordinary letters, and with a full stop, which a short first sentence has too.
_CAPITALS_SHARE, _PLAIN_SHARE, _STOPPED_SHARE = 0.25, 0.6, 0.8
#: Fewer headings than these make no share.
_FEW = 3
#: Characters of a line that may head a chapter by itself.
LONGEST = 90


def is_capitals(title: str) -> bool:
    """Return whether `title` is in capitals."""
    letters = [char for char in title if char.isalpha()]
    return len(letters) > 1 and sum(char.isupper() for char in letters) > _CAPITALS * len(letters)


def is_plain(title: str, *, stop: bool = False, most: int = _PLAIN_LENGTH) -> bool:
    """Return whether a line may be a title in ordinary letters, with a full `stop` or without.

    `most` is how many characters it may have.
    """
    shown = title.strip(" \t*_")
    if not shown or len(shown) > most or shown[-1] in ",;:—":
        return False
    if shown[0] in "“\"«'‘" or shown[-1] in "”\"»'’":
        return False
    if not stop and shown[-1] == ".":
        return False
    return shown[0].isupper() or shown[0].isdigit()


def may_head(text: str, *, apart: bool = False) -> bool:
    """Return whether `text`, alone in its block, may head a chapter without a number.

    Where it stands `apart`, below a wide gap, it may be in quotation marks or exclaim.
    """
    shown = bare(text)
    if apart:
        shown = shown.strip('“”"«»‘’').rstrip("!?") or shown
    if not shown or not (shown[0].isupper() or shown[0].isdigit()):
        return False
    if sum(char.isalpha() for char in shown) < 2 or is_date(shown):
        return False
    end = fold_end(shown)
    return shown[-1] not in ".,;:—!" and end not in _ENDS and not shown.startswith(("By ", "BY "))


_ENDS = frozenset({"the end", "end", "fin", "finis", "ende", "fine", "einde", "конец", "koniec"})


def fold_end(text: str) -> str:
    """Return `text` as an ending such as "THE END." is compared."""
    return bare(text).rstrip(".!").casefold()


def is_end(text: str) -> bool:
    """Return whether `text` says that the book ends."""
    return len(text) < 20 and fold_end(text) in _ENDS


def with_titles(
    placed: Sequence[PlacedBlock],
    marks: Sequence[HeadingMark],
    main: Sequence[HeadingMark],
    *,
    look: str = "",
    sure: bool = False,
) -> list[HeadingMark]:
    """Return `marks` with the titles from the blocks below them.

    Capitals are titles where some of the headings have them, ordinary letters where most do, lest
    a short first sentence pass for one; a line set as the headings are, with `look`, is one for
    sure. A named heading right below a number is its title. Where the file itself marks the numbers
    as headings, and not these lines, they must all but be titles for sure: `sure`.
    """
    marks = _without_names_below(marks)
    heads = {mark.at for mark in marks}
    below = {
        mark.at: _below(placed, mark, heads, look)
        for mark in marks
        if not mark.full_title and mark.heading.family != "title"
    }
    if sure:
        below = {at: title for at, title in below.items() if _is_cased(title)}
    numbered = {one.at for one in main}
    chapters = [mark for mark in marks if mark.at in numbered and not mark.full_title]
    kinds = [below[chapter.at].kind if chapter.at in below else "" for chapter in chapters]
    wanted = _titled(kinds, chapters)
    if sure and sum(map(bool, kinds)) < _STOPPED_SHARE * len(kinds):
        wanted = set()
    parts = [below[mark.at].kind for mark in marks if mark.kind == "part" and mark.at in below]
    named = len(parts) > 1 and parts.count("plain") >= _PLAIN_SHARE * len(parts)
    out = []
    for mark in marks:
        title = below.get(mark.at)
        if title is None or not title.kind:
            out.append(mark)
            continue
        if title.kind == "set":
            take = True
        elif mark.kind == "part":
            take = title.kind == "capitals" or title.until in heads
            take = take or (named and title.kind == "plain")
        elif mark.at in numbered:
            take = title.kind in wanted
        else:
            take = title.kind == "capitals" or (title.kind in wanted and title.kind == "plain")
        out.append(replace(mark, title=title.text, until=title.until) if take else mark)
    return out


def _without_names_below(marks: Sequence[HeadingMark]) -> list[HeadingMark]:
    """Return `marks`, a named heading right below a number without a title as its title."""
    out: list[HeadingMark] = []
    for mark in marks:
        above = out[-1] if out else None
        if (
            above is not None
            and above.until == mark.at
            and mark.heading.family == "named"
            and above.number
            and above.kind != "part"
            and not above.full_title
        ):
            out[-1] = replace(above, until=mark.until, title=mark.heading.label)
        else:
            out.append(mark)
    return out


def _is_cased(title: _Title) -> bool:
    plain = title.kind == "plain" and is_title_case(title.text)
    return plain or title.kind in ("capitals", "set")


def _titled(kinds: Sequence[str], ones: Sequence[HeadingMark]) -> set[str]:
    """Return which kinds of lines below the headings `ones` are titles."""
    count = len(kinds)
    if not count:
        return set()
    told = ("apart", "capitals", "plain", "stopped", "quoted")
    share = {kind: kinds.count(kind) / count for kind in told}
    few = count < _FEW
    if ones[0].heading.family != "letter":
        every = sum(share.values())
        apart = share["apart"] >= _PLAIN_SHARE and not few
        plain = share["capitals"] + share["plain"] + share["apart"]
        if every >= _STOPPED_SHARE and not few and every - share["quoted"] >= _PLAIN_SHARE:
            return {"apart", "capitals", "plain", "stopped", "quoted", "long"}
        if plain >= _STOPPED_SHARE and not few:
            return {"apart", "capitals", "plain", "long"}
        if plain >= _PLAIN_SHARE and count > 1:
            return {"apart", "capitals", "plain"}
        if apart:
            return {"apart", "capitals"}
    return {"capitals"} if few or share["capitals"] >= _CAPITALS_SHARE else set()


class _Title(NamedTuple):
    """The title that may stand below a heading, the block after it, and its kind."""

    text: str
    until: int
    kind: Literal["", "set", "apart", "capitals", "plain", "stopped", "quoted", "long"]


def _below(placed: Sequence[PlacedBlock], one: HeadingMark, heads: set[int], look: str) -> _Title:
    nothing = _Title("", one.until, "")
    if one.until + 1 >= len(placed) or one.until in heads:
        return nothing
    if look and placed[one.at].block.look == look:
        found, at = _set_below(placed, one.until, heads, look)
        if found:
            return _Title(" ".join(found), at, "set")
    found, at = [], one.until
    while at < len(placed) and len(found) < _TITLE_BLOCKS:
        block = placed[at].block
        text = " ".join(block.text.split())
        if at in heads or block.role not in ("body", "heading") or len(text) > _CAPITALS_LENGTH:
            break
        if block.after_break or not is_capitals(text) or _is_section(text):
            break
        if found and (parse(text) or block.gap > 2):
            break
        found.append(text)
        at += 1
    if found:
        ended = at < len(placed) and (at not in heads or one.kind == "part")
        return _Title(" ".join(found), at, "capitals") if ended else nothing
    block = placed[at].block
    text = " ".join(block.text.split())
    if block.role not in ("body", "heading") or block.text.count("\n") > 2 or is_date(text):
        return nothing
    if _is_section(text):
        return nothing
    if _is_apart(placed, at, text) and at + 1 not in heads:
        return _Title(text, at + 1, "apart")
    if is_plain(text):
        return _Title(text, at + 1, "plain")
    if len(text) <= _LONG_LENGTH and is_plain(text, most=_LONG_LENGTH):
        return _Title(text, at + 1, "long")
    if is_plain(text, stop=True):
        return _Title(text, at + 1, "stopped")
    if len(text) <= _PLAIN_LENGTH and is_plain(text.strip("“”\"'‘’«».!? ")):
        return _Title(text, at + 1, "quoted")
    return nothing


def _is_apart(placed: Sequence[PlacedBlock], at: int, text: str) -> bool:
    """Return whether a block stands nearer to the heading above than the text stands to it."""
    if len(text) > _LONG_LENGTH or not is_plain(text, stop=True, most=_LONG_LENGTH):
        return False
    return 0 < placed[at].block.gap < placed[at + 1].block.gap < _PAGE_GAP


def _set_below(
    placed: Sequence[PlacedBlock], at: int, heads: set[int], look: str
) -> tuple[list[str], int]:
    """Return the lines from `at` on that are set with `look`, and the block after them."""
    found: list[str] = []
    first = at
    while at + 1 < len(placed) and at not in heads and len(found) < _TITLE_BLOCKS:
        block = placed[at].block
        text = " ".join(block.text.split())
        if block.look != look or block.role not in ("body", "heading") or _is_section(text):
            break
        if len(text) > _LONG_LENGTH or block.after_break:
            break
        found.append(text)
        at += 1
    return (found, at) if at not in heads or at == first else ([], first)


def _is_section(text: str) -> bool:
    """Return whether `text` is a number in digits, which heads a section and is no title."""
    read = parse(text)
    return read is not None and read.family in ("arabic", "roman")


def named_parts(placed: Sequence[PlacedBlock], main: Sequence[HeadingMark]) -> list[HeadingMark]:
    """Return the names of parts right above the numbers 1 of a book whose numbers start again.

    All of those after the first must have one.
    """
    ones = [one for one in main if one.number == 1]
    if len(ones) < 2:
        return []
    found: list[HeadingMark] = []
    for one in ones:
        at = one.at - 1
        text = " ".join(placed[at].text.split()) if at >= 0 else ""
        parsed = parse(text)
        fits = at >= 0 and placed[at].block.role in ("body", "heading") and len(text) <= LONGEST
        if fits and (may_head(text) or (parsed is not None and parsed.kind == "part")):
            heading = Heading("title", 0, "part", bare(text), bare(text))
            found.append(HeadingMark(at, at + 1, heading, placed[at].words_before))
        elif one is not ones[0]:
            return []
    return [one for one in found if parse(placed[one.at].text) is None]
