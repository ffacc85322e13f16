"""The command that says how much each user of a house has and asks; no title, no text."""

import argparse
from contextlib import closing
from dataclasses import asdict

from components.cli.output import out, out_json
from components.settings import Settings
from components.store import Store


def show(arguments: argparse.Namespace) -> int:
    """List the users with what they have and what models read and wrote for them."""
    settings = Settings.from_environment()
    with closing(Store(settings.database or settings.store_file)) as store:
        users = store.usage()
    if arguments.json:
        out_json([asdict(user) | {"last": user.last and user.last.isoformat()} for user in users])
        return 0
    for user in users:
        facts = [
            user.owner or "(the only user)",
            f"{user.manuscripts:,} manuscripts, {user.words:,} words",
            f"{user.analyses:,} analyses, {user.calls:,} calls",
            f"{user.tokens_read:,} tokens read, {user.tokens_written:,} written",
            f"{user.seconds / 60:,.0f} minutes",
            f"last {user.last:%Y-%m-%d}" if user.last else "",
        ]
        out("\t".join(filter(None, facts)))
    return 0
