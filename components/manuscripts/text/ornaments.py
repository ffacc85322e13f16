"""What stands on a line beside words: ornaments, the dates of a diary, the numbers of pages."""

from __future__ import annotations

import re

from components.manuscripts.chapters.heading_words import DAYS, MONTHS
from components.manuscripts.chapters.numerals import fold

#: Characters. The longest one-line heading in forty novels has 196.
MAX_LINE = 240
#: Characters of a diary's date line, and of an ornament between scenes.
_MAX_DATE = 70
_MAX_BREAK = 60

_MARKS = " \t\u00a0*_~–—-=•·|+"
_BRACKETS = {"[": "]", "(": ")", "<": ">", "{": "}"}
_PAGE_TAIL = re.compile(r"(?:[ .…·_]{3,}|\t+)[\divxlc]{1,5}\.?$")
_TENS = re.compile(r"\s*([-–—]{1,3}) ?X{1,3}\.? ?\1\s*")
_ORNAMENT = frozenset("*#~⁂⁎⁑•·◊◆◇❦❧☙§+=—–-_.…●○□■★☆✦✧✻※×xXoO")
_SURE_ORNAMENT = frozenset("*#~⁂⁎⁑•·◊◆◇❦❧☙§+=—–-_●○□■★☆✦✧✻※×")


def bare(line: str) -> str:
    """Return `line` without ornaments and brackets around it: "— [7] —" is "7"."""
    label = line.strip(_MARKS).removeprefix("§").lstrip()
    while len(label) > 2 and _BRACKETS.get(label[0]) == label[-1]:
        label = label[1:-1].strip(_MARKS)
    return label


def is_break(text: str) -> bool:
    """Return whether `text` is an ornament between two scenes: "* * *", "#", "⁂", "---"."""
    if len(text) > _MAX_BREAK:
        return False
    if text[:1].isalnum() and text[0] not in _ORNAMENT:
        return False
    marks = [char for char in text if not char.isspace() and char != "\\"]
    if not marks or not all(char in _ORNAMENT for char in marks):
        return False
    if marks == ["—"] or marks == ["–"]:
        return False  # a silence in a dialogue
    if _TENS.fullmatch(text):
        return False  # "--XX--" is twenty
    return any(char in _SURE_ORNAMENT for char in marks)


def is_date(line: str) -> bool:
    """Return whether `line` heads an entry of a diary: "3 May.", "Monday, June 4th, 1891"."""
    label = bare(line)
    if not label or len(label) > _MAX_DATE:
        return False
    words = [word.strip(".,;:—–-()_*") for word in label.replace("—", " ").split()[:5]]
    folded = [fold(word) for word in words]
    months = [at for at, word in enumerate(folded) if word in MONTHS]
    days = any(word[:1].isdigit() for word in words)
    first = folded[0] if folded else ""
    if not days or not months:
        return False
    starts = first in MONTHS or first in DAYS or first[:1].isdigit()
    return starts or label[-1].isdigit()


def is_contents_entry(line: str) -> bool:
    """Return whether `line` ends with the number of a page, as in a printed list of contents."""
    return len(line) <= MAX_LINE and _PAGE_TAIL.search(line.rstrip()) is not None
