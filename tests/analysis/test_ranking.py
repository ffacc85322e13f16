"""Ratings from votes, by the model they are fitted with."""

from __future__ import annotations

import math

import pytest

from components.analysis import Vote, ranking


def votes(best: str | None, count: int, models: tuple[str, ...] = ("a", "b")) -> list[Vote]:
    return [Vote(models, best)] * count


def test_nobody_voted() -> None:
    assert ranking([]) == []
    assert ranking([Vote(("a", "a"), "a")]) == []


def test_the_odds_of_two_models_are_those_of_their_votes() -> None:
    first, second = ranking(votes("a", 8) + votes("b", 2))
    # One imagined tie is added.
    assert (first.model, first.wins, first.comparisons) == ("a", 8, 10)
    assert first.rating - second.rating == pytest.approx(400 * math.log10(8.5 / 2.5))
    assert (first.rating + second.rating) / 2 == pytest.approx(1000)
    assert second.low <= second.rating <= second.high < first.rating < first.high


@pytest.mark.parametrize("count", [1, 40])
def test_ties_are_half_a_win_for_each(count: int) -> None:
    first, second = ranking(votes(None, count))
    assert first.rating == second.rating == pytest.approx(1000)
    assert first.wins == second.wins == count / 2


def test_one_that_won_everything_stays_finite() -> None:
    assert ranking(votes("a", 100))[0].rating < 2000


def test_the_best_of_three_is_preferred_to_both_and_the_others_are_not_compared() -> None:
    ranks = ranking(votes("b", 3, ("a", "b", "c")))
    assert [(rank.model, rank.wins) for rank in ranks] == [("b", 6), ("a", 0), ("c", 0)]
    assert ranks[1].rating == pytest.approx(ranks[2].rating)


def test_the_same_votes_give_the_same_ranking() -> None:
    some = votes("a", 3) + votes("b", 2, ("b", "c")) + votes(None, 2, ("a", "c"))
    assert ranking(some) == ranking(some)
