"""Run the benchmarks, one after another: `make bench`, or some: `make bench ARGS="watch crash"`."""

from __future__ import annotations

import importlib
import sys

NAMES = (
    "ingest",
    "stream",
    "compare",
    "watch",
    "pages",
    "jobs",
    "turns",
    "losing",
    "crash",
    "novel",
    "truth",
    "ask",
)

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(NAMES)
    for name in chosen:
        print(f"\n{name}\n", flush=True)
        module = importlib.import_module(f"bench.{name}")
        sys.argv[1:] = []
        module.main()
