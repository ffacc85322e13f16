"""Which language a text is in, by its script and by the small words that every sentence has.

Some twenty such words a language tell novels apart; of a text that is too short nothing is said.
"""

import re
from collections import Counter, defaultdict

from components.languages import Language, languages

#: Characters of the middle of a text, where there is no title page and no licence, and words of
#: them that are looked at.
_WINDOW, _SAMPLE = 60_000, 6_000
#: Fewer words than this say nothing.
_LEAST = 40
#: Share of the words that must be in the table, and how much more than of the next language.
_SHARE, _AHEAD = 0.12, 1.3
#: Share of the characters that must be in a script other than Latin.
_SCRIPT = 0.2

#: A letter, or a vowel sign or accent that stands with one in the scripts of India.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0966-\u0dff\u200c])"
_WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)?")
#: The characters that tell a script, all that are written in it, and the languages that are.
_SCRIPTS: dict[tuple[str, str], list[str]] = defaultdict(list)
for _language in languages().values():
    _SCRIPTS[_language.telling or _language.script, _language.script].append(_language.tag)
_LATIN = _SCRIPTS.pop(("", ""))

_TABLES = {
    tag: language for language in languages().values() for tag in (language.tag, *language.also)
}
#: What languages are called in English, by their tags (BCP 47).
NAMES = {tag: language.name for tag, language in _TABLES.items()}
_TAGS = {language.name.casefold(): language.tag for language in languages().values()}


def tag_of(name: str) -> str:
    """Return the tag (BCP 47) of a language's English name, or of a tag; "" for any other text."""
    folded = name.strip().casefold()
    return _TAGS.get(folded) or (folded if folded in NAMES else "")


def _table(tag: str) -> Language | None:
    return _TABLES.get(tag.partition("-")[0].lower())


def name_of(tag: str) -> str:
    """Return the English name of a language, the tag itself where it has none here."""
    table = _table(tag)
    return table.name if table else tag


def is_tested(tag: str) -> bool:
    """Whether tests read texts in the language of a tag (BCP 47)."""
    table = _table(tag)
    return table is not None and table.tested


def contradicts(shown: str, said: str) -> bool:
    """Return whether a text in `shown` (from `detect`) is not in `said`, of which a file speaks.

    What is taken for a language that shares half of its small words, as Danish does with Norwegian,
    is believed; so is a language that there is no table of.
    """
    table = _table(said)
    if not shown or table is None or table.tag == shown:
        return False
    ours, theirs = frozenset(_TABLES[shown].common), frozenset(table.common)
    return 2 * len(ours & theirs) <= min(len(ours), len(theirs))


def detect(text: str, *, least: int = _LEAST) -> str:
    """Return the tag (BCP 47) of the language of `text`, "" if unsure or under `least` words."""
    middle = len(text) // 2
    sample = text[max(0, middle - _WINDOW // 2) : middle + _WINDOW // 2]
    tags = _of_script(sample)
    if len(tags) == 1:
        return tags[0]
    words = [word.casefold() for word in _WORD.findall(sample)[:_SAMPLE]]
    if len(words) < max(least, 1):
        return ""
    counts = Counter(words)
    common = {tag: frozenset(languages()[tag].common) for tag in tags}
    hits = {tag: sum(counts[word] for word in common[tag]) for tag in tags}
    first, second = sorted(tags, key=hits.__getitem__)[:-3:-1]
    # What relatives share, such as Danish and Norwegian, says nothing of either.
    own = sum(counts[word] for word in common[first] - common[second])
    others = sum(counts[word] for word in common[second] - common[first])
    return first if hits[first] >= _SHARE * len(words) and own >= _AHEAD * others else ""


def is_wrapped(text: str) -> bool:
    """Return whether `text` is in a script whose lines are broken at a width."""
    return all(languages()[tag].wrapped for tag in _of_script(text))


def _of_script(text: str) -> list[str]:
    """Return the tags of the languages in whose script `text` is, Latin where in no other."""
    if text.isascii():
        return _LATIN
    size = len("".join(text.split()))
    told = [
        (len(re.findall(f"[{script}]", text)), tags)
        for (telling, script), tags in _SCRIPTS.items()
        if len(re.findall(f"[{telling}]", text)) > _SCRIPT * size
    ]
    return max(told, default=(0, _LATIN))[1]
