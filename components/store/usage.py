"""How much each user of a store uses it: counts and sizes, never a title or a text."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from components.store.database import Database, date
from components.store.journal import figures
from components.store.tables import analysis, call, manuscript


@dataclass(slots=True)
class Usage:
    """What one user has, and what the models read and wrote for it.

    `tokens_read` counts what a server's cache held too, as Ollama does; `seconds` are those in
    which Ollama worked. What was deleted for good is in none of it.
    """

    owner: str
    manuscripts: int = 0
    words: int = 0
    analyses: int = 0
    calls: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    seconds: float = 0.0
    last: datetime | None = None


def usage(database: Database) -> list[Usage]:
    """Return the usage of each user, by name; the only user has none. Raises: StoreError."""
    count, words = sa.func.count(), sa.func.sum(manuscript.c.words)
    manuscripts = sa.select(manuscript.c.owner, count, words).group_by(manuscript.c.owner)
    last = sa.func.max(analysis.c.created)
    analyses = sa.select(analysis.c.owner, count, last).group_by(analysis.c.owner)
    calls = sa.select(call.c.id, call.c.last_seq, call.c.attempt, call.c.owner).where(
        call.c.copied.is_(None)
    )
    found: dict[str, Usage] = {}

    def of(owner: str) -> Usage:
        return found.setdefault(owner, Usage(owner))

    with database.read() as connection:
        for owner, many, length in connection.execute(manuscripts):
            of(owner).manuscripts, of(owner).words = many, length
        for owner, many, latest in connection.execute(analyses):
            of(owner).analyses, of(owner).last = many, date(latest)
        for row, measured in figures(connection, calls):
            user = of(row.owner)
            user.calls += 1
            user.tokens_read += measured.prompt_eval_count or 0
            user.tokens_written += measured.eval_count or 0
            user.seconds += (measured.total_duration or 0) / 1e9
    return sorted(found.values(), key=lambda user: user.owner)
