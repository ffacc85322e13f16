"""What a model says of a book, held against the book: its findings, and its prose beside them.

Each book's first chapters are read by each lens as a report reads them, then asked about in prose
as Analyse asks, all at temperature 0. Books are numbers of the question set beside the project
(`questions/claims`: true sentences on chapters, each with a false twin), or `time-machine`; where
neither is there, the sample. What is counted:

- findings: those with their words in the text and no doubt, each doubt, those without a sentence;
  `elsewhere` counts findings shown as supported whose words are not in the chapter that they name,
  and must be 0. Repeated is what says the same with other grammar, or was left out as a double.
  Read again at once, the findings should be the same;
- true sentences covered: those of whose words (stems, grammar left out) one finding of their
  chapter has 30 % or more, claim and sentence together. Words only hint at it, so two figures stand
  beside it: how many findings of other chapters cover by chance, and how many a sentence of the
  chapter itself covers;
- pairs told apart: a true sentence judged true and its twin false, each from the SENTENCES of the
  chapters that share most of its rare words, and nothing else; by chance 25 %;
- prose: quotations that the text has, chapters named that were not read, names that are not there.

Tokens read are Ollama's `prompt_eval_count`, which counts what its cache held too; minutes are its
`total_duration`. Prompts are compared by `--prompt FILE`, the question of findings, with {scope},
{most}, {fields} and {kinds} where those go (other braces doubled), and `--most`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args
from unittest.mock import patch

from bench.question_set import Book, book_of, coverage, looking_up, the_sample
from bench.reading import run
from bench.scene import application, ollama_server, place, using
from components.analysis import FINDINGS, MOST_FINDINGS, Finding, Lens, lens, lenses
from components.analysis.findings import complete_items
from components.application import Application
from components.application import Counter as TokenCounter
from components.engine import Finished, Model, Options, Statistics
from components.engine.private.pins import MODEL
from components.evidence import DoubtKind, FlagKind, Index, check
from components.evidence.claims.content_words import content
from components.reports import (
    LENGTHS,
    Depth,
    ReadingRequest,
    Report,
    in_context,
    plan,
    story_chapters,
)
from components.reports.report_prompts import TOKENS_PER_FINDING
from components.scripting.analyze import about, find, follow
from components.settings import PROJECT
from components.store import Question, State, StepStatus

#: Sentences that a statement is judged from.
SENTENCES = 6

#: Nothing is left to chance.
STEADY = Options(temperature=0.0, seed=1)

JUDGE = (
    "These sentences stand in a novel:\n\n{sentences}\n\nStatement: {statement}\n\nIs the "
    "statement true of the novel, as far as these sentences show? One wrong detail makes it "
    'false. Answer as JSON: {{"verdict": "true"}} or {{"verdict": "false"}}.'
)
VERDICT = json.dumps(
    {
        "type": "object",
        "properties": {"verdict": {"enum": ["true", "false"]}},
        "required": ["verdict"],
    }
)

#: The lines of the table: what is counted, and of how many; alone where there is no second.
LINES: tuple[tuple[str, str, str], ...] = (
    ("findings a passage", "findings", "passages"),
    ("words in the text, no doubt", "supported", "findings"),
    *((f"doubt: {kind}", kind, "findings") for kind in get_args(DoubtKind)),
    ("without a sentence", "unfounded", "findings"),
    ("supported, words elsewhere", "elsewhere", "supported"),
    ("repeated", "repeated", "written down"),
    ("empty answers", "empty", "passages"),
    ("asked again", "retries", "passages"),
    ("failed", "failed", "passages"),
    ("same when read again", "same", "read again"),
    ("tokens read", "read", ""),
    ("tokens written", "written", ""),
    ("minutes", "seconds", ""),
    ("prose: failed", "prose failed", "prose"),
    ("prose: words", "prose words", ""),
    ("prose: quotations in the text", "prose found", "prose quotations"),
    ("prose: quotes nothing", "prose mute", "prose"),
    *((f"prose: {kind}", f"prose {kind}", "") for kind in get_args(FlagKind)),
    ("prose: tokens read", "prose read", ""),
    ("prose: tokens written", "prose written", ""),
    ("prose: minutes", "prose seconds", ""),
    ("covered by other chapters", "covered by chance", "chance"),
    ("true sentences covered", "covered", "true sentences"),
    ("covered by a sentence", "coverable", "true sentences"),
    ("pairs told apart", "told apart", "pairs"),
    ("pairs: true judged true", "true judged true", "pairs"),
    ("pairs: false judged false", "false judged false", "pairs"),
    ("pairs: without a verdict", "without a verdict", "pairs"),
    ("pairs: tokens read", "pairs read", ""),
    ("pairs: minutes", "pairs seconds", ""),
)


@dataclass(slots=True)
class Row:
    """What was counted of a book by one lens, or of the whole of it."""

    book: str
    lens: str
    counts: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)

    def spend(self, figures: Statistics | None, before: str = "") -> None:
        """Add the tokens and minutes of a call."""
        if figures is not None:
            self.counts[f"{before}read"] += figures.prompt_eval_count or 0
            self.counts[f"{before}written"] += figures.eval_count or 0
            self.counts[f"{before}seconds"] += round((figures.total_duration or 0) / 1e9)


@contextmanager
def changed(prompt: str, most: int, depth: Depth) -> Iterator[None]:
    """Plan with another question of findings, so many at most."""
    with ExitStack() as stack:
        if prompt:
            stack.enter_context(
                patch.dict("components.reports.report_prompts._QUESTIONS", {"findings": prompt})
            )
        if most:
            longest = replace(LENGTHS[depth], findings=most * TOKENS_PER_FINDING)
            stack.enter_context(patch.dict(LENGTHS, {depth: longest}))
        yield


def read_report(
    app: Application, book: Book, model: Model, asked: Sequence[Lens], depth: Depth
) -> Report:
    """Read a book by the lenses to the end, whatever was answered before."""
    counter = TokenCounter(app, model)
    request = ReadingRequest(
        manuscript_id=app.shelf().manuscripts.keep(book.manuscript),
        model=model,
        lenses=tuple(asked),
        chapters=story_chapters(book.manuscript),
        depth=depth,
        has_scores=False,
        options=app.suited(STEADY, model),
        is_anew=True,
    )
    made = plan(book.manuscript, in_context(book.manuscript, request, counter.all), count=counter)
    return run(app, book.manuscript, made, say=True)


def count_findings(
    row: Row, app: Application, report: Report, steps: Sequence[StepStatus], index: Index
) -> None:
    """Count what the steps of a lens found; their answers are as the model wrote them."""
    counts, said = row.counts, set[frozenset[str]]()
    for step in steps:
        for entry in app.store.journal.after(step.call_id):  # Also of answers that were no use.
            if isinstance(entry.event, Finished):
                row.spend(entry.event.statistics)
        if step.question.part != FINDINGS:
            continue
        found = report.findings[step.position]
        items = [item for _, item in complete_items(step.answer)]
        begin, end = step.question.ranges[0]
        counts.update(
            {
                "passages": 1,
                "empty": not found,
                "retries": step.attempt - 1,
                "failed": step.state is not State.DONE,
                "written down": len(items),
                "repeated": len(items) - len(found),
                "findings": len(found),
            }
        )
        for one in found:
            counts["repeated"] += content(one.claim) in said
            said.add(content(one.claim))
            counts.update({doubt.kind for doubt in one.doubts})
            row.names += [doubt.what for doubt in one.doubts if doubt.kind == "unknown name"]
            counts["unfounded"] += one.start is None
            if one.start is None or one.end is None:
                continue
            chapter = index.chapter_at(one.start)
            is_there = (
                begin <= one.start < one.end <= end
                and one.words == index.text[one.start : one.end]
                and one.chapter == (chapter.name if chapter else "")
            )
            counts["supported"] += one.is_supported
            counts["elsewhere"] += one.is_supported and not is_there


def count_prose(
    row: Row, app: Application, book: Book, model: Model, asked: Lens, index: Index
) -> None:
    """Ask a lens about the same chapters in prose, and count what the answer says."""
    chosen = story_chapters(book.manuscript)
    ranges = [(one.start, one.end) for one in book.manuscript.chapters if one.index in chosen]
    question = about(app, book.manuscript, model.name, asked, STEADY)
    if ranges:
        question = replace(question, ranges=tuple(ranges))
    outcome = follow(app, app.jobs.submit(app.shelf(), question))
    if outcome.error is not None:
        print(f"  {asked.title}, in prose: {outcome.error}", flush=True)
    row.spend(outcome.statistics, "prose ")
    evidence = check(outcome.text, index, question.ranges)
    row.counts.update(
        {
            "prose": 1,
            "prose failed": outcome.error is not None,
            "prose words": len(outcome.text.split()),
            "prose quotations": len(evidence.quotations),
            "prose found": evidence.found,
            "prose mute": evidence.quotes_nothing,
        }
    )
    row.counts.update(f"prose {flag.kind}" for flag in evidence.flags)


def count_pairs(row: Row, app: Application, book: Book, model: Model, index: Index) -> None:
    """Have the model judge each true sentence and its twin."""
    look_up = looking_up(index.text)
    options = replace(app.suited(STEADY, model), num_predict=24, format=VERDICT)

    def judged(statement: str) -> str:
        behind = "\n".join(look_up(statement, SENTENCES))
        asked = JUDGE.format(sentences=behind, statement=statement)
        question = Question("", "", "claims", (), 0, 0, "Claims", asked, model.name,
                            digest=model.digest, options=options)  # fmt: skip
        outcome = follow(app, app.jobs.submit(app.shelf(), question))
        row.spend(outcome.statistics, "pairs ")
        return str(json.loads(outcome.text)["verdict"]) if outcome.error is None else ""

    for claim in book.claims:
        verdicts = judged(claim.true), judged(claim.false)
        row.counts["pairs"] += 1
        row.counts["true judged true"] += verdicts[0] == "true"
        row.counts["false judged false"] += verdicts[1] == "false"
        row.counts["told apart"] += verdicts == ("true", "false")
        row.counts["without a verdict"] += "" in verdicts


def measure(
    app: Application, book: Book, model: Model, asked: Sequence[Lens], given: argparse.Namespace
) -> list[Row]:
    """Return what a book comes to: a row for each lens, then one for all of them."""
    index = Index(book.manuscript)
    with changed(given.prompt, given.most, given.depth):
        report = read_report(app, book, model, asked, given.depth)
        again = None if given.only_findings else read_report(app, book, model, asked, given.depth)
    steps = app.shelf().reports.steps(report.series.id)  # With the answers as they were written.
    rows, everything = [], list[Finding]()
    for one in asked:
        row = Row(book.name, one.name)
        of_lens = [step for step in steps if step.question.lens == one.title]
        count_findings(row, app, report, of_lens, index)
        places = [step.position for step in of_lens if step.question.part == FINDINGS]
        found = [finding for at in places for finding in report.findings[at]]
        if again is not None:
            row.counts["read again"] += len(places)
            row.counts["same"] += sum(report.findings[at] == again.findings[at] for at in places)
            count_prose(row, app, book, model, one, index)
        rows.append(row)
        everything += found
    whole = Row(book.name, "all", coverage(book, everything, index))
    if not given.only_findings:
        count_pairs(whole, app, book, model, index)
    return [*rows, whole] if whole.counts else rows


def shown(counts: Counter[str], key: str, of: str) -> str:
    """Return a figure as the table has it; empty where nothing of it was counted."""
    if (of or key) not in counts or (of and not counts[of]):
        return ""
    if not of:
        return f"{counts[key] / 60:,.1f}" if key.endswith("seconds") else f"{counts[key]:,}"
    if key in ("findings", "retries"):
        return f"{counts[key] / counts[of]:.1f}"
    return f"{counts[key]}/{counts[of]} {counts[key] / counts[of]:5.0%}"


def show(rows: Sequence[Row]) -> None:
    """Print a line for each figure and a column for each row."""
    for part in ("book", "lens"):
        print(f"{'':<28}" + "".join(f"{getattr(row, part):>16}" for row in rows))
    for title, key, of in LINES:
        cells = [shown(row.counts, key, of) for row in rows]
        if any(cells):
            print(f"{title:<28}" + "".join(f"{cell:>16}" for cell in cells))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--ollama", metavar="ADDRESS", help="a server to ask")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--books", nargs="*", default=["time-machine"])
    parser.add_argument("--chapters", type=int, default=3, help="of each book, from its first")
    parser.add_argument("--lenses", nargs="*", choices=[one.name for one in lenses()],
                        default=["structure"])  # fmt: skip
    parser.add_argument("--depth", type=Depth, choices=list(Depth), default=Depth.STANDARD)
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", metavar="DIR")
    parser.add_argument("--prompt", type=Path, metavar="FILE", help="the question of findings")
    parser.add_argument("--most", type=int, choices=range(1, MOST_FINDINGS + 1), default=0)
    parser.add_argument("--only-findings", action="store_true",
                        help="once, without prose and pairs")  # fmt: skip
    given = parser.parse_args(arguments)
    given.prompt = given.prompt.read_text(encoding="utf-8").strip() if given.prompt else ""
    there = [book_of(name, given.chapters, given.shared) for name in given.books]
    books = [book for book in there if book is not None]
    if len(books) < len(there):
        print("Some books are not beside the project: the sample stands in for them.")
        books.append(the_sample(given.chapters))
    asked = [lens(name) for name in given.lenses]
    rows: list[Row] = []
    server = nullcontext(given.ollama) if given.ollama else ollama_server()
    with server as url, place(None) as environ, application(using(environ, [url])) as app:
        model = find(app, given.model)
        for book in books:
            print(f"{book.name}: {book.manuscript.words:,} words", flush=True)
            rows += measure(app, book, model, asked, given)
    total = Row("all books", "all")
    for row in rows:
        total.counts.update(row.counts)
        total.names += row.names
    show([*rows, total])
    figures = {
        "model": model.name,
        "digest": model.digest[:12],
        "prompt": hashlib.sha256(given.prompt.encode()).hexdigest()[:12] if given.prompt else "",
        "most": given.most,
        "shares": {
            title: round(total.counts[key] / total.counts[of], 3)
            for title, key, of in LINES
            if of and total.counts[of]
        },
        "rows": [[row.book, row.lens, row.counts, sorted({*row.names})] for row in [*rows, total]],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
