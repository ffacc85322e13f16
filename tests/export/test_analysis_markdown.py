from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.engine import Options, Statistics
from components.evidence import Evidence, Finding
from components.export import to_markdown
from components.store import Analysis, CallOutcome, State
from tests.export.hostile import HOSTILE
from tests.export.test_report_markdown import NEVER, VIEWER, headings, kinds
from tests.store.making import question


def analysis(**changes: str) -> Analysis:
    return Analysis(
        id="a",
        name="An analysis",
        question=question(words=1234, **changes),
        created=datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
        call_id="c",
        state=State.DONE,
        attempt=1,
        ended=None,
    )


def exported(state: State, *texts: str, statistics: Statistics | None = None) -> str:
    outcome = CallOutcome(text="".join(texts), statistics=statistics, state=state)
    return to_markdown(analysis(), outcome)


def test_where_it_comes_from_and_then_what_was_written() -> None:
    statistics = Statistics(
        model="scripted:1b",
        num_ctx=8192,
        done_reason="stop",
        prompt_eval_count=12_345,
        eval_count=1_500,
    )
    text = exported(State.DONE, "## Plot\n\n", "It *works*.\n", statistics=statistics)
    assert text == (
        "# Storyteller's analysis: The Whale\n"
        "\n"
        "- Manuscript: The Whale (the whole manuscript, 1,234 words)\n"
        "- Question: Storyteller's analysis\n"
        "- Model: scripted:1b\n"
        "- Date: 2026-03-01 09:05 UTC\n"
        "- State: finished\n"
        "- done_reason: stop\n"
        "- Tokens read: 12,345\n"
        "- Tokens written: 1,500\n"
        "\n"
        "---\n"
        "\n"
        "### Plot\n\nIt *works*.\n"
    )


def test_nothing_that_a_model_or_a_manuscript_says_does_anything() -> None:
    title = "<img src=x onerror=alert(1)> ![x](https://evil.example/p.png)\n# Title"
    one = analysis(title=title, lens="<b>L</b> [a](https://evil.example)", model="m<i>|`")
    found = Evidence((Finding("<s>“![x](https://evil.example)”</s>", 0, 4, "quotation", 4, False),))
    text = to_markdown(one, CallOutcome(text=HOSTILE, state=State.DONE), found)
    assert not kinds(text) & NEVER
    assert not re.search(r"https?://evil|www\.evil|e@evil", re.sub("`[^`\n]+`", "", text))
    first, *others = headings(text)
    assert first[0] == "h1"
    assert [said for tag, said in others if tag in ("h1", "h2")] == ["Quotations checked"]
    assert ("h3", "Confidentiality sheet") in others


def test_an_answer_in_json_is_shown_as_it_is() -> None:
    one = analysis()
    asked = replace(one.question, options=Options(format="json"))
    said = '{"first": ["*a*", "```", "<b>"]}'
    text = to_markdown(replace(one, question=asked), CallOutcome(text=said, state=State.DONE))
    (block,) = [each for each in VIEWER.parse(text) if each.type == "fence"]
    assert block.content == f"{said}\n"


def test_figures_that_are_not_known_are_left_out() -> None:
    text = exported(State.STOPPED, "Once")
    assert "done_reason" not in text
    assert "Tokens" not in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.STOPPED, "stopped before its end"),
        (State.FAILED, "broken off by an error"),
        (State.INTERRUPTED, "interrupted"),
        (State.STOPPING, "still running"),
        (State.QUEUED, "still running"),
    ],
)
def test_an_answer_that_is_not_whole_says_so(state: State, said: str) -> None:
    text = exported(state, "Once")
    assert f"- State: {said}\n" in text
    assert text.endswith("\n---\n\nOnce\n")


def test_pictures_alone_are_not_called_a_manuscript() -> None:
    one = analysis(manuscript_id="", title="cover.png")
    text = to_markdown(one, CallOutcome(text="A sky.", state=State.DONE))
    assert "- Pictures: cover.png\n" in text
    assert "Manuscript" not in text
