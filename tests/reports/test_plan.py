"""Plans: nothing is cut, everything fits, every character is in exactly one passage."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from components.analysis import Lens, ask, lens, lenses
from components.analysis import prompts as asking
from components.engine import Model, Options
from components.errors import ContextExceeded, LensError
from components.manuscripts import Manuscript
from components.reports import LENGTHS, Depth, Plan, ReadingRequest, plan, story_chapters
from components.retrieval import retriever_of
from components.store import EarlierAnswer, Kind, Offer, PromptInputs, State, Store
from tests.reports.desk import book

MODEL = Model("m", "d" * 64, 1, "", "", "", 8192, frozenset(), None)


def words(text: str) -> int:
    return len(text.split())


def order(manuscript: Manuscript, **changes: object) -> ReadingRequest:
    asked = ReadingRequest("id", MODEL, (lens(),), story_chapters(manuscript), num_ctx=2560)
    return replace(asked, **changes)  # type: ignore[arg-type]


def planned(manuscript: Manuscript, **changes: object) -> Plan:
    return plan(manuscript, order(manuscript, **changes), count=words)


def longest(made: Plan, manuscript: Manuscript) -> int:
    """The most words that any call can come to: its prompt, with the longest notes, and answer."""
    most = 0
    for step in made.steps:
        notes = tuple(
            EarlierAnswer(
                replace(made.steps[at].question, part="digest"),
                "w " * made.steps[at].question.options.num_predict,
            )
            for at in step.needs
        )
        call = ask(step.question, PromptInputs(manuscript, notes=notes))
        most = max(most, words(call.prompt) + step.question.options.num_predict)
    return most


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize(("chapters", "long"), [(1, 4000), (5, 600), (40, 900), (3, 9000)])
def test_whatever_is_asked_fits_the_context(depth: Depth, chapters: int, long: int) -> None:
    manuscript = book(chapters, words=long)
    made = planned(manuscript, depth=depth, lenses=lenses()[:3], num_ctx=4096)
    assert longest(made, manuscript) <= 4096
    assert max(one.tokens for one in made.passages) <= 4096


@pytest.mark.parametrize(("chapters", "long"), [(5, 600), (2, 9000)])
def test_every_character_is_in_exactly_one_passage(chapters: int, long: int) -> None:
    manuscript = book(chapters, words=long)
    made = planned(manuscript)
    at = manuscript.chapters[0].start
    for one in made.passages:
        assert one.start == at
        at = one.end
    assert at == len(manuscript.text)
    assert {step.question.ranges for step in made.steps if step.question.passage} == {
        ((one.start, one.end),) for one in made.passages
    }


def test_a_long_chapter_is_cut_between_scenes_where_it_has_any() -> None:
    scenes = [" ".join([f"Scene {one} goes on."] * 150) for one in range(6)]
    text = "Chapter 1\n\n" + "\n\n* * *\n\n".join(scenes) + "\n\nChapter 2\n\nThe end came soon."
    from components.manuscripts import read

    manuscript = read(text.encode(), name="book.txt")
    assert len(manuscript.chapters[0].scenes) == 5
    made = planned(manuscript)
    first = [one for one in made.passages if one.chapters == (1,)]
    assert len(first) > 1
    assert {one.start for one in first[1:]} <= set(manuscript.chapters[0].scenes)
    assert first[1].name == f"Chapter 1, passage 2 of {len(first)}"


def test_all_questions_to_a_passage_follow_each_other() -> None:
    made = planned(book(), lenses=lenses()[:3])
    asked = [one.question.passage for one in made.steps if one.question.passage]
    assert asked == sorted(asked)
    assert asked.count(1) == 4
    shared = {one.passage for one in made.steps if one.question.passage == 2}
    assert shared == {"2"}


def test_their_prompts_begin_with_the_same_bytes() -> None:
    manuscript = book()
    made = planned(manuscript, lenses=lenses()[:3])
    second = [one for one in made.steps if one.question.passage == 2]
    prompts = [ask(one.question, PromptInputs(manuscript)).prompt for one in second]
    told = prompts[0].partition("Which of its")[0]
    assert "On day 2" in told
    assert all(one.startswith(told) for one in prompts)


def test_a_passage_is_read_for_itself() -> None:
    made = planned(book())
    assert not [one for one in made.steps if one.question.passage and one.needs]


def test_notes_that_do_not_fit_are_joined_over_more_than_one_level() -> None:
    manuscript = book(60, words=900)
    made = planned(manuscript, lenses=lenses()[:2])
    digests = [one for one in made.steps if one.question.part == "digest"]
    reports = [one for one in made.steps if one.question.part == "report"]
    assert len(reports) == 2
    assert any(made.steps[at].question.part == "digest" for one in digests for at in one.needs)
    for one in reports:
        assert one.question.chapters == tuple(range(1, 61))
        assert longest(made, manuscript) <= 2560
    assert digests[0].question.scope.startswith("Chapter 1 to Chapter ")


def test_every_note_reaches_its_report() -> None:
    made = planned(book(60, words=900), lenses=lenses()[:2])

    def behind(at: int) -> set[int]:
        below = made.steps[at].needs if not made.steps[at].question.passage else ()
        return {at} | {one for some in below for one in behind(some)}

    for at, one in enumerate(made.steps):
        if one.question.part == "report":
            noted = {
                number
                for number, note in enumerate(made.steps)
                if note.question.part == "findings" and note.question.lens == one.question.lens
            }
            assert noted <= behind(at)


def test_front_matter_is_left_out_unless_it_is_chosen() -> None:
    manuscript = book(3)
    first = replace(manuscript.chapters[0], kind="front")
    with_front = replace(manuscript, chapters=(first, *manuscript.chapters[1:]))
    assert story_chapters(with_front) == (2, 3)
    assert all(one.chapters != (1,) for one in planned(with_front).passages)


def test_a_text_without_chapters_is_read_in_passages() -> None:
    text = "\n\n".join(["It rained on the quiet town, and nobody minded much."] * 400)
    manuscript = Manuscript("T", text, (), "txt", "a" * 64, "utf-8", None, ())
    made = planned(manuscript)
    assert len(made.passages) > 1
    assert made.passages[0].name == f"passage 1 of {len(made.passages)}"
    assert made.passages[-1].end == len(text)


def test_long_headings_and_lenses_have_their_room_too() -> None:
    manuscript = book(40)
    long = tuple(
        replace(one, heading=" ".join([f"heading{one.index}"] * 60)) for one in manuscript.chapters
    )
    titled = replace(manuscript, chapters=long)
    made = planned(titled, num_ctx=4096)
    assert longest(made, titled) <= 4096
    wordy = Lens("own", "Own", "Who? " * 1500, is_own=True)
    with pytest.raises(ContextExceeded):
        planned(titled, lenses=(wordy,), num_ctx=2560)


def test_chapters_without_text_are_not_asked_about() -> None:
    manuscript = book(3)
    second, third = manuscript.chapters[1:]
    text = manuscript.text[: second.start] + manuscript.text[third.start :]
    gone = second.end - second.start
    chapters = (
        manuscript.chapters[0],
        replace(second, end=second.start, words=0),
        replace(third, start=second.start, end=third.end - gone, body_start=second.start),
    )
    made = planned(replace(manuscript, text=text, chapters=chapters))
    assert {one.chapters for one in made.passages} <= {(1,), (3,), (1, 2, 3)}


def test_a_model_that_can_think_is_asked_not_to() -> None:
    thinks = replace(MODEL, capabilities=frozenset({"completion", "thinking"}))
    for model, think in ((MODEL, None), (thinks, False)):
        made = planned(book(), model=model)
        assert {one.question.options.think for one in made.steps} == {think}


def test_where_there_is_no_room_it_says_what_it_needs() -> None:
    with pytest.raises(ContextExceeded) as raised:
        planned(book(), num_ctx=1024)
    assert raised.value.needed > raised.value.available == 1024


class TestKeys:
    def keys(self, manuscript: Manuscript, **changes: object) -> list[str]:
        return [one.key for one in planned(manuscript, **changes).steps]

    def test_the_same_question_to_the_same_text_has_the_same_key(self) -> None:
        assert self.keys(book()) == self.keys(book())
        assert self.keys(book()) == self.keys(book(), manuscript_id="other", num_ctx=2600)

    def test_another_model_option_or_question_has_another(self) -> None:
        usual = set(self.keys(book()))
        other = replace(MODEL, digest="e" * 64)
        asked = Lens("own", "Own", "What is it about?", is_own=True)
        from components.engine import Options

        assert not usual & set(self.keys(book(), model=other))
        assert not usual & set(self.keys(book(), options=Options(temperature=0.5)))
        notes = {
            one.key
            for one in planned(book(), lenses=(asked,)).steps
            if one.question.part in ("findings", "report")
        }
        assert not usual & notes

    def test_a_change_of_one_chapter_changes_its_keys_and_the_reports(self) -> None:
        manuscript = book()
        at = manuscript.text.index("On day 3")
        text = manuscript.text[:at] + "In day 3" + manuscript.text[at + 8 :]
        before, after = planned(manuscript), planned(replace(manuscript, text=text))
        changed = [
            (one.question.part, one.question.passage)
            for one, two in zip(before.steps, after.steps, strict=True)
            if one.key != two.key
        ]
        assert changed == [("findings", 3), ("scores", 3), ("digest", 0), ("report", 0)]

    def test_what_is_asked_anew_has_the_same_and_takes_no_other_answer(self) -> None:
        made = planned(book(), is_anew=True)
        assert [one.key for one in made.steps] == self.keys(book())
        assert not any(one.is_there({one.key}) for one in made.steps)
        assert all(one.is_there({one.key}) for one in planned(book()).steps)


def test_what_it_takes_is_told() -> None:
    manuscript = book()
    made = planned(manuscript, lenses=lenses()[:2])
    assert made.book_tokens == sum(one.tokens for one in made.passages)
    assert made.read_tokens > made.book_tokens
    lengths = LENGTHS[Depth.STANDARD]
    each = 2 * lengths.findings + lengths.scores
    assert made.answer_tokens >= 5 * each + 2 * lengths.report
    assert made.seconds(None) is None
    assert made.seconds((100.0, 10.0)) == made.read_tokens / 100 + made.answer_tokens * 2 / 3 / 10


def test_a_lens_with_a_form_asks_every_chapter_for_it() -> None:
    form = json.dumps({"type": "object"})
    own = Lens("own", "Own", "List the names.", form, is_own=True)
    made = planned(book(), lenses=(own,))
    asked = {
        (one.question.part, one.question.options.format)
        for one in made.steps
        if one.question.lens == "Own"
    }
    assert asked == {("notes", form), ("digest", None), ("report", None)}


def test_every_text_that_an_editor_reads_is_in_the_language_of_choice() -> None:
    made = planned(book(), language="German")
    parts = {one.question.part for one in made.steps}
    assert parts == {"findings", "scores", "digest", "report"}
    assert all("in German" in one.question.prompt for one in made.steps)


@pytest.mark.parametrize(
    "changes", [{"title": "Storyteller", "name": "a"}, {"title": "A", "name": "storyteller"}]
)
def test_lenses_that_could_not_be_told_apart_are_refused(changes: dict[str, str]) -> None:
    first = replace(lens(), title="Storyteller", name="storyteller")
    with pytest.raises(LensError, match="told apart"):
        planned(book(), lenses=(first, replace(first, **changes)))
    with pytest.raises(LensError, match="no lens"):
        planned(book(), lenses=())


def test_what_a_model_is_told_beforehand_is_part_of_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = [one.key for one in planned(book()).steps]
    assert before == [one.key for one in planned(book()).steps]
    monkeypatch.setattr(asking, "_SYSTEM", "Read with care.")
    after = planned(book()).steps
    asked = [at for at, one in enumerate(after) if one.question.ranges]
    assert asked
    assert not [at for at in asked if before[at] == after[at].key]


def test_what_was_answered_before_takes_nothing() -> None:
    whole = planned(book(4))
    assert whole.without(frozenset()) is whole
    rest = whole.without(frozenset({0, 1}))
    assert rest.steps == whole.steps
    assert 0 < rest.read_tokens < whole.read_tokens
    assert rest.answer_tokens == sum(step.question.options.num_predict for step in whole.steps[2:])
    nothing = whole.without(frozenset(range(len(whole.steps))))
    assert (nothing.read_tokens, nothing.answer_tokens) == (0, 0)


def test_options_that_do_not_hold_are_named() -> None:
    assert planned(book(2)).remarks == []
    options = Options(num_ctx=9000, num_predict=7, format="json")
    formed = replace(lens(), schema='{"type": "object"}')
    context, form, unused = planned(book(2), options=options, lenses=(formed,)).remarks
    assert "9,000" in context
    assert "2,560" in context
    assert formed.title in form
    assert "longest answer and the format" in unused


def test_two_thousand_chapters_are_planned_kept_and_searched(tmp_path: Path) -> None:
    manuscript = book(2000, words=15)
    assert len(manuscript.chapters) == 2000
    made = planned(manuscript)
    assert [one.number for one in made.passages] == list(range(1, 2001))
    (hit,) = retriever_of(manuscript).search("What happened on day 1999?", 1)
    assert "On day 1999 " in manuscript.text[hit.start : hit.end]
    with closing(Store(tmp_path / "data" / "first-reader.sqlite")) as store:
        shelf = store.shelf()
        kept = shelf.manuscripts.keep(manuscript)
        assert shelf.manuscripts.get(kept) == manuscript
        steps = [
            replace(one, question=replace(one.question, manuscript_id=kept)) for one in made.steps
        ]
        report = shelf.series.begin(Kind.REPORT, steps, name="r", manuscript_id=kept)
        first = store.calls.claim("worker", [Offer("http://one:11434", 1)])
        assert first is not None
        assert first.question.passage == 1
        store.control.stop(report.id)
        store.calls.give_back(first, [], at=1.0)
        store.control.again(report.id)
        waiting = shelf.analyses.in_series(report.id)
        assert {one.state for one in waiting} == {State.QUEUED}
        assert len(waiting) == len(steps)
