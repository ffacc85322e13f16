"""Outlines as the editor changed them, and which of them a manuscript has now."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; what is kept has the outline that was read."""
    op.add_column("manuscript", sa.Column("outline", sa.Integer(), nullable=True))
    op.create_table(
        "outline",
        sa.Column("manuscript_id", sa.Text(), sa.ForeignKey("manuscript.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("chapters", sa.Text(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
    )
