"""A chat as a tree: each exchange follows one; what is asked again or edited is a branch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from components.analysis.asking import ask
from components.engine import LEAST_ANSWER
from components.store import Analysis, Material, Question


def path(exchanges: Sequence[Analysis], leaf_id: str | None = None) -> list[Analysis]:
    """Return the exchanges from the first to a leaf; to the newest one without `leaf_id`.

    Where `leaf_id` has been answered on, the path goes on to the newest that follows it.
    """
    by_id = {one.id: one for one in exchanges}
    newest = max(exchanges, key=lambda one: one.created, default=None)
    at = by_id.get(leaf_id or "", newest)
    if at is None:
        return []
    found = [at]
    while at.parent_id in by_id:
        at = by_id[at.parent_id]
        found.insert(0, at)
    while after := branches(exchanges, found[-1].id):
        found.append(after[-1])
    return found


def branches(exchanges: Sequence[Analysis], parent_id: str | None) -> list[Analysis]:
    """Return the exchanges that follow the same one, the oldest first."""
    same = [one for one in exchanges if one.parent_id == parent_id]
    return sorted(same, key=lambda one: one.created)


def fitted(
    question: Question, material: Material, *, count: Callable[[str], int], limit: int | None
) -> Question | None:
    """Return `question` with the oldest exchanges left out that do not fit, and its tokens.

    `count` estimates the tokens of a text, `limit` is the context in tokens. None where even the
    question alone does not fit: neither it nor the manuscript is ever cut.
    """
    for left_out in range(len(material.history) + 1):
        shorter = replace(question, left_out=left_out)
        tokens = count(ask(shorter, material).prompt)
        if limit is None or tokens + LEAST_ANSWER <= limit:
            return replace(shorter, tokens=tokens)
    return None
