"""The confidentiality sheet: what was computed from which file, by which model, where and when.

It is made from the steps' own records: the host of each, its options, its prompts; nothing unknown
is claimed. A prompt names the part of the book that it is about; the sheet lists each prompt once,
with `_PLACE` for that name.
"""

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from components.analysis import system_prompt
from components.engine import Host, has_cloud_name
from components.export import formatting
from components.export.contents import Block, FactList, FileSection, Paragraph, Table, Verbatim
from components.reports import Permission, Report
from components.settings import PROJECT
from components.store import StepStatus

TITLE = "Confidentiality sheet"

#: Stands in a prompt for the name of the part of the book that it is about.
_PLACE = "[part of the book]"

#: The beginnings of prompts that name such a part (`reports.report_prompts`).
_BEFORE = ("This was ", "Above are numbered findings on ", "These are your notes on ")

#: Options that differ between kinds of steps, or that stand elsewhere on the sheet.
_OWN = frozenset({"num_ctx", "num_predict", "format"})

_TRACED = (
    "For this report First Reader sent text of the manuscript to the hosts named here and nowhere "
    "else. Each was noted before anything was sent there: to count tokens, or to begin a step, "
    "also one that was cut off and begun again."
)
_CLOUD = (
    "The name of this model says that it runs in a cloud: Ollama then sends the text on to that "
    "service, outside of the hosts named here."
)
_REFUSED = (
    "Models of which Ollama says that they run in a cloud are refused unless First Reader’s "
    "settings allow them."
)
_NOTHING_SENT = "Nothing was sent to any host yet."
_NOT_ANSWERED = (
    "No step was answered yet. To count its tokens, the text may have been sent to an "
    "Ollama server of First Reader’s settings."
)
_NOT_TRACED = (
    "Every answer in this report was computed on the hosts named here. First Reader connects to "
    "the Ollama servers of its settings only. Some of this was begun by an earlier version, which "
    "did not note the servers that counted tokens, nor those on which a step was cut off: they may "
    "be others of those servers."
)


@dataclass(frozen=True, slots=True)
class Computer:
    """A host that was sent text: its address without a password, the steps begun on it.

    There are none where it only counted tokens. `is_this` says that it is the computer on which
    First Reader ran; `ollama` is its present version, empty where unknown.
    """

    address: str
    is_this: bool
    steps: int
    ollama: str = ""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question about one part of the book or about many; `num_predict` in tokens.

    `of_text` says that the manuscript's text stood before it, and not notes alone.
    """

    part: str
    lens: str
    steps: int
    num_predict: int
    has_form: bool
    of_text: bool
    system: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one report.

    `is_traced` says that every host that was sent text is known, and not only those that answered.
    `begun` is when it was asked for, `ended` when its last step ended, None while any may run;
    `copied` of `steps` were answered in earlier reports, the earliest at `oldest`. `version` is
    First Reader's, empty where unknown.
    """

    title: str
    sha256: str
    model: str
    digest: str
    num_ctx: int
    options: dict[str, Any]
    begun: datetime
    ended: datetime | None
    oldest: datetime | None
    computers: tuple[Computer, ...]
    asked: tuple[SheetQuestion, ...]
    steps: int
    copied: int
    version: str
    is_cloud: bool
    is_traced: bool
    permission: Permission | None

    @property
    def statement(self) -> tuple[str, ...]:
        """Say where the text went, as far as First Reader knows."""
        if not self.computers:
            return (_NOTHING_SENT if self.is_traced else _NOT_ANSWERED,)
        sentences = [_CLOUD if self.is_cloud else _TRACED if self.is_traced else _NOT_TRACED]
        others = [computer.address for computer in self.computers if not computer.is_this]
        if others:
            sentences.append(
                "Not the computer on which First Reader ran, so that the text was sent there: "
                f"{', '.join(others)}."
            )
        return (*sentences, _REFUSED)


def sheet(report: Report, *, ollama: Mapping[str, str] | None = None) -> Sheet:
    """Return the sheet of `report`; `ollama` are versions by the address of a host, as known."""
    setting = report.setting
    started = [step.started for step in report.steps if step.started is not None and step.is_copied]
    ends = [step.ended for step in report.steps if step.ended is not None and not step.is_copied]
    ended = formatting.moment(max(ends)) if ends else report.series.created
    return Sheet(
        title=report.manuscript.title,
        sha256=setting.sha256,
        model=setting.model,
        digest=setting.digest,
        num_ctx=setting.num_ctx,
        options={name: value for name, value in setting.options.items() if name not in _OWN},
        begun=report.series.created,
        ended=None if report.is_active else ended,
        oldest=formatting.moment(min(started, default=None)),
        computers=_computers(report, ollama or {}),
        asked=_asked(report),
        steps=len(report.steps),
        copied=report.copied,
        version=_version(),
        is_cloud=has_cloud_name(setting.model),
        is_traced=setting.counted_on is not None
        and all(step.hosts is not None for step in report.steps),
        permission=report.permission,
    )


def sheet_section(sheet: Sheet, title: str = TITLE) -> FileSection:
    """Return the sheet: where the text went, of which file, by which model, with which prompts."""
    statement = [Paragraph(sentence) for sentence in sheet.statement]
    blocks: tuple[Block, ...] = (*statement, _facts(sheet), _hosts(sheet), _steps(sheet))
    return FileSection(title, blocks, (_prompts(sheet),))


def address(url: str) -> str:
    """Return the address of a host without the name and the password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _computers(report: Report, ollama: Mapping[str, str]) -> tuple[Computer, ...]:
    counted = Counter(dict.fromkeys(report.setting.counted_on or (), 0))
    for step in report.steps:
        counted.update({*(step.hosts or ()), step.host} - {""})
    return tuple(
        Computer(address(url), Host(url).is_local, steps, ollama.get(url, ""))
        for url, steps in sorted(counted.items())
    )


def _asked(report: Report) -> tuple[SheetQuestion, ...]:
    alike: dict[tuple[str, str, str, str], list[StepStatus]] = defaultdict(list)
    for step in report.steps:
        question = step.question
        alike[question.part, question.lens, system_prompt(question), _general(step)].append(step)
    return tuple(
        SheetQuestion(
            part,
            lens,
            len(steps),
            steps[0].question.options.num_predict,
            steps[0].question.options.format is not None,
            bool(steps[0].question.ranges),
            system,
            prompt,
        )
        for (part, lens, system, prompt), steps in alike.items()
    )


def _general(step: StepStatus) -> str:
    """Return a prompt without the name of the part of the book that it is about."""
    prompt, scope = step.question.prompt, step.question.scope
    for before in _BEFORE:
        if scope and prompt.startswith(before + scope):
            return f"{before}{_PLACE}{prompt[len(before) + len(scope) :]}"
    return prompt


def _version() -> str:
    try:
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
    except (OSError, ValueError, KeyError):
        return ""


def _facts(sheet: Sheet) -> FactList:
    options = ", ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in sheet.options.items()
    )
    copied = f"{sheet.copied:,} of {formatting.plural(sheet.steps, 'step')}"
    if sheet.copied and sheet.oldest is not None:
        copied += f", the oldest of {formatting.date(sheet.oldest)}"
    permission = formatting.line(sheet.permission.line) if sheet.permission else "none noted"
    rows = (
        ("Title", formatting.line(sheet.title) or "Untitled"),
        ("SHA-256 of the file", sheet.sha256),
        ("Author’s permission", permission),
        ("Model", sheet.model),
        ("Digest of the model", sheet.digest or "not known"),
        ("Context (num_ctx)", f"{sheet.num_ctx:,} tokens"),
        ("Options", options or "the model’s own"),
        ("Begun", formatting.date(sheet.begun)),
        ("Ended", formatting.date(sheet.ended) if sheet.ended else "not ended"),
        ("Copied from earlier reports", copied),
        ("First Reader", sheet.version or "version not known"),
    )
    return FactList(rows)


def _hosts(sheet: Sheet) -> Table:
    head = ("Host", "The computer of First Reader", "Steps begun", "Ollama, as of now")
    rows = tuple(
        (
            computer.address,
            "yes" if computer.is_this else "no",
            f"{computer.steps:,}" if computer.steps else "none: it counted tokens",
            computer.ollama or "not known",
        )
        for computer in sheet.computers
    )
    return Table(head, rows, frozenset({2}))


def _steps(sheet: Sheet) -> Table:
    head = ("Kind of step", "Lens", "Steps", "num_predict", "Form")
    counted: Counter[tuple[str, str, int, bool]] = Counter()
    for question in sheet.asked:
        key = (question.part, question.lens, question.num_predict, question.has_form)
        counted[key] += question.steps
    rows = tuple(
        (
            formatting.PARTS[part],
            _lens(part, lens),
            f"{steps:,}",
            f"{tokens:,}",
            "JSON" if has_form else "prose",
        )
        for (part, lens, tokens, has_form), steps in counted.items()
    )
    return Table(head, rows, frozenset({2, 3}))


def _prompts(sheet: Sheet) -> FileSection:
    text = (
        "Each question stands here once. The text of the manuscript, or the notes on it, stood "
        f"before it between two marks; {_PLACE} stands for the name of the part that was read. A "
        "step that was asked again was told what was wrong with the form of its answer. Where the "
        "model had repeated itself, it was asked with a higher repeat_penalty over more tokens, a "
        "lower temperature and another seed; where it had refused, with a low temperature, and "
        "told that the text is there to be read; where it wrote in another language, told in which "
        "to write."
    )
    by_system: dict[str, list[SheetQuestion]] = defaultdict(list)
    for question in sheet.asked:
        by_system[question.system].append(question)
    sections = []
    for system, questions in by_system.items():
        blocks: list[Block] = [Paragraph("Told beforehand (system):"), Verbatim(system)]
        for question in questions:
            lens = _lens(question.part, question.lens)
            name = f"{formatting.PARTS[question.part]}{f', {lens}' if lens else ''}"
            steps = formatting.plural(question.steps, "step")
            blocks += [Paragraph(f"{name}, asked in {steps}:"), Verbatim(question.prompt)]
        title = "Asked of the text" if questions[0].of_text else "Asked of the notes"
        sections.append(FileSection(title, tuple(blocks)))
    return FileSection("Prompts", (Paragraph(text),), tuple(sections))


def _lens(part: str, lens: str) -> str:
    return lens if part in ("findings", "notes", "digest", "report") else ""
