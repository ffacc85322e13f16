"""The command that lists the models of all servers."""

import argparse

from components.cli.output import out, out_json
from components.scripting.analyze import models, running


def show(arguments: argparse.Namespace) -> int:
    """List the models of all servers."""
    with running() as app:
        rows = models(app)
    if arguments.json:
        out_json(rows)
        return 0
    for row in rows:
        facts = [row["name"], row["parameters"], row["quantization"], f"{row['size']:,} bytes"]
        facts.append(f"context {row['context']:,}" if row["context"] else "")
        facts.append("loaded" if row["loaded"] else "")
        facts.append("" if row["writes"] else "cannot write an analysis")
        facts.append("cloud: refused unless allowed" if row["cloud"] else "")
        out("\t".join(filter(None, facts)))
    return 0
