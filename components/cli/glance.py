"""The command that measures a manuscript without a model."""

from __future__ import annotations

import argparse
import json

from components.cli.output import out
from components.measures import Glance, Listed, as_json, glance
from components.scripting import open_file

#: Entries of each list that the plain form prints.
_SHOWN = 10


def show(given: argparse.Namespace) -> int:
    """Measure a file; print the figures of its chapters and the lists of the book."""
    measured = glance(open_file(given.file))
    if given.json:
        out(json.dumps(as_json(measured, places=given.places), ensure_ascii=False, indent=2))
    else:
        out(_plain(measured))
    return 0


def _plain(measured: Glance) -> str:
    headings = [" ".join(part.heading.split()) for part in measured.stretches]
    lines = ["words\tsentences\tdialogue\tmedian sentence\tchapter"]
    for heading, one in zip(
        [*headings, "The book"], [*measured.chapters, measured.book], strict=True
    ):
        share = "-" if one.dialogue is None else f"{one.dialogue:.0%}"
        middle = "-" if one.sentence_median is None else f"{one.sentence_median:g}"
        lines.append(f"{one.words}\t{one.sentences}\t{share}\t{middle}\t{heading}")
    lists: tuple[tuple[str, tuple[Listed, ...] | None], ...] = (
        ("names", measured.names),
        ("phrases", measured.phrases),
        ("echoes", measured.echoes),
        ("adverbs", measured.adverbs),
        ("filter words", measured.filter_words),
        ("favourite words", measured.favourites),
    )
    for name, found in lists:
        if found is None:
            lines.append(f"{name}: not measured in this language")
        else:
            said = ", ".join(f"{one.label} {len(one.places)}" for one in found[:_SHOWN])
            lines.append(f"{name}: {said or 'none'}")
    return "\n".join(lines)
