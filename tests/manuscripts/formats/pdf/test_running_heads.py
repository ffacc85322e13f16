from __future__ import annotations

from itertools import count

from components.manuscripts.formats.pdf.printed_page import TextLine
from components.manuscripts.formats.pdf.running_heads import without_heads

LINE = "and so the long line went on to the very end of what a page may hold"
_COUNT = count()


def text(words: str = LINE) -> str:
    """A line that no other page has."""
    at = next(_COUNT)
    return f"{words} {'abcdefghij'[at % 10]}{'klmnopqrst'[at // 10 % 10]}{'uvwxyz'[at // 100 % 6]}"


def page(*texts: str) -> list[TextLine]:
    """Lines one below the other."""
    return [TextLine(text, 72, 700 - 14 * at, 12) for at, text in enumerate(texts)]


def kept(pages: list[list[TextLine]]) -> tuple[list[list[str]], int]:
    lines, changed = without_heads(pages)
    return [[line.text for line in one] for one in lines], changed


def numbered(pages: int, *, head: str = "A NOVEL") -> list[list[TextLine]]:
    return [page(head, str(number), text(), text()) for number in range(1, pages + 1)]


def test_numbers_and_heads_are_taken_off_and_counted():
    left, changed = kept(numbered(12))
    assert changed == 12
    assert left[0][0] == "A NOVEL"  # on the first page it is the title
    assert all(one[0].startswith(LINE) for one in left[1:])


def test_heads_that_hold_the_number():
    made = [
        page(f"Shelley / FRANKENSTEIN / {number}", f"{LINE} {number * 7}", LINE)
        for number in range(1, 9)
    ]
    left, changed = kept(made)
    assert changed == 8
    assert "FRANKENSTEIN" not in str(left)


def test_bare_chapter_numbers_stay():
    made = numbered(12)
    made[4] = page("A NOVEL", "5", "2", LINE, f"{LINE}.")
    assert kept(made)[0][4][0] == "2"


def test_a_chapter_number_like_its_page_stays():
    made = numbered(12)
    made[4] = page("5", "5", LINE, text())
    assert kept(made)[0][4][:2] == ["5", LINE]


def test_chapter_lines_stay():
    made = [
        page(f"Chapter {number}", f"{LINE} {number}0", f"{number}1 {LINE}")
        for number in (3, 9, 4, 7, 2)
    ]
    assert without_heads(made) == (made, 0)


def test_years_that_happen_to_count_stay():
    made = [page(text(f"It was in {1890 + at}"), text(), text()) for at in range(3)]
    made += [page(text(), text(), text()) for _ in range(30)]
    assert kept(made)[1] == 0


def test_a_page_that_says_its_number_needs_no_others():
    assert kept([page("Page 1 of 2", LINE), page(LINE, "Page 2 of 2")]) == ([[LINE], [LINE]], 2)


def test_lines_that_open_one_page_in_ten_stay():
    made = [page("Yes." if at % 10 == 0 else text(), text(), text()) for at in range(60)]
    assert kept(made)[1] == 0


def test_nothing():
    assert without_heads([]) == ([], 0)
    assert without_heads([[], []]) == ([[], []], 0)
