"""An index by which manuscripts are listed without a look behind their texts.

SQLite appends a new column to a row: `unit` came to stand behind the text, and each row of a list
was read through all of it.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "manuscript_listed", "manuscript", ["owner", "deleted", "created", "unit", "words"]
    )
