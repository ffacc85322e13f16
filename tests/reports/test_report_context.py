"""The context that a report is read in, and who counts its tokens."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

from components.application import Counter
from components.engine import Loaded, Options
from components.manuscripts import Manuscript, read
from components.reports import Depth, in_context, plan
from components.reports.report_context import LARGE, SMALL
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.desk import Desk, book, desk
from tests.reports.reading import reader

__all__ = ["desk"]

#: What the scripted model reads at most, in tokens, and that a context of it takes little memory.
LIMIT = 16_384
SHAPE = {
    "model_info": {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "llama.attention.head_count_kv": 1,
        "llama.attention.key_length": 8,
        "llama.attention.value_length": 8,
    }
}


@pytest.fixture
def scripted() -> ScriptedOllama:
    return reader(context=LIMIT, shown=SHAPE)


def context(desk: Desk, novel: Manuscript, **changes: Any) -> int:
    """The context that a report of `novel` is read in, which its plan fits."""
    counter = Counter(desk.app, desk.model)
    order = in_context(novel, desk.order(novel, **changes), counter.all)
    assert plan(novel, order, count=counter).steps
    return order.num_ctx


def test_the_editors_choice_stands(desk: Desk) -> None:
    assert context(desk, book(), options=Options(num_ctx=3072)) == 3072


def test_no_more_is_asked_for_than_the_model_was_made_for(desk: Desk) -> None:
    assert context(desk, book(), options=Options(num_ctx=65_536)) == LIMIT


def test_it_holds_the_longest_chapter_and_no_more_than_a_model_reads_well(desk: Desk) -> None:
    few, many = context(desk, book(3)), context(desk, book(30))
    assert few == many < SMALL
    assert few < context(desk, book(2, words=2400)) <= SMALL
    assert context(desk, book(2, words=12_000)) == SMALL
    assert context(desk, book(3), depth=Depth.THOROUGH) >= few


def test_only_the_chapters_that_are_read_count(desk: Desk) -> None:
    novel = read(f"{book(1, words=12_000).text}\n\nChapter 2\n\nThe end.".encode(), name="b.txt")
    assert len(novel.chapters) == 2
    assert context(desk, novel, chapters=(2,)) < context(desk, novel, chapters=(1, 2)) == SMALL


@pytest.mark.parametrize(
    ("loaded", "is_kept"), [(SMALL, True), (LIMIT, True), (2048, False), (2 * LARGE, False)]
)
def test_what_the_model_is_loaded_with_is_kept_where_it_suits(
    desk: Desk, loaded: int, is_kept: bool
) -> None:
    model = replace(desk.model, loaded=Loaded(loaded, size=1, size_vram=0))
    chosen = context(desk, book(3), model=model)
    assert (chosen == loaded) is is_kept
    assert is_kept or chosen == context(desk, book(3))


def test_all_chapters_are_counted_at_one_look(desk: Desk) -> None:
    counter, novel = Counter(desk.app, desk.model), book(30)
    order = desk.order(novel, options=Options(num_ctx=3072))
    before = len(asked(desk))
    in_context(novel, order, counter.all)
    # Not one each. The app itself looks every few seconds, and a busy machine takes that long.
    assert len(asked(desk)) - before < len(novel.chapters)
    assert counter.is_exact


def asked(desk: Desk) -> list[str]:
    """The questions for the server's models, which each look begins with."""
    return [path for path, _ in desk.server.requests if path in ("/api/tags", "/api/ps")]


def test_what_was_counted_is_not_kept_as_text(desk: Desk) -> None:
    """A page keeps its counter for as long as its window is open."""
    counter, novel = Counter(desk.app, desk.model), book(30)
    in_context(novel, desk.order(novel), counter.all)
    size = len(pickle.dumps(counter._known))
    assert size < len(novel.text) / 10
    before = len(asked(desk))
    assert counter(novel.chapter_text(novel.chapters[0])) > 0
    assert len(asked(desk)) == before
