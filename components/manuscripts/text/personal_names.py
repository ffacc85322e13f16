"""Names by the way they are written, in a book, in an answer about it and in a list of characters.

A name is a run of words with a capital where no sentence begins. The caller decides which words may
be part of one; this module decides what joins them: spaces, a title's full stop and particles. It
also decides which names are one person's.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence


def word_set(text: str) -> frozenset[str]:
    """Return the words of `text`."""
    return frozenset(text.split())


#: They go before a name and are no part of it. Lower case, without a full stop.
TITLES = word_set(
    """
    mr mrs ms miss mister mistress master dr doctor sir madam lady lord captain colonel major
    general lieutenant sergeant inspector professor judge father mother brother sister aunt uncle
    cousin king queen prince princess duke duchess count countess baron baroness reverend rev saint
    st m mme mlle monsieur madame mademoiselle capitaine docteur comte comtesse herr frau fräulein
    doktor graf gräfin freiherr onkel tante vater señor señora señorita don doña signor signora
    mynheer
    """
)

#: They stand inside a name, before a word with a capital.
PARTICLES = word_set("de du des del della di da la le van von der den zu")

_ENGLISH = """
    i i'm i'll i've i'd o oh ah god lord heaven sir madam ma'am mr mrs dr
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    christmas easter michaelmas english french german italian spanish american dutch russian
    british scottish irish welsh roman greek latin turkish european indian chinese christian
    englishman frenchman englishmen frenchmen americans germans indians christians
    ok tv chapter part book
"""

#: Words with a capital that are no names, by language.
NO_NAMES = {
    "en": word_set(_ENGLISH),
    "fr": word_set("dieu monsieur madame mademoiselle je chapitre"),
    "it": word_set("dio signore signora capitolo"),
    "es": word_set("dios usted ud señor señora capítulo"),
    "pt": word_set("deus senhor senhora capítulo"),
    "nl": word_set("god mijnheer mevrouw ik hoofdstuk"),
}

_SPACES = frozenset(" \n\u00a0")

#: Share of the titled mentions that a title needs for the bare name to be its.
_DOMINANT = 1 / 2

#: A title (empty without) and the words of a name without it, all in lower case.
WrittenName = tuple[str, tuple[str, ...]]


def continues(between: str, before: str) -> bool:
    """Whether a sentence continues over `between`, what follows the word `before` in lower case."""
    if between in {"-", "’", "'"}:
        return True
    return between != "" and between.strip() in ({"", ",", "."} if before in TITLES else {"", ","})


def name_runs(
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
    words: Sequence[str],
    first_words: Iterable[int],
    is_part: Callable[[int], bool],
    *,
    particles: Collection[str] = PARTICLES,
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first and the last word of each name in `text`.

    `starts`, `ends` and `words` (in lower case, with straight apostrophes) are the words of `text`.
    A name begins at one of `first_words`, which are in order, and continues with those that
    `is_part` accepts. A possessive ends it.
    """

    def joins(number: int) -> bool:
        """Whether nothing parts a word from the next one."""
        if number + 1 >= len(words):
            return False
        between = text[ends[number] : starts[number + 1]]
        if words[number] in TITLES:
            between = between.removeprefix(".")
        return between == "-" or between in _SPACES

    after = 0
    for first in first_words:
        if first < after:
            continue
        last = first
        while joins(last) and not words[last].endswith("'s"):
            if is_part(last + 1):
                last += 1
            elif words[last + 1] in particles and joins(last + 1) and is_part(last + 2):
                last += 2
            else:
                break
        after = last + 1
        yield first, last


def bearers(counts: Counter[WrittenName], *, least: int = 1) -> dict[WrittenName, tuple[str, ...]]:
    """Return for each written name a key, the same for all names of one person.

    `counts` says how often each is written. "Mr. Darcy" and "Darcy" are one unless another title
    goes with the name as often; "Charles Bingley" is one with both of its halves where each half
    belongs to the other alone. A full name that is written less often than `least` proves nothing.
    """
    titles: dict[str, Counter[str]] = defaultdict(Counter)
    firsts: dict[str, set[str]] = defaultdict(set)
    lasts: dict[str, set[str]] = defaultdict(set)
    alone = {words[0] for _, words in counts if len(words) == 1}
    for (title, words), count in counts.items():
        if title:
            titles[words[-1]][title] += count
        if len(words) > 1 and count >= least:
            firsts[words[-1]].add(words[0])
            lasts[words[0]].add(words[-1])

    def single(title: str, word: str) -> tuple[str, ...]:
        """Return the key of a name of one word: with its title where several go with it."""
        known = titles[word]
        if len(known) < 2:
            return ("", word)
        usual, count = known.most_common(1)[0]
        owner = usual if count > _DOMINANT * known.total() else ""
        return ("", word) if (title or owner) == owner else (title, word)

    keys = {}
    for (title, words), count in counts.items():
        first, last = words[0], words[-1]
        if len(words) == 1:
            key = single(title, last)
            # A surname that one first name has, and nobody with another title, is that person's.
            if key == ("", last) and len(firsts[last]) == 1 and len(titles[last]) < 2:
                (owner,) = firsts[last]
                if len(lasts[owner]) == 1 and owner in alone:
                    key = single("", owner)
        elif first in alone and (len(lasts[first]) == 1 or count < least):
            key = single("", first)
        elif first not in alone and len(firsts[last]) == 1:
            key = single(title, last)
        else:
            key = ("", *words)
        keys[title, words] = key
    return keys
