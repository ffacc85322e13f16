"""What is a loop and what only looks like one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest

from components.analysis.repetition import RepetitionDetector
from components.manuscripts import sample
from components.settings import PROJECT

CORPUS = PROJECT.parent / "shared" / "corpus"

PROSE = (
    "The opening sets a dinner table against the fourth dimension. Its guests doubt by profession: "
    "a doctor, a mayor, an editor. What the host wants is to be believed, and each objection makes "
    "that dearer. The passage ends where the proof should come, which is why a reader turns over.\n"
)

CHORUS = (
    "Row, row, row your boat,\nGently down the stream;\n"
    "Merrily, merrily, merrily, merrily,\nLife is but a dream.\n\n"
)


def read_until_it_repeats(pieces: Iterator[str], *, is_data: bool = False) -> int | None:
    """The words that were read when the text was found to repeat itself; None if it never was."""
    detector, read = RepetitionDetector(is_data=is_data), ""
    for piece in pieces:
        read += piece
        if detector.feed(piece):
            return len(read.split())
    return None


def pieces(text: str, size: int = 5) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


def numbered(item: str) -> str:
    return "".join(f"{number}. {item}\n" for number in range(1, 200))


LOOPS = {
    "a word": "no " * 500,
    "a word without spaces": "ha" * 2_000,
    "signs": "-" * 9_000,
    "a phrase": "a woman who is a woman who is female and " * 100,
    "a sentence": "The story is a classic example of a character's story. " * 100,
    "a line": "The Time Traveller (for so it will be convenient to speak of him)\n\n" * 100,
    "sentences in turn": (
        "He smiled, and the eyes of the medical man lit up. The fire burned brightly. "
        "Nobody at the table said a word. At last the editor coughed.\n"
    )
    * 50,
    "items in turn": (
        "- **Plot**: a dinner among friends\n- **Theme**: what time is made of\n"
        "- **Voice**: dry and patient\n- **Mood**: warm, then uneasy\n"
    )
    * 50,
    "numbered items": numbered("The narrator describes the scene in great detail."),
    "short numbered items": numbered("The narrator."),
    "numbered items that name their number": "".join(
        f"{number}. In chapter {number} the Time Traveller explains his theory to the guests.\n"
        for number in range(1, 100)
    ),
    "a paragraph": PROSE * 20,
    "circles": "".join(
        f"{first} {second} who had come to dinner and did not believe a word of what he heard. "
        for first, second in itertools.islice(
            itertools.cycle(
                [("The guest", "was a man"), ("The man", "was a guest"), ("A man", "was the host")]
            ),
            60,
        )
    ),
    "Chinese": "这个故事讲的是一个时间旅行者和他的朋友们。" * 60,
    "Japanese": "時間旅行者は客に向かって説明した。" * 60,
    "Korean": "시간 여행자는 손님들에게 설명했다. " * 60,
}

NO_LOOPS = {
    "parallel items": "".join(
        f"- {who} wants {what}.\n"
        for who, what in itertools.product(
            ("She", "He", "The doctor", "The mayor", "The editor"),
            ("to be believed", "to go home", "a drink", "the truth", "to be left alone"),
        )
    ),
    "a song": CHORUS * 3,
    "a poem with a chorus": "".join(PROSE[at : at + 120] + "\n\n" + CHORUS for at in (0, 90, 180)),
    "a table": "| Chapter | Present | Speaks |\n|---|---|---|\n"
    + "".join(f"| Chapter {number} | yes | no |\n" for number in range(1, 62)),
    "scores in lines": "".join(
        f"Chapter {number}: tension 5, pace 5, conflict 5\n" for number in range(1, 20)
    ),
    "a word for each chapter": "".join(f"Chapter {number}: calm\n" for number in range(1, 62)),
    "scores": json.dumps([5] * 100),
    "scores as objects": json.dumps(
        [{"chapter": one, "tension": 5, "pace": 4} for one in range(80)], indent=1
    ),
    "rules": ("-" * 80 + "\n\n" + PROSE[:90] + "\n\n") * 2 + "=" * 400,
    "a phrase that is quoted": "".join(
        f"In scene {number} “there is no hurry” {what}. "
        for number, what in enumerate(
            ("opens the talk", "closes it", "is mocked by the mayor", "is a threat", "is a plea"), 1
        )
    ),
    "code": "".join(
        f"def get_{name}(self):\n    return self._{name}\n\n"
        for name in ("title", "author", "words", "pages", "notes", "parts", "size", "date")
    ),
    "Chinese": "时间旅行者坐在桌边，对客人们说，时间只是空间的一种。医生不相信，市长笑了。"
    "主编问他有没有证据，他说有，但是要等一等。火光照在杯子里，没有人说话。",
    "laughter": "He laughed. “" + "Ha, " * 20 + "ha!”\n" + PROSE,
}


@pytest.mark.parametrize("size", [1, 5, 500])
@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_noticed(name: str, size: int) -> None:
    read = read_until_it_repeats(pieces(PROSE + LOOPS[name], size))
    assert read is not None
    longest = {"a paragraph": 250, "circles": 400, "short numbered items": 500}
    assert read - len(PROSE.split()) < longest.get(name, 150) + size / 4


@pytest.mark.parametrize("name", NO_LOOPS)
def test_what_is_alike_is_no_loop(name: str) -> None:
    assert read_until_it_repeats(pieces(NO_LOOPS[name])) is None
    assert read_until_it_repeats(pieces(NO_LOOPS[name]), is_data=True) is None


def test_in_json_only_what_goes_on_for_long_is_a_loop() -> None:
    rows = [{"name": "Weena", "present": True, "note": "does not speak"}] * 20
    assert read_until_it_repeats(pieces(json.dumps(rows)), is_data=True) is None
    assert read_until_it_repeats(pieces(json.dumps(rows * 10)), is_data=True) is not None


def test_it_is_found_after_a_long_text_and_no_more_than_a_part_of_that_is_remembered() -> None:
    detector = RepetitionDetector()
    for number in range(40_000):
        assert not detector.feed(f"word{number} ")
    assert len(detector._units) + len(detector._phrases) < 5_000
    assert any(detector.feed("and so on and on, ") for _ in range(100))


def test_the_sample_does_not_repeat_itself() -> None:
    assert read_until_it_repeats(pieces(sample()[1].decode())) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["pride-and-prejudice", "frankenstein", "the-time-machine", "le-tour-du-monde"]
)
def test_novels_do_not_repeat_themselves(name: str) -> None:
    path = CORPUS / name / "book.txt"
    if not path.exists():
        pytest.skip("the shared corpus is not here")
    assert read_until_it_repeats(pieces(path.read_text())) is None
