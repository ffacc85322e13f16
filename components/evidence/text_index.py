"""A manuscript made ready for looking up words that follow each other.

All its words, folded, in one string with a space between: quote a run of words is then one search
of that string at the speed of memory, and a table leads back to the characters. 120,000 words take
about 0.1 s and 3 MB. The signs between the words are compared only where the words were found.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, MutableSequence, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate

from components.evidence.comparable_words import fold, folded_words, stem, without_accents, words
from components.manuscripts import Chapter, Manuscript


class Index:
    """The words of `manuscript`, by number from 0 and by where they stand. It never changes."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.title = manuscript.title
        self.author = manuscript.author
        self.text = manuscript.text
        self.chapters = manuscript.chapters
        found = list(words(manuscript.text))
        self.starts = array("I", [match.start() for match in found])
        self.ends = array("I", [match.end() for match in found])
        folded = [fold(match[0]) for match in found]
        #: Where each word begins in the string.
        self._places = array("I", accumulate((len(word) + 1 for word in folded), initial=1))
        self._places.pop()
        self._string = f" {' '.join(folded)} "
        self._chapter_starts = [chapter.start for chapter in manuscript.chapters]

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.starts)

    def find(self, folded: Sequence[str], first: int = 0, last: int | None = None) -> Iterator[int]:
        """Yield the number of each word from `first` to before `last` where `folded` begins."""
        if not folded or first >= len(self):
            return
        needle = f" {' '.join(folded)} "
        start = self._places[first] - 1
        stop = len(self._string)
        if last is not None and last < len(self):
            stop = min(self._places[last] - 1 + len(needle) - 1, stop)
        while (at := self._string.find(needle, start, stop)) >= 0:
            yield bisect_left(self._places, at + 1)
            start = at + 1

    def folded(self, first: int, last: int) -> list[str]:
        """Return the words from number `first` to before `last`, folded."""
        if first >= last:
            return []
        stop = self._places[last] - 1 if last < len(self) else len(self._string) - 1
        return self._string[self._places[first] : stop].split(" ")

    def chapter_at(self, offset: int) -> Chapter | None:
        """Return the chapter in which a character stands; None where there are no chapters."""
        if not self.chapters:
            return None
        return self.chapters[max(bisect_right(self._chapter_starts, offset) - 1, 0)]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the text, of the title and of the author's name, folded."""
        named = (match[0] for match in words(f"{self.title} {self.author}"))
        return frozenset(self._string.split(" ")) | {fold(word) for word in named}

    @cached_property
    def plain_vocabulary(self) -> frozenset[str]:
        """The words that have accents, without them, and all others."""
        return frozenset(map(without_accents, self.vocabulary))

    @cached_property
    def stems(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the words with each stem, in order."""
        of_word = {word: stem(word) for word in self.vocabulary}
        numbers: dict[str, MutableSequence[int]] = {}
        for number, word in enumerate(self._string.split()):
            numbers.setdefault(of_word[word], array("I")).append(number)
        return numbers

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """See `capitalised`."""
        return capitalised(self.text)

    @cached_property
    def plain_stems(self) -> frozenset[str]:
        """The stems of the words that the text does not only have with a capital."""
        return frozenset(map(stem, self.vocabulary - self.capitalised))

    @cached_property
    def titles(self) -> frozenset[tuple[str, ...]]:
        """The words of the title, of the author's name, of each heading and title of a chapter."""
        named = [self.title, self.author]
        named += [one for chapter in self.chapters for one in (chapter.heading, chapter.title)]
        return frozenset(tuple(folded_words(name)) for name in named if name) - {()}


@lru_cache(maxsize=4)
def index_of(manuscript: Manuscript) -> Index:
    """Return the index of a manuscript, made once for the last few."""
    return Index(manuscript)


#: One passage is compared with many claims.
@lru_cache(maxsize=8)
def capitalised(text: str) -> frozenset[str]:
    """Return the words, folded, that `text` has with a capital and other letters, never without."""
    small, large = set[str](), set[str]()
    for written in {match[0] for match in words(text)}:
        if written[0].islower():
            small.add(fold(written).removesuffix("'s"))
        elif not written.isupper():
            large.add(fold(written).removesuffix("'s"))
    return frozenset(large - small)
