"""Books of many makes, set here and read again."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from components.manuscripts import Limits
from components.manuscripts.formats.pdf.reader import read_pdf
from tests.manuscripts.typesetting import Put, Setter, pdf_of, prose, wrap

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def reading(data: bytes):
    return read_pdf(data, limits=Limits())


def bodies(document) -> list[str]:
    return [block.text for block in document.blocks if block.role == "body"]


def is_structured(document) -> bool:
    """Whether the file itself says where sections begin."""
    return any(block.level or block.label for block in document.blocks)


def book(setter: Setter, *, chapters: int = 4, paragraphs: int = 24, heading="Chapter {}", **how):
    """Set chapters; returns what must be read, headings and paragraphs in order."""
    wanted = []
    for number in range(1, chapters + 1):
        setter.heading(heading.format(number), **how)
        wanted.append(heading.format(number))
        for text in prose(paragraphs, seed=number):
            setter.paragraph(text)
            wanted.append(text)
    return wanted


def test_indented_paragraphs_run_over_pages_below_alternating_heads():
    setter = Setter()
    wanted = book(setter)
    setter.heads(lambda at: "JANE SMITH" if at % 2 else "THE NOVEL", x=250)
    setter.heads(lambda at: str(at + 1), y=50, x=300, openings=True)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_a_typescript_double_spaced_with_author_title_and_number():
    setter = Setter(lead=24, indent=36, left=72, width=70)
    wanted = book(setter, paragraphs=12)
    setter.heads(lambda at: f"Smith / THE NOVEL / {at + 1}", x=400, openings=True)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_block_paragraphs_set_apart_by_gaps():
    setter = Setter(indent=0, gap=8)
    wanted = book(setter)
    setter.heads(lambda at: f"Page {at + 1} of {len(setter.pages)}", y=50, openings=True)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_heads_that_are_the_name_of_the_chapter_with_the_number_inside():
    setter = Setter()
    wanted = []
    names = ["The Lantern", "A Garden Wall", "Over the Bridge", "Winter", "Evening"]
    of_page = {}
    for number, name in enumerate(names, start=1):
        setter.heading(f"{number}", x=300)
        wanted.append(str(number))
        for text in prose(16, seed=number):
            setter.paragraph(text)
            wanted.append(text)
        of_page.update(dict.fromkeys(range(setter.openings[-1], len(setter.pages)), name))
    setter.heads(
        lambda at: (
            f"{at + 1} {of_page[at].upper()}" if at % 2 else f"{of_page[at].upper()} {at + 1}"
        )
    )
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_heads_that_say_the_chapter_leave_the_chapters_own_heading():
    setter = Setter()
    wanted = book(setter, heading="Chapter {}")
    chapter_of = {}
    for at in range(len(setter.pages)):
        chapter_of[at] = sum(opening <= at for opening in setter.openings)
    setter.heads(lambda at: f"Chapter {chapter_of[at]}", x=250)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_heads_that_alone_say_the_chapter_stay_once():
    setter = Setter()
    for number in range(1, 5):
        setter.page()
        setter.openings.append(len(setter.pages) - 1)
        for text in prose(24, seed=number):
            setter.paragraph(text)
    setter.pages.pop(0)
    opened = [at - 1 for at in setter.openings]
    setter.heads(lambda at: f"Chapter {sum(one <= at for one in opened)}", openings=True)
    read = [block.text for block in reading(pdf_of(setter.pages)).blocks]
    assert [text for text in read if text.startswith("Chapter ")] == [
        f"Chapter {number}" for number in range(1, 5)
    ]


def test_bare_numbers_that_open_chapters_stay_beside_page_numbers():
    setter = Setter()
    wanted = book(setter, chapters=12, paragraphs=14, heading="{}", drop=0, x=300)
    setter.heads(lambda at: str(at + 1), y=50, x=300)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_front_matter_in_roman_numbers():
    setter = Setter()
    wanted = []
    setter.heading("Preface")
    wanted.append("Preface")
    for text in prose(60, seed=9):
        setter.paragraph(text)
        wanted.append(text)
    front = len(setter.pages)
    wanted += book(setter)
    setter.heads(
        lambda at: ROMAN[at] if at < front else str(at - front + 1), y=50, x=300, openings=True
    )
    assert front <= len(ROMAN)
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_names_below_the_numbers_of_chapters_come_again_and_stay():
    setter = Setter()
    wanted = []
    for number in range(1, 13):
        name = ("ANNA", "PETER")[number % 2]
        setter.heading(f"{number}", x=300)
        setter.y += setter.lead
        setter.line(name, x=290)
        setter.y -= setter.lead
        wanted += [str(number), name]
        for text in prose(12, seed=number):
            setter.paragraph(text)
            wanted.append(text)
    setter.heads(lambda at: f"{at + 1}  THE NOVEL")
    assert [block.text for block in reading(pdf_of(setter.pages)).blocks] == wanted


def test_larger_letters_are_headings_where_they_tell_the_whole_story():
    setter = Setter()
    names = ["The Lantern", "A Garden Wall", "Over the Bridge", "Winter", "Evening"]
    for number, name in enumerate(names):
        setter.heading(name, size=20)
        for text in prose(10, seed=number):
            setter.paragraph(text)
    headings = [block for block in reading(pdf_of(setter.pages)).blocks if block.level]
    assert [(one.text, one.role, one.level) for one in headings] == [
        (name, "heading", 1) for name in names
    ]


def test_larger_letters_of_parts_alone_are_no_structure():
    setter = Setter()
    for part in range(3):
        setter.heading(f"Part {part + 1}", size=24)
        for chapter in range(4):
            setter.heading(f"Chapter {chapter + 1}", x=250)
            for text in prose(8, seed=10 * part + chapter):
                setter.paragraph(text)
    read = reading(pdf_of(setter.pages))
    assert not any(block.level for block in read.blocks)
    texts = [block.text for block in read.blocks]
    assert texts.count("Chapter 3") == 3
    assert "Part 2" in texts


def test_an_outline_gives_levels_and_names():
    setter = Setter()
    outline = []
    for number, name in enumerate(["The Lantern", "Winter", "Evening"], start=1):
        setter.heading(name)
        outline.append((name, setter.openings[-1]))
        for text in prose(10, seed=number):
            setter.paragraph(text)
    read = reading(pdf_of(setter.pages, outline=outline))
    assert [(one.text, one.level, one.label) for one in read.blocks if one.level] == [
        (name, 1, name) for name, _ in outline
    ]
    assert is_structured(read)


def test_an_outline_that_names_nothing_on_its_pages_is_left_alone():
    setter = Setter()
    book(setter)
    outline = [(f"Page {at + 1}", at) for at in range(len(setter.pages))]
    assert not is_structured(reading(pdf_of(setter.pages, outline=outline)))


def test_two_columns_are_read_one_after_the_other():
    pages, wanted = [], prose(60, seed=3)
    lines = [
        (18 if at == 0 else 0, line)
        for text in wanted
        for at, line in enumerate(wrap(text, 34, indent=3))
    ]
    while lines:
        page, lines = lines[:80], lines[80:]
        rows = []
        for at in range(40):  # row by row, across both columns
            rows += [
                Put(x + page[place][0], 700 - 14 * at, page[place][1])
                for x, place in ((60, at), (320, at + 40))
                if place < len(page)
            ]
        pages.append(rows)
    assert bodies(reading(pdf_of(pages))) == wanted


def test_words_divided_at_the_end_of_lines_and_pages():
    setter = Setter()
    filler = prose(30, seed=5)
    setter.paragraph("Somebody frequently said that a well-known lantern was a lantern indeed.")
    for text in filler:
        setter.paragraph(text)
    setter.page()
    setter.y = setter.bottom
    setter.line("Of the old house by the river and the cold water and the rain it was fre-")
    setter.line("quently said in the village and everywhere else that it was not very well-")
    setter.line("known at all.")
    last = bodies(reading(pdf_of(setter.pages)))[-1]
    assert last.endswith(
        "it was frequently said in the village and everywhere else that it was"
        " not very well-known at all."
    )


@pytest.mark.parametrize("ornament", ["* * *", "#", "~", "***"])
def test_ornaments_between_scenes(ornament):
    setter = Setter()
    for number in range(6):
        for text in prose(5, seed=number):
            setter.paragraph(text)
        setter.line(ornament, x=300)
    blocks = reading(pdf_of(setter.pages)).blocks
    assert [block.text for block in blocks if block.role == "break"] == [ornament] * 6


def test_a_wide_gap_between_scenes():
    setter = Setter(top=700, bottom=200)
    for number in range(6):
        for at, text in enumerate(prose(3, seed=number, sentences=3)):
            setter.paragraph(text, indented=at > 0)
        setter.y -= setter.lead
    blocks = reading(pdf_of(setter.pages)).blocks
    breaks = [block for block in blocks if block.role == "break"]
    assert breaks
    assert all(block.text == "" for block in breaks)
    assert len(bodies(reading(pdf_of(setter.pages)))) == 18


def test_verse_keeps_its_lines():
    setter = Setter()
    for text in prose(12, seed=1):
        setter.paragraph(text)
    verse = ["The rain had stopped,", "A lantern came,", "And nobody spoke"]
    setter.y -= 10
    for line in verse:
        setter.line(line, x=120)
    setter.y -= 10
    for text in prose(12, seed=2):
        setter.paragraph(text)
    assert "\n".join(verse) in bodies(reading(pdf_of(setter.pages)))


def test_an_initial_belongs_to_its_word():
    setter = Setter()
    for number in range(3):
        for text in prose(20, seed=number):
            setter.paragraph(text)
    setter.page()
    y = 600
    puts = [Put(72, y - 28, "T", 44), Put(100, y, "HE RAIN HAD NOT STOPPED since morning and")]
    puts += [
        Put(100, y - 14, "nobody in the house spoke of what they had seen by the"),
        Put(100, y - 28, "river when a lantern came slowly over the bridge and to"),
        Put(72, y - 42, "them without any sound but water and somebody would be there"),
    ]
    setter.pages[-1] = puts
    assert bodies(reading(pdf_of(setter.pages)))[-1].startswith("THE RAIN HAD NOT STOPPED since")


def test_the_largest_line_of_a_title_page_is_the_title():
    setter = Setter()
    setter.y = 500
    setter.line("The Lantern", x=220, size=30)
    setter.line("by Jane Smith", x=240)
    book(setter)
    blocks = reading(pdf_of(setter.pages)).blocks
    assert [block.text for block in blocks if block.role == "title"] == ["The Lantern"]


def test_a_list_of_contents_is_marked():
    setter = Setter()
    setter.line("Contents", x=280)
    for number in range(1, 7):
        setter.line(f"Chapter {number} ........................ {number * 10}")
    book(setter)
    blocks = reading(pdf_of(setter.pages)).blocks
    assert sum(block.role == "contents" for block in blocks) == 6


def test_an_outline_that_is_a_ring_is_left_alone():
    setter = Setter()
    book(setter)
    writer = PdfWriter(
        clone_from=PdfReader(
            io.BytesIO(pdf_of(setter.pages, outline=[("Chapter 1", 0), ("Chapter 2", 1)]))
        )
    )
    root = writer.root_object["/Outlines"].get_object()
    last = root["/Last"].get_object()
    last[NameObject("/Next")] = root.raw_get("/First")
    out = io.BytesIO()
    writer.write(out)
    read = reading(out.getvalue())
    assert not is_structured(read)
    assert [block.text for block in read.blocks].count("Chapter 2") == 1


@pytest.mark.parametrize(("every", "restarts"), [(1, True), (1, False), (5, True), (10, False)])
@pytest.mark.parametrize("x", [30, 570])
def test_numbers_of_lines_are_no_text(every, restarts, x):
    setter = Setter()
    wanted = book(setter)
    setter.page()  # a page of fewer lines than most
    wanted.append("It rained.")
    setter.line("It rained.", x=90)
    before = 0
    for page in setter.pages:
        numbered = [*enumerate(page, 1 + (0 if restarts else before))]
        before += len(page)
        page += [Put(x, put.y, str(at), 8) for at, put in numbered if at % every == 0]
    document = reading(pdf_of(setter.pages))
    assert [block.text for block in document.blocks] == wanted
    assert any("lines" in warning for warning in document.warnings)


def test_notes_at_the_foot_break_no_sentence():
    setter = Setter(bottom=110)
    wanted = book(setter)
    for page in setter.pages[:2]:
        first = page.index(next(put for put in page if len(put.text) > 40))
        words, _, last = page[first].text.rpartition(" ")
        page[first] = page[first]._replace(text=f"{words}1 {last}")
        page.append(Put(72, 80, "1 The mill had been for sale.", 8))
    document = reading(pdf_of(setter.pages))
    assert [block.text for block in document.blocks] == wanted
    assert [note.text for note in document.notes] == ["The mill had been for sale."] * 2


def test_a_heading_in_large_letters_goes_over_two_lines():
    setter = Setter()
    for number in range(1, 5):
        setter.heading(f"Chapter {number}: The Lantern on", size=18)
        setter.y += 2 * setter.lead - 8
        setter.line("the Wall", size=18, x=200)
        setter.y -= setter.lead
        for text in prose(12, seed=number):
            setter.paragraph(text)
    headings = [block.text for block in reading(pdf_of(setter.pages)).blocks if block.level]
    assert headings == [f"Chapter {number}: The Lantern on the Wall" for number in range(1, 5)]


def test_a_title_larger_than_its_number_and_parts_as_large_as_titles():
    setter = Setter()
    for number in range(1, 5):
        if number in (1, 3):
            setter.heading(f"Part {'I' * ((number + 1) // 2)}", size=24)
        setter.heading(f"Chapter {number}", size=20)
        setter.line(f"The Lantern {'abcd'[number - 1]}", size=24, x=200)
        setter.y -= setter.lead
        for text in prose(12, seed=number):
            setter.paragraph(text)
    levels = [(block.level, block.text) for block in reading(pdf_of(setter.pages)).blocks]
    assert [text for level, text in levels if level == 1] == ["Part I", "Part II"]
    assert [text for level, text in levels if level == 2] == [
        f"Chapter {number}\nThe Lantern {'abcd'[number - 1]}" for number in range(1, 5)
    ]


def test_a_large_number_at_the_top_of_a_page_is_a_chapters():
    setter = Setter()
    for number in range(1, 5):
        if number > 1:
            setter.page()
        setter.line(str(number), size=18, x=290)
        setter.y -= setter.lead
        for text in prose(4, seed=number):
            setter.paragraph(text)
    headings = [block.text for block in reading(pdf_of(setter.pages)).blocks if block.level]
    assert headings == ["1", "2", "3", "4"]


def test_what_is_set_as_the_outlines_chapters_are_is_one_too():
    setter = Setter()
    outline = []
    for number in range(1, 7):
        if number > 1:
            setter.page()
        setter.line(f"The Lantern {'abcdef'[number - 1]}", size=18, x=200)
        if number % 2:
            outline.append((f"The Lantern {'abcdef'[number - 1]}", len(setter.pages) - 1))
        setter.y -= setter.lead
        for text in prose(12, seed=number):
            setter.paragraph(text)
    document = reading(pdf_of(setter.pages, outline=outline))
    headings = [block.text for block in document.blocks if block.level]
    assert headings == [f"The Lantern {letter}" for letter in "abcdef"]


def test_an_outline_names_chapters_whose_titles_are_pictures():
    setter = Setter()
    outline = []
    for number in range(1, 5):
        if number > 1:
            setter.page()
        outline.append((f"The Lantern {number}", len(setter.pages) - 1))
        setter.y -= 120
        for text in prose(24, seed=number):
            setter.paragraph(text)
    document = reading(pdf_of(setter.pages, outline=outline))
    labels = [block.label for block in document.blocks if block.label]
    assert labels == [title for title, _ in outline]


def test_a_number_above_a_title_of_the_outline_is_its_number():
    setter = Setter()
    outline = []
    for number, title in enumerate(("The Lantern", "Five Fingers", "A Wall"), 1):
        setter.heading(f"Chapter {number}", size=20)
        outline.append((title, len(setter.pages) - 1))
        setter.line(title, size=24, x=200)
        setter.y -= setter.lead
        for text in prose(12, seed=number):
            setter.paragraph(text)
    headings = [
        block.text for block in reading(pdf_of(setter.pages, outline=outline)).blocks if block.level
    ]
    assert headings == [f"Chapter {at}\n{title}" for at, (title, _) in enumerate(outline, 1)]
