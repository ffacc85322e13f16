"""From votes to a ranking: the Bradley-Terry model, with intervals.

The chance that model i is preferred to model j is p_i / (p_i + p_j), fitted by minorization-
maximization (D. R. Hunter, Annals of Statistics 32, 2004). A tie counts as half a win for each. One
imagined tie against every opponent met keeps a model that has won everything finite. Intervals are
percentiles of bootstrap samples of the comparisons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

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
    number = {model: row for row, model in enumerate(models)}
    by_vote = np.array([_wins(vote, number) for vote in votes])  # (votes, models, models)
    total = by_vote.sum(axis=0)
    ratings = _ratings(total, total)
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(votes), size=(_SAMPLES, len(votes)))
    samples = _ratings(np.array([by_vote[pick].sum(axis=0) for pick in picks]), total)
    low, high = np.percentile(samples, [2.5, 97.5], axis=0)
    ranks = [
        Rank(
            model=model,
            rating=float(ratings[row]),
            low=float(min(low[row], ratings[row])),
            high=float(max(high[row], ratings[row])),
            comparisons=sum(model in vote.models for vote in votes),
            wins=float(total[row].sum()),
        )
        for model, row in number.items()
    ]
    return sorted(ranks, key=lambda rank: (-rank.rating, rank.model))


def _wins(vote: Vote, number: dict[str, int]) -> np.ndarray:
    """Return how often row was preferred to column: the best to each other, else a half each."""
    wins = np.zeros((len(number), len(number)))
    for row, column in permutations(set(vote.models), 2):
        if vote.best in (row, None):
            wins[number[row], number[column]] = 0.5 if vote.best is None else 1.0
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
