"""Whether an answer is in the language that it was asked for.

Where a report names the language of its answers, that one. Else the language of the question or of
the manuscript. Where the question names a language itself ("translate into French"), any; where its
own cannot be told, any in a script of the question or the manuscript. Quotations are left out: they
are in the manuscript's language.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from components.errors import WrongLanguage
from components.manuscripts import LANGUAGES, detect_language, tag_of
from components.store import PromptInputs, Question

#: Fewer words of a question say nothing of its language.
_LEAST_WORDS = 6

#: Letters that are examined for the script, letters that an answer needs, and their share in it.
_LETTERS, _LEAST_LETTERS, _SHARE = 400, 12, 0.7

#: Characters of the middle of a text that say which script it is in.
_SAMPLE = 4_000

#: Scripts by their Unicode names; those that one language is written in are one.
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
class ExpectedLanguage:
    """What an answer may be written in.

    `tags` are its languages (BCP 47), empty where they cannot be told; `scripts` its scripts by
    their Unicode names, empty where any will do; `name` is the language for a prompt. The language
    of the text `book` is right too.
    """

    tags: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    name: str = "the language of this question"
    book: str = ""


def expected_language(question: Question, inputs: PromptInputs) -> ExpectedLanguage:
    """Return what the answer to `question` may be written in."""
    if question.language:
        tag = tag_of(question.language)
        if not tag:
            return ExpectedLanguage(name=question.language)
        scripts = frozenset({_SCRIPTS.get(tag, "LATIN")})
        return ExpectedLanguage(frozenset({tag}), scripts, question.language)
    texts = [question.system, *(exchange.asked for exchange in inputs.history), question.prompt]
    if any(map(_NAMED.search, texts)):
        return ExpectedLanguage()
    book = inputs.manuscript.text if inputs.manuscript else ""
    scripts = frozenset(filter(None, map(script_of, [*texts, book])))
    own = detect_language(question.prompt, least=_LEAST_WORDS)
    if not own:
        return ExpectedLanguage(scripts=scripts)
    stated = inputs.manuscript.language if inputs.manuscript else ""
    tags = {own, stated.replace("_", "-").split("-")[0].lower()} - {""}
    return ExpectedLanguage(frozenset(tags), scripts, LANGUAGES[own], book)


def check_script(answer: str, expected: ExpectedLanguage) -> None:
    """Hold the script of an answer or its beginning against `expected`. Raises: WrongLanguage."""
    if not expected.scripts or (answer.isascii() and "LATIN" in expected.scripts):
        return
    text = _QUOTED.sub(" ", answer)
    script = script_of(text, least=_LEAST_LETTERS)
    if script and script not in expected.scripts:
        raise _wrong(detect_language(text), expected)


def check_language(answer: str, expected: ExpectedLanguage) -> None:
    """Hold a whole answer in prose against `expected`. Raises: WrongLanguage."""
    check_script(answer, expected)
    tag = detect_language(_QUOTED.sub(" ", answer)) if expected.tags else ""
    if tag and tag not in expected.tags and tag != detect_language(expected.book):
        raise _wrong(tag, expected)


def script_of(text: str, *, least: int = 1) -> str:
    """Return the script of most letters of `text` as Unicode names it, "" where none is plain."""
    middle = len(text) // 2
    sample = text[max(0, middle - _SAMPLE // 2) : middle + _SAMPLE // 2]
    letters = [char for char in sample if char.isalpha()]
    if len(letters) < least:
        return ""
    letters = letters[:: -(-len(letters) // _LETTERS) or 1]
    scripts = (unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    for script, count in Counter(_ONE.get(name, name) for name in scripts).most_common(1):
        return script if count >= _SHARE * len(letters) else ""
    return ""


def _wrong(tag: str, expected: ExpectedLanguage) -> WrongLanguage:
    language = LANGUAGES.get(tag, "another language")
    return WrongLanguage(f"The answer is in {language}; it was to be in {expected.name}.")
