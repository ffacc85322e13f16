from __future__ import annotations

from importlib import resources

import pytest

from components.analysis import Lens, lens, lens_labels, lenses
from components.analysis.lens import DEFAULT_LENS, MOST_PROMPT, MOST_TITLE, from_text, to_text
from components.errors import LensError

NAMES = sorted(
    one.name.removesuffix(".md")
    for one in (resources.files("components.analysis") / "lenses").iterdir()
    if one.name.endswith(".md")
)


def test_there_is_the_default() -> None:
    assert DEFAULT_LENS in NAMES
    assert lens().name == DEFAULT_LENS


@pytest.mark.parametrize("name", NAMES)
def test_every_lens_has_a_title_and_a_prompt(name: str) -> None:
    one = lens(name)
    assert one.name == name
    assert one.title
    assert not one.title.startswith("#")
    assert one.prompt == one.prompt.strip()
    assert len(one.prompt.split()) > 50


def test_the_storyteller_asks_for_what_it_promises() -> None:
    prompt = lens("storyteller").prompt
    for heading in (
        "Story structure",
        "Storylines",
        "Character development",
        "Plot",
        "Emotional content",
        "Suggestions",
    ):
        assert f"## {heading}\n" in prompt


def test_an_unknown_lens_is_a_fault_of_the_program() -> None:
    with pytest.raises(FileNotFoundError):
        lens("no-such-lens")


def test_those_about_manuscripts_are_all_but_the_pictures() -> None:
    names = [one.name for one in lenses()]
    assert names[0] == DEFAULT_LENS
    assert sorted(names) == [name for name in NAMES if not name.startswith("picture-")]
    assert len({one.title for one in lenses()}) == len(names)


@pytest.mark.parametrize("one", [one for one in lenses() if one.name != DEFAULT_LENS], ids=str)
def test_every_lens_asks_for_evidence_and_for_no_praise(one: Lens) -> None:
    assert 80 <= len(one.prompt.split()) <= 220
    assert "\n## " in one.prompt
    for asked in ("uote word for word, in quotation marks", "(Chapter ", "Invent no", "praise"):
        assert asked in one.prompt, asked
    assert "where the text does not tell, say so" in one.prompt
    assert "this manuscript" in one.prompt
    assert not one.is_own
    assert one.schema is None


FILE = """# Names

List every name.

## Answer as JSON
```json
{"type": "object"}
```
"""


def test_a_file_may_end_with_the_schema_of_the_answer() -> None:
    one = from_text("names", FILE)
    assert one == Lens("names", "Names", "List every name.", '{"type": "object"}')
    assert to_text(one) == FILE


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace("# N", "#N").replace("```json", "\n```json").replace("\n", "\r\n"),
        'Names\nList every name.\n## Answer as JSON\n```json\n{"type": "object"}```\n\n',
    ],
)
def test_files_of_other_programs_say_the_same(text: str) -> None:
    assert from_text("names", text) == from_text("names", FILE)


@pytest.mark.parametrize(
    ("title", "prompt", "schema"),
    [
        ("# first", "## Heading\n\ntext", None),
        ("Grüße, 物語", "```\ncode\n```", "{\n}"),
        ("A  b", "\n  A\r\nb  ", "  {}  "),
        ("A", "Write ## Answer as JSON in a line with other words.", None),
        ("A", 'Like this:\n```json\n{"a": 1}\n```', None),
    ],
)
def test_what_is_written_is_read_as_the_same(title: str, prompt: str, schema: str | None) -> None:
    from_file = from_text("a", to_text(from_text("a", to_text(Lens("a", title, prompt, schema)))))
    assert from_file.title == " ".join(title.split())
    assert from_file.prompt == prompt.replace("\r", "").strip()
    assert from_file.schema == (schema.strip() if schema else None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no title"),
        ("#\n\nWho?", "no title"),
        ("# \u200b\nWho?", "no title"),
        ("# Names\n", "asks nothing"),
        ("# Names\n\n## Answer as JSON\n```json\n{}\n```", "asks nothing"),
        ("# Names\nWho?\n## Answer as JSON\n```json\n[]\n```", "not a JSON object"),
        ("# Names\nWho?\n## Answer as JSON\n```json\n{,}\n```", "not a JSON object"),
        ('# Names\nWho?\n## Answer as JSON\n```json\n{"a": NaN}\n```', "not a JSON object"),
        (f"# A\nB\n## Answer as JSON\n```json\n{'[' * 9999}\n```", "not a JSON object"),
        ("# Names\nWho?\n## Answer as JSON\n{}", "something else"),
        ("# Names\nWho?\n## Answer as JSON\n```json\n{}\n```\nMore.", "something else"),
        (f"# {'a' * (MOST_TITLE + 1)}\nWho?", "title of the lens has 121"),
        (f"# A\n{'a' * (MOST_PROMPT + 1)}", "question of the lens has 20,001"),
    ],
)
def test_what_is_no_lens_is_refused_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(LensError, match=message) as raised:
        from_text("a", text)
    assert raised.value.advice


def test_the_line_that_marks_a_schema_is_no_part_of_a_question() -> None:
    with pytest.raises(LensError, match="marks the schema"):
        to_text(Lens("a", "A", "Who?\n## Answer as JSON\nin short"))


def test_lenses_of_one_title_are_told_apart() -> None:
    shipped = lens()
    own = Lens(shipped.name, "Mine", "What is it?", is_own=True)
    twins = [Lens(name, "Twins", "What is it?", is_own=True) for name in ("one", "two")]
    labels = lens_labels([shipped, own, *twins])
    assert len(labels) == len(set(labels.values())) == 4
    assert labels[shipped.id] == shipped.title
    assert labels[own.id] == "Mine (yours)"
    assert labels[twins[0].id] == "Twins (yours, one)"
