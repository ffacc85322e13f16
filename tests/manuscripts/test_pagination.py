from __future__ import annotations

from components.manuscripts.pagination import join, without_heads

LINE = "and so the long line went on to the very end of what a page may hold"


def pages(count: int, *, head: str = "A NOVEL") -> list[str]:
    return [
        f"{head}\n{number}\n{LINE} {'abcdefghij'[number % 10]}\n{LINE}."
        for number in range(1, count + 1)
    ]


def test_numbers_and_heads_are_taken_off_and_counted():
    kept, changed = without_heads(pages(12))
    assert changed == 11
    assert kept[0].startswith("A NOVEL")
    assert all(page.startswith(LINE) for page in kept[1:])


def test_heads_that_hold_the_number():
    made = [
        f"Shelley / FRANKENSTEIN / {number}\n{LINE} {number * 7}\n{LINE}" for number in range(1, 9)
    ]
    kept, changed = without_heads(made)
    assert changed == 7
    assert "FRANKENSTEIN" not in "".join(kept[1:])


def test_bare_chapter_numbers_stay():
    made = pages(12)
    made[4] = f"A NOVEL\n5\n2\n{LINE}\n{LINE}."
    kept, _ = without_heads(made)
    assert kept[4].startswith("2\n")


def test_a_chapter_number_like_its_page_stays():
    made = pages(12)
    made[4] = f"5\n5\n{LINE}\n{LINE}."
    kept, _ = without_heads(made)
    assert kept[4].startswith("5\n")


def test_chapter_lines_stay():
    made = [f"Chapter {number}\n{LINE} {number}0\n{number}1 {LINE}" for number in (3, 9, 4, 7, 2)]
    assert without_heads(made) == (made, 0)


def test_running_heads_that_read_like_headings_stay():
    made = [f"Chapter {1 + at // 5}\n{LINE} {at * 7}\nand {at * 9}" for at in range(15)]
    assert without_heads(made) == (made, 0)


def test_paragraphs_run_over_pages():
    first = f" One opens.\n{LINE}\n{LINE}"
    second = f"and goes on.\n Two opens.\n{LINE}\n{LINE}"
    assert join([first, second]) == (
        f"One opens.\n{LINE}\n{LINE}\nand goes on.\n\nTwo opens.\n{LINE}\n{LINE}"
    )


def test_paragraphs_without_indents():
    assert join([f"{LINE}\nit ended.\n{LINE}", "and over."]) == (
        f"{LINE}\nit ended.\n\n{LINE}\nand over."
    )


def test_headings_stand_apart():
    body = f"{LINE}\n{LINE}\n{LINE}\n"
    assert (
        join([f" Open.\n{body}{LINE}.", f"Chapter 2\n{body} Next."]).count("\n\nChapter 2\n\n") == 1
    )


def test_nothing():
    assert join([]) == ""
    assert join(["", "\n"]) == ""
    assert without_heads([]) == ([], 0)
