"""A whole-book report as plain values for programs: all that is in the other files, and more.

The keys at the top:

- `format` ("first-reader-report"), `version` (2), `made` (when, UTC);
- `is_complete`, and `missing`, sentences that say what is not there;
- `name`, `manuscript` (`title`, `author`, `language`, `words`, `sha256`, `chapters`, each with
  `index`, `name`, `kind`, `words`, `start` and `end`);
- `setting`: how the report was asked for (`reports.Setting`);
- `quotations`: `total` and `found` of all texts in prose but joined notes, and of the sentences
  behind scores, `unknown_names`, `flags` (how many) and `quoting_nothing` (the positions of notes
  and reports that quote nothing);
- `reports`: by lens, `title`, `step` (its position) and `text`;
- `unfinished`: what was written by steps that were stopped or broke off then: `step` (its position)
  and `text`, as far as it is whole;
- `findings`, in the order of the plan: `step` (its position), `lens`, `number` (unique in its
  lens), `kind`, `claim`, `words` (the sentence behind it, empty without one), `start` and `end`
  (its characters of the manuscript's text; null without one), `chapter` (its name), `fields` (what
  the model gave beside the claim), `doubts` (each with `kind` and `what`), `is_supported`;
- `receipts`: of each chapter (`reports.Receipt`);
- `scores`: of each part, `passage`, `step`, `state`, `scores` (null where the model gave none that
  can be used, or none yet) and `evidence`, the quote of the sentence behind them;
- `steps`, in the order of the plan: `position`, `part`, `lens`, `scope`, `passage` and `chapters`
  (both counted from 1), `ranges` (characters of the manuscript's text), `needs` (positions),
  `state`, `attempts`, `refused`, `is_copied`, `host`, `started` and `ended` (UTC), `prompt`,
  `system`, `options`, `statistics` (Ollama's figures by its names; durations in nanoseconds),
  `error`, `answer` (of findings and their summaries as it is to be read), `quotes` (`start` and
  `end` count characters of `answer`; those of `places` and `near` characters of the manuscript's
  text; null for an answer in JSON), `flags` (`evidence.Flag`: names, chapters, chains of arrows and
  copies) and `quotes_nothing`;
- `confidentiality`: the sheet (`export.sheet`), with its `statement`.

Moments are ISO 8601 in UTC. The manuscript's text is not included, except where it is quoted.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from components.analysis import Finding, system_prompt
from components.evidence import Index
from components.export.confidentiality_sheet import address, sheet
from components.export.formatting import moment
from components.export.report_contents import notice
from components.export.report_quotations import Quotations
from components.manuscripts import Manuscript
from components.reports import PassageScores, Report, names_of
from components.store import StepStatus


def as_json(
    report: Report, index: Index, *, ollama: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return all of `report` as values that JSON can hold; this module lists the keys.

    `ollama` are versions by the address of a host, where they are known.
    """
    quotations = Quotations(report, index)
    proof = sheet(report, ollama=ollama)
    missing = notice(report)
    finals = {lens: report.final(lens) for lens in report.lenses}
    values = {
        "format": "first-reader-report",
        "version": 2,
        "made": datetime.now(UTC),
        "is_complete": report.is_complete,
        "missing": [] if missing is None else [missing.text, *missing.lines],
        "name": report.series.name,
        "manuscript": _manuscript(report.manuscript),
        "setting": asdict(report.setting),
        "quotations": {
            "total": len(quotations.all),
            "found": quotations.found,
            "unknown_names": list(quotations.evidence.flagged("name")),
            "flags": len(quotations.evidence.flags),
            "quoting_nothing": [step.position for step in quotations.silent],
        },
        "reports": [
            {"title": lens, "step": step.position, "text": step.answer}
            for lens, step in finals.items()
        ],
        "unfinished": [{"step": step.position, "text": step.answer} for step in report.unfinished],
        "findings": [
            _finding(finding, report.steps[position])
            for position, findings in report.findings.items()
            for finding in findings
        ],
        "receipts": [asdict(receipt) for receipt in report.receipts],
        "scores": [_scored(score, quotations) for score in report.scores],
        "steps": [_step(step, quotations) for step in report.steps],
        "confidentiality": asdict(proof) | {"statement": list(proof.statement)},
    }
    plain: dict[str, Any] = _plain(values)
    return plain


def report_json(report: Report, index: Index, *, ollama: Mapping[str, str] | None = None) -> str:
    """Return `as_json` as text, indented."""
    return json.dumps(as_json(report, index, ollama=ollama), ensure_ascii=False, indent=1) + "\n"


def _manuscript(book: Manuscript) -> dict[str, Any]:
    names = names_of(book)
    return {
        "title": book.title,
        "author": book.author,
        "language": book.language,
        "words": book.words,
        "unit": book.unit,
        "sha256": book.sha256,
        "chapters": [
            {
                "index": chapter.index,
                "name": names[chapter.index],
                "kind": chapter.kind,
                "words": chapter.words,
                "start": chapter.start,
                "end": chapter.end,
            }
            for chapter in book.chapters
        ],
    }


def _finding(finding: Finding, step: StepStatus) -> dict[str, Any]:
    origin = {"step": step.position, "lens": step.question.lens}
    more = {"fields": dict(finding.fields), "is_supported": finding.is_supported}
    return origin | asdict(finding) | more


def _scored(scored: PassageScores, quotations: Quotations) -> dict[str, Any]:
    sentence = quotations.sentences.get(scored.step.position)
    return {
        "passage": asdict(scored.passage),
        "step": scored.step.position,
        "state": scored.step.state,
        "scores": None if scored.scores is None else asdict(scored.scores),
        "evidence": None if sentence is None else asdict(sentence),
    }


def _step(step: StepStatus, quotations: Quotations) -> dict[str, Any]:
    question = step.question
    checked = quotations.answers.get(step.position)
    evidence = None if checked is None else checked.evidence
    return {
        "position": step.position,
        "part": question.part,
        "lens": question.lens,
        "scope": question.scope,
        "passage": question.passage or None,
        "chapters": question.chapters,
        "ranges": question.ranges,
        "needs": step.needs,
        "state": step.state,
        "attempts": step.attempt,
        "refused": step.refused,
        "is_copied": step.is_copied,
        "host": address(step.host),
        "started": moment(step.started),
        "ended": moment(step.ended),
        "prompt": question.prompt,
        "system": system_prompt(question),
        "options": question.options.given(),
        "statistics": None if step.statistics is None else asdict(step.statistics),
        "error": None if step.error is None else str(step.error),
        "answer": step.answer,
        "quotes": None if evidence is None else list(map(asdict, evidence.quotes)),
        "flags": [] if evidence is None else list(map(asdict, evidence.flags)),
        "quotes_nothing": any(silent is step for silent in quotations.silent),
    }


def _plain(value: Any) -> Any:
    """Return `value` as JSON has it; halves of characters, which it cannot hold, replaced."""
    match value:
        case dict():
            return {str(_plain(name)): _plain(item) for name, item in value.items()}
        case list() | tuple():
            return list(map(_plain, value))
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case str():
            return str.__str__(value).encode(errors="replace").decode()
        case _:
            return value
