"""What an owner put first, and until when what was put off waits."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; what is there was neither put first nor off."""
    zero = sa.text("0")
    for name in ("put_first", "not_before"):
        op.add_column("call", sa.Column(name, sa.Float(), nullable=False, server_default=zero))
