"""What a single line says if it is a heading.

A line is read by itself here: "Chapter IV. The Storm" is of the family `chapter`, number 4, with
a title; "7" is of the family `arabic`, number 7; "The First Epoch" of the family `word:epoch`.
Whether it is a heading where it stands is for `chapters` to decide, from what surrounds it and
from its family.

Lines longer than `MAX_LINE` are no headings and are not matched against anything, so that the
cost of a line is bounded whatever is in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.manuscripts.chapters.heading_words import (
    KEYWORDS,
    MONTHS,
    NAMED,
    NO_KEYWORDS,
    OPENING_NAMES,
)
from components.manuscripts.chapters.numerals import (
    any_number,
    arabic,
    first_words,
    fold,
    misspelled,
    roman,
    spelled,
)
from components.manuscripts.text.ornaments import MAX_LINE, bare

if TYPE_CHECKING:
    from components.manuscripts.manuscript import ChapterKind

#: Characters of a title on the same line as its number.
_MAX_TITLE = 220
#: Characters of a title in Chinese or Japanese.
_MAX_EASTERN = 40

#: A family is a way of writing headings; the headings of one book are of one family: "chapter",
#: "letter", "part", "act", "scene", "named", "arabic", "roman", "spelled", "arabic+", "roman+"
#: (with a title), "word:" and any other word that stands with a number.
Family = str

KEYED = frozenset({"chapter", "letter", "part", "act", "scene"})

_KEYWORD_LINE = re.compile(r"(?P<word>[^\W\d_]{2,12})\.?\s+(?P<rest>\S.*)")
#: "One Hundred and Twenty Two" has five words, and a dash may stand behind it.
_NUMBER_WORDS = 6
_AFTER_NUMBER = ".:)]–—-,"
_CLOSE_MARK = re.compile(r"([:–—]|\.[–—-]+)(?=\S)")
_ORDINAL_WORDS = 4
_NUMBER_LINE = re.compile(
    r"(?P<number>[0-9]{1,5}|[IVXLCDM]{1,16}|[ivxlcdm]{1,16})"
    r"(?P<mark>[ \t]*[.:)–—]+-*|[ \t]+-+(?=[ \t]))?(?:(?:(?<=[–—:])|[ \t]+)(?P<title>\S.*))?"
)
#: "第一章", in Chinese and Japanese: a number between two signs.
_EASTERN = re.compile(
    r"第\s*(?P<number>[0-9０-９一二三四五六七八九十百〇零]{1,5})\s*"
    r"(?P<sign>[章回話话節节部卷巻篇])[\s　:：]*(?P<title>.*)"
)
#: The mark of a footnote: "CHAPTER XXII[1]."
_NOTE = re.compile(r"(?<=\w)(?:\[(?:\d{1,3}|[a-z*])\]|\{\d{1,3}\}|[¹²³⁴-⁹]+)")
_EASTERN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}


#: The first words of all named headings.
_FIRST_NAMES = {name.split(" ", 1)[0] for name in [*NAMED, *OPENING_NAMES]} | {"the"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A line read as a heading: its family, number (0 where named), kind and title ("" if none)."""

    family: Family
    number: int
    kind: ChapterKind
    label: str
    title: str


def parse(line: str) -> Heading | None:
    """Return what `line` says as a heading, or None where it cannot be one."""
    if len(line) > MAX_LINE:
        return None
    label = _NOTE.sub("", bare(line))
    if not label:
        return None
    if label[0] == "第":
        return _eastern(label)
    return _named(label) or _keyword(label) or _ordinal(label) or _number(label) or _word(label)


def _named(label: str) -> Heading | None:
    """Read "Epilogue", "Prologue: The Wall" or "Preface to the Second Edition"."""
    if not (label[0].isupper() or label[0].isdigit()) or _first_word(label) not in _FIRST_NAMES:
        return None
    name, title = label, ""
    for mark in (":", " — ", " – ", " - ", "—", "."):
        head, found, tail = label.partition(mark)
        if found and tail.strip():
            name, title = head, tail.strip()
            break
    folded = _folded_name(name)
    kind = NAMED.get(folded)
    if kind is None and title:
        kind, title = NAMED.get(_folded_name(label)), ""
    if kind is None:
        head, _, number = folded.rpartition(" ")
        if head in NAMED and any_number(number) is not None:  # "Interlude II"
            kind = NAMED[head]
    if kind is None:
        words = label.split()
        opening = NAMED.get(_folded_name(words[0]))
        edition = fold(words[-1]).rstrip(".") in ("edition", "ausgabe", "edicion", "reader")
        if opening is None or not edition or _folded_name(words[0]) not in OPENING_NAMES:
            return None
        return Heading("named", 0, opening, label, "")
    if title and (not is_title(title) or (title.endswith((".", "!")) and not title.isupper())):
        return None
    return Heading("named", 0, kind, label, title)


def _first_word(label: str) -> str:
    """Return the first word of a heading, folded: most lines are told by it to be none."""
    folded = fold(label.split(None, 1)[0].replace("’", "'"))
    return folded.split(" ", 1)[0].rstrip(".:,—–") if folded else ""


def _folded_name(name: str) -> str:
    return fold(name.strip().rstrip(".:").replace("’", "'")).removeprefix("the ")


def _keyword(label: str) -> Heading | None:
    """Read "Chapter IV. The Storm" or "Chapter the First"."""
    match = _KEYWORD_LINE.fullmatch(label)
    if match is None or not label[0].isupper():
        return None
    family = KEYWORDS.get(fold(match["word"]))
    if family is None:
        return None
    number, title = _number_first(match["rest"])
    number = number or misspelled(match["rest"].rstrip(_AFTER_NUMBER))
    if number is None:
        return None
    return Heading(family, number, _kind(family), label, title)


def _number_first(rest: str) -> tuple[int | None, str]:
    """Return the number that `rest` begins with, and the title behind it, or (None, "")."""
    words = _CLOSE_MARK.sub(r"\1 ", rest).split()
    for count in range(min(len(words), _NUMBER_WORDS), 0, -1):
        head, title = " ".join(words[:count]), " ".join(words[count:])
        number = any_number(head.rstrip(_AFTER_NUMBER).rstrip())
        marked = head[-1] in _AFTER_NUMBER
        title = title.lstrip("–—-:. ") if title[:1] in "–—-:." else title
        if number is not None and _fits(title, marked=marked):
            return number, title
    return None, ""


def _ordinal(label: str) -> Heading | None:
    """Read "Erstes Kapitel", "PREMIÈRE PARTIE", "3. Kapitel: Der Sturm", "The First Epoch"."""
    words = label.split()
    if not label[0].isdigit() and _first_word(label) not in first_words():
        return _misspelled_ordinal(label, words)
    if words and fold(words[0]) in ("the", "la", "el", "il", "le", "das", "der"):
        words = words[1:]
    for count in range(min(len(words) - 1, _ORDINAL_WORDS), 0, -1):
        number = spelled(" ".join(words[:count]))
        if number is None and count == 1 and words[0][0].isdigit():
            digits = words[0].rstrip(".")
            for ending in ("", "st", "nd", "rd", "th", "º", "ª", "e", "er", "ème"):
                if digits.endswith(ending):
                    number = number or arabic(digits.removesuffix(ending) if ending else digits)
        if number is None:
            continue
        word = words[count]
        marked = word[-1] in _AFTER_NUMBER
        name = fold(word.rstrip(_AFTER_NUMBER))
        title = " ".join(words[count + 1 :])
        marked = marked or title[:1] in ("–", "—", "-", ":")
        title = title.lstrip("–—-: ") if marked else title
        family = KEYWORDS.get(name)
        if title and not (marked and _fits(title, marked=True)):
            continue
        if family is None:
            if not label[0].isupper() or not _may_be_keyword(word, name):
                continue
            family = f"word:{name}"
        elif not (label[0].isupper() or label[0].isdigit()):
            continue
        return Heading(family, number, _kind(family), label, title)
    return None


def _misspelled_ordinal(label: str, words: list[str]) -> Heading | None:
    """Read "Einunddreißgstes Kapitel"."""
    family = KEYWORDS.get(fold(words[-1].rstrip(_AFTER_NUMBER))) if len(words) == 2 else None
    number = misspelled(words[0]) if family and label[0].isupper() else None
    return Heading(family, number, _kind(family), label, "") if family and number else None


def _word(label: str) -> Heading | None:
    """Read "Stave One" or "EPOCH II. The Raft": any word, and a number behind it."""
    match = _KEYWORD_LINE.fullmatch(label)
    if match is None:
        return None
    name = fold(match["word"])
    if name in KEYWORDS or not _may_be_keyword(match["word"], name):
        return None
    number, title = _number_first(match["rest"])
    first = match["rest"].split()[0].rstrip(_AFTER_NUMBER)
    if number is None or (first.isalpha() and first.islower() and first != "the"):
        return None
    return Heading(f"word:{name}", number, "chapter", label, title)


def _may_be_keyword(word: str, name: str) -> bool:
    word = word.rstrip(_AFTER_NUMBER)
    if len(name) < 3 or not word.isalpha() or not word[0].isupper():
        return False
    return name not in NO_KEYWORDS and name not in MONTHS and spelled(name) is None


def _number(label: str) -> Heading | None:
    """Read "7", "VII.", "Seven", "Seven: The Storm" or "7. The Storm"."""
    match = _NUMBER_LINE.fullmatch(label)
    if match is None:
        return _spelled_number(label)
    title = (match["title"] or "").strip()
    if not _fits(title, marked=bool(match["mark"])):
        return None
    if title and fold(title.split()[0].rstrip(".,:")) in MONTHS:
        return None
    number = arabic(match["number"])
    if number is not None:
        return Heading("arabic+" if title else "arabic", number, "chapter", label, title)
    number = roman(match["number"])
    if number is None or (title and match["number"].islower()):
        return None
    if title and not match["mark"] and match["number"] == "I" and not title.isupper():
        return None  # "I am born" is a sentence
    return Heading("roman+" if title else "roman", number, "chapter", label, title)


def _spelled_number(label: str) -> Heading | None:
    if not label[0].isupper():
        return None
    head, mark, title = label.partition(":")
    if not mark:
        head, mark, title = label.partition(" — ")
    number = spelled(head.strip().rstrip(".:"))
    title = title.strip()
    if number is None or (title and not is_title(title)):
        return None
    return Heading("spelled+" if title else "spelled", number, "chapter", label, title)


def _eastern(label: str) -> Heading | None:
    """Read "第一章" or "第十二回　夜"."""
    match = _EASTERN.fullmatch(label)
    if match is None or len(match["title"]) > _MAX_EASTERN or match["title"].endswith("。"):
        return None
    total = last = 0
    for char in match["number"]:
        if char in "十百":
            total, last = total + (last or 1) * (10 if char == "十" else 100), 0
        else:
            digit = _EASTERN_DIGITS.get(char)
            last = last * 10 + (int(char) if digit is None else digit)
    family = "part" if match["sign"] in "部卷巻篇" else "chapter"
    return Heading(family, total + last, _kind(family), label, match["title"])


def _fits(title: str, *, marked: bool) -> bool:
    """Return whether what follows a number is a title (or nothing), not the rest of a sentence."""
    if not title:
        return True
    if not is_title(title):
        return False
    return marked or not title.endswith(".") or title.isupper()


def is_title(title: str) -> bool:
    """Return whether `title` starts and ends like one."""
    if not title or len(title) > _MAX_TITLE or title[-1] in ",;":
        return False
    first = title.lstrip("“‘«\"'([*_¿¡…—– ")[:1]
    return bool(first) and (first.isupper() or first.isdigit() or not first.isascii())


def _kind(family: Family) -> ChapterKind:
    if family in ("letter", "part"):
        return "letter" if family == "letter" else "part"
    return "part" if family == "act" else "chapter"
