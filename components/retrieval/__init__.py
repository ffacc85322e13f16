"""Passages of a manuscript for a question, found without a model.

All of it is made in memory from `evidence.Index`, in about a second for a novel: one way on SQLite
and on Postgres, nothing is stored, so nothing has to be deleted with a manuscript or made anew for
a draft. Public: `retriever_of`, whose `Retriever.search` returns `Hit`s, best first, and whose
`Retriever.unknown` says what the manuscript does not speak of.
"""

from components.retrieval.mentions import Mention, look_up
from components.retrieval.passages import Passage
from components.retrieval.retriever import Hit, Retriever, missing_words, retriever_of

__all__ = ["Hit", "Mention", "Passage", "Retriever", "look_up", "missing_words", "retriever_of"]
