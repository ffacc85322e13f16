"""Editors of a house, each with a shelf of their own: `python -m bench.soak_editors`.

They do in threads what pages do in theirs, with the application's own functions, by chance of a
seed. What each did and what they saw of it stands in a file, a line of JSON each: nothing is
remembered here that a page would not remember, so that the process's memory is the application's.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.soak_host import ANSWER
from components.analysis import (
    LOOKED_UP,
    Subject,
    fitted,
    holds,
    is_cited,
    lens,
    lenses,
    passage_step,
    passages,
    prompt,
    question_about,
    read_findings,
    schedule,
    with_shared_context,
)
from components.application import Application, Counter, begin_report
from components.engine import Model, Options, Text, free_memory
from components.errors import FirstReaderError, UnknownAnalysis
from components.evidence import index_of
from components.export import (
    analysis_contents,
    report_docx,
    report_html,
    report_json,
    report_markdown,
    report_sections,
)
from components.manuscripts import Manuscript, read
from components.reports import (
    Depth,
    ReadingRequest,
    in_context,
    open_report,
    plan,
    story_chapters,
    subject_of,
)
from components.retrieval import retriever_of
from components.settings import Settings
from components.store import (
    Analysis,
    CallOutcome,
    Exchange,
    Kind,
    PromptInputs,
    Question,
    Series,
    State,
    Step,
    UserStore,
)

#: How often an editor does what, against the rest.
ACTS = {
    "analyse": 28,
    "ask": 24,
    "follow_up": 8,
    "compare": 8,
    "report": 8,
    "again": 6,
    "export": 8,
    "delete": 8,
    "upload": 4,
    "look_elsewhere": 4,
}

#: Of what is asked: stopped before it has ended, and left without being watched.
_STOPPED, _LEFT = 0.12, 0.12

#: Seconds between two looks at the place in the queue and at what goes on, as on a page.
_LOOK_SECONDS = 5.0

#: Seconds for the hosts to be found, and for the threads to end.
_CONNECT_SECONDS, _END_SECONDS = 60.0, 60.0

_PEOPLE = ["Marlow", "Agnes", "Conrad", "Judith", "Walter", "Helena"]
_THINGS = ["lamp", "letter", "basket", "ledger", "mirror", "trunk", "kettle", "map"]
_PLACES = ["stair", "garden", "harbour", "kitchen", "chapel", "orchard", "station", "attic"]

_ASKED = (
    "Where does {who} carry the {thing}?",
    "Who carries the {thing} to the {place}?",
    "What does {who} do on day 2 of the journey?",
    "Who comes to the {place} with the {thing}?",
    "How often is {who} named?",
)


@dataclass(frozen=True, slots=True)
class House:
    """How many editors there are, where they write down what they do, how long they think.

    `think` is the mean of the pauses, in seconds.
    """

    editors: int
    log: str
    seed: int
    think: float


class Log:
    """What the editors did, for all of their threads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def write(self, **fields: Any) -> None:
        """Add a line."""
        with self._lock:
            print(json.dumps({"at": time.time(), **fields}), file=self._file)


class Editor:
    """One editor; `run` works until `ended` is set."""

    def __init__(
        self, app: Application, number: int, house: House, log: Log, ended: threading.Event
    ) -> None:
        self.name = f"e{number:03}"
        self._app = app
        self._shelf: UserStore = app.shelf(self.name)
        self._chance = random.Random(f"{house.seed} {self.name}")
        self._think = house.think
        self._log = log
        self._ended = ended
        self._asked = 0
        self._uploaded = 0

    def run(self, elsewhere: deque[tuple[str, str]]) -> None:
        """Begin at some moment of the first pauses, then do one thing after another."""
        self._elsewhere = elsewhere
        self._ended.wait(self._chance.uniform(0, 2 * self._think))
        with self._noted("upload"):
            self._upload()
        while not self._ended.is_set():
            act = self._chance.choices(list(ACTS), list(ACTS.values()))[0]
            with self._noted(act):
                getattr(self, f"_{act}")()
            self._ended.wait(self._chance.expovariate(1 / self._think))

    @contextmanager
    def _noted(self, act: str) -> Iterator[None]:
        """Write down what an editor is told, and what nobody should ever be told."""
        try:
            yield
        except FirstReaderError as error:
            told = {"kind": type(error).__name__, "message": str(error), "advice": error.advice}
            self._log.write(did="told", who=self.name, act=act, **told)
        except Exception:  # noqa: BLE001 - the others go on
            self._log.write(did="broke", who=self.name, act=act, trace=traceback.format_exc())

    # What they do.

    def _upload(self) -> None:
        self._uploaded += 1
        data = _book(self.name, self._uploaded, self._chance).encode()
        manuscript = read(data, name=f"{self.name}-{self._uploaded}.txt")
        self._shelf.manuscripts.keep(manuscript)

    def _analyse(self) -> None:
        manuscript_id, manuscript = self._manuscript()
        chapters = tuple(sorted(self._chance.sample(story_chapters(manuscript), 2)))
        subject = subject_of(manuscript_id, manuscript, chapters)
        asked, tag = self._chance.choice(lenses()[:6]), self._tag()
        question = self._question(subject, self._model(), f"{asked.prompt} ({tag})", asked.title)
        self._submit(question, tag=tag)

    def _ask(self) -> None:
        manuscript_id, manuscript = self._manuscript()
        subject = Subject(manuscript_id, manuscript, "the whole manuscript", (), 0)
        exchange = self._ask_of(subject, None, ())
        for _ in range(2):
            if exchange is None or self._chance.random() < 0.5:
                return
            exchanges = self._shelf.analyses.in_series(exchange.series_id or "")
            exchange = self._ask_of(subject, exchange, self._history(exchanges))

    def _ask_of(
        self, subject: Subject, after: Analysis | None, history: tuple[Exchange, ...]
    ) -> Analysis | None:
        """Ask the whole of a manuscript; return the answer that came, if it did."""
        words = self._chance.choice(_ASKED).format(
            who=self._chance.choice(_PEOPLE),
            thing=self._chance.choice(_THINGS),
            place=self._chance.choice(_PLACES),
        )
        model, tag = self._model(), self._tag()
        system = f"You are a line editor. This is question {tag}."
        question = question_about(
            subject, model, Options(), lens="Ask", prompt=words, system=system
        )
        step = passage_step(
            question,
            subject.manuscript,
            history,
            retriever_of(subject.manuscript),
            before=after.question.prompt if after else "",
            count=self._app.token_counter(model),
            limit=model.context_length,
        )
        if step.question.part == LOOKED_UP:
            tag = ""
        return self._submit(step, tag=tag, after=after, chat=words[:60])

    def _follow_up(self) -> None:
        """Ask about an analysis that has ended."""
        done = self._some(lambda one: one.state is State.DONE and not one.series_id)
        if done is None:
            return
        manuscript = self._shelf.manuscripts.get(done.question.manuscript_id)
        about = done.question
        subject = Subject(about.manuscript_id, manuscript, about.scope, about.ranges, about.words)
        model, tag, history = self._model(), self._tag(), self._history([done])
        words = f"What follows from this for the next chapter? ({tag})"
        question = fitted(
            question_about(subject, model, Options(), lens="Ask", prompt=words),
            PromptInputs(manuscript, history),
            count=self._app.token_counter(model),
            limit=model.context_length,
        )
        if question is not None:
            self._submit(question, tag=tag, chat=words[:60], about=done)

    def _compare(self) -> None:
        manuscript_id, manuscript = self._manuscript()
        chapter = self._chance.choice(story_chapters(manuscript))
        subject = subject_of(manuscript_id, manuscript, (chapter,))
        models, _ = self._app.models()
        tag, asked = self._tag(), lens()
        questions = [
            self._question(subject, model, f"{asked.prompt} ({tag})", asked.title)
            for model in models[:2]
        ]
        planned = schedule(models[:2], self._app.installed(), free_memory())
        comparison = self._app.jobs.compare(
            self._shelf,
            with_shared_context(questions, models[:2]),
            planned,
            blind=self._chance.random() < 0.5,
        )
        columns = self._shelf.analyses.in_series(comparison.id)
        self._note(columns, tag=tag, series=comparison.id)
        self._watch(columns, comparison.id)
        self._shelf.series.judge(comparison.id, {"choice": "tie", "reason": ""})

    def _report(self) -> None:
        manuscript_id, manuscript = self._manuscript()
        request = ReadingRequest(
            manuscript_id=manuscript_id,
            model=self._model(),
            lenses=(self._chance.choice([one for one in lenses() if one.looks_for]),),
            chapters=story_chapters(manuscript),
            depth=self._chance.choice((Depth.SKIM, Depth.STANDARD)),
        )
        counter = Counter(self._app, request.model, asks=self._chance.random() < 0.3)
        planned = plan(manuscript, in_context(manuscript, request, counter.all), count=counter)
        report = begin_report(self._app, self._shelf, manuscript, planned, counter)
        self._log.write(
            did="report", who=self.name, series=report.id, manuscript=manuscript_id,
            steps=len(planned.steps),
        )  # fmt: skip
        if self._chance.random() < _STOPPED:
            self._ended.wait(self._chance.uniform(0, 20))
            self._stop(report.id)
        elif self._chance.random() > _LEFT:
            self._watch_report(report)

    def _again(self) -> None:
        """Run again what failed or was stopped, a report whose step did too; or put one first."""
        unfinished = State.STOPPED, State.FAILED, State.INTERRUPTED
        ended = self._some(lambda one: one.state in unfinished)
        reports = self._shelf.series.all(Kind.REPORT)
        counts = self._shelf.reports.counts([report.id for report in reports])
        stuck = [report for report in reports if any(counts[report.id][it] for it in unfinished)]
        active = self._shelf.analyses.active()
        if active and self._chance.random() < 0.5:
            self._app.jobs.put_first(self._shelf, active[-1].id)
        elif stuck and self._chance.random() < 0.7:
            report = self._chance.choice(stuck)
            self._log.write(did="again", who=self.name, series=report.id)
            self._app.jobs.again(self._shelf, report.id)
            self._watch_report(report)
        elif ended is not None:
            self._log.write(did="again", who=self.name, analysis=ended.id)
            self._app.jobs.again(self._shelf, ended.id)
            self._watch([self._shelf.analyses.get(ended.id)])

    def _export(self) -> None:
        """Make files of a report or an analysis, and see that they hold what was written."""
        reports = self._shelf.series.all(Kind.REPORT)
        if reports and self._chance.random() < 0.3:
            report = open_report(self._shelf, self._chance.choice(reports))
            contents = report_sections(report, index_of(report.manuscript))
            self._chance.choice((report_docx, report_html, report_markdown))(contents)
            report_json(report, index_of(report.manuscript))
            return
        done = self._some(lambda one: one.state is State.DONE and bool(one.question.model))
        if done is None:
            return
        outcome, answer = self._app.store.journal.outcome(done.call_id), None
        if is_cited(done.question):
            index = index_of(self._shelf.manuscripts.get(done.question.manuscript_id))
            found = read_findings(done.question, outcome.text, index)
            answer = "\n\n".join(one.claim for one in found if holds(done.question, one))
        contents = analysis_contents(done, outcome, answer=answer)
        self._chance.choice((report_docx, report_html))(contents)
        written, name = report_markdown(contents), ANSWER.search(outcome.text)
        if answer is None and (name is None or name[0] not in written.replace("\\", "")):
            self._log.write(
                did="broke", who=self.name, act="export", trace=f"{done.id} is not whole"
            )

    def _delete(self) -> None:
        """Delete something as the library does; most of it is brought back a while later."""
        what = self._chance.choices(("analysis", "series", "manuscript"), (6, 3, 2))[0]
        manuscripts = self._shelf.manuscripts.all()
        if what == "analysis" and (one := self._some(lambda one: not one.series_id)):
            found, records = one.id, self._shelf.analyses
        elif what == "manuscript" and len(manuscripts) > 1:
            found, records = self._chance.choice(manuscripts).id, self._shelf.manuscripts
        else:
            series = [one for kind in Kind for one in self._shelf.series.all(kind)]
            if not series:
                return
            found, records = self._chance.choice(series).id, self._shelf.series
        self._log.write(did="delete", who=self.name, address=found)
        self._app.jobs.stop(self._shelf, found)
        records.delete(found)
        self._ended.wait(self._chance.uniform(0, 2 * self._think))
        deleted = [one for one in self._shelf.deletions.all() if one.id == found]
        if deleted and self._chance.random() < 0.6:
            self._log.write(did="restore", who=self.name, address=found)
            self._shelf.restore(deleted[0])

    def _look_elsewhere(self) -> None:
        """Try to see, stop and delete what is another editor's; say where that was let happen."""
        others = [(who, address) for who, address in self._elsewhere if who != self.name]
        if not others:
            return
        _, address = self._chance.choice(others)
        acts: dict[str, Callable[[], object]] = {
            "get": lambda: self._shelf.analyses.get(address),
            "stop": lambda: self._app.jobs.stop(self._shelf, address),
            "again": lambda: self._app.jobs.again(self._shelf, address),
            "delete": lambda: self._shelf.analyses.delete(address),
        }
        for name, act in acts.items():
            try:
                act()
            except UnknownAnalysis:
                continue
            self._log.write(did="saw another's", who=self.name, address=address, act=name)

    # How they do it.

    def _tag(self) -> str:
        self._asked += 1
        return f"{self.name}-{self._asked}"

    def _model(self) -> Model:
        """Return a model as the page lists them. Raises: FirstReaderError, where there is none."""
        return self._chance.choice(self._app.models()[0])

    def _manuscript(self) -> tuple[str, Manuscript]:
        stored = self._shelf.manuscripts.all()
        if not stored:
            self._upload()
            stored = self._shelf.manuscripts.all()
        chosen = self._chance.choice(stored).id
        return chosen, self._shelf.manuscripts.get(chosen)

    def _question(self, subject: Subject, model: Model, words: str, title: str) -> Question:
        text = prompt(passages(subject.manuscript, subject.ranges), words)
        tokens, options = self._app.token_counter(model)(text), self._app.suited(Options(), model)
        return question_about(subject, model, options, lens=title, prompt=words, tokens=tokens)

    def _some(self, which: Callable[[Analysis], bool]) -> Analysis | None:
        found = [one for one in self._shelf.analyses.all() if which(one)]
        return self._chance.choice(found) if found else None

    def _history(self, exchanges: Sequence[Analysis]) -> tuple[Exchange, ...]:
        outcome = self._app.store.journal.outcome
        return tuple(
            Exchange(one.question.prompt, outcome(one.call_id).text, one.question)
            for one in exchanges
        )

    def _submit(
        self,
        question: Question | Step,
        *,
        tag: str,
        after: Analysis | None = None,
        about: Analysis | None = None,
        chat: str = "",
    ) -> Analysis | None:
        """Ask and watch; return the answer where it is complete and was watched."""
        parent = after or about
        pressed = time.monotonic()
        asked = self._app.jobs.submit(
            self._shelf,
            question,
            chat_id=after.series_id if after else None,
            parent_id=parent.id if parent else None,
            chat_name=chat if chat and after is None else None,
        )
        self._note([asked], tag=tag)
        if self._chance.random() < _LEFT:
            return None
        is_done = self._watch([asked], pressed=pressed)
        return asked if is_done else None

    def _note(self, asked: Sequence[Analysis], *, tag: str, series: str = "") -> None:
        for one in asked:
            self._elsewhere.append((self.name, one.id))
            self._log.write(
                did="ask", who=self.name, analysis=one.id, series=one.series_id or series,
                manuscript=one.question.manuscript_id, tag=tag,
            )  # fmt: skip

    def _stop(self, address: str) -> None:
        self._log.write(did="stop", who=self.name, address=address)
        self._app.jobs.stop(self._shelf, address)

    def _watch(
        self, asked: Sequence[Analysis], series: str = "", *, pressed: float | None = None
    ) -> bool:
        """Follow answers as a page does, until they end or are stopped; whether all are done."""
        pressed = time.monotonic() if pressed is None else pressed
        stops_at = None
        if self._chance.random() < _STOPPED:
            stops_at = pressed + self._chance.uniform(0, 12)
        going, seen = (
            {one.call_id: CallOutcome() for one in asked},
            {one.call_id: 0 for one in asked},
        )
        all_of, models = dict(going), {one.call_id: one.question.model for one in asked}
        waits = True
        looked = 0.0
        while going and not self._ended.is_set():
            now = time.monotonic()
            if stops_at is not None and now >= stops_at:
                self._stop(series or asked[0].id)
                stops_at = None
            if now - looked >= _LOOK_SECONDS:
                looked = now
                self._app.jobs.outlooks(self._shelf)
                for one in asked:
                    self._app.jobs.queue_position(one)
            new = self._app.store.journal.after_each({of: seen[of] for of in going}, timeout=1.0)
            for call_id, entries in new.items():
                for entry in entries:
                    seen[call_id] = entry.seq
                    going[call_id].add(entry)
                    if (
                        waits
                        and isinstance(entry.event, Text)
                        and all(one.question.model for one in asked)
                    ):
                        waits = False
                        self._log.write(
                            did="first", who=self.name, waited=time.monotonic() - pressed
                        )
                if going[call_id].state.has_ended:
                    self._saw(call_id, going.pop(call_id), models[call_id])
        if waits and going:
            self._log.write(did="waits", who=self.name, waited=time.monotonic() - pressed)
        return all(one.state is State.DONE for one in all_of.values())

    def _saw(self, call_id: str, outcome: CallOutcome, model: str) -> None:
        self._log.write(
            did="saw",
            who=self.name,
            call=call_id,
            state=outcome.state.value,
            model=model,
            attempt=outcome.attempt,
            digest=hashlib.sha256(outcome.text.encode()).hexdigest(),
        )

    def _watch_report(self, series: Series) -> None:
        """Look at a report as its page does, for a while or until nothing of it may run."""
        leaves = time.monotonic() + self._chance.uniform(10, 90)
        report = open_report(self._shelf, series)
        seen: dict[str, int] = {}
        while report.is_active and time.monotonic() < leaves and not self._ended.is_set():
            pending = [step.call_id for step in report.steps if not step.state.has_ended][:8]
            seen = {call_id: seen.get(call_id, 0) for call_id in pending}
            new = self._app.store.journal.after_each(seen, timeout=1.0)
            seen |= {call_id: entries[-1].seq for call_id, entries in new.items()}
            events = [entry.event for entries in new.values() for entry in entries]
            if not events or not all(isinstance(event, Text) for event in events):
                report = open_report(self._shelf, series)


def _book(owner: str, number: int, chance: random.Random) -> str:
    """Return a manuscript of a few chapters, each sentence of which names its owner."""
    chapters = []
    for chapter in range(1, chance.randint(3, 5) + 1):
        said = [
            f"On day {day} of the journey {chance.choice(_PEOPLE)} carried the "
            f"{chance.choice(_THINGS)} of {owner} to the {chance.choice(_PLACES)} and waited there."
            for day in range(1, chance.randint(15, 40))
        ]
        paragraphs = [" ".join(said[at : at + 5]) for at in range(0, len(said), 5)]
        chapters.append(f"Chapter {chapter}\n\n" + "\n\n".join(paragraphs))
    return f"The journey {number} of {owner}\n\n" + "\n\n".join(chapters)


def main() -> None:
    """Work until the standard input ends."""
    house = House(**json.loads(sys.argv[1]))
    log, ended = Log(Path(house.log)), threading.Event()
    app = Application(Settings.from_environment())
    app.start()
    app.wait_connected(_CONNECT_SECONDS)
    elsewhere: deque[tuple[str, str]] = deque(maxlen=100)
    editors = [Editor(app, number, house, log, ended) for number in range(1, house.editors + 1)]
    threads = [
        threading.Thread(target=editor.run, args=(elsewhere,), name=editor.name, daemon=True)
        for editor in editors
    ]
    for thread in threads:
        thread.start()
    print("begun", flush=True)
    sys.stdin.readline()
    ended.set()
    until = time.monotonic() + _END_SECONDS
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0.0))
        if thread.is_alive():
            frame = sys._current_frames().get(thread.ident or 0)
            log.write(did="hangs", who=thread.name, trace="".join(traceback.format_stack(frame)))
    print("left", flush=True)
    # As long as the house is looked at: what is left of the editors' work must not grow either.
    sys.stdin.readline()
    app.close()


if __name__ == "__main__":
    main()
