"""Names in a claim: those that the manuscript never has, and those of somebody else's sentence."""

import re
from collections.abc import Collection, Iterator
from functools import cache

from components.evidence.claims.content_words import FUNCTION_WORDS, content, is_close
from components.evidence.comparable_words import fold, folded_words, stem, words
from components.evidence.text_index import Index
from components.evidence.unknown_names import CAPITALS, is_german, is_known_word, names_nobody
from components.languages import languages
from components.manuscripts.text.personal_names import TITLES, continues, name_runs, word_set

#: Characters before a sentence, and half as many after it, in which whom it means is named.
_BEFORE = 3_000

#: How words end that are no names, wherever they stand.
_NO_NAME = re.compile(r"\w{4}(?:ing|\wly|ness|[st]ion|ment|ity|ism|ship|hood)$")
_FIRST_PERSON = word_set("i me my mine myself we us our ich mir mich mein je me mon ma mes yo mi")


def claimed_unknown(claim: str, index: Index) -> Iterator[str]:
    """Yield the names in `claim` that the manuscript never has.

    A name is told by its capital. Where every word could have one, at the beginning and in a claim
    in capitals, it is a word of which neither the manuscript nor a table has any form.
    """
    matches = list(words(claim))
    spelled = [match[0] for match in matches]
    folded = [fold(word) for word in spelled]
    bare = [word.removesuffix("'s") for word in folded]
    starts, ends = [match.start() for match in matches], [match.end() for match in matches]
    large = [word[0].isupper() for word in spelled]
    german = is_german(spelled)
    tells = german or sum(large) <= CAPITALS * len(spelled)

    def is_unknown(at: int) -> bool:
        word = bare[at]
        if names_nobody(word) or is_known_word(word, index):
            return False
        if at and tells and continues(claim[ends[at - 1] : starts[at]], bare[at - 1]):
            return large[at]
        is_plain = word in _common() or stem(word) in index.plain_stems or _NO_NAME.search(word)
        is_label = claim.startswith(":", ends[at])
        return (large[at] or not at) and not (is_plain or is_label)

    unknown = {at for at in range(len(spelled)) if is_unknown(at)}
    parts = unknown | {
        at
        for at, word in enumerate(bare)
        if large[at] and (word in TITLES or word in index.capitalised)
    }
    for first, last in name_runs(claim, starts, ends, folded, sorted(parts), parts.__contains__):
        # In German every thing has a capital, and a name must have two words.
        if not unknown.isdisjoint(range(first, last + 1)) and not (german and first == last):
            yield claim[starts[first] : ends[last] - 2 * folded[last].endswith("'s")]


@cache
def _common() -> frozenset[str]:
    """Return the words of grammar, and those that a table of a language has."""
    tables = languages().values()
    listed = (word for table in tables for word in (*table.common, *table.small_words))
    return FUNCTION_WORDS.union(listed)


def named_elsewhere(claim: str, sentence: str, around: str, index: Index) -> Iterator[str]:
    """Yield the names of `claim` that the manuscript has, but not where `sentence` stands.

    Nor does "Anna Quill" where the sentence has "Thomas Quill". A name that is missing from the
    sentence and its neighbours may still be whom it means; it is not where the sentence has the
    claim's other words and another name, nor where most names of the claim are far away.
    """
    claimed, others = (names(text, index.capitalised) for text in (claim, sentence))
    for run in claimed:
        for other in others:
            if run.keys() & other.keys() and other.keys() - run.keys():
                yield from (name for key, name in run.items() if key not in other)
    near = _bare(f"{sentence} {around}")
    missing = [run for run in claimed if near.isdisjoint(run)]
    if not missing:
        return
    named = {name for run in claimed for name in run}
    wanted, there = content(claim) - name_stems(claim, index.capitalised), content(sentence)
    if is_close(wanted, there) and any(named.isdisjoint(run) for run in others):
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
    return frozenset(word.removesuffix("'s") for word in folded_words(text))


def name_stems(text: str, known: Collection[str]) -> frozenset[str]:
    """Return the stems of the names in `text`; `known` are all there are."""
    return frozenset(stem(name) for run in names(text, known) for name in run)


def names(text: str, known: Collection[str]) -> list[dict[str, str]]:
    """Return the words of each name in `text`, by their folded form; `known` are all there are.

    In German every thing has a capital, and a name must have two words.
    """
    least = 2 if is_german([match[0] for match in words(text)]) else 1
    runs: list[dict[str, str]] = [{}]
    end = 0
    for match in words(text):
        if text[end : match.start()].strip(" \n\u00a0-."):
            runs.append({})
        end = match.end()
        bare = fold(match[0]).removesuffix("'s")
        is_name = match[0][0].isupper() and bare in known and len(bare) > 2
        if is_name and bare not in TITLES and not names_nobody(bare):
            runs[-1][bare] = match[0][: len(bare)]
        else:
            runs.append({})
    return [run for run in runs if len(run) >= least]
