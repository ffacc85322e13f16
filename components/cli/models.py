"""The command that lists the models of all servers."""

import argparse
from typing import Any

from components.cli.output import out, out_json
from components.scripting.api import running


def show(arguments: argparse.Namespace) -> int:
    """List the models of all servers."""
    with running() as app:
        rows: list[dict[str, Any]] = [
            {
                "name": model.name,
                "host": host.url,
                "parameters": model.parameter_size,
                "quantization": model.quantization_level,
                "size": model.size,
                "context": model.context_length,
                "capabilities": sorted(model.capabilities),
                "writes": model.can("completion"),
                "loaded": model.loaded is not None,
                "cloud": model.remote_host if model.is_cloud else None,
            }
            for host, installed in app.installed()
            for model in installed
        ]
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
