"""Whether the words of a quotation stand in a manuscript, in this order and with no other between.

A quotation is a row of fragments. Most are one fragment; an ellipsis or words in square brackets
set fragments apart, and how much of the text may lie between two is bounded, so that nothing can be
pieced together from words that happen to occur. Each fragment is found word for word; then the
signs between its words are compared too. Where only those differ, the place is given as near and
the quotation is not verified.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from components.evidence.comparable_words import (
    DASH,
    DASHES,
    ELLIPSIS,
    HYPHENS,
    ComparableWord,
    tokens,
)
from components.evidence.quotation_fragments import Fragment
from components.evidence.text_index import Index
from components.manuscripts.text.personal_names import word_set

#: A fragment of fewer words than `_LONG` may only be the first or the last, and at most so many
#: words from its neighbor; elsewhere nothing may be left out beside it.
_LONG = 3
_MOST_BESIDE_SHORT = 12
#: Leaving out so few words turns a sentence round when one of them is a negation.
_FEW = 3
#: Negations, folded, but for "n't" and "n'".
_NEGATIONS = word_set(
    """
    not no never none nothing neither nor nobody nowhere cannot hardly scarcely barely without
    unless refused failed denied ne pas jamais rien aucun aucune ni sans guère nul nulle
    personne non nicht kein keine keinen keinem keiner keines nie niemals nichts weder ohne
    niemand nunca jamás nada nadie ningún ninguno ninguna sin tampoco
    """
)

#: Occurrences of the first fragment that are tried: only two or three common words have more.
_MOST_TRIED = 500
_MOST_STEPS = 10_000
#: Characters beside a match in which the signs at its ends are looked for.
_AROUND = 16

#: What may be at the end of a quotation and not in the text: American use moves them inside.
_MOVED = {".", ",", DASH, ELLIPSIS}
_MOVED_INSIDE = _MOVED | {";", ":", "(", ")"}
_PASSED_OVER = {DASH, ELLIPSIS}


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quotation was found: characters of the text, and whether the signs are the same."""

    start: int
    end: int
    same_signs: bool


def matches(fragments: Sequence[Fragment], index: Index) -> list[Match]:
    """Return where `fragments` stand in the text, in its order; those that are the same first."""
    search = _Search(fragments, index)
    tried = [
        match
        for first in islice(index.find(fragments[0].folded), _MOST_TRIED)
        if (match := search.begins_at(first)) is not None
    ]
    return [match for match in tried if match.same_signs] or tried


class _Search:
    """Looks for one row of fragments; `_steps` bounds what a text full of echoes may cost."""

    def __init__(self, fragments: Sequence[Fragment], index: Index) -> None:
        self._fragments = fragments
        self._index = index
        self._steps = _MOST_STEPS
        self._has_long = any(len(fragment.folded) >= _LONG for fragment in fragments)

    def begins_at(self, first: int) -> Match | None:
        """Return the match that begins at word `first`, one whose signs are the same if any is."""
        fallback: Match | None = None
        for runs in self._chains([first]):
            same_signs = all(self._same_signs(number, run) for number, run in enumerate(runs))
            match = Match(*self._ends(runs), same_signs)
            if match.same_signs:
                return match
            fallback = fallback or match
        return fallback

    def _chains(self, runs: list[int]) -> Iterator[list[int]]:
        """Yield the first words' numbers of all fragments, `runs` being those of the first few."""
        at = len(runs) - 1
        self._steps -= 1
        if self._steps < 0 or not _whole_words(self._fragments[at], self._index, runs[at]):
            return
        if len(runs) == len(self._fragments):
            yield runs
            return
        index, here, following = self._index, self._fragments[at], self._fragments[at + 1]
        after = runs[at] + len(here.folded)
        most = following.most
        if self._is_short(at) or self._is_short(at + 1):
            most = min(most, _MOST_BESIDE_SHORT)
        if (
            (self._is_short(at) and at > 0)
            or (self._is_short(at + 1) and at + 2 < len(self._fragments))
            or not self._has_long
        ):
            most = 0
        begins = index.chapter_at(index.starts[runs[0]])
        for found in index.find(following.folded, after, after + most + 1):
            left_out = index.folded(after, found)
            is_close = len(left_out) <= _FEW or most <= _MOST_BESIDE_SHORT
            if is_close and any(map(_denies, left_out)):
                continue
            if begins is not index.chapter_at(index.starts[found]):
                return
            yield from self._chains([*runs, found])

    def _ends(self, runs: Sequence[int]) -> tuple[int, int]:
        """Return where a match begins and ends, with the signs beside it that the text has too."""
        first, last, text = self._fragments[0], self._fragments[-1], self._index.text
        start = self._index.starts[runs[0]]
        end = self._index.ends[runs[-1] + len(last.folded) - 1]
        before = tokens(text, max(start - _AROUND, 0), start)
        for sign in _alike(first.before[::-1], before[::-1]):
            start = sign.start
        for sign in _alike(last.after, tokens(text, end, end + _AROUND)):
            end = sign.end
        return start, end

    def _is_short(self, number: int) -> bool:
        return len(self._fragments[number].folded) < _LONG

    def _same_signs(self, number: int, first: int) -> bool:
        """Whether what stands between the words, and their capitals, are the same in the text."""
        fragment, index = self._fragments[number], self._index
        start, end = index.starts[first], index.ends[first + len(fragment.folded) - 1]
        there = tokens(index.text, start, end)
        if len(there) != len(fragment.core):
            return False
        return all(
            quoted.form == stands.form
            or (quoted.is_word and _same_letters(quoted.form, there, at, index.text))
            for at, (quoted, stands) in enumerate(zip(fragment.core, there, strict=True))
        ) and self._same_ends(number, start, end)

    def _same_ends(self, number: int, start: int, end: int) -> bool:
        """Whether the signs at a fragment's ends are there; beside an omission they are free."""
        fragment, text = self._fragments[number], self._index.text
        if number == 0:
            before = [token.form for token in fragment.before if token.form not in _PASSED_OVER]
            precede = [
                token.form
                for token in tokens(text, max(start - _AROUND, 0), start)
                if token.form not in _PASSED_OVER
            ]
            if before and precede[-len(before) :] != before:
                return False
            minus = fragment.before and fragment.before[-1].form == DASH
            if minus and fragment.core[0].form[0].isdigit() and text[start - 1] not in DASHES:
                return False
        moved = _MOVED if number == len(self._fragments) - 1 else _MOVED_INSIDE
        after = [token.form for token in fragment.after if token.form not in moved]
        follow = [
            token.form for token in tokens(text, end, end + _AROUND) if token.form not in moved
        ]
        is_statement = any(token.form == "." for token in fragment.after)
        if not after and follow[:1] in (["?"], ["!"]) and is_statement:
            return False  # Where the text asks or cries out, the full stop is no moved one.
        return follow[: len(after)] == after


def _denies(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't") or word.startswith("n'")


def _whole_words(fragment: Fragment, index: Index, first: int) -> bool:
    """Whether the words are no part of a longer one with hyphens: "violent" of "non-violent"."""
    text, last = index.text, first + len(fragment.folded) - 1
    start, end = index.starts[first], index.ends[last]
    has_dash = (
        any(token.form == DASH for token in fragment.before),
        any(token.form == DASH for token in fragment.after),
    )
    continues = (
        start > 1 and text[start - 1] in HYPHENS and text[start - 2].isalnum(),
        end + 1 < len(text) and text[end] in HYPHENS and text[end + 1].isalnum(),
    )
    return not any(cut and not quoted for cut, quoted in zip(continues, has_dash, strict=True))


def _same_letters(quoted: str, there: list[ComparableWord], number: int, text: str) -> bool:
    """Whether two words differ only as they may: the first letter's case, a line in capitals."""
    stands = there[number].form
    if quoted.casefold() != stands.casefold():
        return False
    if number == 0 and quoted[1:] == stands[1:]:
        return True  # Also where a fragment begins after an omission.
    if len(stands) < 2 or not stands.isupper():
        return False
    beside = [
        token.form for token in there[max(number - 1, 0) : number + 2] if token is not there[number]
    ]
    opens = text[: there[number].start].rstrip("".join(DASHES) + "“‘\"'«»„ ").endswith("\n")
    return opens or any(len(word) > 1 and word.isupper() for word in beside)


def _alike(
    quoted: Sequence[ComparableWord], there: Sequence[ComparableWord]
) -> Iterator[ComparableWord]:
    """Yield the signs of `there`, from the first on, as long as they are those of `quoted`."""
    pairs = zip(quoted, there, strict=False)
    return (stands for _, stands in takewhile(lambda pair: pair[0].form == pair[1].form, pairs))
