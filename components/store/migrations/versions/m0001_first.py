"""The first tables: manuscripts, series, analyses, pictures, calls, events, preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "manuscript",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("deleted", sa.Float()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.UniqueConstraint("owner", "hash"),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("manuscript_id", sa.Text(), sa.ForeignKey("manuscript.id")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("deleted", sa.Float()),
    )
    op.create_index("ix_series_manuscript_id", "series", ["manuscript_id"])
    op.create_table(
        "analysis",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("manuscript_id", sa.Text(), sa.ForeignKey("manuscript.id")),
        sa.Column("series_id", sa.Text(), sa.ForeignKey("series.id")),
        sa.Column("parent_id", sa.Text(), sa.ForeignKey("analysis.id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("deleted", sa.Float()),
    )
    op.create_index("ix_analysis_manuscript_id", "analysis", ["manuscript_id"])
    op.create_index("ix_analysis_series_id", "analysis", ["series_id"])
    op.create_table(
        "picture",
        sa.Column("analysis_id", sa.Text(), sa.ForeignKey("analysis.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("analysis_id", sa.Text(), sa.ForeignKey("analysis.id"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued", sa.Float(), nullable=False),
        sa.Column("together", sa.Text()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cuts", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("job", sa.Text()),
        sa.Column("lease", sa.Float()),
        sa.Column("host", sa.Text()),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("started", sa.Float()),
        sa.Column("ended", sa.Float()),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_index("ix_call_analysis_id", "call", ["analysis_id"])
    op.create_index("call_queue", "call", ["state", "queued"])
    op.create_table(
        "event",
        sa.Column("call_id", sa.Text(), sa.ForeignKey("call.id"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "preference",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
