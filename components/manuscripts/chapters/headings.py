"""What a single line says if it is a heading, and a heading where it stands in a text.

"Chapter IV. The Storm" is of the family `chapter`, number 4, with a title; "The First Epoch" of the
family `word:epoch`. Whether a line is a heading where it stands is decided later, from its family
and what surrounds it. Lines longer than `MAX_LINE` are matched against nothing, to bound the cost.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self, cast

from components.languages import languages
from components.manuscripts.chapters import numerals
from components.manuscripts.chapters.numerals import fold
from components.manuscripts.manuscript import Basis, ChapterKind, Signal
from components.manuscripts.text.ornaments import MAX_LINE, STOPS, bare, is_capital


def _folded(tables: Iterable[Mapping[str, Iterable[str]]]) -> list[tuple[str, str]]:
    """Return the words of all languages with what they are listed under.

    Folded, so without accents and hyphens.
    """
    listed = (entry for table in tables for entry in table.items())
    return [(fold(word), name) for name, words in listed for word in words]


_HEADINGS = _folded(language.headings for language in languages().values())

#: Words before or after a number that head no section, however they count up.
NO_KEYWORDS = frozenset(word for word, family in _HEADINGS if family == "nothing")
#: Words that stand with a number, and the family of headings that they make.
KEYWORDS = {
    word: family for word, family in _HEADINGS if word not in NO_KEYWORDS and "{}" not in word
}

MONTHS = frozenset(fold(month) for language in languages().values() for month in language.months)
DAYS = frozenset(fold(day) for language in languages().values() for day in language.days)

_SECTIONS = _folded(language.sections for language in languages().values())
#: What stands above a list of contents.
CONTENTS = frozenset(name for name, kind in _SECTIONS if kind == "contents")
#: What closes a book and may open one as well.
EITHER_END = frozenset(name for name, kind in _SECTIONS if kind == "either")
#: What only says that here the text is: 正文.
_TEXT = frozenset(name for name, kind in _SECTIONS if kind == "text")
_OTHER_KINDS: dict[str, ChapterKind] = {"contents": "front", "either": "back"}

#: Headings that say by themselves what they head.
NAMED = {
    name: _OTHER_KINDS.get(kind) or cast(ChapterKind, kind)
    for name, kind in _SECTIONS
    if kind != "text"
}

#: Characters of a title beside its number, of one in Chinese or Japanese, of the date of a diary.
_MAX_TITLE, _MAX_EASTERN, _MAX_DATE = 220, 40, 70
#: Characters of a word before its number ("κεφάλαιο", "จดหมายฉบับที่").
_LONGEST_WORD = 16
#: Words of a number before a title ("One Hundred and Twenty Two —") and before a keyword.
_NUMBER_WORDS, _ORDINAL_WORDS = 6, 4

KEYED = frozenset({"chapter", "letter", "part", "act", "scene"})
#: Families whose headings hold chapters.
PARTS = frozenset({"part", "act"})
#: Families whose headings have no number by themselves.
_UNCOUNTED = frozenset({"named", "title", "date"})
_KINDS: dict[str, ChapterKind] = {"letter": "letter", "part": "part", "act": "part"}

_AFTER_NUMBER = ".:;)]–—-,：．、）"
_CLOSE_MARK = re.compile(r"([:;–—]|\.[–—-]+)(?=\S)")
_NUMBER_LINE = re.compile(
    r"(?P<number>\d{1,5}|[IVXLCDM]{1,16}|[ivxlcdm]{1,16}|[〇一二三四五六七八九十百]{1,7}(?!\w))"
    r"(?P<mark>[ \t]*[.:;)–—：．、）]+-*|[ \t]+-+(?=[ \t]))?"
    r"(?:(?:(?<=[–—:：．、）])(?!\d)|\s+)(?P<title>\S.*))?"
)
#: "3rd", "3º", "3ème", "3:e", "3."
_ORDINAL_DIGITS = re.compile(r"([0-9]{1,5})(?:st|nd|rd|th|º|ª|er?|ème|:[ae])?\.*")
#: What stands before and after a number: "第", "章".
_AROUND = {tuple(word.split("{}")): family for word, family in _HEADINGS if "{}" in word}
_BEFORE = "|".join(sorted({before for before, _ in _AROUND if before}))
_AFTER = "|".join(sorted({after for _, after in _AROUND}, key=len, reverse=True))
#: "第一章", "제1장", "正文 第十二回　夜", "1화 비"; without a sign before it, in digits only.
_AROUND_LINE = re.compile(
    rf"(?:(?:(?P<above>\S.{{0,30}}?)[\s:：]+)??(?P<before>{_BEFORE})\s*(?P<number>[^\W_]{{1,7}}?)"
    rf"|(?P<digits>\d{{1,5}}))\s*(?P<after>{_AFTER})(?P<title>.*)"
)
#: What a heading does not end with.
_STOPS = (*STOPS, *"！？!?,，、;；")
#: Before a number: "#1", "№ 1", "No. IV".
_SIGN = re.compile(r"\A(?:[#№]|[Nn][OoRr]?[.°º])\s*(?=\d|[IVXLC]+\b)")
#: The first word of a line, and one in lower case and more behind it.
_PROSE = re.compile(r"([A-Za-z][A-Za-z'-]*[A-Za-z]),?\s+(?!the\b)[a-z]{2,}[^\w\s]*\s+\S")
#: "C H A P T E R": letters that spaces set apart.
_LETTERS_APART = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
#: The same beside such a word: "O N E".
_FEW_APART = re.compile(r"(?<!\S)(?:[^\W\d_] )+[^\W\d_](?!\S)")
_WIDE_SPACE = re.compile(r"\s{2,}")
_QUOTED = re.compile("[\"“”„«»‘'「『](.+)[\"“”«»’'」』]")
#: "【第一章】雨夜", "[Chapter 1] Rain"
_BRACKETED = re.compile(r"[【〖［\[]([^\[\]【】〖〗［］]{1,30})[】〗］\]]\s*(.+)")
#: Marks of numbers in letters: Hebrew's geresh and gershayim, Greek's keraia.
_LETTER_NUMBER = re.compile("(?<=[^\x00-\x7f])[\"'’´΄ʹ׳״]")
#: The mark of a footnote: "CHAPTER XXII[1]."
_NOTE = re.compile(r"(?<=\w)(?:\[(?:\d{1,3}|[a-z*])\]|\{\d{1,3}\}|[¹²³⁴-⁹]+)")
_EDITIONS = frozenset(
    fold(edition) for language in languages().values() for edition in language.editions
)
#: The first letter of the scripts of East Asia, and a number right behind a word in them.
_EAST = "\u2e80"
_EASTERN_END = re.compile(rf"(?<=[{_EAST}-\uffef])[\d一二三四五六七八九十]+\Z")
#: The first words of all named headings.
_FIRST_NAMES = {name.split(" ", 1)[0] for name in NAMED} | {"the"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A line read as a heading, and where it stands among the blocks of a text.

    `family` is the way in which it is written: "chapter", "letter", "part", "act", "scene",
    "named", "arabic", "roman", "spelled", "arabic+", "roman+", "spelled+" (with a title), "word:"
    with any other word that stands with a number; "title" and "date" say nothing by themselves.
    `number` is 0 where it counts nothing, `title` what the line says beside it. `at` is the first
    block of the heading and `until` the first of what it heads, the same where it is not in the
    text. `title_below` is from the lines below; `level` is the file's, 0 where it has none.
    `within` is the part that the same line names before the chapter.
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
    within: str = ""

    @classmethod
    def without_number(cls, label: str, kind: ChapterKind = "chapter") -> Self:
        """Return a heading that is nothing but its title."""
        return cls("title", 0, kind, label, label)

    @property
    def counted(self) -> int | None:
        """The number, None where the heading counts nothing and 0 where it is "Chapter 0"."""
        return self.number if self.number or self.family not in _UNCOUNTED else None

    @property
    def full_label(self) -> str:
        """Return the heading as the editor reads it, with the title from the lines below."""
        return f"{self.label} — {self.title_below}" if self.title_below else self.label

    @property
    def full_title(self) -> str:
        """Return what the heading says beside its number."""
        if self.title and self.title == self.label:
            return self.full_label
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
    if not label or _is_prose(label):
        return None
    if quoted := _QUOTED.fullmatch(label):
        heading = parse(quoted[1])
        return heading if heading and heading.family in KEYED else None
    if (marked := _BRACKETED.fullmatch(label)) and (heading := parse(marked[1])):
        label = f"{marked[1]} {marked[2]}" if heading.number and not heading.title else label
    closed = closed_up(label)
    label = _apart(closed, spelled=closed != label)
    heading = (
        (None if label.isascii() else _around_number(label))
        or _named(label)
        or _ordinal(label)
        or _number(label)
        or _word(label)
    )
    if heading and heading.kind == "part" and heading.title:  # "Part One, Chapter Two"
        inner = parse(heading.title)
        if inner and inner.family in KEYED - PARTS:
            part = label.removesuffix(inner.label).rstrip(" ,.:;—–-\u3000")
            return replace(inner, within=part)
    return heading


def _is_prose(label: str) -> bool:
    """Return whether two words show that a line is no heading, which they do of most lines."""
    match = _PROSE.match(label)
    if match is None or not label.isascii():
        return False
    first = _first_word(label)
    is_known = first in _FIRST_NAMES or first in KEYWORDS or first in numerals.first_words()
    return not is_known and numerals.roman(match[1]) is None


def closed_up(label: str) -> str:
    """Return `label` without the spaces between letters set apart: "C H A P T E R  1 2"."""
    if not _LETTERS_APART.search(label):
        return label
    return " ".join(
        segment.replace(" ", "")
        if max(map(len, segment.split())) == 1
        else _FEW_APART.sub(lambda letters: letters[0].replace(" ", ""), segment)
        for segment in _WIDE_SPACE.split(label)
    )


def _apart(label: str, *, spelled: bool) -> str:
    """Return `label` with a space after a known word that its number touches: "Chapter1", "卷一".

    A number in Latin letters is looked for only where it may be `spelled` so.
    """
    first = label.split(None, 1)[0]
    digits = first.rstrip(_AFTER_NUMBER)[-1:].isdigit()
    if len(first) > _LONGEST_WORD or not (spelled or digits or not first.isascii()):
        return label
    for cut in range(1, len(first)):
        if fold(first[:cut]) in KEYWORDS:
            rest = first[cut:].lstrip("-").rstrip(_AFTER_NUMBER)
            number = numerals.arabic(rest) or numerals.eastern(rest)
            if not first.isascii():  # Thai, which sets no space
                number = number or numerals.spelled(rest, heading=True)
            if number or (spelled and numerals.any_number(rest)):
                return f"{label[:cut]} {label[cut:].lstrip('-')}"
    return label


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
    if not is_capital(label[0]) or _first_word(label) not in _FIRST_NAMES:
        return None
    name, title = label, ""
    marks = (":", "：", ";", " — ", " – ", " - ", "—", ".", "\u3000")
    for mark in marks if label[0] < _EAST else (*marks, " "):
        head, _, tail = label.partition(mark)
        if tail.strip():
            name, title = head, tail.strip()
            break
    folded = _folded_name(name)
    kind = NAMED.get(folded)
    if kind is None and title and (kind := NAMED.get(_folded_name(label))):
        title = ""
    if kind is None:  # "Interlude II", "番外一"
        head, _, number = _EASTERN_END.sub(r" \g<0>", folded).rpartition(" ")
        kind = NAMED.get(head) if numerals.any_number(number, heading=True) is not None else None
    if kind is None:
        words = label.split()
        opening = NAMED.get(_folded_name(words[0]))
        if opening and len(words) > 1 and fold(words[-1]).rstrip(".") in _EDITIONS:
            return Heading("named", 0, opening, label, "")
        return None
    if not _fits(title, mark) or (title.endswith((".", "!")) and not title.isupper()):
        return None
    return Heading("named", 0, kind, label, title)


def _first_word(label: str) -> str:
    """Return the first word of a heading, folded: it shows of most lines that they are none."""
    first = label[: 3 * _LONGEST_WORD].replace("：", " ").split(None, 1)[0]
    folded = fold(first.replace("’", "'"))
    return _EASTERN_END.sub("", folded.split(" ", 1)[0].rstrip(".:;,—–："))


def _folded_name(name: str) -> str:
    return fold(name.strip().rstrip(".:：").replace("’", "'")).removeprefix("the ")


def _number_first(rest: str, *, known: bool) -> tuple[int | None, str]:
    """Return the number that `rest` begins with, and the title behind it, or (None, "").

    Behind a `known` word it may be spelled in any language.
    """
    rest = _LETTER_NUMBER.sub("", _SIGN.sub("", rest))
    words = _CLOSE_MARK.sub(r"\1 ", rest).split()
    if fold(words[0]) in numerals.ARTICLES:
        words = words[1:]
    if not words or not numerals.may_begin(words[0].rstrip(_AFTER_NUMBER)):
        return None, ""
    for count in range(min(len(words), _NUMBER_WORDS), 0, -1):
        head, title = " ".join(words[:count]), " ".join(words[count:])
        number = numerals.any_number(head.rstrip(_AFTER_NUMBER).rstrip(), heading=known)
        title = title.lstrip("–—-:. ") if title[:1] in "–—-:." else title
        if number is not None and _fits(title, head):
            return number, title
    return None, ""


def _ordinal(label: str) -> Heading | None:
    """Read "Erstes Kapitel", "PREMIÈRE PARTIE", "3. Kapitel: Der Sturm", "The First Epoch"."""
    words = label.split()
    if not label[0].isdigit() and _first_word(label) not in numerals.first_words():
        if len(words) != 2 or not is_capital(label[0]):
            return None
        family = KEYWORDS.get(fold(words[1].rstrip(_AFTER_NUMBER)))
        number = None
        if family and words[0].isupper():  # "XX. fejezet"
            number = numerals.roman(words[0].rstrip("."))
        elif family:  # "Einunddreißgstes Kapitel"
            number = numerals.misspelled(words[0])
        return _numbered(family, number, label, "") if family and number else None
    if fold(words[0]) in numerals.ARTICLES:
        words = words[1:]
    for count in range(min(len(words) - 1, _ORDINAL_WORDS), 0, -1):
        number = numerals.spelled(" ".join(words[:count]), heading=True)
        if number is None and count == 1 and (digits := _ORDINAL_DIGITS.fullmatch(words[0])):
            number = numerals.arabic(digits[1])
        if not number:
            continue
        word, title = words[count], " ".join(words[count + 1 :])
        marked = word[-1] in _AFTER_NUMBER or title.startswith(("–", "—", "-", ":"))
        title = title.lstrip("–—-: ") if marked else title
        if title and not (marked and _fits(title, word if word[-1] == ";" else ":")):
            continue
        name = fold(word.rstrip(_AFTER_NUMBER))
        family = KEYWORDS.get(name)
        # "On Friday" begins with ten in Turkish.
        own = not label[0].isdigit() and numerals.spelled(" ".join(words[:count])) is not None
        if family is None and own and _may_be_keyword(word, name):
            return _numbered(f"word:{name}", number, label, title)
        if family is not None and is_capital(label[0]):
            return _numbered(family, number, label, title)
    return None


def _word(label: str) -> Heading | None:
    """Read "Chapter IV. The Storm", "Chapter the First" or "EPOCH II": a number behind a word."""
    word, _, rest = " ".join(label.split()).partition(" ")
    word = word.rstrip(".")
    if not rest or not 0 < len(word) <= _LONGEST_WORD or not is_capital(label[0]):
        return None
    name, first = fold(word), rest.split()[0].rstrip(_AFTER_NUMBER)
    known = KEYWORDS.get(name)
    sentence = first.isalpha() and first.islower() and first != "the"
    if known is None and (sentence or not word.isalpha() or not _may_be_keyword(word, name)):
        return None
    number, title = _number_first(rest, known=known is not None)
    if known is not None and number is None:
        number = numerals.misspelled(rest.rstrip(_AFTER_NUMBER))
    if number is None:
        return None
    return _numbered(known or f"word:{name}", number, label, title)


def _may_be_keyword(word: str, name: str) -> bool:
    word = word.rstrip(_AFTER_NUMBER)
    if len(name) < 3 or not word.isalpha() or not is_capital(word[0]):
        return False
    if name in NO_KEYWORDS or name in MONTHS:
        return False
    return numerals.spelled(name, heading=True) is None


def _number(label: str) -> Heading | None:
    """Read "7", "VII.", "No. 7", "Seven", "Seven: The Storm" or "7. The Storm"."""
    match = _NUMBER_LINE.fullmatch(_SIGN.sub("", label))
    if match is None:
        return _spelled_number(label)
    digits, title = match["number"], (match["title"] or "").strip()
    is_letter = len(digits) == 1 and digits.isascii() and digits.isalpha()
    spaced = title and is_letter and all(len(word) == 1 for word in title.split())
    if spaced or not _fits(title, digits + (match["mark"] or "")):
        return None  # "D R I F T" is a word
    if title and fold(title.split()[0].rstrip(".,:")) in MONTHS:
        return None
    family, number = "arabic", numerals.arabic(digits)
    if number is None:
        family, number = "roman", numerals.roman(digits)
        if number is None:
            family, number = "spelled", numerals.eastern(digits)
        if number is None or (title and digits.islower()):
            return None
        if title and not match["mark"] and digits == "I" and not title.isupper():
            return None  # "I am born" is a sentence
    return _numbered(f"{family}+" if title else family, number, label, title)


def _spelled_number(label: str) -> Heading | None:
    if not is_capital(label[0]):
        return None
    head, mark, title = label.partition(":" if ":" in label else ";" if ";" in label else " — ")
    head = _LETTER_NUMBER.sub("", head).strip().rstrip(".:")
    number, title = numerals.spelled(head, heading=True), title.strip()
    if number is None or not _fits(title, mark.rstrip()):
        return None
    return _numbered("spelled+" if title else "spelled", number, label, title)


def _around_number(label: str) -> Heading | None:
    """Read "第一章", "제1장", or with the name of the book above it "大河 第十二回　夜"."""
    match = _AROUND_LINE.fullmatch(unicodedata.normalize("NFC", label))
    if match is None:
        return None
    title = match["title"].lstrip(" \u3000:：、.-—")
    quoted = _QUOTED.fullmatch(title)
    number = numerals.any_number(match["digits"] or match["number"], heading=True)
    family = _AROUND.get((match["before"] or "", match["after"]))
    apart = match["before"] or title != match["title"] or not title or quoted
    title = quoted[1] if quoted else title
    if number is None or not family or not apart:
        return None
    if len(title) > _MAX_EASTERN or title.endswith(_STOPS):
        return None
    above = match["above"] or ""
    if any(mark in above for mark in _STOPS):
        return None
    heading = _numbered(family, number, label[match.end("above") + 1 :].strip(), title)
    part = parse(above)
    return replace(heading, within=above) if part and part.kind == "part" else heading


def _fits(title: str, before: str = ":") -> bool:
    """Return whether what follows a number is a title or nothing.

    Where `before` ends with a mark the title may have a full stop, and begin in lower case behind a
    semicolon: "Chapter One; or, The Wool".
    """
    if not title:
        return True
    if len(title) > _MAX_TITLE or title[-1] in ",;":
        return False
    first = title.lstrip("“‘«\"'([*_¿¡…—– ")[:1]
    begins = is_capital(first) or not first.isascii() or before[-1] == ";"
    return begins and (before[-1] in _AFTER_NUMBER or title[-1] != "." or title.isupper())
