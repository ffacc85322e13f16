"""The tables of languages, and the numbers that they spell."""

from __future__ import annotations

import pytest

from components.languages import (
    NumberSeries,
    count_words,
    isolated,
    languages,
    pieces,
    runs_left,
    unit_of,
)
from components.manuscripts.chapters.headings import parse


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("제1장", 1, ""),
        ("제 12 장 비", 12, "비"),
        ("3화", 3, ""),
        ("둘째 장", 2, ""),
        ("두 번째 이야기", 2, ""),
        ("บทที่หนึ่ง", 1, ""),
        ("3:e kapitlet", 3, ""),
        ("الفصل الأول", 1, ""),
        ("الفصل ٣", 3, ""),
        ("פרק 1", 1, ""),
        ("פרק י״ב", 12, ""),
        ("הפרק השני", 2, ""),
        ("فصل دوم", 2, ""),
        ("فصل ۱۲", 12, ""),
        ("अध्याय १: वर्षा", 1, "वर्षा"),
        ("पहला अध्याय", 1, ""),
        ("บทที่ ๑", 1, ""),
        ("บทที่๑๒ ฝน", 12, "ฝน"),
        ("দ্বিতীয় অধ্যায়", 2, ""),
        ("Kapitola druhá", 2, ""),
        ("Dvacátá první kapitola", 21, ""),
        ("Második fejezet", 2, ""),
        ("XX. fejezet", 20, ""),
        ("Tredje kapitlet", 3, ""),
        ("Toinen luku", 2, ""),
        ("Capitolul al doilea", 2, ""),
        ("İkinci Bölüm", 2, ""),
        ("BİRİNCİ BÖLÜM", 1, ""),
        ("Κεφάλαιο Β΄", 2, ""),
        ("Δεύτερο κεφάλαιο", 2, ""),
        ("Глава двадцать вторая", 22, ""),
        ("第二十一回　夜", 21, "夜"),
        ("正文 第一回 渡口", 1, "渡口"),
    ],
)
def test_a_chapter_in_the_words_of_its_language(line: str, number: int, title: str) -> None:
    heading = parse(line)
    assert heading is not None
    assert (heading.family, heading.number, heading.title) == ("chapter", number, title)


@pytest.mark.parametrize("tag", languages())
def test_every_table_is_whole(tag: str) -> None:
    language = languages()[tag]
    assert language.name
    assert language.headings["chapter"]
    assert all(len(pair.split()) == 2 for pair in language.quotation)
    assert {1, 2, 3} <= {value for value, _ in language.numbers()} or tag in ("zh", "ja")


def test_numbers_are_put_together_as_the_table_says() -> None:
    units = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    series = NumberSeries(
        (*units, "ten"), tens=("_", "thirt"), alone="{}y", joined=("{ten}y-{unit}",), endings=("",)
    )
    spelled = dict(map(reversed, series.spellings()))
    assert (spelled["ten"], spelled["thirty"], spelled["thirty-two"]) == (10, 30, 32)
    assert 20 not in spelled.values()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("the ferry came in late", 5),
        ("naïve – “so”", 3),
        ("渡船来得很晚。", 7),
        ("他说 OK， 走了", 6),
        ("吾輩は猫である", 7),
        ("배가 늦게 들어왔다", 3),
        ("บท", 2),
    ],
)
def test_words_or_characters_are_counted_as_the_trade_does(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "words"),
        ("The ferry came in late.", "words"),
        ("The sign said 渡船 and nothing else at all.", "words"),
        ("他说 OK，走了。", "characters"),
        ("吾輩は猫である", "characters"),
        ("배가 늦게 들어왔다", "words"),
        ("وصلت السفينة", "words"),
    ],
)
def test_what_a_text_is_counted_in(text: str, unit: str) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left.", [("He left.", False)]),
        ("«قال: لا!»", [("«قال: لا!»", True)]),
        ("Chapter الفصل 1.", [("Chapter ", False), ("الفصل", True), (" 1.", False)]),
        ("הלך N, ושב.", [("הלך ", True), ("N", False), (", ושב.", True)]),
        ("- לא, לא -", [("- לא, לא -", True)]),
        ("12", [("12", False)]),
    ],
)
def test_the_pieces_of_a_paragraph_by_direction(
    text: str, expected: list[tuple[str, bool]]
) -> None:
    assert pieces(text) == expected
    assert runs_left(text) == (text[:1] in "«ה-")


def test_only_what_runs_to_the_left_is_isolated() -> None:
    assert isolated("Anna, 三国") == "Anna, 三国"
    assert isolated("פרק א") == "\u2068פרק א\u2069"
