"""Every call of a house accounted for: the store held against what was asked and what was sent."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.soak_host import ANSWER, OWNER, Answer
from components import errors
from components.engine import Text
from components.errors import EngineError, FirstReaderError, ServerError
from components.store import UNDO_SECONDS, Failed, JournalEntry, State, StateChanged, Store
from components.store.call_states import ALLOWED, ENDED, RUNNING
from components.store.tables import all_calls, analysis, call, need, series

#: Seconds by which two processes of this machine may be late to write down what they saw.
_LATE = 2.0

#: Seconds in which a process notices that a host which was started again answers.
_NOTICED_SECONDS = 15.0

#: What is wrong where it is not zero, in words.
FAULTS = {
    "lost": "asked, and not in the store",
    "unasked": "in the store, and asked by nobody",
    "open": "neither ended nor waiting for another step",
    "twice_ended": "ended twice without being asked again",
    "transition": "state that may not follow the one before",
    "gap": "journal with a gap, or other than its call says",
    "different": "text that is not what its host wrote",
    "twice_written": "answer of a host that stands in two calls or attempts",
    "seen_different": "completed answer that an editor saw otherwise",
    "unreadable": "failed without a reason or an advice",
    "of_the_app": "failed by a fault of the app",
    "unexplained": "failed though nothing went wrong at its host",
    "unstoppable": f"still written {_LATE:.0f} s after it was stopped, or never ended",
    "overlap": "host or question that wrote more at once than it may",
    "after_end": "asked of a host after it had ended",
    "foreign": "text of one editor with the name of another",
    "crossed": "editor who reached what is another's",
    "told": "told of anything but a host's failing",
    "broke": "act of an editor that broke",
    "hangs": "editor who was still at it a minute after the end",
}


@dataclass
class Account:
    """What was counted, and each fault with what is known of it.

    `stops` are the seconds from when the store says that a call has stopped to when its host saw
    it gone, negative where that was before.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    stops: list[float] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)

    def fault(self, kind: str, what: str) -> None:
        """Note that something is wrong."""
        self.faults.append((kind, what))

    @property
    def by_kind(self) -> Counter[str]:
        """How many faults there are of each kind."""
        return Counter(kind for kind, _ in self.faults)


@dataclass(frozen=True)
class Evidence:
    """What the account is made from.

    `acts` are those of the editors; `kills` are when each host was killed and when it was started
    again, by its number; `slots` how many calls it runs at once; `ended` is when the account is
    made.
    """

    store: Store
    acts: Sequence[Mapping[str, Any]]
    answers: Sequence[Answer]
    kills: Mapping[int, Sequence[tuple[float, float]]]
    slots: Mapping[int, int]
    ended: float


def acts_in(log: Path) -> list[dict[str, Any]]:
    """Return what the editors did."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def account(evidence: Evidence) -> Account:
    """Hold everything against everything."""
    it = Account()
    _acts(it, evidence)
    rows = _rows(evidence.store)
    _asked(it, evidence, rows)
    answers = {answer.id: answer for answer in evidence.answers}
    by_tag = defaultdict[str, list[Answer]](list)
    by_owner = defaultdict[str, list[Answer]](list)
    for answer in evidence.answers:
        by_tag[answer.tag].append(answer)
        for owner in answer.owners:
            by_owner[owner].append(answer)
    tags = {act["analysis"]: act["tag"] for act in evidence.acts if act["did"] == "ask"}
    digests: dict[tuple[str, int], str] = {}
    used: dict[str, str] = {}
    for row in rows:
        journal = evidence.store.journal.after(row.id)
        _journal(it, row, journal)
        attempts = _attempts(journal)
        for number, text in attempts.items():
            digests[row.id, number] = _digest(text)
            if row.model:
                _text(it, row, number, text, answers, used)
        its = by_tag[tags[row.analysis_id]] if tags.get(row.analysis_id) else None
        if its is None:
            names = set(ANSWER.findall(" ".join(attempts.values())))
            its = [one for one in by_owner[row.owner] if not one.tag and one.id in names]
        else:
            its = [one for one in its if one.model == row.model]
        _ended(it, row, journal, its, by_owner[row.owner], evidence)
    _hosts(it, evidence)
    _seen(it, evidence, digests, answers)
    return it


def _acts(it: Account, evidence: Evidence) -> None:
    for act in evidence.acts:
        it.counts[f"act {act['did']}"] += 1
        match act["did"]:
            case "told":
                it.told[f"{act['act']}: {act['kind']}: {act['message']}"] += 1
                if not issubclass(getattr(errors, act["kind"]), EngineError):
                    it.fault("told", f"{act['who']}: {act['act']}: {act['kind']}")
            case "first":
                it.waits.append((act["at"], act["waited"]))
            case "broke" | "hangs" as kind:
                it.fault(kind, f"{act['who']}: {act.get('act', '')} {act['trace']}")
            case "saw another's":
                it.fault("crossed", f"{act['who']}: {act['act']} of {act['address']}")
            case _:
                pass


def _rows(store: Store) -> Sequence[Any]:
    asked = sa.select(call, analysis.c.series_id, analysis.c.manuscript_id, series.c.kind)
    with store._database.read() as connection:
        return connection.execute(asked.select_from(all_calls)).all()


def _asked(it: Account, evidence: Evidence, rows: Sequence[Any]) -> None:
    """See that what was asked is there, unless it was deleted for good, and nothing else is."""
    there = {row.analysis_id for row in rows}
    steps = Counter(row.series_id for row in rows if row.kind == "report")
    deleted: dict[str, float | None] = {}
    for act in evidence.acts:
        if act["did"] in ("delete", "restore"):
            deleted[act["address"]] = act["at"] if act["did"] == "delete" else None

    def is_purged(act: Mapping[str, Any]) -> bool:
        addresses = (act.get("analysis"), act.get("series"), act["manuscript"])
        times = [deleted.get(address or "") for address in addresses]
        return any(at and at < evidence.ended - UNDO_SECONDS + 10 for at in times)

    for act in evidence.acts:
        if act["did"] == "ask":
            it.counts["asked"] += 1
            if act["analysis"] not in there:
                it.counts["purged"] += is_purged(act)
                if not is_purged(act):
                    it.fault("lost", act["analysis"])
            there.discard(act["analysis"])
        elif act["did"] == "report":
            it.counts["asked"] += act["steps"]
            found = steps.pop(act["series"], 0)
            if found != act["steps"]:
                it.counts["purged"] += act["steps"] * is_purged(act)
                if not is_purged(act) or found:
                    it.fault("lost", f"{act['steps'] - found} steps of {act['series']}")
    single = {row.analysis_id for row in rows if row.kind != "report"}
    for analysis_id in there & single:
        it.fault("unasked", analysis_id)
    for series_id in steps:
        it.fault("unasked", str(series_id))


def _attempts(journal: Iterable[JournalEntry]) -> dict[int, str]:
    """Return the text of each attempt."""
    attempts: dict[int, str] = defaultdict(str)
    for entry in journal:
        if isinstance(entry.event, Text):
            attempts[entry.attempt] += entry.event.text
    return attempts


def _journal(it: Account, row: Any, journal: Sequence[JournalEntry]) -> None:
    """See that the entries of a call follow each other and say what its row says."""
    what = f"call {row.id[:8]} of {row.owner}"
    if [entry.seq for entry in journal] != list(range(1, row.last_seq + 1)):
        it.fault("gap", what)
    states = [entry.event.state for entry in journal if isinstance(entry.event, StateChanged)]
    if not states or states[-1] != row.state:
        it.fault("gap", f"{what}: {states[-1:]} and {row.state}")
    for before, after in pairwise(states):
        is_looked_up = not row.model and (before, after) == (State.QUEUED, State.DONE)
        if after not in ALLOWED[before] and not is_looked_up:
            it.fault("transition", f"{what}: {before}, {after}")
    if states.count(State.DONE) > 1:
        it.fault("twice_ended", what)


def _text(
    it: Account,
    row: Any,
    number: int,
    text: str,
    answers: Mapping[str, Answer],
    used: dict[str, str],
) -> None:
    """Hold the text of an attempt against what its host was to write."""
    what = f"call {row.id[:8]} of {row.owner}, attempt {number}"
    is_done = row.state == State.DONE and number == row.attempt
    if is_done and row.answer != text:
        it.fault("gap", f"{what}: its row has another text")
    if set(OWNER.findall(text)) - {row.owner}:
        it.fault("foreign", what)
    named = ANSWER.search(text)
    answer = answers.get(named[0]) if named else None
    if answer is None:
        # Cut before it was named, even in the middle of its name: nothing could be completed.
        it.counts["nameless"] += 1
        if is_done or not any(other.text.startswith(text) for other in answers.values()):
            it.fault("different", f"{what}: {text[:80]!r}")
        return
    is_whole = text == answer.text if is_done else answer.text.startswith(text)
    if not is_whole or (is_done and not answer.is_done):
        it.fault("different", f"{what}: {text[-40:]!r}, {answer.text[-40:]!r}")
    if row.copied and is_done:
        it.counts["copied"] += 1
    elif used.setdefault(answer.id, what) != what:
        it.fault("twice_written", f"{what}, {used[answer.id]}: {answer.id}")


def _ended(
    it: Account,
    row: Any,
    journal: Sequence[JournalEntry],
    its: Sequence[Answer],
    of_owner: Sequence[Answer],
    evidence: Evidence,
) -> None:
    """Count how a call ended, and see that its end is one."""
    what = f"call {row.id[:8]} of {row.owner}"
    state = State(row.state)
    last = journal[-1].at
    if state is State.DONE and not row.model:
        it.counts["looked up"] += 1
    elif state in ENDED:
        it.counts[state.value] += 1
    elif state in RUNNING or not _waits_for_another(evidence.store, row.id):
        it.fault("open", f"{what}: {state}")
    else:
        it.counts["waits for a step that failed or was stopped"] += 1
    if state is State.FAILED:
        why = [one.event.error for one in journal if isinstance(one.event, Failed)]
        error = why[-1] if why else None
        _reason(it, what, error)
        near = its or [one for one in of_owner if journal[0].at <= one.began <= last]
        faults = {one.fault for one in near}
        if isinstance(error, ServerError):
            is_explained = bool(faults & {"memory", "crash"})
        else:
            is_explained = bool(faults & {"drop", "stall"}) or _was_away(evidence, last)
        if not is_explained:
            it.fault("unexplained", f"{what}: {error!r}")
    if state is State.STOPPED:
        for answer in its:
            if answer.began > last:
                it.fault("after_end", f"{what}: {answer.id}")
            end = _end_of(answer, evidence)
            if end is None or end > last + _LATE:
                it.fault("unstoppable", f"{what}: {answer.id}, {end and end - last}")
        if its and (end := _end_of(its[-1], evidence)) is not None:
            it.stops.append(end - last)
    if state is State.DONE:
        for answer in its:
            if answer.began > last:
                it.fault("after_end", f"{what}: {answer.id}")


def _was_away(evidence: Evidence, at: float) -> bool:
    """Whether a host was down then, or had been started too short a time before to be in use."""
    spans = (span for each in evidence.kills.values() for span in each)
    return any(killed <= at <= again + _NOTICED_SECONDS for killed, again in spans)


def _reason(it: Account, what: str, error: FirstReaderError | None) -> None:
    if error is None or not str(error) or not error.advice:
        it.fault("unreadable", f"{what}: {error!r}")
        return
    if "fault of the app" in str(error):
        it.fault("of_the_app", what)
    it.reasons[type(error).__name__] += 1


def _waits_for_another(store: Store, call_id: str) -> bool:
    """Whether a call needs the answer of one that ended without, or that waits for such a one."""
    needed = sa.select(need.c.of, call.c.state).join(call, call.c.id == need.c.of)
    with store._database.read() as connection:
        rows = connection.execute(needed.where(need.c.call_id == call_id)).all()
    unanswered = [row for row in rows if row.state != State.DONE]
    return any(State(row.state) in ENDED or _waits_for_another(store, row.of) for row in unanswered)


def _end_of(answer: Answer, evidence: Evidence) -> float | None:
    """Return when an answer ended, be it with its host; None where it goes on."""
    if answer.ended is not None:
        return answer.ended
    kills = (killed for killed, _ in evidence.kills.get(answer.host, ()))
    return next((at for at in kills if at >= answer.began), None)


def _hosts(it: Account, evidence: Evidence) -> None:
    """See that nobody wrote more at once than they may, and that each chat is one editor's."""
    it.counts["requests"] = len(evidence.answers)
    rooms = defaultdict[tuple[int, str], list[tuple[float, int, str]]](list)
    for answer in evidence.answers:
        it.counts[f"host: {answer.fault}"] += bool(answer.fault)
        if len(answer.owners) > 1:
            it.fault("foreign", f"{answer.id}: asked with the texts of {answer.owners}")
        end = _end_of(answer, evidence)
        if end is None:
            it.fault("unstoppable", f"{answer.id} of {answer.owners}: it goes on")
            end = evidence.ended
        rooms_of = [(answer.host, "")]
        rooms_of += [(-1, f"{answer.tag} {answer.model}")] if answer.tag else []
        for room in rooms_of:
            # Seen a moment late, where the processors are busy.
            rooms[room] += [(answer.began, 1, answer.id), (max(end - _LATE, answer.began), -1, "")]
    for (host, tag), changes in rooms.items():
        running = 0
        for _, change, answer_id in sorted(changes, key=lambda one: one[:2]):
            running += change
            if running > evidence.slots.get(host, 1):
                it.fault("overlap", f"{tag or f'host {host}'}: {answer_id}")


def _seen(
    it: Account,
    evidence: Evidence,
    digests: Mapping[tuple[str, int], str],
    answers: Mapping[str, Answer],
) -> None:
    """Hold what editors saw of completed answers against the store.

    What is purged, against what a host wrote; that of an answer without a model is gone.
    """
    written = {_digest(answer.text) for answer in answers.values()}
    calls = {call_id for call_id, _ in digests}
    for act in evidence.acts:
        if act["did"] != "saw" or act["state"] != State.DONE:
            continue
        it.counts["seen completed"] += 1
        kept = digests.get((act["call"], act["attempt"]))
        if kept is None and act["call"] not in calls:
            is_same = act["digest"] in written or not act["model"]
        else:
            is_same = kept == act["digest"]
        if not is_same:
            it.fault("seen_different", f"call {act['call'][:8]} of {act['who']}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
