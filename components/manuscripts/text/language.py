"""Which language a text is in, by the small words that every sentence has, and what it is called.

Some twenty such words a language tell novels apart; of a text that is too short nothing is said.
"""

import re
from collections import Counter

#: Characters of the middle of a text, where there is no title page and no licence, and words of
#: them that are looked at.
_WINDOW, _SAMPLE = 60_000, 6_000
#: Fewer words than this say nothing.
_LEAST = 40
#: Share of the words that must be in the table, and how much more than of the next language.
_SHARE, _AHEAD = 0.12, 1.3

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: Scripts that tell a language by themselves, and the share of the characters in such a script.
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}
_SCRIPT = 0.2

_WORDS = {
    "en": "the of and to a in that was he his it with her had as for she not at but on is you",
    "fr": "le la les de des du et à un une que qui il elle dans ne pas se ce était plus sur au",
    "de": "der die das und in den von zu ein eine nicht sich mit dem sie er es ist war auf ich",
    "es": "el la los las de y que en un una no se su con por lo para como del al más era le",
    "it": "il la di e che un una non si in per del della con le gli era come più al da i lo",
    "nl": "de het een en van in dat niet te zijn was hij op met ze haar voor er aan ik maar",
    "pt": "o a os as de e que um uma não se em do da com por para mais como era ao na no",
    "ru": "и в не на что он с как его но она было из за по это то я все ее был к у",
    "pl": "i w na nie że się z do jest to jak ale po co tak był jej od za a go przez",
    "sv": "och att det som en i på är av för med den till inte han hon de var ett jag om",
    "da": "og at det en i på er af for med den til ikke han hun de var et jeg om som der",
    "cs": "a se na v je že to s z do o byl jsem ale jak tak by si po jeho už za ve",
    "ca": "el la els les de i que en un una no es amb per del al més era com va ho",
    "fi": "ja on ei hän oli se että mutta kun niin hänen ne joka myös kuin sen hänet minä sitten",
}
_TABLE = {language: frozenset(words.split()) for language, words in _WORDS.items()}

#: What languages are called in English, by their tags (BCP 47).
NAMES = {
    "ar": "Arabic", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nb": "Norwegian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
_TAGS = {name.casefold(): tag for tag, name in NAMES.items()}


def tag_of(name: str) -> str:
    """Return the tag (BCP 47) of a language's English name, or of a tag; "" for any other text."""
    folded = name.strip().casefold()
    return _TAGS.get(folded) or (folded if folded in NAMES else "")


def name_of(tag: str) -> str:
    """Return the English name of a language, the tag itself where it has none here."""
    return NAMES.get(tag.partition("-")[0], tag)


def contradicts(shown: str, said: str) -> bool:
    """Return whether a text in `shown` (from `detect`) is not in `said`, of which a file speaks.

    A language that `detect` does not know may be taken for its neighbour and is believed.
    """
    base = said.partition("-")[0].lower()
    known = base in _TABLE or base in _SCRIPTS
    return bool(shown and said and known and base != shown)


def detect(text: str, *, least: int = _LEAST) -> str:
    """Return the tag (BCP 47) of the language of `text`, "" if unsure or under `least` words."""
    middle = len(text) // 2
    sample = text[max(0, middle - _WINDOW // 2) : middle + _WINDOW // 2]
    if language := by_script(sample):
        return language
    words = [word.casefold() for word in _WORD.findall(sample)[:_SAMPLE]]
    if len(words) < max(least, 1):
        return ""
    counts = Counter(words)
    hits = {language: sum(counts[word] for word in table) for language, table in _TABLE.items()}
    (language, first), (_, second) = Counter(hits).most_common(2)
    return language if first >= max(_SHARE * len(words), _AHEAD * second) else ""


def by_script(text: str) -> str:
    """Return the language that a script of East Asia says, which sets no or few spaces, or ""."""
    size = sum(not char.isspace() for char in text)
    return next(
        (tag for tag, script in _SCRIPTS.items() if len(script.findall(text)) > _SCRIPT * size), ""
    )
