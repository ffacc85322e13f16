from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from components.analysis import OwnLenses, lens
from components.analysis import own_lenses as module
from components.application import own_lenses
from components.errors import LensError, UnknownLens
from components.settings import Settings


@pytest.fixture
def own(tmp_path: Path) -> OwnLenses:
    return OwnLenses(tmp_path / "data" / "lenses")


def put(own: OwnLenses, name: str, data: bytes = b"# By hand\n\nWho?\n") -> Path:
    own.folder.mkdir(parents=True, exist_ok=True)
    path = own.folder / name
    path.write_bytes(data)
    return path


def reasons(own: OwnLenses) -> dict[str, str]:
    return {one.file: str(one.error) for one in own.problems()}


def test_there_are_none_and_no_folder_before_the_first(own: OwnLenses) -> None:
    assert own.all() == ()
    assert own.problems() == ()
    assert not own.folder.exists()


def test_what_was_saved_is_there_for_everybody_who_looks(own: OwnLenses) -> None:
    kept = own.save(" Who  speaks? ", "List them.\n", '{"type": "object"}')
    assert (kept.name, kept.title, kept.prompt) == ("who-speaks", "Who speaks?", "List them.")
    assert kept.is_own
    assert OwnLenses(own.folder).all() == (kept,)
    assert own.get("who-speaks") == kept


def test_nobody_else_may_read_them(own: OwnLenses) -> None:
    put(own, "open.md").chmod(0o644)
    own.folder.chmod(0o755)
    own.save("A", "Who?")
    own.save("Open", "Who?", name="open")
    assert own.folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in own.folder.iterdir()} == {0o600}
    own.delete("a")
    assert (own.folder / "deleted").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Größe & Würde", "größe-würde"),
        ("物語の構造", "物語の構造"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc/passwd", "etc-passwd"),
        ("???", "lens"),
        ("Dialogue", "dialogue-2"),  # The first is that of a shipped lens.
        ("ﬁne Ｔitle", "fine-title"),
    ],
)
def test_a_title_in_any_script_makes_a_name(own: OwnLenses, title: str, name: str) -> None:
    kept = own.save(title, "Who?")
    assert (kept.name, kept.title) == (name, title)
    assert own.all() == (kept,)


def test_the_longest_title_makes_a_name_that_a_disk_takes(own: OwnLenses) -> None:
    names = {own.save("𝟘𐐷" * 60, "Who?").name for _ in range(3)}
    assert len(names) == 3
    assert own.delete(min(names)) == min(names)


def test_two_of_one_title_are_two(own: OwnLenses) -> None:
    first, second = own.save("A", "One?"), own.save("A", "Two?")
    assert (first.name, second.name) == ("a", "a-2")
    assert [one.prompt for one in own.all()] == ["One?", "Two?"]


def test_saved_at_the_same_moment_none_overwrites_another(own: OwnLenses) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: own.save("A", f"{number}?"), range(24)))
    assert {one.prompt for one in own.all()} == {f"{number}?" for number in range(24)}
    assert len({one.name for one in kept}) == 24


def test_only_its_name_replaces_a_lens_and_a_new_title_does_not_move_it(own: OwnLenses) -> None:
    first = own.save("A", "One?")
    changed = own.save("B", "Two?", name=first.name)
    assert changed.name == first.name
    assert own.all() == (changed,)
    assert [one.name for one in own.folder.iterdir()] == ["a.md"]


def test_a_change_leaves_the_short_question_of_a_file_as_it_was(own: OwnLenses) -> None:
    put(own, "hand.md", b"# By hand\n\n> Who is here?\n\nWho?\n")
    changed = own.save("By hand", "Who, and why?", name="hand")
    assert (changed.prompt, changed.of_chapter) == ("Who, and why?", "Who is here?")
    assert own.all() == (changed,)


def test_a_file_that_was_no_lens_can_be_replaced_by_one(own: OwnLenses) -> None:
    put(own, "hand.md", b"no title")
    assert own.save("A", "Who?", name="hand").of_chapter == ""
    assert [one.prompt for one in own.all()] == ["Who?"]


@pytest.mark.parametrize(
    ("title", "prompt", "schema"),
    [
        ("", "Who?", None),
        ("A", "> Who?", None),
        (" \n", "Who?", None),
        ("A", " ", None),
        ("A", "Who?", "no schema"),
        ("A", "Who?\n## Answer as JSON\n```json\n{}\n```", None),
        ("A", "a" * 20_001, None),
        ("A", "half a letter: \ud800", None),
    ],
)
def test_what_is_no_lens_is_refused_and_leaves_nothing(
    own: OwnLenses, title: str, prompt: str, schema: str | None
) -> None:
    with pytest.raises(LensError) as raised:
        own.save(title, prompt, schema)
    assert raised.value.advice
    assert not own.folder.exists()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a", "a/b", "a\\b", "/etc/passwd", ".hidden", "a\0", "a\nb"]
)
def test_a_name_never_leads_out_of_the_folder(own: OwnLenses, name: str) -> None:
    put(own, "../a.md")
    acts = (own.get, own.delete, own.restore, lambda one: own.save("A", "Who?", name=one))
    for act in acts:
        with pytest.raises(LensError, match="cannot be the name"):
            act(name)
    assert (own.folder.parent / "a.md").read_bytes() == b"# By hand\n\nWho?\n"


def test_a_link_is_neither_read_nor_written_through(own: OwnLenses, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nNobody's business.\n", encoding="utf-8")
    own.folder.mkdir(parents=True)
    (own.folder / "link.md").symlink_to(secret)
    assert own.all() == ()
    assert "a link" in reasons(own)["link.md"]
    with pytest.raises(LensError, match="a link"):
        own.get("link")
    with pytest.raises(LensError, match="a link"):
        own.save("A", "Who?", name="link")
    assert "Secret" in secret.read_text(encoding="utf-8")
    assert not list(own.folder.glob(".*"))


def test_deleted_ones_go_nowhere_else(own: OwnLenses, tmp_path: Path) -> None:
    own.save("A", "Who?")
    (own.folder / "deleted").symlink_to(tmp_path)
    with pytest.raises(LensError, match="another place"):
        own.delete("a")
    assert own.get("a").title == "A"


def test_what_was_deleted_comes_back(own: OwnLenses) -> None:
    kept = own.save("A", "Who?", "{}")
    gone = own.delete(kept.name)
    assert own.all() == ()
    assert own.restore(gone) == kept.name
    assert own.all() == (kept,)


def test_nothing_deleted_is_ever_lost(own: OwnLenses) -> None:
    own.save("A", "One?")
    first = own.delete("a")
    own.save("A", "Two?")
    second = own.delete("a")
    own.save("A", "Three?")
    assert own.get(own.restore(first)).prompt == "One?"
    assert own.get(own.restore(second)).prompt == "Two?"
    assert {one.prompt for one in own.all()} == {"One?", "Two?", "Three?"}


def test_what_another_window_deleted_is_gone(own: OwnLenses) -> None:
    own.save("A", "Who?")
    own.delete("a")
    for act in (own.get, own.delete):
        with pytest.raises(UnknownLens):
            act("a")
    with pytest.raises(UnknownLens):
        own.restore("b")


def test_files_put_there_by_hand_are_read(own: OwnLenses) -> None:
    put(own, "My own.md", b"\xef\xbb\xbf# By hand\r\n\r\nWho?\r\n")
    (kept,) = own.all()
    assert (kept.name, kept.title, kept.prompt) == ("My own", "By hand", "Who?")
    put(own, "My own.md", b"# Von Hand\n\nWer?\n")
    assert own.get("My own").title == "Von Hand"


def test_one_named_as_a_shipped_lens_is_its_own(own: OwnLenses) -> None:
    put(own, "dialogue.md")
    (kept,) = own.all()
    assert kept.is_own
    assert kept.prompt != lens("dialogue").prompt


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.md", b"", "no title"),
        ("short.md", b"# Title\n", "asks nothing"),
        ("wide.md", "# A\n\nWho?".encode("utf-16"), "UTF-8"),
        ("latin.md", "# Größe\n\nWho?".encode("latin-1"), "UTF-8"),
        ("schema.md", b"# A\n\nWho?\n## Answer as JSON\n```json\nno\n```\n", "JSON object"),
        ("note.txt", b"# A\n\nWho?", "not a Markdown file"),
        ("long.md", b"# A\n" + b"a" * 200_000, "more than"),
        ("odd\u202e.md", b"# A\n\nWho?", "cannot be the name"),
    ],
)
def test_what_cannot_be_read_is_reported_and_hides_no_other(
    own: OwnLenses, name: str, data: bytes, said: str
) -> None:
    kept = own.save("Good", "Who?")
    put(own, name, data)
    assert own.all() == (kept,)
    assert list(reasons(own)) == [name]
    assert said in reasons(own)[name]


def test_a_file_that_is_not_text_on_this_disk_can_be_shown(own: OwnLenses) -> None:
    own.folder.mkdir(parents=True)
    try:
        Path(os.fsdecode(os.fsencode(own.folder) + b"/a\xff.md")).touch()
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    (problem,) = own.problems()
    assert problem.file.encode() == "a\ufffd.md".encode()


def test_what_is_no_file_is_not_waited_for(own: OwnLenses) -> None:
    own.folder.mkdir(parents=True)
    os.mkfifo(own.folder / "pipe.md")
    assert "not a file" in reasons(own)["pipe.md"]


def test_folders_hidden_files_and_copies_are_left_alone(own: OwnLenses) -> None:
    put(own, ".DS_Store", b"\0")
    put(own, "a.md~")
    (own.folder / "deadbeef").mkdir()
    assert own.all() == ()
    assert own.problems() == ()


def test_there_is_an_end_to_what_is_read(own: OwnLenses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LENSES", 2)
    for name in ("a", "b", "c"):
        put(own, f"{name}.md")
    assert [one.name for one in own.all()] == ["a", "b"]
    assert "no more are read" in reasons(own)["c.md"]
    with pytest.raises(LensError, match="no more can be kept"):
        own.save("D", "Who?")
    assert own.save("A", "Who?", name="a").title == "A"


def test_a_disk_that_is_full_changes_nothing(
    own: OwnLenses, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = own.save("A", "Who?")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    for name in (None, kept.name):
        with pytest.raises(LensError, match="No space left") as raised:
            own.save("A", "Someone else?", name=name)
        assert str(own.folder) not in str(raised.value)
    assert own.all() == (kept,)
    assert [one.name for one in own.folder.iterdir()] == ["a.md"]


def test_one_that_cannot_be_put_in_its_place_leaves_nothing_empty(
    own: OwnLenses, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = own.save("A", "Who?")

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(LensError, match="Permission denied"):
        own.save("B", "Who?")
    with pytest.raises(LensError, match="Permission denied"):
        own.delete("a")
    assert own.all() == (kept,)
    assert own.problems() == ()
    assert sorted(one.name for one in own.folder.rglob("*.*")) == ["a.md"]


def test_a_folder_that_is_none_is_said(own: OwnLenses) -> None:
    own.folder.parent.mkdir(parents=True)
    own.folder.touch()
    with pytest.raises(LensError, match="cannot be read"):
        own.all()
    with pytest.raises(LensError, match="could not be kept"):
        own.save("A", "Who?")


def test_users_have_folders_of_their_own_that_no_name_chooses() -> None:
    settings = Settings.from_environment()
    only = own_lenses(settings)
    assert only.folder == settings.data_folder / "lenses"
    others = [own_lenses(settings, name) for name in ("anna", "../anna", "deleted", "Ännä")]
    assert len({one.folder for one in others}) == 4
    for one in others:
        assert one.folder.parent == only.folder
        assert one.folder.name.isalnum()
    others[0].save("A", "Who?")
    assert only.all() == others[1].all() == ()
