"""What stands on a line beside words: ornaments, brackets, the numbers of pages."""

import re

#: Characters. The longest one-line heading in forty novels has 196.
MAX_LINE = 240
#: Characters of an ornament between scenes.
_MAX_BREAK = 60

#: What a sentence ends with, as a full stop.
STOPS = (".", "。", "।", "؟", "．")
_MARKS = " \t\u00a0\u3000*_~–—-=•·|+"
_BRACKETS = {
    pair[0]: pair[1]
    for pair in ("[]", "()", "<>", "{}", "【】", "〔〕", "〖〗", "《》", "〈〉", "［］", "（）")
}
_PAGE_TAIL = re.compile(r"(?:[ .…·_]{3,}|\t+)[\divxlc]{1,5}\.?$")
_TENS = re.compile(r"\s*([-–—]{1,3}) ?X{1,3}\.? ?\1\s*")
#: Signs that are ornaments by themselves, and those that are beside such a sign.
_ORNAMENTS = frozenset("*#~⁂⁎⁑•·◊◆◇❦❧☙§+=—–-_●○□■★☆✦✧✻※×")
_WITH_ORNAMENTS = _ORNAMENTS | frozenset(".…xXoO")


def bare(line: str) -> str:
    """Return `line` without ornaments and brackets around it: "— [7] —" is "7"."""
    label = line.strip(_MARKS).removeprefix("§").lstrip()
    while len(label) > 2 and _BRACKETS.get(label[0]) == label[-1]:
        label = label[1:-1].strip(_MARKS)
    return label


def is_capital(char: str) -> bool:
    """Return whether `char` may begin a heading: a digit, a capital, a letter without case."""
    return char.isalnum() and not char.islower()


def is_break(text: str) -> bool:
    """Return whether `text` is an ornament between two scenes: "* * *", "#", "⁂", "---"."""
    if len(text) > _MAX_BREAK or _TENS.fullmatch(text):
        return False  # "--XX--" is twenty
    marks = "".join(text.replace("\\", "").split())
    if marks in ("—", "–"):
        return False  # a silence in a dialogue
    return not _ORNAMENTS.isdisjoint(marks) and _WITH_ORNAMENTS.issuperset(marks)


def is_contents_entry(line: str) -> bool:
    """Return whether `line` ends with the number of a page, as in a printed list of contents."""
    return len(line) <= MAX_LINE and _PAGE_TAIL.search(line.rstrip()) is not None
