"""The last entry of copied answers, which a Postgres had at 0: who followed one waited for ever."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Count the entries that there are."""
    op.execute(
        "UPDATE call SET last_seq = (SELECT max(seq) FROM event WHERE event.call_id = call.id) "
        "WHERE last_seq = 0 AND EXISTS (SELECT 1 FROM event WHERE event.call_id = call.id)"
    )
