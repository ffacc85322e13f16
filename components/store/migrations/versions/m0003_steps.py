"""Calls that build on each other: what they wait for, what they share, what serves again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table and the columns; calls that are there wait for none."""
    zero = sa.text("0")
    op.add_column("call", sa.Column("refused", sa.Integer(), nullable=False, server_default=zero))
    for name in ("passage", "key", "copied"):
        op.add_column("call", sa.Column(name, sa.Text(), nullable=True))
    for name in ("passage", "key"):
        op.create_index(f"ix_call_{name}", "call", [name])
    op.create_table(
        "need",
        sa.Column("call_id", sa.Text(), sa.ForeignKey("call.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("of", sa.Text(), sa.ForeignKey("call.id"), nullable=False),
    )
    op.create_index("ix_need_of", "need", ["of"])
