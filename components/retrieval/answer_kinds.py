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
from components.retrieval.query import Kind

_PREPOSITIONS = word_set(
    """
    in at to from of for near into through toward towards
    nach aus bei von zu à en dans de vers chez a desde hacia
    """
)
_ARTICLES = word_set("the der die das den dem la le les l' el los las")
#: Letters of the shortest name.
_SHORTEST = 3


#: The number of a word, and all words of the name or figure that begins with it, folded.
Answer = tuple[int, tuple[str, ...]]


def answers_in(index: Index) -> Mapping[Kind, Sequence[Answer]]:
    """Return what the manuscript has of each kind of answer, in order."""
    text, starts, ends = index.text, index.starts, index.ends
    folded = [word.removesuffix("'s") for word in index.folded(0, len(index))]
    name_words = {
        word
        for word in index.capitalised
        if len(word) >= _SHORTEST and word not in TITLES and not names_nobody(word)
    }
    figure_words = {word for word in set(folded) if any(figures(word))}
    names = [
        at for at, word in enumerate(folded) if word in name_words and text[starts[at]].isupper()
    ]
    is_name = frozenset(names)

    def continues(at: int) -> bool:
        """Whether a name goes on after a word, which is a name, too, or a title."""
        if at < 0:
            return False
        between = text[ends[at] : starts[at + 1]]
        if at in is_name:
            return between in (" ", "\n", "-")
        is_title = folded[at] in TITLES and text[starts[at]].isupper()
        return is_title and between.removeprefix(".") in (" ", "\n")

    def is_placed(at: int) -> bool:
        """Whether a preposition stands before a name."""
        before = at - 1 - (at > 0 and folded[at - 1] in _ARTICLES)
        return before >= 0 and folded[before] in _PREPOSITIONS

    return {
        "person": [(at - 1, (folded[at - 1], folded[at])) for at in names if continues(at - 1)],
        "place": [(at, (folded[at],)) for at in names if is_placed(at)],
        "figure": [(at, (word,)) for at, word in enumerate(folded) if word in figure_words],
    }
