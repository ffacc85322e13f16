"""A report as it stands: its settings, steps, scores and receipts.

Assembled from the store at one moment and never kept: whoever looks again assembles it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from components.analysis import FINDINGS, Finding, is_assembled, readable_items
from components.errors import RecordUnreadable
from components.evidence import index_of
from components.manuscripts import Chapter, Manuscript
from components.reports.permission import Permission, permission_of
from components.reports.plan import Depth, Plan
from components.reports.reading_passages import ReadingPassage, names_of
from components.reports.receipts import Read, Receipt, is_short, receipts
from components.reports.report_assembly import Findings, findings_of, readable
from components.reports.scores import PassageScores, read_scores
from components.store import Series, State, StepStatus, UserStore

#: The title of the account that went from passage to passage in reports of earlier versions.
STORY = "The story so far"


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How a report was asked for, as its series keeps it.

    `lenses` are names and titles; `chapters` the indexes of those that are read; `tokens` those of
    each chapter, which the server counted where `is_counted`; `counted_on` the hosts that were sent
    text to count, None where that is not known; `sha256` is the manuscript's, `outline` its
    chapters as they were then. `is_whole` are reports of an earlier version that read a book at
    once.
    """

    model: str
    digest: str
    depth: Depth
    lenses: tuple[tuple[str, str], ...]
    chapters: tuple[int, ...]
    has_scores: bool
    language: str
    num_ctx: int
    options: dict[str, Any]
    passages: tuple[ReadingPassage, ...]
    tokens: dict[int, int]
    is_counted: bool
    sha256: str
    is_whole: bool = False
    outline: tuple[Chapter, ...] = ()
    counted_on: tuple[str, ...] | None = None

    @classmethod
    def of(cls, details: dict[str, Any]) -> ReportSettings:
        """Return the settings from what `details` and JSON made of them.

        Raises: RecordUnreadable.
        """
        try:
            return cls._of(details)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordUnreadable("What was kept of a report cannot be read.") from error

    @classmethod
    def _of(cls, details: dict[str, Any]) -> ReportSettings:
        fields = dict(details)
        fields["depth"] = Depth(fields["depth"])
        fields["lenses"] = tuple((name, title) for name, title in fields["lenses"])
        fields["chapters"] = tuple(fields["chapters"])
        fields["tokens"] = {int(index): tokens for index, tokens in fields["tokens"].items()}
        fields["passages"] = tuple(
            ReadingPassage(**passage | {"chapters": tuple(passage["chapters"])})
            for passage in fields["passages"]
        )
        fields["outline"] = tuple(map(Chapter.from_fields, fields.get("outline", ())))
        if fields.get("counted_on") is not None:
            fields["counted_on"] = tuple(fields["counted_on"])
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in fields.items() if name in known})


def setting_of(
    plan: Plan,
    manuscript: Manuscript,
    *,
    tokens: dict[int, int],
    is_counted: bool,
    counted_on: tuple[str, ...] = (),
) -> ReportSettings:
    """Return what is kept of a plan beside its steps; `tokens` are those of each chapter."""
    order = plan.order
    return ReportSettings(
        model=order.model.name,
        digest=order.model.digest,
        depth=order.depth,
        lenses=tuple((lens.name, lens.title) for lens in order.lenses),
        chapters=tuple(sorted(order.chapters)),
        has_scores=any(step.question.part == "scores" for step in plan.steps),
        language=order.language,
        num_ctx=order.num_ctx,
        options=order.options.given(),
        passages=plan.passages,
        tokens=tokens,
        is_counted=is_counted,
        sha256=manuscript.sha256,
        outline=manuscript.chapters,
        counted_on=counted_on,
    )


@dataclass(frozen=True)
class Report:
    """A report of `manuscript` at one moment; `steps` in the order of its plan.

    The answers of the steps are as they are to be read; `findings` has what the model found, and
    `summaries` what it wrote of each lens, with the findings' numbers.

    The manuscript has the chapters that were read; `is_outline_changed` says that it has others by
    now.
    """

    series: Series
    setting: ReportSettings
    manuscript: Manuscript
    steps: tuple[StepStatus, ...]
    is_outline_changed: bool = False
    findings: Findings = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    permission: Permission | None = None

    @property
    def id(self) -> str:
        """Its address."""
        return self.series.id

    @cached_property
    def receipts(self) -> tuple[Receipt, ...]:
        """A receipt for each chapter of the book."""
        return receipts(
            self.manuscript,
            self.setting.chapters,
            self.steps,
            tokens=self.setting.tokens,
            is_counted=self.setting.is_counted,
        )

    @property
    def lenses(self) -> tuple[str, ...]:
        """The titles of its lenses, in their order."""
        return tuple(title for _, title in self.setting.lenses)

    def of(self, part: str, lens: str | None = None) -> list[StepStatus]:
        """Return the steps of one part, of one lens (its title) where given, in order."""
        return [
            step
            for step in self.steps
            if step.question.part == part and lens in (None, step.question.lens)
        ]

    @property
    def noted(self) -> list[StepStatus]:
        """What was found or noted on each passage; of an earlier version's skim, its story."""
        steps = [step for step in self.steps if step.question.part in (FINDINGS, "notes")]
        return steps or self.of("story")

    def findings_of(self, lens: str) -> tuple[Finding, ...]:
        """Return what a lens (its title) found, in the order of the text."""
        steps = self.of(FINDINGS, lens)
        return tuple(chain.from_iterable(self.findings.get(step.position, ()) for step in steps))

    def final(self, lens: str) -> StepStatus:
        """Return the step that a lens comes to."""
        return self.of("report", lens)[0]

    def passage(self, step: StepStatus) -> ReadingPassage | None:
        """Return the passage that a step reads; None for one that reads notes."""
        number = step.question.passage
        return self.setting.passages[number - 1] if number else None

    @cached_property
    def scores(self) -> tuple[PassageScores, ...]:
        """The scores of each passage, or of each chapter where the book was read as a whole."""
        names = names_of(self.manuscript)
        scored = []
        for step in self.of("scores"):
            passage = self.passage(step)
            if passage is None:
                continue
            if self.setting.is_whole and step.question.chapters:
                index = step.question.chapters[0]
                chapter, tokens = self.manuscript.chapters[index - 1], self.setting.tokens
                passage = replace(
                    passage,
                    name=names[index],
                    chapters=(index,),
                    start=chapter.start,
                    end=chapter.end,
                    words=chapter.words,
                    tokens=tokens.get(index, 0),
                )
            scores = read_scores(step.answer) if step.state is State.DONE else None
            scored.append(PassageScores(passage, step, scores))
        return tuple(scored)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state is State.DONE for step in self.steps)

    @property
    def copied(self) -> int:
        """How many of them were answered before."""
        return sum(step.is_copied for step in self.steps)

    @property
    def running(self) -> list[StepStatus]:
        """The steps that run now."""
        return [step for step in self.steps if step.state.is_running]

    @property
    def stuck(self) -> list[StepStatus]:
        """The steps that ended without being done: what they hold up waits for the editor."""
        ended = (step for step in self.steps if step.state.has_ended)
        return [step for step in ended if step.state is not State.DONE]

    @cached_property
    def unfinished(self) -> tuple[StepStatus, ...]:
        """The steps that ended while they wrote, with what they wrote as far as it is whole.

        Scores are none: nobody sees them before they are there.
        """
        written, index = [], index_of(self.manuscript)
        for step in self.stuck:
            if step.question.part == "report" and is_assembled(step.question):
                summary = self.summaries.get(step.question.lens, "")
                rows = readable_items(step.question, summary, index)
                step = replace(step, answer="\n\n".join(rows))
            if step.answer.strip() and step.question.part != "scores":
                written.append(step)
        return tuple(written)

    @cached_property
    def current(self) -> StepStatus | None:
        """The step that runs, else the one that is next; None where none may run."""
        done = {step.position for step in self.steps if step.state is State.DONE}
        queued = (step for step in self.steps if step.state is State.QUEUED)
        ready = (step for step in queued if done.issuperset(step.needs))
        return next(chain(self.running, ready), None)

    @property
    def is_active(self) -> bool:
        """Whether any step runs, or may run."""
        return self.current is not None

    def notes_below(self, step: StepStatus) -> list[StepStatus]:
        """Return the steps whose notes a step is made of, through what joins them."""
        notes: dict[int, StepStatus] = {}
        waiting = list(step.needs)
        while waiting:
            needed = self.steps[waiting.pop()]
            if needed.question.part == "digest":
                waiting += needed.needs
            else:
                notes[needed.position] = needed
        return list(notes.values())

    @property
    def left_out(self) -> tuple[Receipt, ...]:
        """The chapters that the editor left out."""
        return tuple(receipt for receipt in self.receipts if receipt.state is Read.LEFT_OUT)

    @property
    def short(self) -> tuple[Receipt, ...]:
        """The chapters that were to be read and are not complete."""
        finished = (Read.COMPLETE, Read.LEFT_OUT)
        return tuple(receipt for receipt in self.receipts if receipt.state not in finished)

    def short_steps(self, receipt: Receipt) -> list[StepStatus]:
        """Return the steps of a chapter that were read short, and those that only join answers.

        Steps that read text of their own are not among the latter, though they were given the story
        so far: else one chapter would have all that follow it read again.
        """
        short = {
            step.position: step
            for step in self.steps
            if is_short(step, is_counted=self.setting.is_counted)
            and step.question.reads(receipt.chapter)
        }
        for step in self.steps:  # Each comes after those that it needs.
            if not step.question.ranges and not short.keys().isdisjoint(step.needs):
                short[step.position] = step
        return list(short.values())

    @property
    def is_complete(self) -> bool:
        """Whether every chosen chapter was read whole and every lens has its report."""
        finals = {step.state for step in self.of("report")}
        return not self.short and finals == {State.DONE}

    @property
    def without_scores(self) -> list[PassageScores]:
        """The passages of which the model gave no scores that can be used."""
        ended = (score for score in self.scores if score.step.state.has_ended)
        return [score for score in ended if score.scores is None]


def intended_of(shelf: UserStore, manuscript_id: str) -> frozenset[str]:
    """Return the conflicts in a manuscript that its editor dismissed as intended, by name."""
    stored = shelf.preferences.get(f"intended-{manuscript_id}")
    return frozenset(map(str, stored)) if isinstance(stored, list) else frozenset()


def dismiss(shelf: UserStore, manuscript_id: str, name: str, *, is_intended: bool) -> None:
    """Remember, also for later readings, whether a conflict is intended. Raises: StoreError."""
    names = intended_of(shelf, manuscript_id) - {name} | ({name} if is_intended else set())
    shelf.preferences.put(f"intended-{manuscript_id}", sorted(names))


def open_report(shelf: UserStore, series: Series) -> Report:
    """Return the report of `series` as it is now. Raises: UnknownManuscript, StoreError."""
    setting = ReportSettings.of(dict(series.details))
    stored = shelf.manuscripts.get(series.manuscript_id)
    manuscript = replace(stored, chapters=setting.outline or stored.chapters)
    steps = shelf.reports.steps(series.id)
    findings = findings_of(steps, manuscript)
    intended = intended_of(shelf, series.manuscript_id)
    return Report(
        series=series,
        setting=setting,
        manuscript=manuscript,
        steps=readable(steps, findings, manuscript, intended),
        is_outline_changed=bool(setting.outline) and stored.chapters != setting.outline,
        findings=findings,
        summaries={
            step.question.lens: step.answer for step in steps if step.question.part == "report"
        },
        permission=permission_of(shelf, series.manuscript_id),
    )
