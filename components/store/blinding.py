"""Reports whose models nobody may be told yet: columns of a blind comparison that is not judged.

They are left out of every list here that could name them, so that no page has to think of it. Who
has the id of one, as the comparison has, still reaches it.
"""

from __future__ import annotations

import sqlalchemy as sa

from components.store.tables import series

#: As `json.dumps` writes it; inside of a string its quotation marks would be escaped.
_BLIND = '"blind": true'


def is_hidden() -> sa.ColumnElement[bool]:
    """Say of a series that it is a column of a comparison that is blind and was not judged."""
    comparison = series.alias()
    return (
        sa.select(comparison.c.id)
        .where(
            comparison.c.id == series.c.comparison,
            comparison.c.verdict.is_(None),
            comparison.c.details.contains(_BLIND),
        )
        .correlate(series)
        .exists()
    )
