"""Which host has room for whose call: what a process may take now, of all that wait."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from components.store.queue.turns import QueuedCall, in_order, under_way
from components.store.tables import call

#: Seconds that a process which performs only its own calls leaves a server to a call that comes
#: before them, for another process to take. One that is awake takes it in less than a tenth.
GIVE_WAY_SECONDS = 3.0

#: Seconds after which it does so again for work that nobody took up: a page may have been opened.
_TRY_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A host that takes calls: at most `slots` at once, for `models` (None: not known).

    One without slots does not answer now.
    """

    url: str
    slots: int
    models: frozenset[str] | None = None

    def has(self, model: str) -> bool:
        """Whether the host has `model`, as far as is known."""
        return self.models is None or model in self.models or f"{model}:latest" in self.models


class OwnCalls:
    """The calls, alone or of a series, of a process that performs no others, as a shell's does.

    It ends with its command, so that it leaves what was queued elsewhere to the process that goes
    on. The order is the same for all: where it is another's turn the server is left to it, for at
    most GIVE_WAY_SECONDS where nobody takes it up, and then not again for that work for a while.
    """

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self._since: dict[str, float] = {}  # when another's work was first seen to be next

    def add(self, queued: Iterable[str]) -> None:
        """Perform these calls, or the calls of these series, too."""
        self._ids = self._ids.union(queued)

    def __contains__(self, entry: QueuedCall) -> bool:
        return entry.call_id in self._ids or entry.series_id in self._ids

    def see(self, running: Iterable[QueuedCall]) -> None:
        """Note that these calls are performed: somebody is there for what they are a part of."""
        for entry in running:
            self._since.pop(entry.work, None)

    def gives_way(self, other: QueuedCall) -> bool:
        """Whether a server is left to another's call, which has its turn and finds it free."""
        now = time.time()
        since = self._since.get(other.work, now)
        if other.queued > since or not 0 <= now - since < _TRY_AGAIN_SECONDS:
            since = now
        self._since[other.work] = since
        return now - since < GIVE_WAY_SECONDS


def readers(connection: Connection, waiting: Iterable[QueuedCall]) -> dict[str, str]:
    """Return the host that has read each passage of `waiting`; the last one where several have."""
    passages = {call.passage for call in waiting if call.passage}
    if not passages:
        return {}
    rows = connection.execute(
        sa.select(call.c.passage, call.c.host)
        .where(call.c.passage.in_(passages), call.c.host.is_not(None), call.c.copied.is_(None))
        .order_by(call.c.started)
    )
    return {row.passage: row.host for row in rows}


def host_for(
    call: QueuedCall,
    offers: Sequence[Offer],
    busy: Counter[str | None],
    beside: Mapping[str, str] = MappingProxyType({}),
    read: Mapping[str, str] = MappingProxyType({}),
) -> Offer | None:
    """Return the host for a call: the one with most room; None while all are full.

    `busy` counts the slots that are taken of each host; `beside` says on which host a call of
    the same `together` runs, where this one needs no slot of its own; `read` which host has read
    a passage: a call of it waits for that host while it answers, since reading takes the longest.
    A model that no host is known to have goes to any host, which then says that it does not have
    it; but a step of a report waits for a host that has it and does not answer now.
    """
    answering = [offer for offer in offers if offer.slots]
    having = [offer for offer in answering if offer.has(call.model)]
    if not having and call.is_step and any(offer.has(call.model) for offer in offers):
        return None
    having = having or answering
    having = [offer for offer in having if offer.url == read.get(call.passage or "")] or having
    free = [offer for offer in having if busy[offer.url] < offer.slots]
    if free:
        return min(free, key=lambda offer: busy[offer.url] / offer.slots)
    there = beside.get(call.together or "")
    return next((offer for offer in having if offer.url == there), None)


def placements(
    connection: Connection, offers: Sequence[Offer], own: OwnCalls | None
) -> Iterator[tuple[QueuedCall, Offer]]:
    """Give the calls that one of `offers` has room for now, in their order, each with its host.

    With `own` only those; the others that come first are left the room that they need. Nothing but
    what runs is read where all hosts are full.
    """
    running = under_way(connection)
    slots = {(call.host, call.together or call.call_id) for call in running}
    busy = Counter(host for host, _ in slots)
    beside = {call.together: call.host for call in running if call.together and call.host}
    if not beside and not any(busy[offer.url] < offer.slots for offer in offers):
        return
    if own is not None:
        own.see(running)
    waiting = in_order(connection, running)
    read = readers(connection, waiting) if len(offers) > 1 else {}
    for entry in waiting:
        offer = host_for(entry, offers, busy, beside, read)
        if offer is None:
            continue
        if own is None or entry in own:
            yield entry, offer
        elif own.gives_way(entry):
            busy[offer.url] += entry.together not in beside
            if entry.together:
                beside[entry.together] = offer.url
