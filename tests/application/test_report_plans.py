"""The context that a report is read in, and who counts its tokens."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from components.application import Counter, in_context
from components.engine import Options
from components.reports import LENGTHS, plan
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.reports.desk import Desk, book, desk
from tests.reports.reading import reader

__all__ = ["desk"]

#: What the scripted model reads at most, in tokens, and that a context of it takes little memory.
LIMIT = 16_384
SMALL = {
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
    return reader(context=LIMIT, shown=SMALL)


def test_the_editors_choice_stands(desk: Desk) -> None:
    counter = Counter(desk.app, desk.model)
    order = desk.order(book(), options=Options(num_ctx=3072))
    assert in_context(desk.app, book(), order, counter).num_ctx == 3072


def test_no_more_is_asked_for_than_the_model_was_made_for(desk: Desk) -> None:
    counter = Counter(desk.app, desk.model)
    order = desk.order(book(), options=Options(num_ctx=65_536))
    assert in_context(desk.app, book(), order, counter).num_ctx == LIMIT


def test_a_book_that_fits_is_read_whole_with_its_lens_however_long_that_is(desk: Desk) -> None:
    counter, novel = Counter(desk.app, desk.model), book(3)
    order = desk.order(novel)
    short = in_context(desk.app, novel, order, counter)
    assert plan(novel, short, count=counter).is_whole
    (lens,) = order.lenses
    wordy = replace(lens, prompt=f"{lens.prompt} " + "And the weather, too. " * 1_500)
    wide = in_context(desk.app, novel, replace(order, lenses=(wordy,)), counter)
    assert wide.num_ctx > short.num_ctx
    assert plan(novel, wide, count=counter).is_whole


def test_what_the_model_does_not_read_at_once_is_read_by_chapter(desk: Desk) -> None:
    counter, novel = Counter(desk.app, desk.model), book(30)
    order = in_context(desk.app, novel, desk.order(novel), counter)
    tokens = sum(counter.all([novel.chapter_text(one) for one in novel.chapters]))
    assert tokens + LENGTHS[order.depth].report > LIMIT >= order.num_ctx
    assert not plan(novel, order, count=counter).is_whole


def test_only_the_chapters_that_are_read_count(desk: Desk) -> None:
    counter, novel = Counter(desk.app, desk.model), book(30)
    order = desk.order(novel, chapters=(1, 2))
    assert plan(novel, in_context(desk.app, novel, order, counter), count=counter).is_whole


def test_all_chapters_are_counted_at_one_look(desk: Desk) -> None:
    counter, novel = Counter(desk.app, desk.model), book(30)
    order = desk.order(novel, options=Options(num_ctx=3072))
    before = len(asked(desk))
    in_context(desk.app, novel, order, counter)
    # Not one each. The app itself looks every few seconds, and a busy machine takes that long.
    assert len(asked(desk)) - before < len(novel.chapters)
    assert counter.is_exact


def asked(desk: Desk) -> list[str]:
    """The questions for the server's models, which each look begins with."""
    return [path for path, _ in desk.server.requests if path in ("/api/tags", "/api/ps")]


def test_what_was_counted_is_not_kept_as_text(desk: Desk) -> None:
    """A page keeps its counter for as long as its window is open."""
    counter, novel = Counter(desk.app, desk.model), book(30)
    in_context(desk.app, novel, desk.order(novel), counter)
    size = len(pickle.dumps(counter._known))
    assert size < len(novel.text) / 10
    before = len(asked(desk))
    assert counter.all([novel.chapter_text(novel.chapters[0])])[0] > 0
    assert len(asked(desk)) == before
