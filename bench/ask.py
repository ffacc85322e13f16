"""What is found for a question before a model is asked, on books whose questions have answers.

The books stand beside the project (`questions/claims`, `questions/answers`, judged as their
`score.py` judges): sentences about a chapter, where a hit is a passage of that chapter, and
readers' questions, where a hit is a passage that holds the answer. Hit rates among the best 1, 5,
10 and 20 passages stand beside those of plain BM25 over the same passages in the same run, of
passages drawn by chance, and of the ranking without each of its parts.

Passages of 100 and 400 words say what size gives by itself: longer ones hit more often, and as many
of them are more to read. Refused are questions of which the manuscript lacks the names or all
words: of its own questions that is wrong, of another book's questions it is right.

With `--model` some of the questions that have answers are asked, and those of
`absent_questions.json`, about things that the books do not have. Of the first is counted what is
answered, and how often what is cited, with the 300 characters on both sides, holds the answer. Of
the others an answer is a fault. A citation whose words do not stand in a passage that the model
read is one anywhere.
"""

from __future__ import annotations

import argparse
import json
import re
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, process_time
from typing import Any

import numpy as np

from bench.scene import application, ollama_server, place, using
from components.analysis import LOOKED_UP, holds, read_findings
from components.application import Application
from components.engine import Model, Options
from components.evidence import Index
from components.manuscripts import Manuscript, read
from components.retrieval import Retriever, retriever_of
from components.retrieval.retriever import PARTS, Parts
from components.scripting.analyze import find, follow, whole
from components.scripting.ask import question_step
from components.settings import PROJECT

AT = (1, 5, 10, 20)
SETS = ("claims", "answers")
PLAIN = "BM25 alone"
VARIANTS = {
    "all": PARTS,
    PLAIN: Parts(grammar=0, neighbours=0, kinds=0, apart=0),
    "without grammar": Parts(grammar=0),
    "without neighbours": Parts(neighbours=0),
    "without kinds of answer": Parts(kinds=0),
    "without setting apart": Parts(apart=0),
}
SIZES = (100, 400)


@dataclass(slots=True)
class Asked:
    """A question, and the words that a passage must have, or else be of."""

    text: str
    answer: str = ""
    chapter: str = ""

    def is_hit(self, passage: str) -> bool:
        """Whether a passage, normalised, answers it."""
        if self.answer:
            return f" {self.answer} " in f" {passage} "
        return passage[10:70] in self.chapter


@dataclass(slots=True)
class Book:
    """A book and its questions."""

    name: str
    manuscript: Manuscript
    asked: list[Asked]


@dataclass(slots=True)
class Found:
    """How many questions of a set were hit at each rank, by variant."""

    questions: int = 0
    hits: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, variant: str, hits: Sequence[float]) -> None:
        """Count a question, hit or missed at each rank."""
        self.hits[variant] = self.hits.get(variant, np.zeros(len(AT))) + np.array(hits)

    def rates(self, variant: str) -> list[float]:
        """Return the share of questions that were hit at each rank."""
        return [round(float(rate), 3) for rate in self.hits[variant] / max(self.questions, 1)]


def normal(text: str) -> str:
    """Return `text` as `score.py` compares it."""
    plain = text.lower().replace("\u2019", "'").replace("'s", "")
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", plain).split())


def books(folder: Path, most: int) -> Iterator[Book]:
    """Yield the books of a set."""
    for path in sorted(one for one in folder.iterdir() if one.is_dir())[:most]:
        data = (path / "book.txt").read_bytes()
        text = data.decode()
        if (path / "claims.json").exists():
            known = json.loads((path / "claims.json").read_text(encoding="utf-8"))
            chapters = {
                one["number"]: normal(text[one["start"] : one["end"]]) for one in known["chapters"]
            }
            asked = [Asked(one["claim"], "", chapters[one["chapter"]]) for one in known["claims"]]
        else:
            known = json.loads((path / "questions.json").read_text(encoding="utf-8"))
            asked = [Asked(one["question"], one["string"]) for one in known["questions"]]
        yield Book(path.name, read(data, name="book.txt"), asked)


def by_chance(hits: int, passages: int) -> list[float]:
    """Return how likely some of `hits` are among so many drawn."""
    missed = np.cumprod([max(passages - hits - at, 0) / max(passages - at, 1) for at in range(20)])
    return [1 - float(missed[rank - 1]) for rank in AT]


def search(
    retriever: Retriever, book: Book, found: Found, name: str, parts: Parts = PARTS
) -> list[float]:
    """Count the hits of a way to search; return the seconds of processor time of each search."""
    texts = [normal(book.manuscript.text[one.start : one.end]) for one in retriever.passages]
    seconds = []
    for one in book.asked:
        begun = process_time()
        hits = retriever.search(one.text, AT[-1], parts=parts)
        seconds.append(process_time() - begun)
        is_hit = [one.is_hit(texts[hit.passage.number]) for hit in hits]
        found.add(name, [any(is_hit[:rank]) for rank in AT])
        if name == "all":
            found.add("by chance", by_chance(sum(map(one.is_hit, texts)), len(texts)))
    return seconds


def refusals(retriever: Retriever, asked: Sequence[Asked]) -> int:
    return sum(bool(retriever.unknown(one.text)) for one in asked)


def show(kind: str, found: Found) -> None:
    """Print the rates of a set, and how far each is from plain BM25."""
    plain = found.rates(PLAIN)
    print(f"\n{kind}: {found.questions} questions" + "".join(f"{rank:>16}" for rank in AT))
    for name in found.hits:
        cells = [
            f"{rate:.3f} {rate - base:+.3f}"
            for rate, base in zip(found.rates(name), plain, strict=True)
        ]
        print(f"{name:<36}" + "".join(f"{cell:>16}" for cell in cells))


def size(data: bytes) -> int:
    """Return the bytes that a book takes in memory, ready to be searched, beside its text."""
    manuscript = read(data, name="book.txt")
    tracemalloc.start()
    kept = Retriever(Index(manuscript))
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return taken if kept.passages else 0


def answered(app: Application, model: Model, book: Book, one: Asked, *, ctx: int) -> dict[str, Any]:
    """Ask a question; return what was shown of the answer, and what is true of it."""
    retriever = retriever_of(book.manuscript)
    subject, options = whole(app, book.manuscript), Options(num_ctx=ctx)
    step = question_step(app, subject, retriever, model, one.text, options)
    begun = monotonic()
    outcome = follow(app, app.jobs.submit(app.shelf(), step))
    text, found = book.manuscript.text, read_findings(step.question, outcome.text, retriever.index)
    by_code = step.question.part == LOOKED_UP
    shown = [finding for finding in found if holds(step.question, finding)]
    cited = [(finding.start, finding.end) for finding in shown if finding.start is not None]
    read = [normal(text[start:end]) for start, end in step.question.ranges]
    beside = [normal(text[max(start - 300, 0) : (end or start) + 300]) for start, end in cited]
    return {
        "book": book.name,
        "question": one.text,
        "answer": one.answer,
        "shown": [[finding.claim, finding.words] for finding in shown],
        "dropped": [[finding.claim, finding.words, *finding.remarks]
                    for finding in found if finding not in shown],
        "by code": by_code,
        "failed": outcome.error is not None,
        "answered": bool(cited) or (bool(shown) and not by_code),
        "read it": any(map(one.is_hit, read)),
        "cited it": any(map(one.is_hit, beside)),
        "misquoted": sum(
            finding.words != text[finding.start : finding.end]
            or not any(a <= (finding.start or 0) < (finding.end or 0) <= b
                       for a, b in step.question.ranges)
            for finding in shown if finding.start is not None
        ),
        "seconds": round(monotonic() - begun, 1),
    }  # fmt: skip


def answers(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """Ask a model the questions that have answers and those that have none; print and count."""
    absent = json.loads(Path(__file__).with_name("absent_questions.json").read_text())
    known, none = list[dict[str, Any]](), list[dict[str, Any]]()
    server = nullcontext(given.ollama) if given.ollama else ollama_server()
    with server as url, place(None) as environ, application(using(environ, [url])) as app:
        model = find(app, given.model)
        for book in books(folder / "answers", given.books):
            for asked, rows in (
                (book.asked[: given.questions], known),
                ([Asked(text) for text in absent.get(book.name, ())], none),
            ):
                for one in asked:
                    rows.append(answered(app, model, book, one, ctx=given.num_ctx))
                    print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    figures: dict[str, object] = {"model": model.name, "digest": model.digest[:12]}
    for name, rows in (("answerable", known), ("absent", none)):
        kinds = ("answered", "read it", "cited it", "by code", "failed", "misquoted")
        counts: dict[str, float] = {"questions": len(rows)}
        counts |= {kind: sum(int(row[kind]) for row in rows) for kind in kinds}
        counts["seconds"] = median(row["seconds"] for row in rows)
        print(f"{name}: {counts}")
        figures[name] = counts
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.ask", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", metavar="DIR")
    parser.add_argument("--books", type=int, default=1_000, metavar="N", help="of each set")
    parser.add_argument("--model", help="which also answers")
    parser.add_argument("--ollama", metavar="ADDRESS", help="a server to ask")
    parser.add_argument("--questions", type=int, default=2, metavar="N", help="of a book, to ask")
    parser.add_argument("--num-ctx", type=int, default=4096)
    given = parser.parse_args(arguments)
    folder = given.shared / "questions"
    if not folder.is_dir():
        print("No questions are beside the project (--shared): nothing is measured.")
        return
    if given.model:
        print(json.dumps(answers(folder, given)))
        return
    figures: dict[str, object] = {}
    seconds, speeds = list[float](), list[float]()
    for kind in SETS:
        found, refused = Found(), Counter[str]()
        before = list[Asked]()
        for book in books(folder / kind, given.books):
            begun = process_time()
            retriever = Retriever(Index(book.manuscript))
            speeds.append((process_time() - begun) * 120_000 / max(len(retriever.index), 1))
            found.questions += len(book.asked)
            for name, parts in VARIANTS.items():
                took = search(retriever, book, found, name, parts)
                seconds += took if name == "all" else []
            for words in SIZES:
                sized = Retriever(retriever.index, words=words)
                search(sized, book, found, f"{words} words a passage")
            refused["own"] += refusals(retriever, book.asked)
            refused["another's"] += refusals(retriever, before)
            refused["asked of another"] += len(before)
            before = book.asked
        show(kind, found)
        wrongly = refused["own"] / max(found.questions, 1)
        rightly = refused["another's"] / max(refused["asked of another"], 1)
        print(f"refused: {wrongly:.1%} of its own questions, {rightly:.1%} of another book's")
        figures[kind] = {
            "questions": found.questions,
            "hits": {name: found.rates(name) for name in found.hits},
            "refused own": round(wrongly, 3),
            "refused another's": round(rightly, 3),
        }
    largest = max(folder.glob("*/*/book.txt"), key=lambda path: path.stat().st_size)
    half, most = np.percentile(np.array(seconds) * 1_000, [50, 95])
    taken = size(largest.read_bytes()) / largest.stat().st_size
    print(
        f"\nprocessor time: {median(speeds):.2f} s to make 120,000 words ready (slowest "
        f"{max(speeds):.2f}), {half:.1f} ms a search, {most:.1f} ms at the 95th percentile\n"
        f"memory: {taken:.1f} bytes for each of the text"
    )
    figures |= {
        "index seconds": round(median(speeds), 2),
        "index bytes": round(taken, 1),
        "search ms": [round(float(half), 1), round(float(most), 1)],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
