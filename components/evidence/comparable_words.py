"""Text as the words and signs by which a quotation is compared with its source.

Differences that do not make it another text are removed here, on both sides: quotation marks,
markers of emphasis, white space, which dash, apostrophe or ellipsis is used, ligatures, composed
letters, characters of no width. The rest must be the same: each word, letter by letter, and the
other signs between the words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

DASH, ELLIPSIS = "-", "…"

#: All become the same.
APOSTROPHES = "'’‘ʼ＇‛`´′"
#: Dropped where they stand outside of a word; so are the markers of emphasis.
QUOTATION_MARKS = '"“”„‟«»‹›‚＂″「」『』' + APOSTROPHES
_EMPHASIS = "*_~"
DASHES = "-‐‑‒–—―−⸺⸻﹘﹣－"
HYPHENS = "-‐‑"

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
# Scripts that set no spaces between words: each character is a word.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f"
# A French article or pronoun before a vowel is a word of its own, so that a quotation may begin
# after it. Not n': what follows it would lose its negation.
_ELISION = r"(?:[LDJTSMCldjtsmc]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)['’ʼ]"

#: Letters of a word's beginning by which its forms are compared; of one too short to lose more.
_STEM, _SHORT = 6, 3
#: English words whose forms begin otherwise.
_IRREGULAR = """
    tell tells told telling|break breaks broke broken|go goes went gone going|say says said
    see sees saw seen|know knew known|come came|give gave given giving|take took taken taking
    find found|leave leaves left leaving|sell sold|buy bought|bring brought|think thought
    catch caught|teach taught|seek sought|fight fought|make made making|hold held|stand stood
    sit sat|run ran|begin began begun|drink drank drunk|sing sang sung|swim swam swum
    ring rang rung|fall fell fallen|feel felt|keep kept|sleep slept|weep wept|sweep swept
    meet met|lead led|feed fed|flee fled|bleed bled|speak spoke spoken|steal stole stolen
    choose chose chosen|freeze froze frozen|wake woke woken waking|write wrote written writing
    drive drove driven driving|ride rode ridden|rise rose risen rising|eat ate eaten
    forget forgot forgotten|get got gotten|win won|lose lost|losing|hide hid hidden hiding
    bite bit bitten|light lit|burn burnt|learn learnt|dream dreamt|spend spent|send sent
    lend lent|build built|pay paid|lay laid|hear heard|die dies died dying|lie lies lied lying
    grow grew grown|throw threw thrown|blow blew blown|fly flew flown flies|draw drew drawn
    show shown|swear swore sworn|wear wore worn|tear tore torn|bear bore borne|shoot shot
    strike struck|stick stuck|hang hung|dig dug|bind bound|wind wound|man men|woman women
    child children|foot feet|tooth teeth|wife wives|life lives|knife knives|mouse mice
"""

_INVISIBLES = re.compile(f"[{_INVISIBLE}]")
_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))


@dataclass(frozen=True, slots=True)
class ComparableWord:
    """A word or a sign: its `form` with its letters' case, and where it stands in its text."""

    form: str
    is_word: bool
    start: int
    end: int


def fold(word: str) -> str:
    """Return `word` as `form` does, without its letters' case."""
    return word.lower() if word.isascii() and "`" not in word else form(word).casefold()


def form(word: str) -> str:
    """Return `word` with its letters composed, its ligatures written out, one apostrophe."""
    if word.isascii():
        return word.translate(_APOSTROPHE) if "`" in word else word
    composed = unicodedata.normalize("NFKC", word).translate(_APOSTROPHE)
    return _INVISIBLES.sub("", composed).replace(" ", "")


def without_accents(word: str) -> str:
    """Return `word` with each letter plain."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def stem(word: str) -> str:
    """Return what `word` has in common with its other forms, roughly, in any language."""
    plain = without_accents(fold(word)).removesuffix("'s")
    plain = _irregular().get(plain, plain)
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if plain.endswith(ending) and len(plain) - len(ending) > 2 and plain[-2:] != "ss":
            plain = plain[: -len(ending)]
            if ending in ("ing", "ed") and plain[-1] == plain[-2] and plain[-1] not in "lsz":
                plain = plain[:-1]  # "stopped", "stop"
            if len(plain) > _SHORT and plain[-1] == "y":
                plain = plain[:-1]  # "carrying", "carries"
            break
    return plain[:_STEM]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[ComparableWord]:
    """Return the words and signs of `text` between two offsets; quotation marks are left out."""
    found = []
    for match in _token().finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup
        if kind == "sign" and match[0] in QUOTATION_MARKS + _EMPHASIS:
            continue
        written = {"ellipsis": ELLIPSIS, "dash": DASH}.get(kind or "") or form(match[0])
        if written.strip():
            found.append(ComparableWord(written, kind == "word", match.start(), match.end()))
    return found


def is_alone(word: str) -> bool:
    """Whether `word` is a character of a script that sets no spaces between words."""
    return len(word) == 1 and _alone().match(word) is not None


def words(text: str) -> Iterator[re.Match[str]]:
    """Yield each word of `text` as a match."""
    return _word().finditer(text)


def folded_words(text: str) -> list[str]:
    """Return the words of `text`, each as `fold` returns it."""
    return [fold(match[0]) for match in words(text)]


def has_word(text: str) -> bool:
    """Whether `text` has a word."""
    return _word().search(text) is not None


@cache
def _irregular() -> dict[str, str]:
    groups = (group.split() for line in _IRREGULAR.splitlines() for group in line.split("|"))
    return {word: group[0] for group in groups for word in group}


@cache
def _word_pattern() -> str:
    marks = "".join(  # They are written over, under and after letters.
        chr(code) for code in range(0x300, 0xFFFF) if unicodedata.category(chr(code))[0] == "M"
    )
    first = f"[^\\W_{_ALONE}]"
    rest = f"[a-z]*(?:{first}|[{marks}{_INVISIBLE}])*"  # The first half is faster.
    apostrophe = f"[{re.escape(APOSTROPHES)}]"
    return (
        f"{_ELISION}(?={first})"
        f"|{first}{rest}(?:(?:{apostrophe}|(?<=[0-9])[.,:](?=[0-9])){first}{rest})*"
        f"|[{_ALONE}]"
    )


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(f"[{_ALONE}]")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(_word_pattern())


@cache
def _token() -> re.Pattern[str]:
    dash = f"[{re.escape(DASHES)}]"
    return re.compile(
        f"(?P<word>{_word_pattern()})"
        r"|(?P<ellipsis>(?:…|\.(?:[ \u00a0]?\.){2,})\.?)"
        rf"|(?P<dash>{dash}(?:[ \t]*{dash})*)"
        rf"|(?P<sign>[^\s{_INVISIBLE}])"
    )
