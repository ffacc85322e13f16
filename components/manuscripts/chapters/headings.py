"""What a single line says if it is a heading, and a heading where it stands in a text.

"Chapter IV. The Storm" is of the family `chapter`, number 4, with a title; "The First Epoch" of the
family `word:epoch`. Whether a line is a heading where it stands is decided later, from its family
and what surrounds it. Lines longer than `MAX_LINE` are matched against nothing, to bound the cost.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from components.manuscripts.chapters import numerals
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.manuscript import Basis, ChapterKind, Signal
from components.manuscripts.text.ornaments import MAX_LINE, bare

# The words that head sections, by language: all folded, in lower case, without accents and hyphens.


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


_KEYWORDS = {
    "chapter": "chapter chap ch chapitre kapitel kap capítulo cap capitolo hoofdstuk глава розділ"
    " rozdział kapitola kapittel luku fejezet capitolul poglavlje κεφάλαιο bölüm stave canto",
    "letter": "letter lettre brief carta lettera письмо list epistle",
    "part": "part book volume vol partie livre tome teil buch band parte libro tomo volumen deel"
    " boek часть книга том część księga tom del bok osa díl livro osio rész кнiга",
    "act": "act acte akt aufzug acto atto bedrijf действие",
    "scene": "scene scène szene auftritt escena scena tafereel сцена явление",
}

#: Words that stand with a number, and the family of headings that they make.
KEYWORDS = {fold(word): family for family, words in _KEYWORDS.items() for word in words.split()}

#: Words before or after a number that head no section, however they count up.
NO_KEYWORDS = _folded(
    "page note footnote figure fig table plate illustration verse line number no nr item step"
    " rule question answer exhibit article clause lot size room day hour seite abbildung"
    " tafel anmerkung planche nota pagina image picture map psalm hymn sonnet stanza"
)

MONTHS = _folded(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    " januar februar märz juni juli oktober dezember jänner"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
    " januari februari maart mei augustus января февраля марта апреля мая июня июля августа"
    " сентября октября ноября декабря janeiro fevereiro março maio junho julho setembro"
    " outubro novembro dezembro"
)

DAYS = _folded(
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi"
    " vendredi samedi dimanche montag dienstag mittwoch donnerstag freitag samstag sonnabend"
    " sonntag lunes martes miércoles jueves viernes sábado domingo"
)

_CONTENTS = (
    "contents, table of contents, list of chapters, inhalt, inhaltsverzeichnis, table des matieres,"
    " sommaire, indice, sumario, contenido, inhoud, содержание, оглавление, spis tresci"
)
#: What stands above a list of contents.
CONTENTS = frozenset(map(fold, f"{_CONTENTS}, indice general".split(",")))

_NAMED: dict[ChapterKind, str] = {
    "front": f"{_CONTENTS}, table, list of illustrations, illustrations, dedication, epigraph,"
    " copyright, imprint, frontispiece, titlepage, title page, half title, halftitle, cover, half"
    " title page, also by, books by the same author, by the same author, errata, widmung,"
    " impressum, dedicace, epigraphe, dedicatoria, dedica",
    "introduction": "preface, foreword, introduction, author's note, introductory, introductory"
    " note, prefatory note, author's preface, author's introduction, editor's preface, editor's"
    " introduction, translator's preface, translator's introduction, a note to the reader, note to"
    " the reader, to the reader, advertisement, préface, avant-propos, vorwort, einleitung,"
    " einführung, prefacio, introducción, prefazione, introduzione, voorwoord, inleiding,"
    " предисловие, введение, przedmowa, wstęp, förord, forord, prefácio, introdução,"
    " avertissement, vorrede, vorbemerkung, proemio, al lector",
    "prologue": "prologue, prelude, prolog, prologo, auftakt, vorspiel, proloog, пролог, prélude,"
    " overture, induction, proem",
    "interlude": "interlude, intermezzo, entr'acte, entr acte, zwischenspiel, intermède,"
    " interludio, интерлюдия, intermission",
    "epilogue": "epilogue, épilogue, coda, epilog, conclusion, epílogo, epiloog, эпилог, finale,"
    " nachspiel, schluss, заключение, conclusione, conclusión",
    "back": "afterword, postscript, appendix, acknowledgements, acknowledgments, acknowledgement,"
    " about the author, about the authors, a note on the text, note on the text, notes, endnotes,"
    " footnotes, glossary, bibliography, index, colophon, uncopyright, translator's note, editor's"
    " note, translator's notes, transcriber's note, transcriber's notes, transcriber notes,"
    " author's afterword, postface, remerciements, nachwort, danksagung, anhang, anmerkungen,"
    " fußnoten, über den autor, à propos de l'auteur, l'auteur, epilogue by the editor, notas,"
    " agradecimientos, ringraziamenti, postfazione, nawoord, dankwoord, послесловие, примечания,"
    " posłowie, efterord, discussion questions, reading group guide, credits, permissions,"
    " copyright page",
    "chapter": "last chapter, chapter the last, final chapter, dernier chapitre, chapitre dernier,"
    " letztes kapitel, último capítulo, ultimo capitolo",
}

#: Headings that say by themselves what they head.
NAMED = {fold(name): kind for kind, names in _NAMED.items() for name in names.split(",")}

_EITHER_END = (
    "acknowledgements, acknowledgments, acknowledgement, about the author, about the authors, a"
    " note on the text, note on the text, translator's note, editor's note, transcriber's note,"
    " transcriber's notes, remerciements, danksagung, agradecimientos, ringraziamenti, dankwoord"
)
#: What closes a book and may open one as well.
EITHER_END = frozenset(map(fold, _EITHER_END.split(",")))

#: Named headings that may be followed by more on the same line: "Preface to the Second Edition".
OPENING_NAMES = _folded(
    "preface foreword introduction afterword prologue epilogue appendix notes vorwort"
    " nachwort préface postface prefacio introducción prefazione introduzione dedication"
)

#: Characters of a title beside its number, of one in Chinese or Japanese, of the date of a diary.
_MAX_TITLE, _MAX_EASTERN, _MAX_DATE = 220, 40, 70
#: Words of a number before a title ("One Hundred and Twenty Two —") and before a keyword.
_NUMBER_WORDS, _ORDINAL_WORDS = 6, 4

KEYED = frozenset({"chapter", "letter", "part", "act", "scene"})
#: Families whose headings hold chapters.
PARTS = frozenset({"part", "act"})
_KINDS: dict[str, ChapterKind] = {"letter": "letter", "part": "part", "act": "part"}

_AFTER_NUMBER = ".:)]–—-,"
_CLOSE_MARK = re.compile(r"([:–—]|\.[–—-]+)(?=\S)")
_KEYWORD_LINE = re.compile(r"(?P<word>[^\W\d_]{2,12})\.?\s+(?P<rest>\S.*)")
_NUMBER_LINE = re.compile(
    r"(?P<number>[0-9]{1,5}|[IVXLCDM]{1,16}|[ivxlcdm]{1,16})"
    r"(?P<mark>[ \t]*[.:)–—]+-*|[ \t]+-+(?=[ \t]))?(?:(?:(?<=[–—:])|[ \t]+)(?P<title>\S.*))?"
)
#: "3rd", "3º", "3ème", "3."
_ORDINAL_DIGITS = re.compile(r"([0-9]{1,5})(?:st|nd|rd|th|º|ª|er?|ème)?\.*")
#: "第一章", in Chinese and Japanese: a number between two signs.
_EASTERN = re.compile(
    r"第\s*(?P<number>[0-9０-９一二三四五六七八九十百〇零]{1,5})\s*"
    r"(?P<sign>[章回話话節节部卷巻篇])[\s　:：]*(?P<title>.*)"
)
#: The mark of a footnote: "CHAPTER XXII[1]."
_NOTE = re.compile(r"(?<=\w)(?:\[(?:\d{1,3}|[a-z*])\]|\{\d{1,3}\}|[¹²³⁴-⁹]+)")
_EDITIONS = frozenset({"edition", "ausgabe", "edicion", "reader"})
#: The first words of all named headings.
_FIRST_NAMES = {name.split(" ", 1)[0] for name in [*NAMED, *OPENING_NAMES]} | {"the"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A line read as a heading, and where it stands among the blocks of a text.

    `family` is the way in which it is written: "chapter", "letter", "part", "act", "scene",
    "named", "arabic", "roman", "spelled", "arabic+", "roman+", "spelled+" (with a title), "word:"
    with any other word that stands with a number; "title" and "date" say nothing by themselves.
    `number` is 0 where it counts nothing, `title` what the line says beside it. `at` is the first
    block of the heading and `until` the first of what it heads, the same where it is not in the
    text. `title_below` is from the lines below; `level` is the file's, 0 where it has none.
    """

    family: str
    number: int
    kind: ChapterKind
    label: str
    title: str
    at: int = 0
    until: int = 0
    words_before: int = 0
    title_below: str = ""
    level: int = 0

    @classmethod
    def without_number(cls, label: str, kind: ChapterKind = "chapter") -> Self:
        """Return a heading that is nothing but its title."""
        return cls("title", 0, kind, label, label)

    @property
    def full_label(self) -> str:
        """Return the heading as the editor reads it, with the title from the lines below."""
        return f"{self.label} — {self.title_below}" if self.title_below else self.label

    @property
    def full_title(self) -> str:
        """Return what the heading says beside its number."""
        return self.title or self.title_below

    def at_block(self, at: int, words_before: int) -> Self:
        """Return this heading as the block `at` of a text."""
        return replace(self, at=at, until=at + 1, words_before=words_before)

    def with_below(self, title: str, until: int, between: str = " ") -> Self:
        """Return this heading with a title from the lines up to the block `until`."""
        title = f"{self.title_below}{between}{title}" if self.title_below else title
        return replace(self, title_below=title, until=until)


Headings = Sequence[Heading]


def merged(
    headings: Headings, is_title: Callable[[Heading, Heading], bool], between: str = " "
) -> list[Heading]:
    """Return `headings`, each that `is_title` of the one right above it as that one's title."""
    out: list[Heading] = []
    for heading in headings:
        if out and out[-1].until == heading.at and is_title(heading, out[-1]):
            level = min(heading.level, out[-1].level)
            out[-1] = replace(
                out[-1].with_below(heading.label, heading.until, between), level=level
            )
        else:
            out.append(heading)
    return out


@dataclass(frozen=True, slots=True)
class DetectedHeadings:
    """The headings found in a text, in order, what says so, and how sure that is (0 to 1).

    `signal` is the one kind of evidence that found them.
    """

    headings: Headings = ()
    basis: Basis = "none"
    confidence: float = 0.0
    signal: Signal = "marks"

    @property
    def stories(self) -> list[Heading]:
        """The headings of chapters and letters, of parts where there are none."""
        parts = [heading for heading in self.headings if heading.kind == "part"]
        return [head for head in self.headings if head.kind in ("chapter", "letter")] or parts


def lengths(headings: Headings, total: int) -> list[int]:
    """Return the words from each heading to the next, and from the last to the end."""
    starts = [heading.words_before for heading in headings]
    return [after - before for before, after in pairwise([*starts, total])]


def parse(line: str) -> Heading | None:
    """Return what `line` says as a heading, or None where it cannot be one."""
    label = _NOTE.sub("", bare(line)) if len(line) <= MAX_LINE else ""
    if not label:
        return None
    if label[0] == "第":
        return _eastern(label)
    return _named(label) or _ordinal(label) or _number(label) or _word(label)


def is_date(line: str) -> bool:
    """Return whether `line` heads an entry of a diary: "3 May.", "Monday, June 4th, 1891"."""
    label = bare(line)
    if not label or len(label) > _MAX_DATE:
        return False
    words = [fold(word.strip(".,;:—–-()_*")) for word in label.replace("—", " ").split()[:5]]
    if not any(word in MONTHS for word in words) or not any(word[:1].isdigit() for word in words):
        return False
    first = words[0]
    return first in MONTHS or first in DAYS or first[:1].isdigit() or label[-1].isdigit()


def _numbered(family: str, number: int, label: str, title: str) -> Heading:
    return Heading(family, number, _KINDS.get(family, "chapter"), label, title)


def _named(label: str) -> Heading | None:
    """Read "Epilogue", "Prologue: The Wall" or "Preface to the Second Edition"."""
    if not (label[0].isupper() or label[0].isdigit()) or _first_word(label) not in _FIRST_NAMES:
        return None
    name, title = label, ""
    for mark in (":", " — ", " – ", " - ", "—", "."):
        head, _, tail = label.partition(mark)
        if tail.strip():
            name, title = head, tail.strip()
            break
    folded = _folded_name(name)
    kind = NAMED.get(folded)
    if kind is None and title:
        kind, title = NAMED.get(_folded_name(label)), ""
    if kind is None:  # "Interlude II"
        head, _, number = folded.rpartition(" ")
        kind = NAMED.get(head) if numerals.any_number(number) is not None else None
    if kind is None:
        words = label.split()
        first = _folded_name(words[0])
        if first in OPENING_NAMES and fold(words[-1]).rstrip(".") in _EDITIONS:
            return Heading("named", 0, NAMED[first], label, "")
        return None
    if not _fits(title) or (title.endswith((".", "!")) and not title.isupper()):
        return None
    return Heading("named", 0, kind, label, title)


def _first_word(label: str) -> str:
    """Return the first word of a heading, folded: it shows of most lines that they are none."""
    folded = fold(label.split(None, 1)[0].replace("’", "'"))
    return folded.split(" ", 1)[0].rstrip(".:,—–")


def _folded_name(name: str) -> str:
    return fold(name.strip().rstrip(".:").replace("’", "'")).removeprefix("the ")


def _number_first(rest: str) -> tuple[int | None, str]:
    """Return the number that `rest` begins with, and the title behind it, or (None, "")."""
    words = _CLOSE_MARK.sub(r"\1 ", rest).split()
    for count in range(min(len(words), _NUMBER_WORDS), 0, -1):
        head, title = " ".join(words[:count]), " ".join(words[count:])
        number = numerals.any_number(head.rstrip(_AFTER_NUMBER).rstrip())
        title = title.lstrip("–—-:. ") if title[:1] in "–—-:." else title
        if number is not None and _fits(title, stop=head[-1] in _AFTER_NUMBER):
            return number, title
    return None, ""


def _ordinal(label: str) -> Heading | None:
    """Read "Erstes Kapitel", "PREMIÈRE PARTIE", "3. Kapitel: Der Sturm", "The First Epoch"."""
    words = label.split()
    if not label[0].isdigit() and _first_word(label) not in numerals.first_words():
        if len(words) != 2 or not label[0].isupper():
            return None
        family = KEYWORDS.get(fold(words[1].rstrip(_AFTER_NUMBER)))
        number = numerals.misspelled(words[0]) if family else None  # "Einunddreißgstes Kapitel"
        return _numbered(family, number, label, "") if family and number else None
    if fold(words[0]) in numerals.ARTICLES:
        words = words[1:]
    for count in range(min(len(words) - 1, _ORDINAL_WORDS), 0, -1):
        number = numerals.spelled(" ".join(words[:count]))
        if number is None and count == 1 and (digits := _ORDINAL_DIGITS.fullmatch(words[0])):
            number = numerals.arabic(digits[1])
        if number is None:
            continue
        word, title = words[count], " ".join(words[count + 1 :])
        marked = word[-1] in _AFTER_NUMBER or title.startswith(("–", "—", "-", ":"))
        title = title.lstrip("–—-: ") if marked else title
        if title and not (marked and _fits(title)):
            continue
        name = fold(word.rstrip(_AFTER_NUMBER))
        family = KEYWORDS.get(name)
        if family is None and label[0].isupper() and _may_be_keyword(word, name):
            return _numbered(f"word:{name}", number, label, title)
        if family is not None and (label[0].isupper() or label[0].isdigit()):
            return _numbered(family, number, label, title)
    return None


def _word(label: str) -> Heading | None:
    """Read "Chapter IV. The Storm", "Chapter the First" or "EPOCH II": a number behind a word."""
    match = _KEYWORD_LINE.fullmatch(label)
    if match is None or not label[0].isupper():
        return None
    word, rest = match["word"], match["rest"]
    name, first = fold(word), rest.split()[0].rstrip(_AFTER_NUMBER)
    known = KEYWORDS.get(name)
    sentence = first.isalpha() and first.islower() and first != "the"
    if known is None and (sentence or not _may_be_keyword(word, name)):
        return None
    number, title = _number_first(rest)
    if known is not None:
        number = number or numerals.misspelled(rest.rstrip(_AFTER_NUMBER))
    return _numbered(known or f"word:{name}", number, label, title) if number else None


def _may_be_keyword(word: str, name: str) -> bool:
    word = word.rstrip(_AFTER_NUMBER)
    if len(name) < 3 or not word.isalpha() or not word[0].isupper():
        return False
    return name not in NO_KEYWORDS and name not in MONTHS and numerals.spelled(name) is None


def _number(label: str) -> Heading | None:
    """Read "7", "VII.", "Seven", "Seven: The Storm" or "7. The Storm"."""
    match = _NUMBER_LINE.fullmatch(label)
    if match is None:
        return _spelled_number(label)
    digits, title = match["number"], (match["title"] or "").strip()
    spaced = title and len(digits) == 1 and all(len(word) == 1 for word in title.split())
    if spaced or not _fits(title, stop=bool(match["mark"])):
        return None  # "D R I F T" is a word
    if title and fold(title.split()[0].rstrip(".,:")) in MONTHS:
        return None
    family, number = "arabic", numerals.arabic(digits)
    if number is None:
        family, number = "roman", numerals.roman(digits)
        if number is None or (title and digits.islower()):
            return None
        if title and not match["mark"] and digits == "I" and not title.isupper():
            return None  # "I am born" is a sentence
    return _numbered(f"{family}+" if title else family, number, label, title)


def _spelled_number(label: str) -> Heading | None:
    if not label[0].isupper():
        return None
    head, _, title = label.partition(":" if ":" in label else " — ")
    number, title = numerals.spelled(head.strip().rstrip(".:")), title.strip()
    if number is None or not _fits(title):
        return None
    return _numbered("spelled+" if title else "spelled", number, label, title)


def _eastern(label: str) -> Heading | None:
    """Read "第一章" or "第十二回　夜"."""
    match = _EASTERN.fullmatch(label)
    if match is None or len(match["title"]) > _MAX_EASTERN or match["title"].endswith("。"):
        return None
    total = last = 0
    for value in map(int, map(unicodedata.numeric, match["number"])):
        if value < 10:
            last = last * 10 + value
        else:
            total, last = total + (last or 1) * value, 0
    family = "part" if match["sign"] in "部卷巻篇" else "chapter"
    return _numbered(family, total + last, label, match["title"])


def _fits(title: str, *, stop: bool = True) -> bool:
    """Return whether what follows a number is a title (with a full `stop`, if any) or nothing."""
    if not title:
        return True
    if len(title) > _MAX_TITLE or title[-1] in ",;":
        return False
    first = title.lstrip("“‘«\"'([*_¿¡…—– ")[:1]
    begins = first.isupper() or first.isdigit() or not first.isascii()
    return begins and (stop or title[-1] != "." or title.isupper())
