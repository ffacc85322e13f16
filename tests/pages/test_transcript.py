"""A call's text on the page: where later attempts stand, and what becomes of earlier ones."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def columns() -> None:
    """Two columns, each with a text; the first is asked again after the second was made."""
    import streamlit as st

    from components.engine import Text
    from components.errors import ModelRepeated
    from components.store import Failed, JournalEntry, State, StateChanged
    from components.ui.answer.growing_text import Transcript

    left, right = st.columns(2)
    with left:
        first = Transcript()
    with right:
        second = Transcript()
    happened = {
        "stopped": [StateChanged(State.STOPPED)],
        "repeated": [Failed(ModelRepeated("It went round.")), StateChanged(State.FAILED)],
    }[st.session_state["how"]]
    for number, (attempt, event) in enumerate(
        [(1, Text("Before.")), *((1, one) for one in happened), (2, Text("After."))]
    ):
        first.add(JournalEntry(number, 1.0, attempt, event))
    second.add(JournalEntry(1, 1.0, 1, Text("Beside.")))
    for transcript in (first, second):
        transcript.finish()


def shown(how: str) -> AppTest:
    app = AppTest.from_function(columns)
    app.session_state["how"] = how
    app.run()
    assert not app.exception
    return app


def texts(block: object) -> list[str]:
    return [one.proto.body for one in block.get("html")]  # type: ignore[attr-defined]


def test_a_later_attempt_stays_in_the_place_of_the_first() -> None:
    app = shown("stopped")
    left, right = app.columns
    said = "".join(texts(left))
    assert said.index("Before.") < said.index("Interrupted") < said.index("After.")
    assert "Beside." in "".join(texts(right))
    assert texts(app.main) == texts(left) + texts(right)


def test_an_attempt_that_was_no_use_is_folded_and_kept() -> None:
    app = shown("repeated")
    left, _ = app.columns
    (folded,) = left.expander
    assert "Before." in "".join(texts(folded))
    assert "After." not in "".join(texts(folded))
    assert sum("Before." in one for one in texts(left)) == 1
    assert "After." in "".join(texts(left))
