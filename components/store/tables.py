"""The tables, the same on SQLite and on Postgres.

Times are seconds since 1970. Ids are unguessable: an analysis's id is its address. `owner` is the
user, empty where there is only one. A call is one question to one model, the unit that a worker
takes; its rows in `event` are only ever added to.
"""

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Integer, Table, Text

metadata = sa.MetaData()

manuscript = Table(
    "manuscript",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("hash", Text, nullable=False),  # of all that was read, not of the file
    Column("title", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("unit", Text, nullable=False, server_default="words"),
    Column("created", Float, nullable=False),
    Column("deleted", Float),
    Column("text", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON: chapters and the rest
    Column("outline", Integer),  # the number of the current one, None: the one that was read
    sa.UniqueConstraint("owner", "hash"),
)

outline = Table(
    "outline",  # chapters as the editor changed them; rows are only ever added
    metadata,
    Column("manuscript_id", Text, ForeignKey("manuscript.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("parent", Integer),  # the number of the one that was changed
    Column("done", Text, nullable=False),  # what the editor did, in their words
    Column("chapters", Text, nullable=False),  # JSON
    Column("created", Float, nullable=False),
)

series = Table(
    "series",  # of analyses that belong together: a comparison's columns, a chat's answers
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("manuscript_id", Text, ForeignKey("manuscript.id"), index=True),
    Column("name", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("verdict", Text),  # JSON, of a comparison once it was judged
    Column("created", Float, nullable=False),
    Column("deleted", Float),
    Column("blind", Integer, nullable=False, server_default="0"),  # 1: a comparison until judged
    Column("comparison", Text, index=True),  # the id of that of which this report is a column
    Column("position", Integer, nullable=False, server_default="0"),  # in its comparison
)

analysis = Table(
    "analysis",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("manuscript_id", Text, ForeignKey("manuscript.id"), index=True),
    Column("series_id", Text, ForeignKey("series.id"), index=True),
    Column("parent_id", Text, ForeignKey("analysis.id")),  # the exchange before it in a chat
    Column("position", Integer, nullable=False, default=0),  # in its series
    Column("name", Text, nullable=False),
    Column("question", Text, nullable=False),  # JSON
    Column("created", Float, nullable=False),
    Column("deleted", Float),
)

call = Table(
    "call",
    metadata,
    Column("id", Text, primary_key=True),
    Column("analysis_id", Text, ForeignKey("analysis.id"), nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("digest", Text, index=True),  # the model's; None of what could not be read
    Column("state", Text, nullable=False),
    Column("queued", Float, nullable=False),
    Column("together", Text),  # calls of the same name share one slot on a host
    Column("attempt", Integer, nullable=False, default=0),
    Column("cuts", Integer, nullable=False, default=0),  # in a row, before any text came
    Column("moves", Integer, nullable=False, default=0),  # from hosts that died
    Column("refused", Integer, nullable=False, server_default="0"),  # no answer of use
    Column("worker", Text),
    Column("job", Text),  # the worker's own name for what it does
    Column("lease", Float),
    Column("host", Text),
    Column("hosts", Text),  # all that it was begun on, a line each; None where that is not known
    Column("last_seq", Integer, nullable=False, default=0),
    Column("started", Float),
    Column("ended", Float),
    Column("answer", Text, nullable=False, default=""),
    Column("passage", Text, index=True),  # calls of the same are best on the host that has read it
    Column("key", Text, index=True),  # of all that decides the answer, which may serve again
    Column("anew", Integer, nullable=False, server_default="0"),  # 1: asked though it is there
    Column("least", Integer, nullable=False, server_default="0"),  # tokens read, of what serves it
    Column("copied", Text),  # the id of the call whose answer this is, made for the same key
    Column("put_first", Float, nullable=False, server_default="0"),  # when, by its owner; or 0
    Column("not_before", Float, nullable=False, server_default="0"),  # until when it is put off
)

need = Table(
    "need",  # answers that a call is given: it waits for them
    metadata,
    Column("call_id", Text, ForeignKey("call.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # in the order given
    Column("of", Text, ForeignKey("call.id"), nullable=False, index=True),
)

event = Table(
    "event",
    metadata,
    Column("call_id", Text, ForeignKey("call.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

picture = Table(
    "picture",
    metadata,
    Column("analysis_id", Text, ForeignKey("analysis.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("data", sa.LargeBinary, nullable=False),  # a PNG or JPEG that this app encoded
)

#: Preferences that are about one manuscript and are deleted for good with it: each is called by
#: its kind, a hyphen and the manuscript's id.
OF_MANUSCRIPT = ("intended", "permission")

preference = Table(
    "preference",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

sa.Index("call_queue", call.c.state, call.c.queued)
sa.Index(
    "manuscript_listed",
    manuscript.c.owner,
    manuscript.c.deleted,
    manuscript.c.created,
    manuscript.c.unit,
    manuscript.c.words,
)

#: Calls with the analysis of each, and with the series that this is in, if any.
all_calls = call.join(analysis).outerjoin(series, series.c.id == analysis.c.series_id)
