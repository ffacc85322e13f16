"""The command that measures a manuscript without a model."""

import argparse

from components.cli.output import out, out_json
from components.measures import Glance, Listed, as_json, glance
from components.scripting.analyze import open_file

#: Entries of each list that the plain form prints.
_SHOWN = 10


def show(arguments: argparse.Namespace) -> int:
    """Measure a file; print the figures of its chapters and the lists of the book."""
    measured = glance(open_file(arguments.file))
    if arguments.json:
        out_json(as_json(measured, places=arguments.places))
    else:
        out(_plain(measured))
    return 0


def _plain(measured: Glance) -> str:
    headings = [" ".join(part.heading.split()) for part in measured.stretches]
    rows = zip([*headings, "All chapters"], [*measured.chapters, measured.book], strict=True)
    lines = [f"{measured.language.unit}\tsentences\tdialogue\tmedian sentence\tchapter"]
    for heading, figures in rows:
        share = "-" if figures.dialogue is None else f"{figures.dialogue:.0%}"
        median = "-" if figures.sentence_median is None else f"{figures.sentence_median:g}"
        lines.append(f"{figures.words}\t{figures.sentences}\t{share}\t{median}\t{heading}")
    lists: tuple[tuple[str, tuple[Listed, ...] | None], ...] = (
        ("names", measured.names),
        ("phrases", measured.phrases),
        ("echoes", measured.echoes),
        ("adverbs", measured.adverbs),
        ("filter words", measured.filter_words),
        ("favourite words", measured.favourites),
    )
    for name, entries in lists:
        if entries is None:
            lines.append(f"{name}: not measured in this language")
        else:
            listed = ", ".join(f"{entry.label} {len(entry.places)}" for entry in entries[:_SHOWN])
            lines.append(f"{name}: {listed or 'none'}")
    return "\n".join(lines)
