"""Every true quotation is verified, whatever it wears; no altered or invented one ever is."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest

from components.evidence import Index, Quote, check
from components.manuscripts import Manuscript, read, sample
from components.settings import PROJECT
from tests.evidence import planting

CORPUS = PROJECT.parent / "shared" / "corpus"
NOVELS = ["pride-and-prejudice", "frankenstein", "the-time-machine", "le-tour-du-monde"]


@cache
def book(name: str) -> tuple[Manuscript, Index]:
    if name == "sample":
        file_name, data = sample()
        manuscript = read(data, name=file_name)
    else:
        path = CORPUS / name / "book.txt"
        if not path.exists():
            pytest.skip("the shared corpus is not here")
        manuscript = read(path.read_bytes(), name=Path(path).name)
    return manuscript, Index(manuscript)


BOOKS = pytest.mark.parametrize(
    "name", ["sample", *(pytest.param(one, marks=pytest.mark.shared) for one in NOVELS)]
)

#: What a quotation is put in; whatever marks it holds itself are taken out first or fit inside.
FRAMES = [
    ("She says “", "” and more."),
    ("« ", " »"),
    ("„", "“ steht da."),
    ("> ", "\n\nAnd on."),
    ('A line: "', '" (so it goes).'),
]


def framed(piece: str, frame: tuple[str, str]) -> str:
    """A report that quotes `piece`: marks like those around it are left out of it."""
    if frame[0].startswith(">"):
        lines = re.sub(r"\n\s*\n", "\n", piece).split("\n")
        # What stands first in a line must not begin a list or a heading.
        escaped = [f"\\{line}" if line[:1] in "-+#>=*" else line for line in lines]
        return "\n".join(f"> {line}" for line in escaped) + frame[1]
    inside = piece.translate(str.maketrans("", "", '"“”„«»‹›'))
    return frame[0] + re.sub(r"\n\s*\n", "\n", inside) + frame[1]


def only(report: str, index: Index) -> Quote:
    found = check(report, index).quotes
    assert len(found) == 1, (report, found)
    return found[0]


@BOOKS
def test_every_true_quotation_is_verified(name: str) -> None:
    manuscript, index = book(name)
    chance = random.Random(1)
    for number, (start, end) in enumerate(planting.runs(manuscript, chance, 300)):
        piece = manuscript.text[start:end]
        dress = planting.DRESSES[number % len(planting.DRESSES)]
        worn = dress(piece)
        report = framed(worn, FRAMES[number % len(FRAMES)])
        quote = only(report, index)
        assert quote.is_verified, (dress.__name__, report, quote)
        assert any(one.start <= end and one.end >= start for one in quote.places) or (
            quote.count > len(quote.places)
        )
        for place in quote.places:
            there = manuscript.text[place.start : place.end]
            said, stands = planting.bare(worn), planting.bare(there)
            assert stands.strip("-.,")[1:] == said.strip("-.,")[1:], (said, stands)
            chapter = index.chapter_at(place.start)
            assert (chapter and chapter.index) == place.chapter


@BOOKS
def test_omissions_are_followed(name: str) -> None:
    manuscript, index = book(name)
    chance = random.Random(2)
    signs = [" … ", " ... ", " [...] ", "… ", " […] "]
    for number, (start, end) in enumerate(planting.runs(manuscript, chance, 200)):
        words = planting.one_line(manuscript.text[start:end]).split(" ")
        if len(words) < 15 or index.chapter_at(start) is not index.chapter_at(end):
            continue
        left = words[6:-5]
        if len(left) < 5:
            continue
        piece = " ".join(words[:6]) + signs[number % len(signs)] + " ".join(words[-5:])
        quote = only(framed(piece, FRAMES[0]), index)
        assert quote.is_verified, piece
        assert quote.places[0].start <= start + 2 or quote.count > 1


@BOOKS
def test_no_altered_quotation_is_verified(name: str) -> None:
    manuscript, index = book(name)
    chance = random.Random(3)
    vocabulary = sorted({word for word in manuscript.text.split() if word.isalpha()})
    tried = 0
    for number, (start, end) in enumerate(planting.runs(manuscript, chance, 250)):
        piece = manuscript.text[start:end]
        for altered in planting.altered(piece, chance, vocabulary):
            frame = FRAMES[number % len(FRAMES)]
            if planting.stands(framed(altered, ("", "")), manuscript.text):
                continue
            tried += 1
            for quote in check(framed(altered, frame), index).quotes:
                assert not quote.is_verified, (altered, quote)
    assert tried > 1_500


@BOOKS
def test_no_invented_quotation_is_verified(name: str) -> None:
    """Words of the book, in the frequency of the book, in an order that it does not have."""
    manuscript, index = book(name)
    chance = random.Random(4)
    words = manuscript.text.split()
    for length in [2, 3, 4, 6, 9, 14] * 60:
        invented = " ".join(chance.choice(words) for _ in range(length))
        invented = invented.translate(str.maketrans("", "", "\"“”„«»‹›[]…*_‘’'>#"))
        if planting.stands(invented, manuscript.text) or len(invented) < 8:
            continue
        for quote in check(framed(invented, FRAMES[0]), index).quotes:
            assert not quote.is_verified, (invented, quote)


@BOOKS
def test_an_omission_does_not_join_what_is_apart(name: str) -> None:
    """Not in the wrong order, not over more than a page, not from word to word."""
    manuscript, index = book(name)
    chance = random.Random(5)
    cut = [manuscript.text[a:b] for a, b in planting.runs(manuscript, chance, 200)]
    for one, other in zip(cut[::2], cut[1::2], strict=True):
        first = " ".join(one.split()[:5])
        second = " ".join(other.split()[:5])
        a, b = manuscript.text.find(one), manuscript.text.find(other)
        within = 0 <= b - a < 3_000
        piece = f"{first} … {second}"
        if within or planting.stands(first, second):
            continue
        quote = check(framed(planting.one_line(piece), FRAMES[0]), index).quotes[0]
        assert not quote.is_verified, piece
    for one in cut:
        words = planting.one_line(one).split(" ")
        turned = " ".join(words[len(words) // 2 :]) + " … " + " ".join(words[: len(words) // 2])
        quote = check(framed(turned, FRAMES[0]), index).quotes[0]
        assert not quote.is_verified or quote.count, turned
        letters = " … ".join(words[::2])
        quote = check(framed(letters, FRAMES[0]), index).quotes[0]
        assert not quote.is_verified, letters
