from __future__ import annotations

from importlib import resources

import pytest

from components.analysis import lens
from components.analysis.lens import DEFAULT_LENS

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
