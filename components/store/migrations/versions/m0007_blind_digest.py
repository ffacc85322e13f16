"""Which comparisons are blind, and the digest of each call's model, as columns."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns, and fill them from the JSON of series and questions."""
    zero = sa.text("0")
    op.add_column("series", sa.Column("blind", sa.Integer(), nullable=False, server_default=zero))
    op.add_column("call", sa.Column("digest", sa.Text(), nullable=True))
    connection = op.get_bind()
    connection.execute(
        sa.text("UPDATE series SET blind = 1 WHERE details LIKE :blind"),
        {"blind": '%"blind": true%'},
    )
    digests = [
        {"analysis": analysis_id, "digest": digest}
        for analysis_id, question in connection.execute(
            # As bytes: a damaged disk makes of a text what is none.
            sa.text("SELECT id, CAST(question AS BLOB) FROM analysis")
            if connection.dialect.name == "sqlite"
            else sa.text("SELECT id, question FROM analysis")
        )
        if (digest := _digest(question)) is not None
    ]
    if digests:
        connection.execute(
            sa.text("UPDATE call SET digest = :digest WHERE analysis_id = :analysis"), digests
        )
    op.create_index("ix_call_digest", "call", ["digest"])


def _digest(question: str | bytes) -> str | None:
    """Return the digest in the JSON of a question; None where it cannot be read."""
    try:
        digest = json.loads(question)["digest"]
    except (ValueError, KeyError, TypeError):
        return None
    return digest if isinstance(digest, str) else None
