"""What each manuscript is counted in, words or characters, as a column beside their number."""

import sqlalchemy as sa
from alembic import op

from components.languages import unit_of

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column, and fill it from the texts."""
    words = sa.text("'words'")
    op.add_column("manuscript", sa.Column("unit", sa.Text(), nullable=False, server_default=words))
    connection = op.get_bind()
    # As bytes, one by one: a damaged disk makes of a text what is none, and a text may be large.
    text = "CAST(text AS BLOB)" if connection.dialect.name == "sqlite" else "text"
    read = sa.text(f"SELECT {text} FROM manuscript WHERE id = :id")  # noqa: S608
    change = sa.text("UPDATE manuscript SET unit = :unit WHERE id = :id")
    for manuscript_id in connection.scalars(sa.text("SELECT id FROM manuscript")).all():
        found = connection.scalar(read, {"id": manuscript_id})
        shown = found.decode(errors="replace") if isinstance(found, bytes) else str(found)
        connection.execute(change, {"unit": unit_of(shown), "id": manuscript_id})
