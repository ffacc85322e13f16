"""Names in a claim: those that the manuscript never has, and those of somebody else's sentence."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from components.evidence.claims.content_words import FUNCTION_WORDS, content, is_close
from components.evidence.comparable_words import fold, stem, words
from components.evidence.text_index import Index
from components.evidence.unknown_names import is_german, is_ordinary_word, unknown_names
from components.manuscripts.text.personal_names import TITLES, word_set

#: Characters before a sentence, and half as many after it, in which whom it means is named.
_BEFORE = 3_000

#: What follows a name, and how first words end that are none.
_DID = re.compile(r"(?:is|was|has|had|and|are|can|will|does|did|[a-z]{3,}s|[a-z]{2,}ed|[a-z]+ly)$")
_NO_NAME = re.compile(r"(?:ing|ed|ly|s|[ea]nce|ness|[st]ion|ment|ty|ism|ure|ship|hood|age|cy|sy)$")
_FIRST_PERSON = word_set("i me my mine myself we us our ich mir mich mein je me mon ma mes yo mi")


def claimed_unknown(claim: str, index: Index) -> Iterator[str]:
    """Yield the names in `claim` that the manuscript never has, one that it begins with too."""
    # A name is told by its capital, which the first word has anyway.
    lead = "there, " if _begins_with_name(claim) else ""
    for start, end in unknown_names(lead + claim, (), index):
        yield (lead + claim)[start:end]


def _begins_with_name(claim: str) -> bool:
    """Whether `claim` begins with a name: a word with a capital follows, or what it did."""
    first, second = islice(chain((match[0] for match in words(claim)), ("", "")), 2)
    if not second or fold(first) in FUNCTION_WORDS or not first[0].isupper():
        return False
    if second[0].isupper() or fold(first) in TITLES or fold(first).endswith("'s"):
        return True
    return _DID.match(second) is not None and _NO_NAME.search(first) is None


def named_elsewhere(claim: str, sentence: str, around: str, index: Index) -> Iterator[str]:
    """Yield the names of `claim` that the manuscript has, but not where `sentence` stands.

    Nor does "Anna Quill" where the sentence has "Thomas Quill". A name that is missing from the
    sentence and its neighbours may still be whom it means; it is not where the sentence has the
    claim's other words and another name, nor where most names of the claim are far away.
    """
    claimed, others = _names(claim, index), _names(sentence, index)
    for run in claimed:
        for other in others:
            if run.keys() & other.keys() and other.keys() - run.keys():
                yield from (name for key, name in run.items() if key not in other)
    near = _bare(f"{sentence} {around}")
    missing = [run for run in claimed if near.isdisjoint(run)]
    if not missing:
        return
    names = {name for run in claimed for name in run}
    wanted, there = content(claim) - {stem(name) for name in names}, content(sentence)
    if is_close(wanted, there) and any(names.isdisjoint(run) for run in others):
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


def _names(text: str, index: Index) -> list[dict[str, str]]:
    """Return the words of each name in `text` that the manuscript has, by their folded form.

    In German every thing has a capital, and a name must have two words.
    """
    least = 2 if is_german([fold(match[0]) for match in words(text)]) else 1
    runs: list[dict[str, str]] = [{}]
    end = 0
    for match in words(text):
        if text[end : match.start()].strip(" \n\u00a0-."):
            runs.append({})
        end = match.end()
        bare = fold(match[0]).removesuffix("'s")
        is_name = match[0][0].isupper() and bare in index.capitalised
        if is_name and len(bare) > 2 and bare not in TITLES and not is_ordinary_word(match[0]):
            runs[-1][bare] = match[0][: len(bare)]
        else:
            runs.append({})
    return [run for run in runs if len(run) >= least]
