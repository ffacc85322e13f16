"""Reports assembled by code from what the model found: it phrases, and code places and counts.

A page, a file and a comparison show the answer of a step; of findings that is the markdown made
here, whose quotations are the manuscript's own sentences.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from components.analysis import (
    FINDINGS,
    Finding,
    read_findings,
    read_summary,
    to_markdown,
)
from components.evidence import Contradiction, Index, contradictions, index_of, states
from components.manuscripts import Manuscript
from components.markdown import literal
from components.store import State, StepStatus

#: The findings of each step that asked for some, by the step's position.
Findings = Mapping[int, tuple[Finding, ...]]


def findings_of(steps: Sequence[StepStatus], manuscript: Manuscript) -> Findings:
    """Return what the steps found so far."""
    index = index_of(manuscript)
    return {
        step.position: read_findings(step.question, step.answer, index)
        for step in steps
        if step.question.part == FINDINGS
    }


def conflicts(findings: Sequence[Finding]) -> dict[str, Contradiction[Finding]]:
    """Return where supported findings contradict each other, by a name that a reading keeps.

    Compared are those whose kind declares two fields or more, of whom and what, as far as what is
    said stands in them.
    """
    entries = [
        (finding.fields[0][1], finding.fields[1][1], finding)
        for finding in findings
        if finding.is_supported
        and len(finding.fields) > 1
        and finding.fields[0][1]
        and states(f"{finding.words} {finding.claim}", finding.fields[1][1])
    ]
    return {_name(conflict): conflict for conflict in contradictions(entries)}


def _name(conflict: Contradiction[Finding]) -> str:
    words = sorted(finding.words for _, behind in conflict.sides for finding in behind)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def readable(
    steps: Sequence[StepStatus],
    findings: Findings,
    manuscript: Manuscript,
    intended: Collection[str] = (),
) -> tuple[StepStatus, ...]:
    """Return the steps with answers to be read: findings as markdown, summaries with their places.

    The final step of a lens has the whole of its report. `intended` are the names of the conflicts
    that the editor dismissed.
    """
    index = index_of(manuscript)
    by_lens: dict[str, list[Finding]] = {}
    kinds: dict[str, tuple[str, ...]] = {}
    for step in steps:
        if step.position in findings:
            lens = step.question.lens
            by_lens.setdefault(lens, []).extend(findings[step.position])
            if lens not in kinds:
                kinds[lens] = _kinds(step)
    result = []
    for step in steps:
        lens, answer = step.question.lens, step.answer
        if step.position in findings:
            found = findings[step.position]
            answer = "\n\n".join(to_markdown(finding, with_kind=True) for finding in found)
        elif step.question.part == "digest" and lens in by_lens:
            parts = summary_sentences(answer, by_lens[lens], index)
            answer = "\n\n".join(" ".join(sentences) for sentences in parts if sentences)
        elif step.question.part == "report" and lens in by_lens:
            if step.state is not State.DONE:
                answer = ""  # What there is of its summary stands apart: `Report.unfinished`.
            if by_lens[lens]:
                answer = report_markdown(answer, by_lens[lens], kinds[lens], index, intended)
        result.append(step if answer == step.answer else replace(step, answer=answer))
    return tuple(result)


def report_markdown(
    summary: str,
    findings: Sequence[Finding],
    kinds: Sequence[str],
    index: Index,
    intended: Collection[str] = (),
) -> str:
    """Return the report of a lens: counts, summary, conflicts, the findings under their kinds."""
    supported = sum(finding.is_supported for finding in findings)
    head = f"{len(findings)} findings: {supported} with their words in the text"
    blocks = [f"**{head}, {len(findings) - supported} without or in doubt.**"]
    cited, opinion = summary_sentences(summary, findings, index)
    blocks += [" ".join(cited)] if cited else []
    if open_conflicts := [
        conflict for name, conflict in conflicts(findings).items() if name not in intended
    ]:
        blocks.append("## Contradictions to judge")
        for conflict in open_conflicts:
            for value, behind in conflict.sides:
                blocks.append(f"{literal(conflict.subject)}: {literal(value)}")
                blocks += map(to_markdown, behind)
    # A cut answer may have a kind that nobody asked for.
    for kind in dict.fromkeys([*kinds, *(one.kind for one in findings if one.is_supported)]):
        of_kind = [one for one in findings if one.kind == kind and one.is_supported]
        blocks.append(f"## {literal(kind)}")
        blocks += map(to_markdown, of_kind)
        if not of_kind:
            blocks.append("Nothing was found.")
    if doubtful := [one for one in findings if one.start is not None and one.doubts]:
        blocks.append("## To check")
        blocks += [to_markdown(finding, with_kind=True) for finding in doubtful]
    if unfounded := [one for one in findings if one.start is None]:
        blocks.append("## Said without evidence")
        blocks.append("\n".join(f"- {literal(finding.claim)}" for finding in unfounded))
    if opinion:
        blocks += ["## The model’s opinion, without a finding behind it", " ".join(opinion)]
    return "\n\n".join(blocks)


def summary_sentences(
    summary: str, findings: Sequence[Finding], index: Index
) -> tuple[list[str], list[str]]:
    """Return the sentences of a summary as markdown: those that cite findings, and the others.

    Chapters stand for the numbers of the findings.
    """
    cited: list[str] = []
    opinion: list[str] = []
    for text, behind in read_summary(summary, findings, index):
        chapters = "; ".join(dict.fromkeys(filter(None, (one.chapter for one in behind))))
        place = f" ({literal(chapters)})" if chapters else ""
        (cited if behind else opinion).append(literal(text) + place)
    return cited, opinion


def _kinds(step: StepStatus) -> tuple[str, ...]:
    """Return the kinds of findings that a step was asked for, in the order of its lens."""
    lists = json.loads(step.question.options.format or "{}")["properties"]
    if "findings" in lists:  # Of an earlier version, or a kind of this name.
        of_one = lists["findings"]["items"]["properties"].get("kind")
        return tuple(of_one["enum"]) if of_one else tuple(lists)
    return tuple(lists)
