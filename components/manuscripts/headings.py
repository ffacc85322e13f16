"""What a single line says if it is a heading.

A line is read by itself here: "Chapter IV. The Storm" is of the family `chapter`, number 4, with
a title; "7" is of the family `arabic`, number 7. Whether it is a heading where it stands is for
`chapters` to decide, from what surrounds it and from its family.

Lines longer than `MAX_LINE` are no headings and are not matched against anything, so that the
cost of a line is bounded whatever is in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.manuscripts.numerals import any_number, arabic, roman, spelled

if TYPE_CHECKING:
    from components.manuscripts.manuscript import ChapterKind

#: Characters. The longest one-line heading in four novels, a French one, has 118.
MAX_LINE = 160
#: Characters of a title on the same line as its number.
_MAX_TITLE = 120

#: A family is a way of writing headings; the headings of one book are of one family.
Family = Literal[
    "chapter", "letter", "part", "named", "arabic", "roman", "spelled", "arabic+", "roman+"
]

_KEYWORDS: dict[str, Family] = {
    **dict.fromkeys(
        ("chapter", "chap", "chapitre", "kapitel", "capítulo", "capitolo", "hoofdstuk", "глава"),
        "chapter",
    ),
    **dict.fromkeys(("letter", "lettre", "brief"), "letter"),
    **dict.fromkeys(
        ("part", "book", "volume", "partie", "livre", "tome", "teil", "buch", "band", "parte"),
        "part",
    ),
}
_NAMED: dict[str, ChapterKind] = {
    **dict.fromkeys(
        (
            "preface", "foreword", "introduction", "author’s note", "dedication",
            "préface", "avant-propos", "vorwort", "einleitung",
        ),
        "front",
    ),
    **dict.fromkeys(("prologue", "prelude", "prolog", "auftakt"), "prologue"),
    **dict.fromkeys(("interlude", "intermezzo", "entr’acte", "zwischenspiel"), "chapter"),
    **dict.fromkeys(("epilogue", "épilogue", "coda", "epilog", "conclusion"), "epilogue"),
    **dict.fromkeys(
        (
            "afterword", "postscript", "appendix", "acknowledgements", "acknowledgments",
            "postface", "remerciements", "nachwort", "danksagung", "anhang",
        ),
        "back",
    ),
}  # fmt: skip

_MARKS = " \t*_~–—-"
_KEYWORD_LINE = re.compile(r"(?P<word>[^\W\d_]{4,9})\.?\s+(?P<rest>\S.*)")
#: "One Hundred and Twenty Two" has five words, and a dash may stand behind it.
_NUMBER_WORDS = 6
_AFTER_NUMBER = ".:)–—-"
_CLOSE_MARK = re.compile(r"([:–—])(?=\S)")
_NUMBER_KEYWORD_LINE = re.compile(
    r"(?:the[ \t]+)?(?P<number>[^\W\d_]+(?:[ -][^\W\d_]+)?|\d{1,3}\.?)[ \t]+(?P<word>[^\W\d_]+)\.?",
    re.IGNORECASE,
)
_NUMBER_LINE = re.compile(
    r"(?P<number>[0-9]{1,5}|[IVXLCDM]{1,15}|[ivxlcdm]{1,15})"
    r"(?P<mark>[ \t]*[.:)–—]+|[ \t]+-+(?=[ \t]))?(?:[ \t]+(?P<title>\S.*))?"
)


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
    label = line.strip(_MARKS)
    if not label:
        return None
    return _named(label) or _keyword(label) or _number(label)


def _named(label: str) -> Heading | None:
    """Read "Epilogue" or "Prologue: The Wall"."""
    name, colon, title = label.rstrip(".").partition(":")
    kind = _NAMED.get(name.strip().casefold().replace("'", "’"))
    if kind is None or (colon and not _is_title(title.strip())):
        return None
    return Heading("named", 0, kind, label, title.strip())


def _keyword(label: str) -> Heading | None:
    """Read "Chapter IV. The Storm", "Chapter the First" or "Erstes Kapitel"."""
    family: Family | None
    match = _KEYWORD_LINE.fullmatch(label)
    if match and (family := _KEYWORDS.get(match["word"].casefold())):
        words = _CLOSE_MARK.sub(r"\1 ", match["rest"]).split()
        for count in range(min(len(words), _NUMBER_WORDS), 0, -1):
            head, title = " ".join(words[:count]), " ".join(words[count:])
            number = any_number(head.rstrip(_AFTER_NUMBER).rstrip())
            if number is not None and _fits(title, marked=head[-1] in _AFTER_NUMBER):
                return Heading(family, number, _kind(family), label, title)
        return None
    match = _NUMBER_KEYWORD_LINE.fullmatch(label)
    if match and (family := _KEYWORDS.get(match["word"].casefold())):
        number = spelled(match["number"]) or arabic(match["number"].rstrip("."))
        if number is not None:
            return Heading(family, number, _kind(family), label, "")
    return None


def _number(label: str) -> Heading | None:
    """Read "7", "VII.", "Seven" or "7. The Storm"."""
    match = _NUMBER_LINE.fullmatch(label)
    if match is None:
        number = spelled(label.rstrip(".:")) if label[0].isupper() else None
        return None if number is None else Heading("spelled", number, "chapter", label, "")
    title = match["title"] or ""
    if not _fits(title, marked=bool(match["mark"])):
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


def _fits(title: str, *, marked: bool) -> bool:
    """Return whether what follows a number is a title (or nothing), not the rest of a sentence."""
    if not title:
        return True
    if not _is_title(title):
        return False
    return marked or not title.endswith(".")


def _is_title(title: str) -> bool:
    """Return whether `title` starts and ends like one."""
    if not title or len(title) > _MAX_TITLE or title[-1] in ",;":
        return False
    first = title.lstrip("“‘«\"'([*_¿¡")[:1]
    return bool(first) and (first.isupper() or first.isdigit() or not first.isascii())


def _kind(family: Family) -> ChapterKind:
    if family in ("letter", "part"):
        return "letter" if family == "letter" else "part"
    return "chapter"
