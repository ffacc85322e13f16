"""Which answers serve a call that waits: none where it is asked anew, none that is short."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: Of what is not done it is not known whether it was asked for anew: it is asked.
ASKED = "UPDATE call SET anew = 1 WHERE key IS NOT NULL AND state <> 'done'"


def upgrade() -> None:
    """Add the columns; what is not done yet is asked."""
    zero = sa.text("0")
    for name in ("anew", "least"):
        op.add_column("call", sa.Column(name, sa.Integer(), nullable=False, server_default=zero))
    op.execute(ASKED)
