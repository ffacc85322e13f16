"""Comparing models fairly: what is the same for all, and what may run at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from components.engine import Host, Model, choose_num_ctx
from components.store import Question

#: A model takes more memory than its file: its context and what it computes with.
_MEMORY_FACTOR = 1.4


class Reason(StrEnum):
    """Why the columns run at the same time, or one after another."""

    LOADED = "loaded"  # together: the server has them all in memory
    FITS = "fits"  # together: the memory that is free takes them all
    HOSTS = "hosts"  # together: each has a server of its own
    SAME_MODEL = "same model"  # in turn: they share their weights and so one runner
    ROOM = "room"  # in turn: the memory that is free does not take them all
    UNKNOWN = "unknown"  # in turn: it is not known that the server can hold them all
    KEPT = "kept"  # in turn: the first was answered before


@dataclass(frozen=True, slots=True)
class Schedule:
    """Whether columns run at the same time on one server, and why.

    `needed` and `free` are bytes of memory, where that decided.
    """

    together: bool
    reason: Reason
    needed: int = 0
    free: int = 0


def schedule(
    models: Sequence[Model],
    hosts: Sequence[tuple[Host, Sequence[Model]]],
    free_memory: int | None,
) -> Schedule:
    """Decide how columns of `models` run on `hosts`, each with the models that it has.

    A server that cannot hold two models unloads one for the other, and both times would be wrong;
    so models run together only where the server says that it holds them, where this computer's
    `free_memory` (bytes, None if unknown) takes them, or where each has a server.
    """
    wanted = {(model.name, model.digest) for model in models}
    having = {
        host.url
        for host, installed in hosts
        if any((model.name, model.digest) in wanted for model in installed)
    }
    if len(hosts) > 1 and len(having) >= len(models):
        return Schedule(False, Reason.HOSTS)
    if len({model.parent_model or model.name for model in models}) < len(models):
        return Schedule(False, Reason.SAME_MODEL)
    if all(model.loaded for model in models):
        return Schedule(True, Reason.LOADED)
    # Memory of this computer says something only of models that run in it.
    loaded = [model.loaded for _, installed in hosts for model in installed if model.loaded]
    in_memory = all(runner.size_vram == 0 for runner in loaded)
    if len(hosts) != 1 or not hosts[0][0].is_local or free_memory is None or not in_memory:
        return Schedule(False, Reason.UNKNOWN)
    needed = round(sum(model.size for model in models if not model.loaded) * _MEMORY_FACTOR)
    if needed <= free_memory:
        return Schedule(True, Reason.FITS, needed, free_memory)
    return Schedule(False, Reason.ROOM, needed, free_memory)


def with_shared_context(questions: Sequence[Question], models: Sequence[Model]) -> list[Question]:
    """Return the questions of columns, each of one of `models`, to be asked in the same context.

    It has room for the longest prompt by its estimate and the longest answer, as far as the
    smallest model can.
    """
    limits = [model.context_length for model in models if model.context_length]
    context = choose_num_ctx(
        max(question.tokens for question in questions),
        exact=False,
        answer=max(question.options.num_predict for question in questions),
        limit=min(limits, default=None),
        loaded=None,
    )
    return [replace(question, least_ctx=context) for question in questions]
