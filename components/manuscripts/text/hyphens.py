"""Words divided at the end of a line, whole again; true compounds keep their hyphen.

The book itself is the dictionary: a word stands whole on some other line more often than not, and
so does a compound. Where neither does, the book's other words decide: "good-" begins compounds
elsewhere; "manage" is the beginning of a word that is there; "twenty" and "three" are words. No
list of words is needed, so that it works for any language that hyphenates with a hyphen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HYPHENS = "-\u2010\u2011\u00ad"
_SOFT = "\u00ad"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
#: What a line ends with where it may divide a word, and what the next begins with.
_LAST = re.compile(rf"([^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*)([{_HYPHENS}])$")
_FIRST = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
_DASHES = ("—", "―", "--")
_TIGHT = re.compile(r"\w[\"”»’]?(?:—|--)[\"“«‘]?\w")
_DOUBLE = re.compile(r"(?<!-)--(?=[^-\s])")
_LOOSE = re.compile(r"(?:—|--)\s+\w")
#: Letters of the joined word, beyond its first part, that another word must share; letters at
#: its end that inflection may change.
_BEYOND = 2
_INFLECTION = 3
#: Compounds that begin with the same part, from which a part is known to make compounds.
_MAKES_COMPOUNDS = 2
#: Letters of the shortest word that is taken for a part of another.
_PART = 3
_CONJUNCTIONS = ("and", "or", "et", "ou", "und", "oder")


@dataclass(slots=True)
class Vocabulary:
    """The words of a book that stand whole on a line, how often each, in lower case."""

    words: Counter[str] = field(default_factory=Counter)
    compounds: Counter[str] = field(default_factory=Counter)
    first_parts: Counter[str] = field(default_factory=Counter)
    last_parts: Counter[str] = field(default_factory=Counter)
    tight_dashes: bool = True
    double_hyphens: bool = False
    _sorted: list[str] = field(default_factory=list)
    _backwards: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of `lines`; what ends or begins a divided word is not in it."""
        self = cls()
        tokens: Counter[str] = Counter()
        tight = loose = 0
        rest = False
        for line in lines:
            found = line.casefold().split()
            divided = bool(found) and _divided(found[-1]) is not None
            tokens.update(found[1 if rest else 0 : -1 if divided else None])
            rest = divided
            if "—" in line or "--" in line:
                tight += len(_TIGHT.findall(line))
                loose += len(_LOOSE.findall(line))
                self.double_hyphens = self.double_hyphens or _DOUBLE.search(line) is not None
        # Words are looked for in each token once, however often it comes.
        for token, count in tokens.items():
            for word in _WORD.findall(token):
                self.words[word] += count
        for word in [word for word in self.words if not word.isalpha()]:
            count = self.words.pop(word)
            plain = _plain(word)
            self.compounds[plain] += count
            parts = plain.split("-")
            self.first_parts[parts[0]] += 1
            self.last_parts[parts[-1]] += 1
            for part in parts:
                self.words[part] += 1
        self.tight_dashes = tight >= loose
        self._sorted = sorted(self.words)
        self._backwards = sorted(word[::-1] for word in self.words)
        return self

    def begins_word(self, beginning: str) -> bool:
        """Return whether some word of the book begins so."""
        at = bisect_left(self._sorted, beginning)
        return at < len(self._sorted) and self._sorted[at].startswith(beginning)

    def closed(self, first: str, last: str) -> int:
        """Return how many words of the book are `first` with a word, or a word with `last`."""
        return sum(
            self.words[rest] > 0 for rest in _after(self._sorted, first) if len(rest) >= _PART
        ) + sum(
            self.words[rest[::-1]] > 0
            for rest in _after(self._backwards, last[::-1])
            if len(rest) >= _PART
        )


def _divided(text: str) -> re.Match[str] | None:
    """Return the part of a word, and its hyphen, that `text` ends with."""
    if text[-1] not in _HYPHENS:
        return None
    return _LAST.search(text[text.rfind(" ") + 1 :])


def _after(among: list[str], beginning: str) -> Iterator[str]:
    """Yield what follows `beginning` in the sorted words that begin so."""
    for at in range(bisect_left(among, beginning), len(among)):
        if not among[at].startswith(beginning):
            return
        yield among[at][len(beginning) :]


def join(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return lines as one text, the words between them whole."""
    joined: list[str] = []
    for line in lines:
        shown = line.strip()
        if not shown:
            continue
        if joined:
            joined[-1], between = _link(joined[-1], shown, vocabulary)
            joined.append(between)
        joined.append(shown)
    return "".join(joined)


def _link(first: str, second: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return a line without the hyphen that only divides a word, and what goes before `second`."""
    if first[-1] in _HYPHENS and second[0] in _HYPHENS and second[1:2].isalpha():
        return first[:-1], ""  # a compound broken before its own hyphen
    if first.endswith("--") and not vocabulary.double_hyphens:
        first = first[:-1]  # a compound's own hyphen, and one that a program set for the break
        return first, ""
    left = _divided(first)
    if left is None and first[-1] in _HYPHENS and second[0].isalnum():
        return first, ""  # a number is divided at its own hyphen
    if left is None:
        tight = vocabulary.tight_dashes and first.endswith(_DASHES)
        return first, "" if tight else " "
    right = _FIRST.match(second)
    if right is None:
        return first, ""  # "mid-" goes on with a number: the hyphen stays
    if not _keeps_hyphen(left[1], left[2], right[0], vocabulary):
        return first[:-1], ""
    return first, " " if right[0].casefold() in _CONJUNCTIONS else ""


def _keeps_hyphen(left: str, mark: str, right: str, vocabulary: Vocabulary) -> bool:
    """Return whether `left` and `right` are a compound and no divided word."""
    if mark == _SOFT:
        return False
    if right[0].isupper() and not left.isupper():
        return True
    left, right = _plain(left.casefold()), _plain(right.casefold())
    whole, hyphenated = left + right, f"{left}-{right}"
    # Of "good-hu-moured" and of "is-t-il" only the parts beside the break can be asked for.
    last, first = left.rsplit("-", 1)[-1], right.split("-", 1)[0]
    joined = vocabulary.compounds[whole] + vocabulary.words[whole] * ("-" not in whole)
    divided = vocabulary.compounds[hyphenated]
    if joined or divided:
        return divided >= joined
    word = last + first
    if word != whole and (vocabulary.words[word] or vocabulary.compounds[f"{last}-{first}"]):
        return vocabulary.compounds[f"{last}-{first}"] >= vocabulary.words[word]
    if right in _CONJUNCTIONS and not vocabulary.begins_word(word):
        return True  # "pre- and post-war"
    if vocabulary.begins_word(word[: max(len(last) + _BEYOND, len(word) - _INFLECTION)]):
        return False
    if not (vocabulary.words[last] and vocabulary.words[first]):
        return vocabulary.first_parts[last] >= _MAKES_COMPOUNDS
    # Both parts are words: "pin-money" or "cease-less". What the book does with such parts decides.
    open_ones = vocabulary.first_parts[last] + vocabulary.last_parts[first]
    return open_ones >= vocabulary.closed(last, first)


def _plain(word: str) -> str:
    return word.translate(_TO_HYPHEN)


_TO_HYPHEN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00ad": None})
