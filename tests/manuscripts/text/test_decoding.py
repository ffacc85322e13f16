from __future__ import annotations

import pytest

from components.errors import UnsupportedType
from components.manuscripts.text.decoding import Cleaner, as_letters, decode

FRENCH = "Il n’était pas là : « À bientôt », dit-elle, émue, à la gare où naît l’été.\n" * 20
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастлива по-своему.\n" * 20


def clean(text: str) -> tuple[str, list[str]]:
    cleaner = Cleaner()
    return cleaner.clean(text), cleaner.warnings()


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        ("café", "utf-8", "utf-8"),
        ("café", "utf-8-sig", "utf-8"),
        ("café", "utf-16", "utf-16-le"),
        ("It was late.", "utf-16-le", "utf-16-le"),
        ("It was late.", "utf-16-be", "utf-16-be"),
        ("café", "utf-32", "utf-32-le"),
        (FRENCH, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
    ],
)
def test_encodings(text, codec, encoding):
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, encoding, ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0c"])
def test_line_ends(end):
    assert clean(f"one{end}two{end}{end}three") == ("one\ntwo\n\nthree", [])


def test_two_encodings_in_one_file():
    data = "“First” — café.\n".encode() * 10 + "“Second” — café.\n".encode("cp1252") * 10
    decoded = decode(data)
    assert decoded.text == "“First” — café.\n" * 10 + "“Second” — café.\n" * 10
    assert "mixes two encodings" in decoded.warnings[0]


def test_what_cannot_be_read_is_counted():
    decoded = decode("Un café, s’il vous plaît, à la gare.\n".encode("utf-16") * 1 + b"\x00\xd8")
    assert decoded.text.endswith("\ufffd")
    assert decoded.warnings == ("1 character could not be read and show as \ufffd.",)


def test_what_is_no_text_is_refused():
    with pytest.raises(UnsupportedType):
        decode(b"\xff\xfe" + b"\x00\xd8" * 100)


@pytest.mark.parametrize(
    ("dirty", "shown", "warning"),
    [
        ("a\x1b]0;pwned\x07\x1b[31mred\x1b[0m", "ared", "Removed 3 terminal codes."),
        ("a\x00b\x07\x7f", "ab", "Removed 3 control characters."),
        ("a\u202eb", "ab", "Removed 1 mark that turns the direction of the text."),
        ("a\U000e0041b", "ab", "Removed 1 invisible character."),
        ("a\u200db", "ab", "Removed 1 invisible character."),
        ("ســـلام كتــاب", "سلام كتاب", "Removed 2 kashidas that stretched a word."),
    ],
)
def test_what_does_not_show_is_removed_and_said(dirty, shown, warning):
    assert clean(dirty) == (shown, [warning])


def test_where_a_line_may_break_is_removed_without_a_word():
    assert clean("Chap\u200bter\u00ad\u2060 One\ufeff") == ("Chapter One", [])


@pytest.mark.parametrize(
    "kept",
    [
        "می\u200cخواهم",
        "👩\u200d🚀",
        "e\u0301",
        "\tTab\n",
        "ﬁn — «…»",
        "1445هـ لـ«كتاب» ـ",
        "شيـٔا",
    ],
)
def test_what_shows_is_kept(kept):
    assert clean(kept) == (kept, [])


def test_lone_surrogates_are_replaced():
    assert clean("a\ud800b") == ("a\ufffdb", [])


def test_markup_is_kept():
    text = "&lt;b&gt; <script>alert(1)</script> {{7*7}} *emphasis*"
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("ﬁrst ﬂoor, oﬀ, oﬃce, baﬄe", "first floor, off, office, baffle"),
        ("\u0093So,\u0094 he said \u0096 it\u0092s", "“So,” he said – it’s"),
        ("e\u0301te\u0301", "été"),
        ("one\u2003two", "one two"),
        ("“kept” «aussi» - ‘as it is’ … \u00a0!", "“kept” «aussi» - ‘as it is’ … \u00a0!"),
        ("plain", "plain"),
        ("œuvre, Ægir", "œuvre, Ægir"),
    ],
)
def test_letters(text, letters):
    assert as_letters(text) == letters
