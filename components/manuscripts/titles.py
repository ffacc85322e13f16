"""The titles that stand below the numbers of chapters, and above those of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.manuscripts.canonical import Placed
from components.manuscripts.headings import Heading, bare, is_date, parse
from components.manuscripts.marks import Mark

#: Characters of a title in capitals, over all its lines, and of one in ordinary letters.
_CAPITALS_LENGTH, _PLAIN_LENGTH = 250, 90
#: Blocks that a title may take.
_TITLE_BLOCKS = 3
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


def is_plain(title: str, *, stop: bool = False) -> bool:
    """Return whether a line may be a title in ordinary letters, with a full `stop` or without."""
    shown = title.strip(" \t*_")
    if not shown or len(shown) > _PLAIN_LENGTH or shown[-1] in ",;:—":
        return False
    if shown[0] in "“\"«'‘" or shown[-1] in "”\"»'’":
        return False
    if not stop and shown[-1] == ".":
        return False
    return shown[0].isupper() or shown[0].isdigit()


def may_head(text: str) -> bool:
    """Return whether `text`, alone in its block, may head a chapter without a number."""
    shown = bare(text)
    if not shown or not (shown[0].isupper() or shown[0].isdigit()):
        return False
    if sum(char.isalpha() for char in shown) < 2 or is_date(shown):  # noqa: PLR2004
        return False
    end = fold_end(shown)
    return shown[-1] not in ".,;:—!" and end not in _ENDS and not shown.startswith(("By ", "BY "))


_ENDS = frozenset({"the end", "end", "fin", "finis", "ende", "fine", "einde", "конец", "koniec"})


def fold_end(text: str) -> str:
    """Return `text` as an ending such as "THE END." is compared."""
    return bare(text).rstrip(".!").casefold()


def is_end(text: str) -> bool:
    """Return whether `text` says that the book ends."""
    return len(text) < 20 and fold_end(text) in _ENDS  # noqa: PLR2004


def with_titles(
    placed: Sequence[Placed], marks: Sequence[Mark], main: Sequence[Mark]
) -> list[Mark]:
    """Return `marks` with the titles from the blocks below them.

    Capitals are titles where some of the headings have them, ordinary letters where most do, lest
    a short first sentence pass for one.
    """
    heads = {one.at for one in marks}
    bodies: dict[int, tuple[str, int]] = {}
    kinds: dict[int, str] = {}
    for one in marks:
        if one.full_title or one.heading.family in ("named", "title"):
            continue
        text, until, kind = _below(placed, one, heads)
        if kind:
            bodies[one.at], kinds[one.at] = (text, until), kind
    groups = [
        [one for one in main if not one.full_title],
        [one for one in marks if one.kind == "part" and not one.full_title],
    ]
    wanted: set[int] = set()
    for ones in groups:
        wanted |= _titled({one.at: kinds.get(one.at, "") for one in ones}, ones)
    return [
        replace(one, title=bodies[one.at][0], until=bodies[one.at][1]) if one.at in wanted else one
        for one in marks
    ]


def _titled(kinds: dict[int, str], ones: Sequence[Mark]) -> set[int]:
    """Return which of the headings at `kinds` have titles."""
    count = len(kinds)
    if not count:
        return set()
    capitals = {at for at, kind in kinds.items() if kind == "capitals"}
    plain = {at for at, kind in kinds.items() if kind == "plain"}
    stopped = {at for at, kind in kinds.items() if kind == "stopped"}
    few = count < _FEW
    story = ones[0].heading.family == "letter"
    if not story and len(capitals | plain | stopped) >= _STOPPED_SHARE * count and not few:
        return capitals | plain | stopped
    if not story and len(capitals | plain) >= _PLAIN_SHARE * count and count > 1:
        return capitals | plain
    if ones[0].kind == "part" and plain and not few:
        return capitals
    return capitals if few or len(capitals) >= _CAPITALS_SHARE * count else set()


def _below(placed: Sequence[Placed], one: Mark, heads: set[int]) -> tuple[str, int, str]:
    """Return the title that may stand below a heading, the block after it, and its kind."""
    found: list[str] = []
    at = one.until
    while at < len(placed) and len(found) < _TITLE_BLOCKS:
        block = placed[at].block
        text = " ".join(block.text.split())
        if at in heads or block.role not in ("body", "heading") or len(text) > _CAPITALS_LENGTH:
            break
        if block.after_break or not is_capitals(text) or (found and parse(text)):
            break
        if found and block.gap > 2:  # noqa: PLR2004
            break
        found.append(text)
        at += 1
    if at in heads and not found:
        return "", one.until, ""
    if found and at < len(placed) and at not in heads:
        return " ".join(found), at, "capitals"
    at = one.until
    if at + 1 >= len(placed) or at in heads or found:
        return "", one.until, ""
    block = placed[at].block
    text = " ".join(block.text.split())
    if block.role not in ("body", "heading") or block.text.count("\n") > 2 or is_date(text):  # noqa: PLR2004
        return "", one.until, ""
    if is_plain(text):
        return text, at + 1, "plain"
    return (text, at + 1, "stopped") if is_plain(text, stop=True) else ("", one.until, "")


def named_parts(placed: Sequence[Placed], main: Sequence[Mark]) -> list[Mark]:
    """Return the names of parts right above the numbers 1 of a book whose numbers start again.

    All of those after the first must have one.
    """
    ones = [one for one in main if one.number == 1]
    if len(ones) < 2:  # noqa: PLR2004
        return []
    found: list[Mark] = []
    for one in ones:
        at = one.at - 1
        text = " ".join(placed[at].text.split()) if at >= 0 else ""
        parsed = parse(text)
        fits = at >= 0 and placed[at].block.role in ("body", "heading") and len(text) <= LONGEST
        if fits and (may_head(text) or (parsed is not None and parsed.kind == "part")):
            heading = Heading("title", 0, "part", bare(text), bare(text))
            found.append(Mark(at, at + 1, heading, placed[at].words_before))
        elif one is not ones[0]:
            return []
    return [one for one in found if parse(placed[one.at].text) is None]
