"""The whole of a glance: figures counted by hand, sums, and places that lead back to the text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from components.errors import LimitReached
from components.manuscripts import Manuscript, read
from components.measures import (
    DEFINITIONS,
    Glance,
    as_csv,
    as_json,
    by_chapter,
    excerpt,
    glance,
    stretch_at,
)
from components.measures.glance import LONGEST
from components.settings import PROJECT
from tests.measures.books import FIRST, SECOND, book, two_chapters

CORPUS = PROJECT.parent / "shared" / "corpus"


@pytest.fixture(scope="module")
def manuscript() -> Manuscript:
    return two_chapters()


@pytest.fixture(scope="module")
def measured(manuscript: Manuscript) -> Glance:
    return glance(manuscript)


def test_figures_counted_by_hand(measured: Glance) -> None:
    first, second = measured.chapters
    assert (first.words, second.words) == (len(FIRST.split()), len(SECOND.split())) == (37, 53)
    assert (first.sentences, second.sentences) == (5, 5)
    # 5, 10, 7, 5 and 10 words; the spoken ones are 4 and 5.
    assert first.counted_words == 37
    assert first.dialogue == pytest.approx(9 / 37)
    assert first.sentence_median == 7
    assert (first.sentence_low, first.sentence_high) == (5, 10)
    # 7, 11, 5, 10 and 20 words; the spoken ones are 3 and 10.
    assert second.dialogue == pytest.approx(13 / 53)
    assert second.sentence_median == 10
    # "slowly" in the first, "really" in the second; "only" is none.
    assert first.adverbs == pytest.approx(1000 / 37)
    assert second.adverbs == pytest.approx(1000 / 53)
    # "saw" in the first; "felt", "saw", "knew" in the second; what is said aloud does not count.
    assert first.filter_words == pytest.approx(1000 / 28)
    assert second.filter_words == pytest.approx(3000 / 40)


def test_names_are_joined_and_placed(measured: Glance) -> None:
    assert measured.names is not None
    assert {one.label: by_chapter(measured, one.places) for one in measured.names} == {
        "Mr. Marlow": [2, 3],
        "Anna": [1, 3],
        "Porthmere": [0, 3],
    }
    marlow = next(one for one in measured.names if one.label == "Mr. Marlow")
    assert marlow.variants == (("Mr. Marlow", 3), ("Marlow", 2))


def test_a_phrase_is_found_at_its_longest(measured: Glance) -> None:
    assert measured.phrases is not None
    (phrase,) = measured.phrases
    assert phrase.label == "at the end of the long day"
    assert by_chapter(measured, phrase.places) == [1, 2]


def test_chapters_add_up_to_the_book(measured: Glance) -> None:
    book, chapters = measured.book, measured.chapters
    for name in ("words", "counted_words", "sentences"):
        assert sum(getattr(one, name) for one in chapters) == getattr(book, name)
    assert sum(measured.lengths) == book.counted_words
    assert len(measured.sentences) == len(measured.lengths) == book.sentences
    spoken = [(one.dialogue or 0) * one.counted_words for one in chapters]
    assert sum(spoken) == pytest.approx((book.dialogue or 0) * book.counted_words)


def test_every_place_leads_back_to_what_was_found(manuscript: Manuscript, measured: Glance) -> None:
    _slices_back(manuscript, measured)


def test_the_same_text_gives_the_same_figures(manuscript: Manuscript, measured: Glance) -> None:
    assert glance(manuscript) == measured


def test_front_and_back_matter_and_headings_are_left_out() -> None:
    three = book(
        ("Contents", "One Two Three"),
        ("Chapter 1", FIRST),
        ("Notes", "A note of the publisher."),
        kinds=("front", "chapter", "back"),
    )
    measured = glance(three)
    assert [part.heading for part in measured.stretches] == ["Chapter 1"]
    assert measured.book.words == 37


def test_a_heading_is_left_out_where_nobody_noted_the_body() -> None:
    two = two_chapters()
    chapters = tuple(replace(one, body_start=0) for one in two.chapters)
    assert glance(replace(two, chapters=chapters)).stretches == glance(two).stretches


def test_without_chapters_the_whole_text_is_one_stretch() -> None:
    measured = glance(book(("", FIRST), language="en"))
    assert [(part.heading, part.words) for part in measured.stretches] == [("The whole text", 37)]


@pytest.mark.parametrize("text", ["", "   \n\n  ", "* * *", "1 2 3"])
def test_a_text_without_words_has_no_figures(text: str) -> None:
    measured = glance(book(("", text), language="en"))
    assert measured.book.counted_words == 0
    assert measured.book.dialogue is None
    assert measured.sentences == ()
    assert measured.names == ()
    json.dumps(as_json(measured))


def test_what_does_not_hold_for_a_language_is_none_and_not_nothing() -> None:
    german = glance(book(("", "Der Mann ging nach Haus. Er sah das Meer nicht."), language="de"))
    assert german.names is None
    assert german.adverbs is None
    assert german.favourites is None
    assert german.chapters[0].reading_ease is None
    assert german.chapters[0].filter_words is None
    assert german.phrases == ()
    lao = glance(book(("", "ເຮືອມາຮອດຊ້າ. ຜູ້ຊາຍບໍ່ໄດ້ເວົ້າຫຍັງ."), language="lo"))
    assert not any(lao.holds(measure) for measure in DEFINITIONS)


def test_characters_are_counted_where_no_spaces_stand_between_words() -> None:
    text = "「吾輩は猫である。」と言った。名前はまだ無い。"
    japanese = glance(book(("", text), language="ja"))
    held = [measure for measure in DEFINITIONS if japanese.holds(measure)]
    assert held == ["words", "dialogue", "rhythm"]
    assert japanese.book.words == len(text)
    assert (japanese.book.counted_words, japanese.book.sentences) == (18, 3)
    assert japanese.book.dialogue == 7 / 18


def test_a_text_beyond_all_novels_is_refused_and_not_cut() -> None:
    long = replace(two_chapters(), text="word " * (LONGEST // 5 + 1), chapters=())
    with pytest.raises(LimitReached, match="5,000,000"):
        glance(long)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“" * 20_000 + "a" * 20_000 + " ‘b" * 20_000 + "." * 20_000, 20_001),
        ("a" + " " * 60_000 + "b" + " \n" * 60_000 + "c", 3),
        ("the same Anna Weir " * 10_000, 40_000),
    ],
)
def test_marks_that_never_close_and_sentences_that_never_end(text: str, words: int) -> None:
    assert glance(book(("", text), language="en")).book.words == words


def test_a_passage_holds_the_place_in_its_sentence(
    manuscript: Manuscript, measured: Glance
) -> None:
    assert measured.phrases is not None
    shown = excerpt(manuscript, measured, measured.phrases[0].places[-1])
    assert shown.stretch.heading == "Chapter 2"
    assert shown.opening.startswith("“I saw it ")
    assert shown.marked == "at the end of the long day"
    assert shown.closing == ".”"
    assert shown.before == SECOND[: SECOND.index("“I saw it")]
    assert shown.after.startswith("\n\nThen Mr. Marlow")
    assert not shown.after.endswith("…")


def test_a_long_chapter_is_cut_between_words_and_says_so() -> None:
    long = book(("Chapter 1", " ".join(f"Sentence number {number}x." for number in range(200))))
    measured = glance(long)
    shown = excerpt(long, measured, measured.sentences[100])
    whole = shown.before + shown.opening + shown.marked + shown.closing + shown.after
    assert (whole[:2], whole[-2:]) == ("… ", " …")
    assert f" {whole[2:-2]} " in long.text


def test_json_and_csv_hold_the_chapters(measured: Glance) -> None:
    told = json.loads(json.dumps(as_json(measured, places=True)))
    assert [one["words"] for one in told["chapters"]] == [37, 53]
    assert told["names"][0]["by_chapter"] == [2, 3]
    assert len(told["names"][0]["places"]) == 5
    rows = list(csv.DictReader(io.StringIO(as_csv(measured))))
    assert [row["words"] for row in rows] == ["37", "53", "90"]
    assert rows[-1]["heading"] == "All chapters"


def test_a_heading_is_no_formula_in_a_spreadsheet() -> None:
    bad = glance(book(('=HYPERLINK("http://example.org")', FIRST), ("Chapter 2", SECOND)))
    assert next(iter(csv.DictReader(io.StringIO(as_csv(bad)))))["heading"].startswith("'=")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "code", "told", "most"),
    [
        ("pride-and-prejudice", "en", False, ["Elizabeth", "Mr. Darcy", "Jane", "Mr. Bingley"]),
        ("frankenstein", "en", False, ["Elizabeth", "Clerval", "Justine"]),
        ("the-time-machine", "en", True, ["Time Traveller", "Weena", "Morlocks"]),
        ("le-tour-du-monde", "fr", False, ["Phileas Fogg", "Passepartout", "Fix"]),
    ],
)
def test_real_novels(name: str, code: str, told: bool, most: list[str]) -> None:
    path: Path = CORPUS / name / "book.txt"
    if not path.exists():
        pytest.skip("the shared corpus is not here")
    novel = read(path.read_bytes(), name=path.name)
    measured = glance(novel)
    assert measured.language.code == code
    assert measured.speech.told is told
    assert [one.label for one in (measured.names or ())[: len(most)]] == most
    assert sum(one.sentences for one in measured.chapters) == measured.book.sentences
    _slices_back(novel, measured)


def _slices_back(manuscript: Manuscript, measured: Glance) -> None:
    text = manuscript.text

    def said(place: tuple[int, int]) -> str:
        return " ".join(text[slice(*place)].split()).replace("’", "'")

    for name in measured.names or ():
        written = {said((0, 0)), *(variant.replace("’", "'") for variant, _ in name.variants)}
        assert all(said(place).removesuffix("'s") in written for place in name.places)
    for phrase in measured.phrases or ():
        heads = phrase.label.lower().split()
        assert all(said(place).lower().startswith(heads[0]) for place in phrase.places)
        assert all(said(place).lower().endswith(heads[-1]) for place in phrase.places)
    lists = (measured.echoes, measured.adverbs, measured.filter_words, measured.favourites)
    for found in lists:
        for one in found or ():
            assert all(said(place).lower() == one.label for place in one.places)
            assert list(one.places) == sorted(one.places)
    for number, part in enumerate(measured.stretches):
        assert stretch_at(measured, part.start) == stretch_at(measured, part.end - 1) == number
