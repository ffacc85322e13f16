"""Whether an answer is in the language that it was asked for.

Where a report names the language of its answers, in that one. Else in the language of the question
or of the manuscript: either is right. Where the question names a language itself ("translate into
French"), any is right; where its own cannot be told, any in a script of what was asked or read.
Quotations are left out: they are in the manuscript's language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from components.errors import WrongLanguage
from components.manuscripts import LANGUAGES, detect_language, tag_of
from components.store import PromptInputs, Question

#: Fewer words of a question say nothing of its language.
_LEAST_ASKED = 6

#: Letters that are looked at for the script, letters that an answer needs, and their share in it.
_LETTERS, _LEAST_LETTERS, _SHARE = 400, 12, 0.7

#: Characters of the middle of a text that say which script it is in.
_SAMPLE = 4_000

#: Scripts that one language is written in are one here; others are known by their Unicode names.
_ONE = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}

#: Scripts of languages that are not written in Latin letters.
_SCRIPTS = {
    "ar": "ARABIC",
    "el": "GREEK",
    "he": "HEBREW",
    "ja": "CJK",
    "ko": "HANGUL",
    "ru": "CYRILLIC",
    "uk": "CYRILLIC",
    "zh": "CJK",
}

_NAMED = re.compile(
    rf"\b(?:{'|'.join(LANGUAGES.values())}|latin|translat\w*|français|traduc\w*|tradui\w*|deutsch\w*|"
    r"übersetz\w*|español|castellano|italiano|português|tradu[zç]\w*|nederlands|vertaal\w*|svenska|"
    r"dansk|polsku?|suomeksi|по-русски|русск\w*|перевед\w*)\b|[中英日法德韩韓]文|[英日法德韩]语|翻[译訳譯]|"
    r"[日英仏独]本?語|한국어|영어",
    re.IGNORECASE,
)

_QUOTED = re.compile(
    r"“[^”]{0,600}”|„[^“”]{0,600}[“”]|«[^»]{0,600}»|‘[^’\n]{0,300}’|「[^」]{0,600}」|"
    r'"[^"\n]{0,600}"|^ *>.*$',
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class AskedLanguage:
    """What an answer may be written in.

    `tags` are its languages (BCP 47), empty where they cannot be told; `scripts` its scripts, by
    the names that Unicode gives them, empty where any will do; `name` is what a model is told to
    write in, "the language of this question" where that has no name here. The language of `book`
    is right too.
    """

    tags: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    name: str = "the language of this question"
    book: str = ""


def asked_language(question: Question, material: PromptInputs) -> AskedLanguage:
    """Return what the answer to `question` may be written in."""
    if question.language:
        tag = tag_of(question.language)
        if not tag:
            return AskedLanguage(name=question.language)
        scripts = frozenset({_SCRIPTS.get(tag, "LATIN")})
        return AskedLanguage(frozenset({tag}), scripts, question.language)
    said = [question.system, *(one.asked for one in material.history), question.prompt]
    if any(_NAMED.search(text) for text in said):
        return AskedLanguage()
    book = material.manuscript
    read = said if book is None else [*said, book.text]
    scripts = frozenset(filter(None, map(script_of, read)))
    own = detect_language(question.prompt, least=_LEAST_ASKED)
    if not own:
        return AskedLanguage(scripts=scripts)
    stated = "" if book is None else book.language.replace("_", "-").split("-")[0].lower()
    return AskedLanguage(
        frozenset({own, stated} - {""}),
        scripts,
        LANGUAGES[own],
        "" if book is None else book.text,
    )


def check_script(answer: str, asked: AskedLanguage) -> None:
    """Hold the script of an answer, or of a part of it, against that of what was asked.

    Raises: WrongLanguage.
    """
    if not asked.scripts or (answer.isascii() and "LATIN" in asked.scripts):
        return
    text = _QUOTED.sub(" ", answer)
    script = script_of(text, least=_LEAST_LETTERS)
    if script and script not in asked.scripts:
        raise _wrong(detect_language(text), asked)


def check_language(answer: str, asked: AskedLanguage) -> None:
    """Hold a whole answer in prose against the language asked for. Raises: WrongLanguage."""
    check_script(answer, asked)
    tag = detect_language(_QUOTED.sub(" ", answer)) if asked.tags else ""
    if tag and tag not in asked.tags and tag != detect_language(asked.book):
        raise _wrong(tag, asked)


def script_of(text: str, *, least: int = 1) -> str:
    """Return the script of most letters of `text` as Unicode names it, "" where none is plain."""
    middle = len(text) // 2
    sample = text[max(0, middle - _SAMPLE // 2) : middle + _SAMPLE // 2]
    letters = [char for char in sample if char.isalpha()]
    if len(letters) < least:
        return ""
    letters = letters[:: -(-len(letters) // _LETTERS) or 1]
    counts = Counter(_scripts(letters)).most_common(1)
    return counts[0][0] if counts and counts[0][1] >= _SHARE * len(letters) else ""


def _scripts(letters: Iterable[str]) -> Iterable[str]:
    for letter in letters:
        script = unicodedata.name(letter, "").partition(" ")[0]
        yield _ONE.get(script, script)


def _wrong(tag: str, asked: AskedLanguage) -> WrongLanguage:
    found = LANGUAGES.get(tag, "another language")
    return WrongLanguage(f"The answer is in {found}; it was to be in {asked.name}.")
