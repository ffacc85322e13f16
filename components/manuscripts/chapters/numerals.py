"""Numbers as chapter headings write them: 12, XII, Twelve, douze, zwölf, the Twelfth.

The spelled numbers of all languages are one table, made once; looking a number up is one step, and
no pattern ever runs over the text of a manuscript.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

#: Larger numbers are years, not chapters; one file had 20,000 headings.
_MAX_NUMBER = 99_999

#: How the thousands, hundreds, tens and units of Roman numbers are written, from 0 on.
_ROMAN_DIGITS = (
    ("", "m", "mm", "mmm"),
    ("", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm"),
    ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"),
    ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"),
)
#: Characters of the longest spelled number ("one hundred and seventy seventh" has 31).
_LONGEST = 48
#: Characters of a word in which a slip still shows the number.
_SHORTEST_SLIP = 6

ARTICLES = ("the", "la", "el", "il", "le", "das", "der")

#: Cardinals and ordinals from one on, and tens.
_LISTS = {
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
    " zestien zeventien achttien negentien twintig",
    "nl ordinals": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde"
    " twaalfde",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze"
    " dezesseis dezessete dezoito dezenove vinte",
    "pt ordinals": "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo",
    "pt feminine": "primeira segunda terceira quarta quinta sexta sétima oitava nona décima",
    "ru": "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать"
    " тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
    "ru feminine": "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая"
    " одиннадцатая двенадцатая тринадцатая четырнадцатая пятнадцатая шестнадцатая семнадцатая"
    " восемнадцатая девятнадцатая двадцатая",
    "ru ordinals": "первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый",
    "pl": "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście"
    " trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
    " dwadzieścia",
    "pl ordinals": "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty",
    "sv": "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton"
    " sjutton arton nitton tjugo",
    "sv ordinals": "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte"
    " tolfte",
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen",
    "en ordinals": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh"
    " twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
    "en tens": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize dix-sept dix-huit dix-neuf",
    "fr tens": "vingt trente quarante cinquante soixante",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn"
    " fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "de ordinals": "erste zweite dritte vierte fünfte sechste siebente achte neunte zehnte elfte"
    " zwölfte dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte",
    "de tens": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
    " veinticinco veintiséis veintisiete veintiocho veintinueve",
    "es tens": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "es ordinals": "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo"
    " undécimo duodécimo decimotercero decimocuarto decimoquinto decimosexto decimoséptimo"
    " decimoctavo decimonoveno",
    "es ordinal tens": "décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo"
    " septuagésimo octogésimo nonagésimo",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici"
    " quindici sedici diciassette diciotto diciannove",
    "it tens": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "it ordinals": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
}
_WORDS = {name: words.split() for name, words in _LISTS.items()}


def arabic(word: str) -> int | None:
    """Return the value of a number in digits, or None."""
    digits = word.isascii() and word.isdigit() and len(word) <= len(str(_MAX_NUMBER))
    return int(word) or None if digits else None


def roman(word: str) -> int | None:
    """Return the value of a Roman number, or None. `IIII` is none, nor is `Vi`."""
    return _romans().get(word.lower()) if word.isupper() or word.islower() else None


def spelled(words: str) -> int | None:
    """Return the value of a number in words, or None.

    Cardinals and ordinals up to 199 in English, French, German, Spanish and Italian, up to some
    twenty in Dutch, Portuguese, Russian, Polish and Swedish; accents and hyphens may be missing.
    """
    return None if len(words) > _LONGEST else _table().get(fold(words).removeprefix("the "))


def any_number(words: str) -> int | None:
    """Return the value of a number however it is written, or None."""
    # "dix" is ten before it is DIX, 509.
    return arabic(words) or spelled(words) or roman(words)


def called(heading: str, chapter: str = "Chapter") -> str:
    """Return what a heading is called in a list, where a bare number means nothing by itself."""
    bare = heading.strip(" .")
    return f"{chapter} {bare}" if any_number(bare) is not None else heading


def misspelled(words: str) -> int | None:
    """Return the value of a number in words with a letter wrong, missing or too many, or None."""
    folded = fold(words)
    if not _SHORTEST_SLIP <= len(folded) <= _LONGEST:
        return None
    shorter = _without_a_letter(folded)
    values = (
        {_table()[word] for word in shorter if len(word) >= _SHORTEST_SLIP - 1 and word in _table()}
        or _slips().get(folded)
        or {value for word in shorter for value in _slips().get(word, ())}
    )
    return next(iter(values)) if len(values) == 1 else None


def fold(words: str) -> str:
    """Return `words` in lower case, without accents and hyphens, one space between."""
    plain = words.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(plain.replace("-", " ").split())


def _without_a_letter(word: str) -> list[str]:
    """Return `word` and what it is without one of its letters."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@cache
def _romans() -> dict[str, int]:
    return {"".join(digits): value for value, digits in enumerate(product(*_ROMAN_DIGITS))}


def in_roman(number: int) -> str:
    """Return a number below 4,000 in Roman digits, in lower case."""
    return list(_romans())[number]


def in_english(number: int, *, ordinal: bool = False) -> str:
    """Return a number from 1 to 99 in words: "twenty-one", or "twenty-first"."""
    units = _WORDS["en ordinals" if ordinal else "en"]
    if number < 20:
        return units[number - 1]
    tens, unit = _WORDS["en tens"][number // 10 - 2], number % 10
    if unit:
        return f"{tens}-{units[unit - 1]}"
    return tens.removesuffix("y") + "ieth" if ordinal else tens


@cache
def _slips() -> dict[str, set[int]]:
    """Return every spelled number, also without one of its letters, and what it may stand for."""
    slips: dict[str, set[int]] = {}
    for word, value in _table().items():
        if len(word) >= _SHORTEST_SLIP:
            for shorter in _without_a_letter(word):
                slips.setdefault(shorter, set()).add(value)
    return slips


@cache
def first_words() -> frozenset[str]:
    """Return the first words of all spelled numbers, and the articles before them."""
    return frozenset(spelling.split(" ", 1)[0] for spelling in _table()).union(ARTICLES)


@cache
def _table() -> dict[str, int]:
    """Return every spelled number, folded, with its value."""
    table: dict[str, int] = {}
    for name, words in _WORDS.items():
        if not name.endswith("tens"):
            table.update((fold(word), value) for value, word in enumerate(words, 1))
    # Where two languages spell different numbers alike, the later one wins.
    for language in (_italian, _spanish, _german, _french, _english):
        table.update((fold(word), value) for value, word in language())
    return table


def _english() -> Iterator[tuple[int, str]]:
    below = [*enumerate(_WORDS["en"], 1), *enumerate(_WORDS["en ordinals"], 1)]
    units = [(value, word) for value, word in below if value < 10]
    for ten, word in enumerate(_WORDS["en tens"], 2):
        below += [(ten * 10, word), (ten * 10, word.removesuffix("y") + "ieth")]
        below += [(ten * 10 + value, f"{word} {unit}") for value, unit in units]
    yield from below
    for hundred in ("hundred", "one hundred", "a hundred"):
        yield from ((100, hundred), (100, f"{hundred}th"))
    for hundred in ("one hundred", "one hundred and", "a hundred", "a hundred and"):
        yield from ((100 + value, f"{hundred} {word}") for value, word in below)


def _french() -> Iterator[tuple[int, str]]:
    below = [*enumerate(_WORDS["fr"], 1), (1, "une"), (80, "quatre vingts"), (80, "quatre vingt")]
    for ten, word in enumerate(_WORDS["fr tens"], 2):
        below.append((ten * 10, word))
        for value, unit in below[: 19 if ten == 6 else 9]:
            below.append((ten * 10 + value, f"{word}{' et' * (value in (1, 11))} {unit}"))
    below += [(80 + value, f"quatre vingt {unit}") for value, unit in below[:19]]
    below += [(100, "cent"), *((100 + value, f"cent {word}") for value, word in below)]
    yield from below
    endings = {"e": "", "cinq": "cinqu", "neuf": "neuv", "vingts": "vingt"}
    for value, word in below:
        ending = next(filter(word.endswith, endings), "")
        yield value, f"{word.removesuffix(ending)}{endings.get(ending, '')}ième"
    yield from ((1, "premier"), (1, "première"), (2, "second"), (2, "seconde"))


def _german() -> Iterator[tuple[int, str]]:
    below = [*enumerate(_WORDS["de"], 1), (1, "ein")]
    for ten, word in enumerate(_WORDS["de tens"], 2):
        below.append((ten * 10, word))
        units = enumerate(["ein", *_WORDS["de"][1:9]], 1)
        below += [(ten * 10 + value, f"{unit}und{word}") for value, unit in units]
    ordinals = [*enumerate(_WORDS["de ordinals"], 1), (7, "siebte")]
    ordinals += [(value, f"{word}ste") for value, word in below if value >= 20]
    below += [(value, word + ending) for value, word in ordinals for ending in ("", "s", "r", "n")]
    yield from below
    for hundred in ("hundert", "einhundert", "hundertund"):
        yield from ((100 + value, hundred + word) for value, word in below)
    for ending in ("", "ste", "stes", "ster"):
        yield from ((100, f"hundert{ending}"), (100, f"einhundert{ending}"))


def _spanish() -> Iterator[tuple[int, str]]:
    below = list(enumerate(_WORDS["es"], 1))
    for ten, word in enumerate(_WORDS["es tens"], 3):
        below.append((ten * 10, word))
        below += [(ten * 10 + value, f"{word} y {unit}") for value, unit in below[:9]]
    ordinals = list(enumerate(_WORDS["es ordinals"], 1))
    for ten, word in enumerate(_WORDS["es ordinal tens"], 1):
        ordinals.append((ten * 10, word))
        ordinals += [(ten * 10 + value, f"{word} {unit}") for value, unit in ordinals[:9]]
    below += ordinals + [(value, f"{word[:-1]}a") for value, word in ordinals]
    yield from below
    yield from ((100 + value, f"ciento {word}") for value, word in below)
    yield from ((100, "cien"), (100, "centésimo"), (1, "primer"), (3, "tercer"))


def _italian() -> Iterator[tuple[int, str]]:
    below = list(enumerate(_WORDS["it"], 1))
    for ten, word in enumerate(_WORDS["it tens"], 2):
        below.append((ten * 10, word))
        for value, unit in below[:9]:
            below.append((ten * 10 + value, (word[:-1] if value in (1, 8) else word) + unit))
    below += [(100, "cento"), *((100 + value, f"cento{word}") for value, word in below)]
    yield from below
    for value, word in below[len(_WORDS["it ordinals"]) :]:
        stem = word if word.endswith(("tre", "sei")) else word[:-1]
        yield from ((value, f"{stem}esimo"), (value, f"{stem}esima"))
    for value, word in enumerate(_WORDS["it ordinals"], 1):
        yield from ((value, word), (value, f"{word[:-1]}a"))
        for ten, tens in enumerate(("decimo", "ventesimo", "trentesimo"), 1):
            yield ten * 10 + value, f"{tens} {word}"
