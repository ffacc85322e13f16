"""Reports that are columns of a comparison."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; what is there is in no comparison."""
    zero = sa.text("0")
    op.add_column("series", sa.Column("comparison", sa.Text(), nullable=True))
    op.add_column(
        "series", sa.Column("position", sa.Integer(), nullable=False, server_default=zero)
    )
    op.create_index("ix_series_comparison", "series", ["comparison"])
