"""A quotation cut where it says itself that it is not whole: at ellipses and square brackets.

Brackets in a quotation are its writer's: "[he]" for a name, "[Darcy]" for a pronoun, "[T]he" for a
capital, "[...]" for an omission, "[sic]". Only these are understood. Any other word in brackets
could stand for its opposite, and then nothing is verified.
"""

from __future__ import annotations

import re
from collections.abc import Container

from components.evidence.comparable_words import ELLIPSIS, ComparableWord, fold, tokens
from components.evidence.quotation_match import MOST_IN_BRACKETS, MOST_LEFT_OUT, Fragment

_BRACKETS = re.compile(r"\[([^\[\]]{0,80})\]")
_OMISSION = re.compile(r"\s*(?:…|\.(?:\s?\.)+)?\s*")
_INITIAL = re.compile(r"[^\W\d_]")

#: What may stand in brackets for something else, besides a name.
_PRONOUNS = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "me",
        "him",
        "her",
        "us",
        "them",
        "my",
        "your",
        "his",
        "its",
        "our",
        "their",
        "mine",
        "yours",
        "hers",
        "ours",
        "theirs",
        "who",
        "whom",
        "whose",
        "this",
        "that",
        "these",
        "those",
        "the",
        "a",
        "an",
        "je",
        "tu",
        "il",
        "elle",
        "on",
        "nous",
        "vous",
        "ils",
        "elles",
        "le",
        "la",
        "les",
        "lui",
        "leur",
        "son",
        "sa",
        "ses",
        "mon",
        "ma",
        "mes",
        "ce",
        "cet",
        "cette",
        "ich",
        "du",
        "er",
        "sie",
        "es",
        "wir",
        "ihr",
        "ihn",
        "ihm",
        "ihnen",
        "sein",
        "seine",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "yo",
        "él",
        "ella",
        "ellos",
        "ellas",
        "su",
        "sus",
        "lo",
        "los",
        "las",
        "el",
    ]
)


def fragments(quoted: str, vocabulary: Container[str]) -> list[Fragment] | None:
    """Cut `quoted` at its omissions; `vocabulary` is what names may be of, folded.

    None where its brackets cannot be understood, or where no word is left.
    """
    parts: list[Fragment] = []
    gap = here = 0
    for match in _BRACKETS.finditer(quoted):
        inside = match[1].strip()
        gap = _add(parts, tokens(quoted, here, match.start()), gap)
        here = match.end()
        if _OMISSION.fullmatch(inside):
            gap = MOST_LEFT_OUT
        elif _INITIAL.fullmatch(inside) and quoted[here : here + 1].isalpha():
            # "[T]he": read as a word that begins a fragment, where the first letter's case is free.
            word = re.match(r"\w+", quoted[here:])
            length = word.end() if word else 0
            whole = inside + quoted[here : here + length]
            rest = tokens(quoted, here + length)
            until = _BRACKETS.search(quoted, here)
            rest = [token for token in rest if until is None or token.end <= until.start()]
            gap = _add(
                parts, [ComparableWord(whole, True, match.start(), here + length), *rest], gap
            )
            here = until.start() if until else len(quoted)
        elif fold(inside) != "sic":
            if not _may_stand(inside, vocabulary):
                return None
            gap = max(gap, MOST_IN_BRACKETS)
    _add(parts, tokens(quoted, here), gap)
    return parts or None


def _add(parts: list[Fragment], found: list[ComparableWord], gap: int) -> int:
    """Append the fragments of `found`, the first after `gap` words; return the gap at its end."""
    run: list[ComparableWord] = []
    for token in found:
        if token.form == ELLIPSIS:
            gap = _append(parts, run, gap)
            run, gap = [], MOST_LEFT_OUT
        else:
            run.append(token)
    return _append(parts, run, gap)


def _append(parts: list[Fragment], run: list[ComparableWord], gap: int) -> int:
    fragment = Fragment.of(run, gap if parts else 0)
    if fragment is None:
        return gap
    parts.append(fragment)
    return 0


def _may_stand(inside: str, vocabulary: Container[str]) -> bool:
    words = [token.form for token in tokens(inside) if token.is_word]
    return 0 < len(words) <= MOST_IN_BRACKETS and all(
        fold(word) in _PRONOUNS or (word[:1].isupper() and fold(word) in vocabulary)
        for word in words
    )
