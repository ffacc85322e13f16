"""Where a manuscript has what a kind of question asks for: names of people and places, figures.

They are told by how they are written, so that invented ones count and no list of names is needed.
A person's full name is two names, or a title and a name, side by side: a book gives it where it
introduces somebody or speaks of them from outside. A place's name follows a preposition.
"""

from collections.abc import Mapping, Sequence

from components.evidence import Index
from components.evidence.claims.figures import figures
from components.evidence.unknown_names import names_nobody
from components.manuscripts.text.personal_names import TITLES, word_set
from components.retrieval.question import Kind

_PREPOSITIONS = word_set(
    """
    in at to from of for near into through toward towards
    nach aus bei von zu à en dans de vers chez a desde hacia
    """
)
_ARTICLES = word_set("the der die das den dem la le les l' el los las")
#: Letters of the shortest name.
_SHORTEST = 3


class AnswerKinds:
    """The words of `index` by the kinds of answer that they may be, by number and as folded."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._folded = [word.removesuffix("'s") for word in index.folded(0, len(index))]
        self._names = self._find_names()
        figure = {word for word in set(self._folded) if any(figures(word))}
        names = sorted(self._names)
        self._found: Mapping[Kind, Sequence[tuple[int, ...]]] = {
            "person": [(at - 1, at) for at in names if self._continues(at - 1)],
            "place": [(at,) for at in names if self._is_placed(at)],
            "figure": [(at,) for at, word in enumerate(self._folded) if word in figure],
        }

    def words(self, kind: Kind, but: frozenset[str]) -> list[int]:
        """Return the numbers of the words of a kind, a full name by its first.

        What has a word of `but`, those of the question, is left out.
        """
        return [
            numbers[0]
            for numbers in self._found[kind]
            if all(self._folded[number] not in but for number in numbers)
        ]

    def _find_names(self) -> frozenset[int]:
        """Return the numbers of the words that are part of a name."""
        text, starts = self._index.text, self._index.starts
        known = {
            word
            for word in self._index.capitalised
            if len(word) >= _SHORTEST and word not in TITLES and not names_nobody(word)
        }
        return frozenset(
            number
            for number, word in enumerate(self._folded)
            if word in known and text[starts[number]].isupper()
        )

    def _continues(self, number: int) -> bool:
        """Whether a word is a name or a title that the next one continues."""
        if number < 0:
            return False
        index = self._index
        between = index.text[index.ends[number] : index.starts[number + 1]]
        if number in self._names:
            return between in (" ", "\n", "-")
        is_title = index.text[index.starts[number]].isupper() and self._folded[number] in TITLES
        return is_title and between.removeprefix(".") in (" ", "\n")

    def _is_placed(self, number: int) -> bool:
        """Whether a preposition stands before a name."""
        before = number - 1
        if before >= 0 and self._folded[before] in _ARTICLES:
            before -= 1
        return before >= 0 and self._folded[before] in _PREPOSITIONS
