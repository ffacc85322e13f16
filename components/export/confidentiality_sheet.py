"""The confidentiality sheet: what was computed from which file, by which model, where and when.

Made of what the steps themselves keep: the host that each was asked of, its options, its prompts.
What is not known is not said. A prompt names the part of the book that it is about; here each is
given once, with `PLACE` in place of that name.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from components.analysis import system_prompt
from components.engine import Host, has_cloud_name
from components.export.formatting import moment
from components.reports import Report
from components.settings import PROJECT
from components.store import StepStatus

#: Stands in a prompt for the name of the part of the book that it is about.
PLACE = "[part of the book]"

#: How the prompts begin that name such a part (`novel.telling`).
_BEFORE = ("This was ", "These are your notes on ")

#: Options that each kind of step has its own of, or that stand elsewhere on the sheet.
_OWN = frozenset({"num_ctx", "num_predict", "format"})

_TRACED = (
    "For this report First Reader sent text of the manuscript to the hosts named here and nowhere "
    "else. Each was noted before anything was sent there: to count tokens, or to begin a step, "
    "also one that was cut off and begun again."
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
    """A host that was sent text: its address without a password, how many steps were begun on it.

    There are none where it only counted tokens. `is_this` says that it is the computer on which
    First Reader ran; `ollama` is the version that it has now, empty where that is not known.
    """

    address: str
    is_this: bool
    steps: int
    ollama: str = ""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question that was asked of one part of the book or of many; `num_predict` in tokens.

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
    `copied` of `steps` were answered in earlier reports, the earliest in `oldest`. `version` is
    First Reader's, empty where it is not known.
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

    @property
    def is_elsewhere(self) -> bool:
        """Whether any of it was computed on another computer."""
        return self.is_cloud or not all(computer.is_this for computer in self.computers)

    @property
    def statement(self) -> tuple[str, ...]:
        """Say where the text went, as far as First Reader knows."""
        if not self.computers:
            return (_NOTHING_SENT if self.is_traced else _NOT_ANSWERED,)
        said = [_TRACED if self.is_traced else _NOT_TRACED]
        if self.is_cloud:
            said = [
                (
                    "The name of this model says that it runs in a cloud: Ollama then sends the "
                    "text on to that service, outside of the hosts named here."
                )
            ]
        others = [computer.address for computer in self.computers if not computer.is_this]
        if others:
            said.append(
                "Not the computer on which First Reader ran, so that the text was sent there: "
                f"{', '.join(others)}."
            )
        said.append(
            "Models of which Ollama says that they run in a cloud are refused unless First "
            "Reader’s settings allow them."
        )
        return tuple(said)


def sheet(report: Report, *, ollama: Mapping[str, str] | None = None) -> Sheet:
    """Return the sheet of `report`; `ollama` are versions by the address of a host, as known."""
    setting = report.setting
    moments = [step.started for step in report.steps if step.started is not None and step.is_copied]
    ends = [step.ended for step in report.steps if step.ended is not None and not step.is_copied]
    ended = moment(max(ends)) if ends else report.series.created
    return Sheet(
        title=report.manuscript.title,
        sha256=setting.sha256,
        model=setting.model,
        digest=setting.digest,
        num_ctx=setting.num_ctx,
        options={name: one for name, one in setting.options.items() if name not in _OWN},
        begun=report.series.created,
        ended=None if report.is_active else ended,
        oldest=moment(min(moments, default=None)),
        computers=_computers(report, ollama or {}),
        asked=_asked(report),
        steps=len(report.steps),
        copied=report.copied,
        version=_version(),
        is_cloud=has_cloud_name(setting.model),
        is_traced=setting.counted_on is not None
        and all(step.hosts is not None for step in report.steps),
    )


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
    found: dict[tuple[str, str, str, str], list[StepStatus]] = {}
    for step in report.steps:
        question = step.question
        key = (question.part, question.lens, system_prompt(question), _general(step))
        found.setdefault(key, []).append(step)
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
        for (part, lens, system, prompt), steps in found.items()
    )


def _general(step: StepStatus) -> str:
    """Return a prompt without the name of the part of the book that it is about."""
    prompt, scope = step.question.prompt, step.question.scope
    for before in _BEFORE:
        if scope and prompt.startswith(before + scope):
            return f"{before}{PLACE}{prompt[len(before) + len(scope) :]}"
    return prompt


def _version() -> str:
    try:
        said = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(said["project"]["version"])
    except (OSError, ValueError, KeyError):
        return ""
