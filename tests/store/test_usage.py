"""What an administrator sees of the users: how much, and never a title or a text."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from components.engine import Text
from components.store import State, Store
from tests.store.making import (
    SECRET,
    WAY,
    WHALE,
    claimed,
    finished,
    moments,
    question,
)


def test_how_much_each_user_uses_and_no_text(store: Store) -> None:
    assert store.usage() == []
    for owner in ("beth", "anna"):
        shelf = store.shelf(owner)
        kept = shelf.manuscripts.keep(replace(WHALE, title=f"{owner}'s secret"))
        shelf.analyses.begin(question(kept, title=f"{owner}'s secret"))
        end = finished(prompt_eval_count=30, eval_count=12, total_duration=2_500_000_000)
        store.calls.end(claimed(store), State.DONE, moments(*WAY, Text(SECRET), end), at=9.0)
    store.shelf("anna").analyses.begin(question(kept))
    anna, beth = store.usage()
    assert (anna.owner, anna.manuscripts, anna.words) == ("anna", 1, WHALE.words)
    assert (anna.analyses, anna.calls) == (2, 1)
    assert (beth.analyses, beth.calls, beth.tokens_read, beth.tokens_written) == (1, 1, 30, 12)
    assert beth.seconds == 2.5
    assert beth.last is not None
    shown = json.dumps([asdict(anna), asdict(beth)], default=str)
    assert not [one for one in (SECRET, "secret", "Whale") if one in shown]
