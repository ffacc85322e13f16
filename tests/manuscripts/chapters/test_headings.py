from __future__ import annotations

import pytest

from components.manuscripts.chapters.headings import is_date, parse
from components.manuscripts.text.ornaments import MAX_LINE


@pytest.mark.parametrize(
    ("line", "family", "number", "title"),
    [
        ("Chapter 12", "chapter", 12, ""),
        ("CHAPTER XII.", "chapter", 12, ""),
        ("Chapter Twenty One: The Storm", "chapter", 21, "The Storm"),
        ("Chapter 1—The Storm", "chapter", 1, "The Storm"),
        ("Chapter 1 - The Storm", "chapter", 1, "The Storm"),
        ("Chapter the First", "chapter", 1, ""),
        ("**Chapter 3**", "chapter", 3, ""),
        ("Chapitre premier", "chapter", 1, ""),
        ("Erstes Kapitel", "chapter", 1, ""),
        ("3. Kapitel", "chapter", 3, ""),
        ("Letter 4", "letter", 4, ""),
        ("PART TWO", "part", 2, ""),
        ("7", "arabic", 7, ""),
        ("— 7 —", "arabic", 7, ""),
        ("--XX--", "roman", 20, ""),
        ("CHAPITRE XXII[1].", "chapter", 22, ""),
        ("Chapter 3²", "chapter", 3, ""),
        ("VII.", "roman", 7, ""),
        ("Seven", "spelled", 7, ""),
        ("7. The Storm", "arabic+", 7, "The Storm"),
        ("I. I Am Born", "roman+", 1, "I Am Born"),
        ("Epilogue", "named", 0, ""),
        ("Prologue: The Wall", "named", 0, "The Wall"),
        ("Author's Note", "named", 0, ""),
        ("Preface to the Second Edition", "named", 0, ""),
        ("Interlude II", "named", 0, ""),
        ("第十二回　夜", "chapter", 12, "夜"),
        ("第二部", "part", 2, ""),
        ("【第1章】", "chapter", 1, ""),
        ("#1", "arabic", 1, ""),
        ("№ 3", "arabic", 3, ""),
        ("No. 1", "arabic", 1, ""),
        ("No. 2 The Storm", "arabic+", 2, "The Storm"),
        ("Nº 3: The Storm", "arabic+", 3, "The Storm"),
        ("Chapter One; or, The Wool", "chapter", 1, "or, The Wool"),
        ("CHAPTER I; IN WHICH IT RAINS.", "chapter", 1, "IN WHICH IT RAINS."),
        ("Chapter the Third; in which it rains.", "chapter", 3, "in which it rains."),
        ("The First Chapter; or, The Wool", "chapter", 1, "or, The Wool"),
        ("IV; or, The Wool", "roman+", 4, "or, The Wool"),
        ("Four; or, The Wool", "spelled+", 4, "or, The Wool"),
        ("Prologue; or, The Wool", "named", 0, "or, The Wool"),
        ("Chapter 0", "chapter", 0, ""),
        ("Chapter Zero: The Wool", "chapter", 0, "The Wool"),
        ("0", "arabic", 0, ""),
        ("第零章　雨", "chapter", 0, "雨"),
        ("Chapter No. 5", "chapter", 5, ""),
        ("Chapter1", "chapter", 1, ""),
        ("CHAPTER1: Rain", "chapter", 1, "Rain"),
        ("“Chapter One”", "chapter", 1, ""),
        ("C H A P T E R  O N E", "chapter", 1, ""),
        ("C H A P T E R O N E", "chapter", 1, ""),
        ("C H A P T E R  1 2", "chapter", 12, ""),
        ("C H A P T E R  O N E : The Storm", "chapter", 1, "The Storm"),
        ("【第一章】夜", "chapter", 1, "夜"),
        ("[Chapter 2] The Storm", "chapter", 2, "The Storm"),
        ("第3話「夜」", "chapter", 3, "夜"),
        ("番外一 夜", "named", 0, "夜"),
        ("番外編　夜", "named", 0, "夜"),
        ("Day One", "word:day", 1, ""),
        ("卷一 大河", "part", 1, "大河"),
        ("二、雨", "spelled+", 2, "雨"),
        ("后记：雨", "named", 0, "雨"),
    ],
)
def test_headings(line, family, number, title):
    heading = parse(line)
    assert heading is not None
    assert (heading.family, heading.number, heading.title) == (family, number, title)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "* * *",
        "***",
        "I am born",
        "I Am Born",
        "Chapter One was hard.",
        "Chapter 3 of that book, I think,",
        "Part of the reason",
        "“One,” he said.",
        "one",
        "Chapter",
        "Chapter <img src=x onerror=alert(1)>",
        "Introduction to everything",
        "Chapter " + "I" * 151,
        "Chapter " + "a-" * 75,
        "Chapter " + "one " * 38,
        "Chapter " + "—:" * 75,
        "I" * 160,
        "* " * 80,
        "1 . : ) " * 20,
        "第一章。",
        "“Seven.”",
        "D R A C U L A",
        "A B C D E F",
        "09:15",
        "8:30 A.M.",
        "Level 3",
        "On Friday",
        "No. I never said so.",
        "No. 7 was late.",
        "Chapter 3; that book; I think;",
        "Zero Hour",
        "사장님이 왔다",
        "第十回目の夜。",
        "Chapter 1 " + "A" * MAX_LINE,
    ],
)
def test_no_headings(line):
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "within", "number"),
    [
        ("第一卷 大河 第一章 雨夜", "第一卷 大河", 1),
        ("第二卷第三章 雨", "第二卷", 3),
        ("Part One, Chapter Two", "Part One", 2),
        ("Act II. Scene 1", "Act II", 1),
        ("大河 第四章 雨夜", "", 4),
    ],
)
def test_a_part_and_a_chapter_on_one_line(line, within, number):
    heading = parse(line)
    assert heading is not None
    assert (heading.within, heading.number, heading.kind) == (within, number, "chapter")


@pytest.mark.parametrize("line", ["3 May.", "May 4th", "Monday, June 4th, 1891", "— 12 août —"])
def test_dates_of_a_diary(line):
    assert is_date(line)


@pytest.mark.parametrize("line", ["", "May", "1893", "He came in May, on the 4th of it", "3 men."])
def test_no_dates(line):
    assert not is_date(line)
