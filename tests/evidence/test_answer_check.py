"""What is verified and what is not, one decision at a time; the same streamed and at once."""

from __future__ import annotations

import random

import pytest

from components.evidence import Checker, Index, Marked, Quote, check
from components.manuscripts import read
from components.markdown import Blocks
from tests.evidence import making


@pytest.fixture(scope="module")
def index() -> Index:
    return making.index()


def only(report: str, index: Index) -> Quote:
    (found,) = check(report, index).quotes
    return found


TRUE = [
    "“He was not afraid of the storm”",
    '"He was not afraid of the storm"',
    "'he was not afraid of the storm,' she notes",
    "« He was not afraid of the storm »",
    "»He was not afraid of the storm«",
    "„He was not afraid of the storm“",
    "“He was *not* afraid of the storm.”",
    "“Not afraid of the\nstorm, which had been”",
    "“He was not afraid ... all night from the south.”",
    "“[Tolland] was not afraid of the storm”",
    "“[h]e was not afraid of the storm”",
    "“[Anna] was not afraid [sic] of the storm”",
    "“out over the sea -- grey, endless -- and counted 1,204 waves”",
    "“The keeper had never wanted a visitor.”",
    "“I do not know you,” he said, “and I don't wish to.”",
    "“‘I do not know you,’ he said, ‘and I don’t wish to.’”",
    "“Well... I suppose,” said Anna",
    "“Émile wrote a letter [his third] to the company”",
    "“E\u0301mile wrote a letter [...] to the company”",
    "« homme d'État n'aimait pas la mer »",
    "> He was not afraid of the storm\n> — Chapter 1",
    '> "He was not afraid of the storm" (Chapter 1)',
    "- Item: “He was not afraid of the storm”",
    "| a | b |\n|---|---|\n| x | “He was not afraid of the storm” |",
    "“nobody answered it.\nThe lamp burned low.”",
]

FALSE = [
    "“He was afraid of the storm, which had been”",
    "“He was never afraid of the storm”",
    "“He was not afraid of the storms”",
    "“He was not afraid of the Storm”",
    "“He was afraid not of the storm”",
    "“He was … afraid of the storm, which had been coming up”",
    "“He was [not] not afraid of the storm”",
    "“He was not [fond] of the storm, which had been”",
    "“He was not afraid; of the storm”",
    "“He was not afraid of the storm!”",
    "“and counted 1,204,000 waves. He was”",
    "“and counted 1 waves. He was”",
    "“It was a well-known, violent sea”",
    "“violent sea. It was a well”",
    "“the mer. Anna's brother Émile”",
    "« homme d'État aimait pas la mer »",
    "« aimait pas la mer. Anna's brother »",
    "“climbed the 200 steps again and”",
    "“did look down into the sea”",
    "“did not look down … He was not afraid”",
    "“The lamp burned low … Émile laughed and laughed”",
    "“counted 1,204 waves … She climbed the two hundred steps”",
    "“He … afraid … storm … all … south”",
    "“the boy's boat lay on the shingle”",
    "> He was afraid of the storm",
]


@pytest.mark.parametrize("report", TRUE)
def test_what_may_differ(report: str, index: Index) -> None:
    found = check(report, index).quotes
    assert found
    assert all(one.is_verified for one in found), found


@pytest.mark.parametrize("report", FALSE)
def test_what_may_not(report: str, index: Index) -> None:
    found = check(report, index).quotes
    assert found
    assert not any(one.is_verified for one in found), found


def test_a_place_is_a_slice_and_a_chapter(index: Index) -> None:
    found = only("She “climbed the two hundred steps again.”", index)
    (place,) = found.places
    assert index.text[place.start : place.end] == "climbed the two hundred steps again"
    assert (place.chapter, place.heading) == (2, "Chapter 2")
    assert not found.is_exact
    assert only("“climbed the two hundred steps again”", index).is_exact


def test_offsets_lead_into_the_answer(index: Index) -> None:
    report = "# “Head”\n\n*It* says &quot;He was **not** afraid\nof the storm\\.\" Then 'The lamp'."
    for found in check(report, index).quotes:
        said = report[found.start : found.end].replace("*", "").replace("\\", "")
        assert said == found.text


def test_the_chapter_that_is_named_comes_first(index: Index) -> None:
    twice = only("“The lamp burned low.” (Chapter 2)", index)
    assert twice.count == 2
    assert twice.remarks == ()
    wrong = only("“In the morning the sea was calm” (Chapter 1)", index)
    assert wrong.is_verified
    assert wrong.remarks == ("other chapter",)
    assert only("“In the morning the sea was calm” (Chapters 2-4)", index).remarks == ()
    assert only("In chapter three, “In the morning the sea was calm”", index).remarks == ()


def test_only_signs_differ_is_told_and_not_verified(index: Index) -> None:
    found = only("“Anna's brother Émile wrote, a letter”", index)
    assert not found.is_verified
    assert found.remarks == ("only signs differ",)
    assert found.near is not None
    assert found.near.chapter == 2


def test_short_phrases_are_terms_unless_they_are_there(index: Index) -> None:
    report = "A “hero's journey”, the “lamp” and “two hundred steps” of “The Lighthouse”."
    kinds = [(one.kind, one.is_verified) for one in check(report, index).quotes]
    assert kinds == [("phrase", False), ("phrase", True), ("phrase", True), ("title", True)]
    evidence = check(report, index)
    assert evidence.quotations == ()
    assert [one.text for one in evidence.terms] == ["hero's journey"]


def test_titles_of_other_works_are_no_accusation(index: Index) -> None:
    found = only("It recalls “The Strange Case of Doctor Jekyll”.", index)
    assert (found.kind, found.is_verified, found.is_missing) == ("title", False, False)


def test_code_and_apostrophes_are_no_quotations(index: Index) -> None:
    report = "`\"He was not afraid\"` the boys' boat, Anna's\n\n```\n“not a quotation here”\n```"
    assert check(report, index).quotes == ()


def test_a_models_own_note_is_no_quotation(index: Index) -> None:
    assert check("> **Note:** this chapter is too long by half", index).quotes == ()
    assert only("> this chapter is too long by half", index).is_missing


def test_what_was_cut_off_is_not_held_against_it(index: Index) -> None:
    assert check("“He was not afraid of the sto", index).quotes == ()
    found = check("“He was not afraid of the storm\n\n“which had been coming up”", index).quotes
    assert [one.is_verified for one in found] == [True, True]


NAMES = [
    ("The keeper meets Margaret on the stairs.", ("Margaret",)),
    ("The keeper meets Mr. Holloway and Captain Pike.", ("Mr. Holloway", "Captain Pike")),
    ("Here Anna Rosenberg climbs, and later Anna Rosenberg falls.", ("Anna Rosenberg",)),
    ("What Margaret's brother says", ("Margaret",)),
    ("Plus tard, on voit Margaret qui monte.", ("Margaret",)),
    ("Dann sieht er Herr Neumann und das Meer, und die Lampe ist aus.", ("Herr Neumann",)),
]

NO_NAMES = [
    "Margaret climbs. Then she falls. “Margaret was not afraid,” he says.",
    "## The Journey of Margaret\n\nIt is told in March by a Victorian narrator, as in Dickens.",
    "The Call to Adventure, the Inciting Incident and the Climax come late.",
    "He talks to Anna, to Émile and Emile, to Tolland's boys; to A. Writer of The Lighthouse.",
    "- **Margaret Stone:** a character\n- *Margaret* too",
    "Der Leuchtturm und die Lampe stehen für das Licht in der Erzählung und den Verlust.",
    "The story, in English, has a Freudian subtext of the Gothic and an I that tells.",
    "He sees the Beacon and a Tower.",
    "THIS IS ALL IN CAPITALS WITH MARGARET",
]


@pytest.mark.parametrize(("report", "names"), NAMES)
def test_names_that_are_nowhere_in_the_book(
    report: str, names: tuple[str, ...], index: Index
) -> None:
    assert check(report, index).flagged("name") == names


@pytest.mark.parametrize("report", NO_NAMES)
def test_what_is_no_name_or_is_in_the_book(report: str, index: Index) -> None:
    assert check(report, index).flagged("name") == ()


def test_streamed_it_is_the_same_as_at_once(index: Index) -> None:
    chance = random.Random(7)
    parts = [*TRUE, *FALSE, *(one for one, _ in NAMES), *NO_NAMES, "## Chapter 2", "“open para"]
    for _ in range(60):
        chance.shuffle(parts)
        report = "\n\n".join(parts[:12])
        whole = check(report, index)
        checker, blocks, here, done = Checker(index), Blocks(), 0, 0
        marked: list[Marked] = []
        while here < len(report):
            step = chance.choice([1, 2, 5, 17, 80])
            blocks.feed(report[here : here + step])
            here += step
            for block in blocks.settled[done:]:
                marked += checker.block(block)
            done = len(blocks.settled)
        blocks.finish()
        rest = blocks.settled[done:]
        for number, block in enumerate(rest, 1):
            marked += checker.block(block, is_last=number == len(rest))
        assert checker.evidence == whole
        assert len(marked) == len(whole.quotes) + len(whole.flags)


def test_a_text_of_echoes_ends_soon() -> None:
    """Fragments that occur everywhere do not multiply."""
    text = "Chapter 1\n\n" + "la la la la la la. " * 3_000
    echoes = Index(read(text.encode(), name="echo.txt"))
    report = "“" + " … ".join(["la la la"] * 60) + " … lo lo lo”"
    assert not only(report, echoes).is_verified


def test_a_sentence_by_itself_is_looked_up_and_not_counted() -> None:
    checker = Checker(making.index())
    found = checker.sentence("was not afraid of the storm")
    assert found.is_verified
    assert found.places[0].chapter == 1
    assert not checker.sentence("was afraid of the storm and said so").is_verified
    assert checker.evidence.quotes == ()


@pytest.mark.parametrize(
    ("said", "is_there"),
    [
        ("Did you really kill the old man?", True),
        ("did you really kill the old man", True),
        ("Did you really kill the old man.", False),
        ("Leave the lamp alone!", True),
        ("Leave the lamp alone.", False),
        ("He went down to the harbour.", True),
    ],
)
def test_a_question_quoted_as_a_statement_is_another_sentence(said: str, is_there: bool) -> None:
    text = (
        "“Did you really kill the old man?” she asked. “Leave the lamp alone!” He went down to "
        "the harbour, and said no more."
    )
    index = Index(read(text.encode(), name="book.txt"))
    (found,) = check(f"“{said}”", index).quotes
    assert found.is_verified is is_there
