"""The words for numbers, by language, as (value, word) pairs.

English is given last: where two languages spell different numbers alike, it wins.
"""

from __future__ import annotations

from collections.abc import Iterator


def _listed(words: str) -> list[str]:
    """Return `words` as a list, the first of which is number one (or the first ten)."""
    return words.split()


_ENGLISH = _listed(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH_ORDINALS = _listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)

_FRENCH = _listed(
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf"
)
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}

_GERMAN = _listed(
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    " sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = _listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_GERMAN_ORDINALS = _listed(
    "erste zweite dritte vierte fünfte sechste siebente achte neunte zehnte elfte zwölfte"
    " dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte"
)

_SPANISH = _listed(
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés"
    " veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_SPANISH_TENS = _listed("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_SPANISH_ORDINALS = _listed(
    "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo"
    " duodécimo decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo"
    " decimonoveno"
)
_SPANISH_ORDINAL_TENS = _listed(
    "vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo"
)

_ITALIAN = _listed(
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici"
    " quindici sedici diciassette diciotto diciannove"
)
_ITALIAN_TENS = _listed("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_ITALIAN_ORDINALS = _listed("primo secondo terzo quarto quinto sesto settimo ottavo nono decimo")

#: Up to about twenty, cardinal then ordinal, one language a line.
_OTHERS = (
    (
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
        " zestien zeventien achttien negentien twintig"
    ),
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
    (
        "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis"
        " dezessete dezoito dezenove vinte"
    ),
    "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo",
    "primeira segunda terceira quarta quinta sexta sétima oitava nona décima",
    (
        "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
        " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать"
    ),
    (
        "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая одиннадцатая"
        " двенадцатая тринадцатая четырнадцатая пятнадцатая шестнадцатая семнадцатая восемнадцатая"
        " девятнадцатая двадцатая"
    ),
    "первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый",
    (
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście"
        " trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
        " dwadzieścia"
    ),
    "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty",
    (
        "ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton"
        " arton nitton tjugo"
    ),
    "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte",
)


def every() -> Iterator[tuple[int, str]]:
    """Yield each number's value and each of its spellings; later ones win over earlier ones."""
    for line in _OTHERS:
        yield from enumerate(line.split(), start=1)
    for language in (_italian(), _spanish(), _german(), _french(), _english()):
        yield from language


def _english() -> Iterator[tuple[int, str]]:
    below = list(_english_below_hundred())
    yield from below
    for word in ("hundred", "hundredth"):
        yield 100, f"one {word}"
        yield 100, f"a {word}"
        yield 100, word
    for value, word in below:
        for joint in (" ", " and "):
            yield 100 + value, f"one hundred{joint}{word}"
            yield 100 + value, f"a hundred{joint}{word}"


def _english_below_hundred() -> Iterator[tuple[int, str]]:
    yield from enumerate(_ENGLISH, start=1)
    yield from enumerate(_ENGLISH_ORDINALS, start=1)
    for ten, word in enumerate(_ENGLISH_TENS, start=2):
        yield ten * 10, word
        yield ten * 10, word.removesuffix("y") + "ieth"
        for unit in range(1, 10):
            yield ten * 10 + unit, f"{word} {_ENGLISH[unit - 1]}"
            yield ten * 10 + unit, f"{word} {_ENGLISH_ORDINALS[unit - 1]}"


def _french() -> Iterator[tuple[int, str]]:
    below = list(_french_below_hundred())
    yield from below
    for value, word in [*below, (100, "cent"), *((100 + n, f"cent {w}") for n, w in below)]:
        yield value, word
        yield value, _french_ordinal(word)
    for value, words in ((1, "premier première"), (2, "second seconde"), (100, "cent")):
        for word in words.split():
            yield value, word


def _french_below_hundred() -> Iterator[tuple[int, str]]:
    yield from enumerate(_FRENCH, start=1)
    yield 1, "une"
    for ten, word in _FRENCH_TENS.items():
        yield ten, word
        for unit in range(1, 20 if ten == max(_FRENCH_TENS) else 10):
            joint = " et " if unit in (1, 11) else " "
            yield ten + unit, f"{word}{joint}{_FRENCH[unit - 1]}"
    yield 80, "quatre vingts"
    yield 80, "quatre vingt"
    for unit in range(1, 20):
        yield 80 + unit, f"quatre vingt {_FRENCH[unit - 1]}"


def _french_ordinal(word: str) -> str:
    stem = word.removesuffix("e")
    if word.endswith("cinq"):
        stem = word + "u"
    elif word.endswith("neuf"):
        stem = word.removesuffix("f") + "v"
    elif word.endswith("vingts"):
        stem = word.removesuffix("s")
    return stem + "ième"


def _german() -> Iterator[tuple[int, str]]:
    below = list(_german_below_hundred())
    for value, word in below:
        yield value, word
        for joint in ("hundert", "einhundert", "hundertund"):
            yield 100 + value, joint + word
    for word in ("hundert", "einhundert"):
        yield 100, word
        for ending in ("", "s", "r"):
            yield 100, f"{word}ste{ending}"


def _german_below_hundred() -> Iterator[tuple[int, str]]:
    yield from enumerate(_GERMAN, start=1)
    yield 1, "ein"
    ordinals = [*enumerate(_GERMAN_ORDINALS, start=1), (7, "siebte")]
    for ten, word in enumerate(_GERMAN_TENS, start=2):
        yield ten * 10, word
        ordinals.append((ten * 10, f"{word}ste"))
        for unit in range(1, 10):
            small = "ein" if unit == 1 else _GERMAN[unit - 1]
            yield ten * 10 + unit, f"{small}und{word}"
            ordinals.append((ten * 10 + unit, f"{small}und{word}ste"))
    for value, word in ordinals:
        for ending in ("", "s", "r", "n"):
            yield value, word + ending


def _spanish() -> Iterator[tuple[int, str]]:
    below = list(_spanish_below_hundred())
    for value, word in below:
        yield value, word
        yield 100 + value, f"ciento {word}"
    yield 100, "cien"
    yield 100, "centésimo"
    yield 1, "primer"
    yield 3, "tercer"


def _spanish_below_hundred() -> Iterator[tuple[int, str]]:
    yield from enumerate(_SPANISH, start=1)
    for ten, word in enumerate(_SPANISH_TENS, start=3):
        yield ten * 10, word
        for unit in range(1, 10):
            yield ten * 10 + unit, f"{word} y {_SPANISH[unit - 1]}"
    ordinals = list(enumerate(_SPANISH_ORDINALS, start=1))
    ordinals += [(10 + n, f"décimo {_SPANISH_ORDINALS[n - 1]}") for n in range(1, 10)]
    for ten, word in enumerate(_SPANISH_ORDINAL_TENS, start=2):
        ordinals.append((ten * 10, word))
        ordinals += [(ten * 10 + n, f"{word} {_SPANISH_ORDINALS[n - 1]}") for n in range(1, 10)]
    for value, word in ordinals:
        yield value, word
        yield value, word[:-1] + "a"


def _italian() -> Iterator[tuple[int, str]]:
    below = list(enumerate(_ITALIAN, start=1))
    for ten, word in enumerate(_ITALIAN_TENS, start=2):
        below.append((ten * 10, word))
        for unit in range(1, 10):
            stem = word[:-1] if unit in (1, 8) else word
            below.append((ten * 10 + unit, stem + _ITALIAN[unit - 1]))
    below += [(100, "cento"), *((100 + value, f"cento{word}") for value, word in below)]
    for value, word in below:
        yield value, word
        if value > len(_ITALIAN_ORDINALS):
            stem = word if word.endswith(("tre", "sei")) else word[:-1]
            for ending in "oa":
                yield value, f"{stem}esim{ending}"
    for value, word in enumerate(_ITALIAN_ORDINALS, start=1):
        yield value, word
        yield value, word[:-1] + "a"
        for ten, tens in enumerate(("decimo", "ventesimo", "trentesimo"), start=1):
            yield ten * 10 + value, f"{tens} {word}"
