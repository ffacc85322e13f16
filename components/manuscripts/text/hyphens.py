"""Words divided at the end of a line, whole again; true compounds keep their hyphen.

The book itself is the dictionary, for any language: a word or a compound stands whole on some other
line more often than not. Where neither does, the book's other words decide: "good-" begins
compounds elsewhere; "manage" begins a word that is there; "twenty" and "three" are words.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

_SOFT = "\u00ad"
_HYPHENS = f"-\u2010\u2011{_SOFT}"
_TO_HYPHEN = str.maketrans({"\u2010": "-", "\u2011": "-", _SOFT: None})
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
#: What a line ends with where it may divide a word.
_LAST = re.compile(rf"({_WORD.pattern})([{_HYPHENS}])$")
_DASHES = ("—", "―", "--")
_TIGHT = re.compile(r"\w[\"”»’]?(?:—|--)[\"“«‘]?\w")
_DOUBLE = re.compile(r"(?<!-)--(?=[^-\s])")
_LOOSE = re.compile(r"(?:—|--)\s+\w")
#: Letters of the joined word, beyond its first part, that another word must share; letters at
#: its end that inflection may change.
_BEYOND, _INFLECTION = 2, 3
#: Compounds that begin with the same part, from which a part is known to make compounds.
_MAKES_COMPOUNDS = 2
#: Letters of the shortest word that is taken for a part of another.
_PART = 3
_CONJUNCTIONS = ("and", "or", "et", "ou", "und", "oder")


class Vocabulary:
    """The words of a book that stand whole on one of its lines, how often each, in lower case."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.words: Counter[str] = Counter()
        self.compounds: Counter[str] = Counter()
        self.first_parts: Counter[str] = Counter()
        self.last_parts: Counter[str] = Counter()
        self.double_hyphens = False
        tokens: Counter[str] = Counter()
        tight = loose = 0
        was_divided = False
        for line in lines:
            line_tokens = line.casefold().split()
            divided = bool(line_tokens) and _divided(line_tokens[-1]) is not None
            tokens.update(line_tokens[1 if was_divided else 0 : -1 if divided else None])
            was_divided = divided
            if "—" in line or "--" in line:
                tight += len(_TIGHT.findall(line))
                loose += len(_LOOSE.findall(line))
                self.double_hyphens = self.double_hyphens or _DOUBLE.search(line) is not None
        self.tight_dashes = tight >= loose
        # Words are looked for in each token once, however often it comes.
        for token, count in tokens.items():
            for word in _WORD.findall(token):
                self.words[word] += count
        for word in [word for word in self.words if not word.isalpha()]:
            compound = word.translate(_TO_HYPHEN)
            parts = compound.split("-")
            self.compounds[compound] += self.words.pop(word)
            self.first_parts[parts[0]] += 1
            self.last_parts[parts[-1]] += 1
            self.words.update(parts)
        self._sorted = sorted(self.words)
        self._backwards = sorted(word[::-1] for word in self.words)

    def begins_word(self, beginning: str) -> bool:
        """Return whether some word of the book begins so."""
        return next(_after(self._sorted, beginning), None) is not None

    def closed(self, first: str, last: str) -> int:
        """Return how many words of the book are `first` with a word, or a word with `last`."""
        others = [*_after(self._sorted, first)]
        others += [rest[::-1] for rest in _after(self._backwards, last[::-1])]
        return sum(self.words[other] > 0 for other in others if len(other) >= _PART)


def _divided(text: str) -> re.Match[str] | None:
    """Return the part of a word, and its hyphen, that `text` ends with."""
    return _LAST.search(text[text.rfind(" ") + 1 :]) if text[-1] in _HYPHENS else None


def _after(among: list[str], beginning: str) -> Iterator[str]:
    """Yield what follows `beginning` in the sorted words that begin so."""
    for at in range(bisect_left(among, beginning), len(among)):
        if not among[at].startswith(beginning):
            return
        yield among[at][len(beginning) :]


def join(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return lines as one text, the words between them whole."""
    joined: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if joined:
            joined[-1], between = _link(joined[-1], line, vocabulary)
            joined.append(between)
        joined.append(line)
    return "".join(joined)


def _link(first: str, second: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return a line without the hyphen that only divides a word, and what goes before `second`."""
    if first[-1] in _HYPHENS and second[0] in _HYPHENS and second[1:2].isalpha():
        return first[:-1], ""  # a compound broken before its own hyphen
    if first.endswith("--") and not vocabulary.double_hyphens:
        return first[:-1], ""  # a compound's own hyphen, and one that a program set for the break
    left = _divided(first)
    if left is None:
        number = first[-1] in _HYPHENS and second[0].isalnum()  # divided at its own hyphen
        dash = vocabulary.tight_dashes and first.endswith(_DASHES)
        return first, "" if number or dash else " "
    right = _WORD.match(second)
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
    left, right = (part.casefold().translate(_TO_HYPHEN) for part in (left, right))
    whole, compounds = left + right, vocabulary.compounds
    joined = compounds[whole] + vocabulary.words[whole] * ("-" not in whole)
    divided = compounds[f"{left}-{right}"]
    if joined or divided:
        return divided >= joined
    # Of "good-hu-moured" and of "is-t-il" only the parts beside the break can be looked up.
    last, first = left.rsplit("-", 1)[-1], right.split("-", 1)[0]
    word, divided = last + first, compounds[f"{last}-{first}"]
    if word != whole and (vocabulary.words[word] or divided):
        return divided >= vocabulary.words[word]
    if right in _CONJUNCTIONS and not vocabulary.begins_word(word):
        return True  # "pre- and post-war"
    if vocabulary.begins_word(word[: max(len(last) + _BEYOND, len(word) - _INFLECTION)]):
        return False
    if not (vocabulary.words[last] and vocabulary.words[first]):
        return vocabulary.first_parts[last] >= _MAKES_COMPOUNDS
    # Both parts are words: "pin-money" or "cease-less". What the book does with such parts decides.
    hyphenated = vocabulary.first_parts[last] + vocabulary.last_parts[first]
    return hyphenated >= vocabulary.closed(last, first)
