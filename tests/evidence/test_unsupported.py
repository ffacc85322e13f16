"""Chapters that were not read, lists that say nothing, answers that quote nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.evidence import Evidence, FlagKind, Index, check
from components.manuscripts import Chapter, Manuscript, read
from tests import unsupported
from tests.evidence import making


@pytest.fixture(scope="module")
def index() -> Index:
    return making.index()


def flags(answer: str, index: Index, *kinds: FlagKind) -> list[str]:
    """Return the texts that are flagged in an answer, of some kinds or of all."""
    return [flag.text for flag in check(answer, index).flags if not kinds or flag.kind in kinds]


def test_the_answer_of_a_small_model_is_flagged_in_five_places() -> None:
    evidence = check(unsupported.ANSWER, Index(unsupported.manuscript()))
    assert [(flag.kind, flag.text) for flag in evidence.flags] == unsupported.FLAGS
    assert evidence.quotes_nothing
    for flag in evidence.flags:
        assert unsupported.ANSWER[flag.start : flag.end] == flag.text


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("The climax is in Chapter 6, when the lamp breaks.", "Chapter 6"),
        ("## Chapter 7: The end", "Chapter 7"),
        ("- **Climax:** Chapter Six", "Chapter Six"),
        ("- **Where** it turns: chapter VI.", "chapter VI"),
        ("It turns in “Chapter 6” of the book.", "Chapter 6"),
        ("| Chapter | What |\n|---|---|\n| 2 | lamp |\n| 6 | storm |", "6"),
        ("| What | Chapter(s) |\n|---|---|\n| storm | 1, 5 |", "1, 5"),
        ("| What | Where |\n|---|---|\n| storm | Ch. 6 |", "Ch. 6"),
        ("Chapters 3-5 are slow.", "Chapters 3-5"),
        ("chapters 1 through 4", "chapters 1 through 4"),
        ("Chapters 1, 2, and 6 are slow, and two are not.", "Chapters 1, 2, and 6"),
        ("Here the sixth chapter drags.", "sixth chapter"),
        ("Im sechsten Kapitel wird es dunkel.", "sechsten Kapitel"),
        ("Kapitel sechs ist lang, au chapitre 3 le jour se lève.", "Kapitel sechs"),
        ("Chapter 6 of The Lighthouse is long.", "Chapter 6"),
        ("> The lamp burned low.\n> — Chapter 6", "Chapter 6"),
    ],
)
def test_a_chapter_that_the_text_does_not_have(answer: str, named: str, index: Index) -> None:
    assert flags(answer, index) == [named]


@pytest.mark.parametrize(
    "answer",
    [
        "Chapters 1-3 and chapter two, Ch. 3 and the third chapter; CHAPTER III.",
        "The next chapter will tell. The last chapter, a sixth chapter, another Chapter 6.",
        "In Chapter 2, six sailors drown; in Chapter 3 – 12 years later – all is calm.",
        "The chapter one remembers. The chapter once begun. In the chapter first seen.",
        "As in Chapter 42 of *Moby-Dick*, Melville’s Chapter 42, or Chapter 42 of Moby-Dick.",
        "Compare, in *Moby-Dick*, Chapter 42, or Bellamy’s *Looking Backward*, chapter 26.",
        "Here the company files for Chapter 11 bankruptcy.",
        "Part Two of it, in Book 9 and Letter 12; the letter I wrote; letters two men sent.",
        "The chapters mix two moods. Chapters: 12. Chapter 3, part 2 of 5.",
        "He says “nobody answered it in Chapter 6” and more.",
    ],
)
def test_what_names_no_chapter_that_is_not_there(answer: str, index: Index) -> None:
    assert flags(answer, index, "no chapter", "unread chapter") == []


def test_a_chapter_that_was_not_sent(index: Index) -> None:
    sent = [(each.start, each.end) for each in index.chapters if each.number in (1, 3)]
    found = check("From Chapter 1 to Chapter 3, but for Chapters 2-3 and Chapter 9.", index, sent)
    assert [(flag.kind, flag.text) for flag in found.flags] == [
        ("unread chapter", "Chapters 2-3"),
        ("no chapter", "Chapter 9"),
    ]


def book(*chapters: tuple[str, int | None, str]) -> Index:
    """A book of chapters: of each its kind, its number and its part."""
    text = "".join(f"{kind} {number}\n\nText.\n\n" for kind, number, _ in chapters)
    found, start = [], 0
    for at, (kind, number, part) in enumerate(chapters, 1):
        end = start + len(f"{kind} {number}\n\nText.\n\n")
        found.append(Chapter(at, "", kind, start, end, 1, number=number, part=part))  # type: ignore[arg-type]
        start = end
    plain: Manuscript = read(b"Text.", name="book.txt")
    return Index(replace(plain, text=text, chapters=tuple(found)))


UNNUMBERED = book(*[("chapter", None, "")] * 4)
IN_PARTS = book(
    *[("chapter", number, "PART ONE") for number in (1, 2, 3)],
    *[("chapter", number, "PART TWO") for number in (1, 2)],
)
IN_LETTERS = book(*[("letter", number, "") for number in (1, 2)], ("chapter", 1, ""))
AN_EXCERPT = book(("chapter", 6, ""), ("chapter", 7, ""), ("chapter", 9, ""))
AFTER_A_FIRST = book(("chapter", None, ""), ("chapter", 2, ""))


@pytest.mark.parametrize(
    ("index", "answer", "named"),
    [
        (UNNUMBERED, "Chapter 4 is long, Chapter 5 short.", ["Chapter 5"]),
        (IN_PARTS, "Part Two, Chapter 2; chapter 5; Part Three.", ["Part Three"]),
        (IN_PARTS, "Chapter 6 of it.", ["Chapter 6"]),
        (IN_LETTERS, "Letter 2, Letter 3, Chapter 1, Chapter 4.", ["Letter 3", "Chapter 4"]),
        (AN_EXCERPT, "Chapters 6-9, not Chapter 1, nor Chapter 10.", ["Chapter 1", "Chapter 10"]),
        (AFTER_A_FIRST, "Chapters 1 and 2, not Chapter 3.", ["Chapter 3"]),
        (Index(read(b"It was night. " * 40, name="a.txt")), "Chapter 1, chapter 2.", ["chapter 2"]),
        (Index(read(b"See chapter nine.", name="a.txt")), "Chapter 9", []),
    ],
)
def test_books_that_number_otherwise(index: Index, answer: str, named: list[str]) -> None:
    assert flags(answer, index) == named


@pytest.mark.parametrize(
    ("answer", "chain"),
    [
        (f"- {unsupported.CHAIN}", unsupported.CHAIN),
        (f"Cause and effect: {unsupported.CHAIN}. So it ends.", unsupported.CHAIN),
        ("- Chapter 1 → Chapter 2", "Chapter 1 → Chapter 2"),
        ("Guilt: fear → fear → fear", "fear → fear → fear"),
        ("→ → →", "→ → →"),
    ],
)
def test_arrows_that_say_nothing(answer: str, chain: str, index: Index) -> None:
    assert flags(answer, index) == [chain]


@pytest.mark.parametrize(
    "answer",
    [
        "The storm (Chapter 1) -> the letter (Chapter 2) -> the calm (Chapter 3)",
        "Tension: 3 → 5 → 8",
        "## Chapter 1 → Chapter 2",
        "From Chapter 1 → Chapter 2 the storm grows.",
        "calm → storm → calm",
    ],
)
def test_arrows_that_say_something(answer: str, index: Index) -> None:
    assert flags(answer, index, "chain") == []


ITEM = "The keeper counts the waves all night (Chapter 1)"


@pytest.mark.parametrize(
    ("items", "count"),
    [
        ((ITEM, ITEM), 1),
        ((ITEM, ITEM.replace("1", "2"), f"**Climax:** {ITEM.lower()}."), 2),
        ((ITEM, "The keeper counts the waves all day (Chapter 1)"), 0),
        (("Anna, the keeper", "Anna, the keeper"), 0),
        (("There is nothing of the kind in this chapter.",) * 3, 0),
        (("> He was not afraid of the storm",) * 2, 0),
    ],
)
def test_an_item_again_under_another_heading(
    items: tuple[str, ...], count: int, index: Index
) -> None:
    answer = "\n\n".join(
        f"## {number}\n\n{item if item[0] == '>' else f'- {item}'}"
        for number, item in enumerate(items)
    )
    assert len(flags(answer, index, "copy")) == count


LONG = "The keeper looks out over the sea and counts the waves, and Anna lights the lamp. " * 5


@pytest.mark.parametrize(
    ("answer", "is_said"),
    [
        (LONG, True),
        (f"{LONG} A “hero’s journey”.", True),
        (f"{LONG} Here “the lamp burned low” once more.", False),
        (f"{LONG} Here “two hundred steps”.", False),
        (f"{LONG} Here “a thing that nobody ever said”.", False),
        ("The keeper is called Tolland.", False),
    ],
)
def test_an_answer_that_quotes_nothing(answer: str, is_said: bool, index: Index) -> None:
    assert check(answer, index).quotes_nothing is is_said
    assert not Evidence().quotes_nothing
