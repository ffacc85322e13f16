"""From votes to a ranking: the Bradley-Terry model, with intervals.

The chance that model i is preferred to model j is p_i / (p_i + p_j). The strengths are fitted by
Hunter's minorisation-maximisation (D. R. Hunter, MM algorithms for generalized Bradley-Terry
models, Annals of Statistics 32, 2004); a tie counts as half a win for each, as the Chatbot Arena
counted it. One imagined tie against every opponent met keeps a model that has won everything finite
(a symmetric prior). Intervals are percentiles of bootstrap samples of the comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

#: Of a rating: an average model, and the difference that means odds of ten to one.
_MIDDLE, _SCALE = 1000.0, 400.0

_SAMPLES = 400
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Vote:
    """One judged comparison of `models`; `best` is None for a tie and for "both bad"."""

    models: tuple[str, ...]
    best: str | None


@dataclass(frozen=True, slots=True)
class Rank:
    """A model's place: rating on the Elo scale with its 95 % interval, and how it fared."""

    model: str
    rating: float
    low: float
    high: float
    comparisons: int
    wins: float


def ranking(votes: Sequence[Vote], *, seed: int = 0) -> list[Rank]:
    """Return the models of `votes`, best first. A comparison of a model with itself says nothing.

    400 points more mean that a model is preferred ten times as often; the mean is 1000.
    """
    votes = [vote for vote in votes if len(set(vote.models)) > 1]
    models = sorted({model for vote in votes for model in vote.models})
    if not models:
        return []
    number = {model: at for at, model in enumerate(models)}
    each = np.array([_wins(vote, number) for vote in votes])  # (votes, models, models)
    met = each.sum(axis=0)
    ratings = _ratings(met, met)
    chance = np.random.default_rng(seed)
    picks = chance.integers(0, len(votes), size=(_SAMPLES, len(votes)))
    samples = _ratings(np.array([each[pick].sum(axis=0) for pick in picks]), met)
    low, high = np.percentile(samples, [2.5, 97.5], axis=0)
    wins = met.sum(axis=1)
    ranks = [
        Rank(
            model=model,
            rating=float(ratings[at]),
            low=min(float(low[at]), float(ratings[at])),
            high=max(float(high[at]), float(ratings[at])),
            comparisons=sum(model in vote.models for vote in votes),
            wins=float(wins[at]),
        )
        for at, model in enumerate(models)
    ]
    return sorted(ranks, key=lambda rank: (-rank.rating, rank.model))


def _wins(vote: Vote, number: dict[str, int]) -> np.ndarray:
    """Return how often row was preferred to column: the best to each other, else a half each."""
    wins = np.zeros((len(number), len(number)))
    for one, other in combinations(sorted(set(vote.models)), 2):
        i, j = number[one], number[other]
        if vote.best in (one, other):
            winner, loser = (i, j) if vote.best == one else (j, i)
            wins[winner, loser] += 1
        elif vote.best is None:
            wins[i, j] += 0.5
            wins[j, i] += 0.5
    return wins


def _ratings(wins: np.ndarray, met: np.ndarray) -> np.ndarray:
    """Return the rating of each model by how often row was preferred to column.

    `wins` are of one sample, or of many (samples, models, models), which are fitted together.
    """
    prior = np.where(met + met.T > 0, 0.5, 0.0)  # One tie with each that was met.
    wins = wins + prior
    games, won = wins + np.swapaxes(wins, -1, -2), wins.sum(axis=-1)
    strength = np.ones(won.shape)
    for _ in range(_STEPS):
        sums = strength[..., :, None] + strength[..., None, :]
        new = won / (games / sums).sum(axis=-1)
        new /= np.exp(np.log(new).mean(axis=-1, keepdims=True))
        if np.allclose(new, strength, rtol=1e-9):
            break
        strength = new
    return _MIDDLE + _SCALE * np.log10(strength)
