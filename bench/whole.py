"""Whole novels read to the end by the small model: every chapter's receipt, or a failure.

`make novel` reads the English novels beside the project; `make novel ARGS="book.epub"` a file. It
takes minutes for each 10,000 words on two cores; ended and begun again with `--keep` it goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from bench.reading import opened, planned, reading, run, serving
from components.analysis import lenses
from components.evidence import Index, check
from components.reports import Depth, Read
from components.settings import PROJECT

#: In the order of their length.
NOVELS = ("the-time-machine", "frankenstein", "pride-and-prejudice")


def main() -> int:
    """Read, print, and return 1 where a receipt is not complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--depth", type=Depth, choices=list(Depth), default=Depth.SKIM)
    parser.add_argument("--lenses", type=int, default=1)
    parser.add_argument("--num-ctx", type=int, default=4096)
    parser.add_argument("--keep", metavar="FOLDER", help="go on with what was read there before")
    given = parser.parse_args()
    corpus = PROJECT.parent / "shared/corpus"
    files = given.files or [
        str(path) for name in NOVELS for path in sorted((corpus / name / "builds").glob("*.epub"))
    ]
    if not files:
        print("There are no novels beside the project: name files.")
        return 2
    rows = []
    with serving() as served, reading(served.url, given.keep) as (app, model):
        for path in files:
            book = opened(path)
            made = planned(
                app,
                book,
                model,
                lenses=lenses()[: given.lenses],
                depth=given.depth,
                num_ctx=given.num_ctx,
            )
            print(f"{book.title}: {len(made.passages)} passages, {len(made.steps)} calls, "
                  f"{made.book_tokens:,} tokens", flush=True)  # fmt: skip
            at, began = served.place(), time.monotonic()
            report = run(app, book, made, say=True)
            complete = sum(one.is_complete for one in report.receipts)
            left_out = sum(one.state is Read.LEFT_OUT for one in report.receipts)
            evaluated, cached = served.evaluated(at)
            found = check(report.final(report.lenses[0]).answer, Index(book))
            rows.append(
                {
                    "book": Path(path).stem,
                    "words": book.words,
                    "chapters": len(report.receipts),
                    "complete": complete,
                    "left_out": left_out,
                    "is_complete": report.is_complete,
                    "calls": len(report.steps),
                    "done": report.done,
                    "from_before": report.copied,
                    "asked_again": sum(one.retries for one in report.receipts),
                    "tokens": made.book_tokens,
                    "evaluated": evaluated,
                    "cached": cached,
                    "minutes": round((time.monotonic() - began) / 60, 1),
                    "quotations": len(found.quotations),
                    "found": found.found,
                    "short": [f"{one.name}: {one.problem}" for one in report.short],
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    print(json.dumps({"novels": rows}))
    return 0 if all(row["is_complete"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
