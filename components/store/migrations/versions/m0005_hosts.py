"""Every host that a call was begun on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; of what is there it is not known."""
    op.add_column("call", sa.Column("hosts", sa.Text(), nullable=True))
