"""A quotation cut where it says itself that it is not whole: at ellipses and square brackets.

Brackets in a quotation are its writer's: "[he]" for a name, "[Darcy]" for a pronoun, "[T]he" for a
capital, "[...]" for an omission, "[sic]". Only these are understood. Any other word in brackets
could stand for its opposite, and then nothing is verified.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import groupby

from components.evidence.comparable_words import ELLIPSIS, ComparableWord, fold, tokens
from components.manuscripts import WORDS_PER_PAGE
from components.manuscripts.text.personal_names import word_set

#: Words that an ellipsis may leave out: a page.
_MOST_LEFT_OUT = WORDS_PER_PAGE
#: Words that one pair of square brackets may stand for.
_MOST_IN_BRACKETS = 4

_BRACKETS = re.compile(r"\[([^\[\]]{0,80})\]")
_OMISSION = re.compile(r"\s*(?:…|\.(?:\s?\.)+)?\s*")
#: "[T]he": a word that begins a fragment, where the case of the first letter is free.
_CAPITAL = re.compile(r"\[\s*([^\W\d_])\s*\](?=[^\W\d_])")
_BREAK = "\0"
_PARTING = (ELLIPSIS, _BREAK)

#: What may stand in brackets for something else, besides a name.
_PRONOUNS = word_set(
    """
    i you he she it we they me him her us them my your his its our their mine yours hers ours
    theirs who whom whose this that these those the a an je tu il elle on nous vous ils elles le
    la les lui leur son sa ses mon ma mes ce cet cette ich du er sie es wir ihr ihn ihm ihnen
    sein seine der die das den dem yo él ella ellos ellas su sus lo los las el
    """
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that must follow each other, and the signs between them and at both ends.

    `core` runs from the first word to the last; `folded` are its words alone. At most `most` words
    may lie between it and the fragment before.
    """

    core: tuple[ComparableWord, ...]
    before: tuple[ComparableWord, ...] = ()
    after: tuple[ComparableWord, ...] = ()
    most: int = 0
    folded: tuple[str, ...] = ()

    @staticmethod
    def of(run: list[ComparableWord], most: int) -> Fragment | None:
        """Return the fragment of these words and signs; None without a word among them."""
        at = [number for number, token in enumerate(run) if token.is_word]
        if not at:
            return None
        core = tuple(run[at[0] : at[-1] + 1])
        return Fragment(
            core,
            tuple(run[: at[0]]),
            tuple(run[at[-1] + 1 :]),
            most,
            tuple(fold(token.form) for token in core if token.is_word),
        )


def fragments(quoted: str, vocabulary: Container[str]) -> list[Fragment] | None:
    """Cut `quoted` at its omissions; `vocabulary` is what names may be of, folded.

    None where its brackets cannot be understood, or where no word is left.
    """
    parts: list[Fragment] = []
    gap = 0
    # Every second piece stood in brackets.
    for number, piece in enumerate(_BRACKETS.split(_CAPITAL.sub(rf"{_BREAK}\1", quoted))):
        if number % 2 == 0:
            gap = _add(parts, tokens(piece), gap)
        elif _OMISSION.fullmatch(piece.strip()):
            gap = _MOST_LEFT_OUT
        elif fold(piece.strip()) != "sic":
            if not _may_stand(piece, vocabulary):
                return None
            gap = max(gap, _MOST_IN_BRACKETS)
    return parts or None


def _add(parts: list[Fragment], piece: list[ComparableWord], gap: int) -> int:
    """Append the fragments of `piece`, the first after `gap` words; return the gap at its end."""
    for form, run in groupby(piece, key=lambda token: token.form if token.form in _PARTING else ""):
        if form == ELLIPSIS:
            gap = _MOST_LEFT_OUT
        elif not form and (fragment := Fragment.of(list(run), gap if parts else 0)):
            parts.append(fragment)
            gap = 0
    return gap


def _may_stand(inside: str, vocabulary: Container[str]) -> bool:
    words = [token.form for token in tokens(inside) if token.is_word]
    return 0 < len(words) <= _MOST_IN_BRACKETS and all(
        fold(word) in _PRONOUNS or (word[:1].isupper() and fold(word) in vocabulary)
        for word in words
    )
