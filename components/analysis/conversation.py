"""A chat as a tree: each exchange follows one; what is asked again or edited is a branch."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from components.analysis.prompts import ask
from components.engine import fits
from components.store import Analysis, PromptInputs, Question


def path(exchanges: Sequence[Analysis], leaf_id: str | None = None) -> list[Analysis]:
    """Return the exchanges from the first to a leaf; to the newest one without `leaf_id`.

    Where `leaf_id` has been answered on, the path goes on to the newest that follows it.
    """
    by_id = {exchange.id: exchange for exchange in exchanges}
    leaf = by_id.get(
        leaf_id or "", max(exchanges, key=lambda exchange: exchange.created, default=None)
    )
    if leaf is None:
        return []
    line = [leaf]
    while line[0].parent_id in by_id:
        line.insert(0, by_id[line[0].parent_id])
    while after := branches(exchanges, line[-1].id):
        line.append(after[-1])
    return line


def branches(exchanges: Sequence[Analysis], parent_id: str | None) -> list[Analysis]:
    """Return the exchanges that follow the same one, the oldest first."""
    same = [exchange for exchange in exchanges if exchange.parent_id == parent_id]
    return sorted(same, key=lambda exchange: exchange.created)


def fitted(
    question: Question, inputs: PromptInputs, *, count: Callable[[str], int], limit: int | None
) -> Question | None:
    """Return `question` with the oldest exchanges left out that do not fit, and its tokens.

    `count` estimates the tokens of a text, `limit` is the context in tokens. None where even the
    question alone does not fit: neither it nor the manuscript is ever cut.
    """
    history = inputs.history
    left_out = 0
    while True:
        shorter = replace(question, left_out=left_out)
        estimate = tokens = count(ask(shorter, inputs).prompt)
        if fits(tokens, limit):
            return replace(shorter, tokens=tokens)
        if left_out == len(history):
            return None
        # The prompt may hold a novel: it is built again only where the rest may fit.
        while left_out < len(history) and not fits(estimate, limit):
            oldest = history[left_out]
            estimate -= count(f"{oldest.asked}\n{oldest.answered}\n")
            left_out += 1
