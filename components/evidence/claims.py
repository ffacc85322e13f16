"""Whether a claim about a manuscript can rest on the sentence that it names.

A model writes a claim and the number of a sentence. The number is right or a few too high or low:
the words that claim and sentence share set it right. What in the claim the sentence does not carry,
as far as words can show it, is a doubt: it is shown to the editor, who judges.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice
from math import ceil, log
from typing import Literal

from components.evidence.chapter_attribution import mentions
from components.evidence.comparable_words import fold, stem, words
from components.evidence.text_index import Index
from components.evidence.unknown_names import is_ordinary_word, unknown_names
from components.manuscripts.chapters.numerals import spelled
from components.manuscripts.text.personal_names import TITLES, word_set

DoubtKind = Literal[
    "unknown name",
    "chapter named",
    "figure",
    "negation",
    "changed word",
    "name elsewhere",
    "words elsewhere",
]

#: Share of a claim's weight that the sentence must have, and of its words where negation or a
#: changed word is looked at.
_LEAST_SHARE, _CLOSE = 0.15, 0.6
#: Sentences of a passage that may have the one word that a claim shares with its sentence.
_RARE = 3
#: Share of a claim's words that stand together elsewhere, how many more than here, within how many
#: words to both sides; characters beyond which a text without chapters is elsewhere.
_NEARLY_ALL, _MORE, _WINDOW, _FAR = 0.75, 2, 12, 3_000
#: Characters before a sentence, and half as many after it, in which whom it means is named.
_BEFORE = 3_000

_FUNCTION = word_set(
    """
    a an the and or but nor so yet if then than as at by for from in into of off on onto out over to
    up upon with within without about after again against all also although am any are because been
    before being below between both can could did do does doing done down during each even ever few
    further had has have having he her here hers herself him himself his how however i is it its
    itself just let like made make makes may me might more most much must my myself no not now of
    once one only other our ours own per rather same she should since some such that their theirs
    them themselves there these they this those though through too toward towards under until us
    very despite following although throughout amid besides unlike several many
    was we were what when where which while who whom whose why will would you your yours
    everybody everyone everything somebody someone something anybody anyone anything
    narrator character characters protagonist reader scene story text chapter passage
    der die das den dem des ein eine einen einem einer und oder aber ist sind waren hatte
    haben mit von aus auf für als wie sich er sie es ihm ihn ihr ihre seine sein zu zum zur bei im
    am nach vor über unter dass nicht auch noch nur so da dann wenn wird werden kann
    le la les l un une des du de et ou mais est était sont ont a avait il elle ils elles sa ses
    leur se s que qui qu ne n pas dans sur sous avec pour par en au aux ce cette ces d j
    el los las una unos y o pero es era fue ha había con por para en del al se su sus que no lo
    """
)
_NEGATIONS = word_set(
    """
    not never no nobody nothing without neither nor none nowhere cannot hardly
    nicht nie niemals kein keine keinen keinem keiner keines niemand nichts ohne
    ne n' pas jamais rien personne aucun aucune sans
    nunca jamás nadie nada ningún ninguna ninguno
    """
)
#: They may stand for a negation.
_REFUSES = re.compile(
    r"\b(?:refus|declin|fail|den(?:y|ie)|avoid|lack|forb[ia]d|prevent|reluctan|hesitat|hid|conceal"
    r"|secret|miss(?:es|ed)|stop|forg[eo]t|ignor|un(?:aware|known|able|willing|seen|heard|touched)"
    r"|impossib|verweiger|weiger|neg[óa]|rechaz)"
)
#: What follows a name, and how first words end that are none.
_DID = re.compile(r"(?:is|was|has|had|and|are|can|will|does|did|[a-z]{3,}s|[a-z]{2,}ed|[a-z]+ly)$")
_NO_NAME = re.compile(r"(?:ing|ed|ly|s|[ea]nce|ness|[st]ion|ment|ty|ism|ure|ship|hood|age|cy|sy)$")

#: One of a pair in a claim and the other in its sentence say the contrary.
_OPPOSITES = (
    "first last; before after; left right; up down; open close; opens closes; opened closed;"
    " alive dead; lives dies; lived died; live die; morning evening; day night; north south;"
    " east west; summer winter; spring autumn; young old; younger older; brother sister;"
    " father mother; son daughter; uncle aunt; husband wife; boy girl; man woman; men women; king"
    " queen; black white; light dark; hot cold; warm cold; early late; rich poor; happy sad; love"
    " hate; loves hates; loved hated; begin end; begins ends; began ended; arrive leave; arrives"
    " leaves; arrived left; accept refuse; accepts refuses; accepted refused; remember forget;"
    " remembers forgets; remembered forgot; win lose; wins loses; won lost; friend enemy; friends"
    " enemies; inside outside; above below; full empty; rise fall; rises falls; rose fell; buy"
    " sell; bought sold; always never; guilty innocent; large small; big small; tall short; long"
    " short; high low; strong weak; lock unlock; locked unlocked; noon midnight; eldest youngest;"
    " pale dark"
)
_FIRST_PERSON = word_set("i me my mine myself we us our ich mir mich mein je me mon ma mes yo mi")
#: They stand before a thing, not before what somebody does with it.
_BEFORE_THING = word_set(
    """
    a an the his her its their my our your this that these those of to in into on onto at from with
    by for under over through near no some
    der die das den dem des ein eine einen einem einer im am zum zur
    le la les un une du des au aux son sa ses el los las unos unas su sus al del
    """
)

_SAYS_LITTLE = _FUNCTION | _NEGATIONS | word_set("mr mrs ms miss dr st m mme mlle herr frau")

_MULTIPLIERS = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
#: Words of English that are numbers in another language, or count nothing.
_NO_FIGURES = word_set("one first second once elf sex due um sei fem un une ein eine uno una")
#: A chapter that is named without its number after it: "the sixth chapter", "the last chapter".
_THAT_CHAPTER = re.compile(
    r"(?!(?:the|this|that|a|each|every|le|ce|das|dem|diesem|el|este)\b)\b[^\W_]+\.?\s+"
    r"(?:chapters?|chapitres?|kapiteln?|cap[ií]tulos?)\b",
    re.IGNORECASE,
)
_TWO, _FEW = word_set("couple pair both twice"), ("2", "3")

_DAYS = (
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi miércoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag sonnabend samedi sábado",
    "sunday sonntag dimanche domingo",
)
_MONTHS = (
    "january januar janvier enero",
    "february februar février febrero",
    "march märz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august août agosto",
    "september septembre septiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember décembre diciembre",
)
#: They count as a month only with a capital, and not where a sentence begins.
_ALSO_VERBS = {"may", "march", "mars", "mai"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What in a claim its sentence does not carry: `what` is in the words of the claim."""

    kind: DoubtKind
    what: str


def find_sentence(
    claim: str,
    number: int,
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    reach: int = 4,
    translated: bool = False,
) -> int | None:
    """Return the index of the sentence among `spans` of `text` that `claim` rests on.

    `number` counts from 1; sentences up to `reach` before and after it are compared with the claim
    by the words they share, rare words of the passage first. None where none of them shares
    enough. With `translated`, where claim and text are in two languages, the number is taken as
    it is.
    """
    given = number - 1
    if translated:
        return given if 0 <= given < len(spans) else None
    near = range(max(0, given - reach), min(len(spans), given + reach + 1))
    wanted = content(claim)
    if not wanted or not near:
        return None
    sentences = [content(text[start:end]) for start, end in spans]
    counts = Counter(stem for sentence in sentences for stem in sentence)
    weights = {stem: log(1 + len(spans) / (counts[stem] or 1)) for stem in wanted}
    scores = {at: sum(weights[stem] for stem in wanted & sentences[at]) for at in near}
    best = max(near, key=lambda at: (round(scores[at], 6), -abs(at - given)))
    shared = wanted & sentences[best]
    if len(shared) < min(2, len(wanted)):
        is_rare = any(counts[stem] <= _RARE for stem in shared)
        if not is_rare or best != given:
            return None
    enough = scores[best] >= _LEAST_SHARE * sum(weights.values())
    return best if enough else None


def doubts(claim: str, sentence: str, index: Index, *, around: str = "") -> tuple[Doubt, ...]:
    """Return what `sentence`, from the manuscript of `index`, does not carry of `claim`.

    `around` is the sentence with its neighbours: a name or figure of the claim may stand there.
    """
    found = [Doubt("unknown name", name) for name in _unknown(claim, index)]
    found += [Doubt("chapter named", what) for what in _chapters(claim, sentence, index)]
    found += [Doubt("figure", what) for what in _moved(claim, sentence, around)]
    if negated := _negated(claim, sentence):
        found.append(Doubt("negation", negated))
    found += [Doubt("changed word", word) for word in _changed(claim, sentence, around)]
    found += [Doubt("name elsewhere", name) for name in _elsewhere(claim, sentence, around, index)]
    if elsewhere := _stands_elsewhere(claim, sentence, around, index):
        found.append(Doubt("words elsewhere", elsewhere))
    return tuple(dict.fromkeys(found))


#: One passage is compared with many claims.
@lru_cache(maxsize=4_096)
def content(text: str) -> frozenset[str]:
    """Return the stems of the words of `text` that say what it is about: no grammar, no titles."""
    folded = (fold(match[0]) for match in words(text))
    return frozenset(
        stem(word)
        for word in folded
        if word not in _SAYS_LITTLE and not word.endswith("n't") and word.strip("'s")
    )


def _unknown(claim: str, index: Index) -> Iterator[str]:
    """Yield the names in `claim` that the manuscript never has, one that it begins with too."""
    # A name is told by its capital, which the first word has anyway.
    lead = "there, " if _begins_with_name(claim) else ""
    for start, end in unknown_names(lead + claim, (), index):
        yield (lead + claim)[start:end]


def _begins_with_name(claim: str) -> bool:
    """Whether `claim` begins with a name: a word with a capital follows, or what it did."""
    first, second = islice(chain((match[0] for match in words(claim)), ("", "")), 2)
    if not second or fold(first) in _FUNCTION or not first[0].isupper():
        return False
    if second[0].isupper() or fold(first) in TITLES or fold(first).endswith("'s"):
        return True
    return _DID.match(second) is not None and _NO_NAME.search(first) is None


def _chapters(claim: str, sentence: str, index: Index) -> Iterator[str]:
    has_letters = any(chapter.kind == "letter" for chapter in index.chapters)
    found = [
        (mention.start, mention.end)
        for mention in mentions(claim)
        if has_letters or not mention.is_letter
    ]
    found += [
        match.span()
        for match in _THAT_CHAPTER.finditer(claim)
        if all(match.start() >= end or match.end() <= start for start, end in found)
    ]
    for start, end in sorted(found):
        if fold(claim[start:end]) not in fold(sentence):
            yield claim[start:end]


def _moved(claim: str, sentence: str, around: str) -> Iterator[str]:
    """Yield the figures, weekdays and months of `claim` that `sentence` does not have."""
    there, near = dict(figures(sentence)), dict(figures(around))
    if not _TWO.isdisjoint(fold(match[0]) for match in words(sentence)):
        there["number", "2"] = ""
    for (kind, value), what in figures(_without_chapters(claim)):
        rivals = any(other == kind for other, _ in there)
        if (kind, value) in there or ((kind, value) in near and not rivals):
            continue
        # Who counts two or three people where the text names them is right.
        if rivals or kind != "number" or value not in _FEW or what.isdigit():
            yield what


def _without_chapters(claim: str) -> str:
    for mention in reversed(mentions(claim)):
        claim = claim[: mention.start] + claim[mention.end :]
    return claim


def figures(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the figures, weekdays and months of `text`: kind and value, and how it is written."""
    matches = list(words(text))
    folded = [fold(match[0]) for match in matches]
    at = 0
    while at < len(matches):
        word, match = folded[at], matches[at]
        if calendar := _calendar(word, match[0], is_first=at == 0):
            yield calendar, match[0]
        elif word[0].isdigit():
            digits = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", word)
            yield ("number", re.sub(r"(?:st|nd|rd|th|s)$", "", digits)), match[0]
        else:
            value, length = _in_words(folded, at)
            if value is not None:
                written = text[match.start() : matches[at + length - 1].end()]
                yield ("number", str(value)), written
                at += length - 1
        at += 1


def _calendar(word: str, written: str, *, is_first: bool) -> tuple[str, str] | None:
    bare = word.removesuffix("'s")
    name = _calendar_names().get(bare) or _calendar_names().get(bare.removesuffix("s"))
    if name is None or (bare in _ALSO_VERBS and (is_first or not written[0].isupper())):
        return None
    return name


@cache
def _calendar_names() -> dict[str, tuple[str, str]]:
    return {
        name: (kind, str(number))
        for kind, lists in (("weekday", _DAYS), ("month", _MONTHS))
        for number, names in enumerate(lists, 1)
        for name in names.split()
    }


def _in_words(folded: Sequence[str], at: int) -> tuple[int | None, int]:
    """Return the number that begins at the word `at`, and of how many words it is made."""
    for length in (4, 3, 2, 1):
        piece = folded[at : at + length]
        if len(piece) < length:
            continue
        value = None if piece[0] == "the" else spelled(" ".join(piece))
        if length == 1 and piece[0] in _NO_FIGURES:
            value = 1 if folded[at + 1 : at + 2] and folded[at + 1] in _MULTIPLIERS else None
        if value is None:
            continue
        total = value
        while at + length < len(folded) and folded[at + length] in _MULTIPLIERS:
            total *= _MULTIPLIERS[folded[at + length]]
            length += 1
            rest, more = None, 0
            skip = 1 if folded[at + length : at + length + 1] == ["and"] else 0
            if at + length + skip < len(folded):
                rest, more = _in_words(folded, at + length + skip)
            if rest is not None and rest < 100:
                return total + rest, length + skip + more
        return (total, length) if total > 1 else (None, 1)
    if folded[at] in _MULTIPLIERS:
        return _MULTIPLIERS[folded[at]], 1
    return None, 1


def _negated(claim: str, sentence: str) -> str:
    """Return the word that one of the two negates and the other has without a negation."""
    wanted, there = content(claim), content(sentence)
    if len(wanted & there) < max(1, _CLOSE * len(wanted)):
        return ""
    if _REFUSES.search(claim) or _REFUSES.search(sentence):
        return ""
    of_claim, of_sentence = _negations(claim), _negations(sentence)
    for stem_, word in of_claim:
        if stem_ in there and all(stem_ != other for other, _ in of_sentence):
            return word
    for stem_, word in of_sentence:
        if stem_ in wanted and all(stem_ != other for other, _ in of_claim):
            return word
    return ""


def _negations(text: str) -> list[tuple[str, str]]:
    """Return the words beside each negation, as stems, and the negation with the word."""
    found = []
    for clause in re.split(r"[,;:.!?()—–]+(?=\s|$)|—", text):
        spelled_words = [match[0] for match in words(clause)]
        folded = [fold(word) for word in spelled_words]
        for at, word in enumerate(folded):
            if word not in _NEGATIONS and not word.endswith("n't"):
                continue
            after = (other for other in range(at + 1, len(folded)) if _says(folded[other]))
            before = (other for other in range(at - 1, -1, -1) if _says(folded[other]))
            beside = next(after, None)
            if beside is None:
                beside = next(before, None)
            if beside is not None:
                what = " ".join(spelled_words[min(at, beside) : max(at, beside) + 1])
                found.append((stem(folded[beside]), what))
    return found


def _says(word: str) -> bool:
    return word not in _FUNCTION | _NEGATIONS and not word.endswith("n't")


def is_negated(text: str) -> bool:
    """Whether `text` negates something."""
    folded = [fold(match[0]) for match in words(text)]
    return any(word in _NEGATIONS or word.endswith("n't") for word in folded)


def opposites(one: str, other: str) -> bool:
    """Whether `one` has a word and `other` its opposite, and neither both."""
    here, there = ({fold(match[0]) for match in words(text)} for text in (one, other))
    return any(_opposites().get(word, frozenset()) & there - here for word in here - there)


@cache
def _opposites() -> dict[str, frozenset[str]]:
    pairs = [pair.split() for pair in _OPPOSITES.split(";")]
    pairs += [pair[::-1] for pair in pairs]
    return {one: frozenset(b for a, b in pairs if a == one) for one, _ in pairs}


def _changed(claim: str, sentence: str, around: str) -> Iterator[str]:
    """Yield the words of `claim` in whose place the sentence has another.

    That is its opposite, or where both have the same words before and after it.
    """
    wanted, there = content(claim), content(sentence)
    if len(wanted & there) < max(1, _CLOSE * (len(wanted) - 1)):
        return
    spelled_words = [match[0] for match in words(claim)]
    of_claim = [fold(word) for word in spelled_words]
    of_sentence = [fold(match[0]) for match in words(sentence)]
    near = there | content(around)
    things = [
        (stem(of_sentence[at]), _sides(of_sentence, at))
        for at in range(len(of_sentence))
        if _is_thing(of_sentence, at) and stem(of_sentence[at]) not in wanted
    ]
    for at, word in enumerate(of_claim):
        if word not in of_sentence and (
            _opposites().get(word, frozenset()).intersection(of_sentence).difference(of_claim)
        ):
            yield spelled_words[at]
        elif _is_thing(of_claim, at) and stem(word) not in near and spelled(word) is None:
            sides = _sides(of_claim, at)
            if any(_in_one_place(sides, other) for thing, other in things if thing not in word):
                yield spelled_words[at]


def _is_thing(folded: Sequence[str], at: int) -> bool:
    """Whether the word `at` stands where a thing is named, or what it is like."""
    if at == 0 or not _says(folded[at]) or folded[at][0].isdigit():
        return False
    return folded[at - 1] in _BEFORE_THING or folded[at - 1].endswith("'s")


def _sides(folded: Sequence[str], at: int) -> tuple[str, str]:
    """Return the stems of the words that say something before and after the one `at`."""
    before = next((stem(folded[i]) for i in range(at - 1, -1, -1) if _says(folded[i])), "")
    after = next((stem(folded[i]) for i in range(at + 1, len(folded)) if _says(folded[i])), "")
    return before, after


def _in_one_place(sides: tuple[str, str], others: tuple[str, str]) -> bool:
    """Whether two words have the same beside them, or the same on one side and an end."""
    same = [one == other for one, other in zip(sides, others, strict=True) if one and other]
    return bool(same) and all(same)


def _elsewhere(claim: str, sentence: str, around: str, index: Index) -> Iterator[str]:
    """Yield the names of `claim` that the manuscript has, but not where `sentence` stands.

    A name that is missing from the sentence and its neighbours may still be whom it means. It is
    not where the sentence has the claim's other words and another name, nor where most names of
    the claim are far away.
    """
    claimed = list(_names(claim, index))
    near = _bare(f"{sentence} {around}")
    missing = [run for run in claimed if near.isdisjoint(run)]
    if not missing:
        return
    names = {name for run in claimed for name in run}
    wanted, there = content(claim) - {stem(name) for name in names}, content(sentence)
    is_close = len(wanted & there) >= max(1, _CLOSE * len(wanted))
    if is_close and any(names.isdisjoint(run) for run in _names(sentence, index)):
        far = missing
    else:
        at = index.text.find(sentence)
        stretch = index.text[max(0, at - _BEFORE) : at + _BEFORE // 2] if at >= 0 else ""
        further = _bare(stretch)
        far = [run for run in missing if further.isdisjoint(run)]
        # Who tells the story is not named in it.
        is_told = claimed[0] in far and not _FIRST_PERSON.isdisjoint(_bare(sentence))
        if 2 * len(far) < len(claimed) or (is_told and len(far) == 1):
            return
    for run in far:
        yield " ".join(run.values())


def _bare(text: str) -> frozenset[str]:
    return frozenset(fold(match[0]).removesuffix("'s") for match in words(text))


def _names(text: str, index: Index) -> Iterator[dict[str, str]]:
    """Yield the words of each name in `text` that the manuscript has, by their folded form."""
    run: dict[str, str] = {}
    end = 0
    for match in words(text):
        if run and text[end : match.start()].strip(" \n\u00a0-."):
            yield run
            run = {}
        end = match.end()
        bare = fold(match[0]).removesuffix("'s")
        is_name = match[0][0].isupper() and bare in index.capitalised
        if is_name and len(bare) > 2 and bare not in TITLES and not is_ordinary_word(match[0]):
            run[bare] = match[0][: len(bare)]
        elif run:
            yield run
            run = {}
    if run:
        yield run


def _stands_elsewhere(claim: str, sentence: str, around: str, index: Index) -> str:
    """Return the words of `claim` that stand together far from its sentence, "" if none do.

    They must be nearly all that it says, and clearly more than the sentence and those beside it
    have.
    """
    wanted = content(claim)
    here = len(wanted & (content(sentence) | content(around)))
    needed = max(here + _MORE, _NEARLY_ALL * len(wanted))
    if needed > len(wanted):
        return ""
    stems = [one for one in wanted if one in index.stems]
    stems.sort(key=lambda one: len(index.stems[one]))
    # One of any `needed` of them is among the rarest of those that are left.
    rarest = stems[: len(stems) - ceil(needed) + 1] if len(stems) >= needed else []
    first, last = _near(sentence, index)
    for at in (at for one in rarest for at in index.stems[one]):
        if first <= at < last:
            continue
        window = range(at - _WINDOW, at + _WINDOW + 1)
        shared = [one for one in stems if _any_in(index.stems[one], window)]
        if len(shared) >= needed:
            return " ".join(shared)
    return ""


def _near(sentence: str, index: Index) -> tuple[int, int]:
    """Return the numbers of the first and after the last word of the chapter of `sentence`."""
    at = max(index.text.find(sentence), 0)
    chapter = index.chapter_at(at)
    start, end = (chapter.start, chapter.end) if chapter else (at - _FAR, at + _FAR)
    return bisect_left(index.starts, max(start, 0)), bisect_left(index.starts, end)


def _any_in(numbers: Sequence[int], window: range) -> bool:
    at = bisect_left(numbers, window.start)
    return at < len(numbers) and numbers[at] < window.stop
