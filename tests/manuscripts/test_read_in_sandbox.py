from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict

import pytest

from components.errors import (
    DamagedFile,
    EmptyFile,
    LimitReached,
    ManuscriptError,
    PasswordRequired,
    WrongPassword,
)
from components.manuscripts import Limits, Manuscript, read, sample
from components.sandbox import process
from components.sandbox.protocol import pack
from components.settings import PROJECT
from tests.manuscripts.making import SHARED, manuscript, pdf

pytestmark = pytest.mark.sandbox

NOVEL = b"Chapter 1\n\n" + b"The rain had not stopped. " * 20_000


def test_a_text():
    one = read(b"Chapter 1\n\nOne.\n\nChapter 2\n\nTwo.", name="a.txt")
    assert isinstance(one, Manuscript)
    assert [chapter.words for chapter in one.chapters] == [1, 1]


def test_passwords_go_through():
    locked = pdf([["Some text."]], password="foo", owner="bar")
    with pytest.raises(PasswordRequired):
        read(locked, name="a.pdf")
    with pytest.raises(WrongPassword) as caught:
        read(locked, name="a.pdf", password="no")
    assert caught.value.advice == WrongPassword.default_advice
    assert read(locked, name="a.pdf", password="foo").text == "Some text."


def test_empty_and_too_large_start_no_process(monkeypatch):
    monkeypatch.setattr(process, "start", None)
    with pytest.raises(EmptyFile):
        read(b"", name="a.txt")
    with pytest.raises(LimitReached, match="The file has 3 MB, more than the 2 MB"):
        read(bytes(3_000_000), name="a.txt", limits=Limits(file_bytes=2_000_000))


def test_a_clock_that_runs_out_kills_the_worker():
    with pytest.raises(LimitReached, match=r"longer than 0\.01 seconds"):
        read(NOVEL, name="a.txt", limits=Limits(seconds=0.01))


def test_progress_comes_in_the_callers_thread():
    told = []
    one = read(
        pdf([["Some text."]] * 5),
        name="a.pdf",
        on_progress=lambda done, total: told.append((done, total, threading.get_ident())),
    )
    assert one.page_count == 5
    assert told[-1] == (5, 5, threading.get_ident())


def test_a_caller_that_has_enough_ends_the_reading():
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        read(pdf([["Some text."]] * 5), name="a.pdf", on_progress=stop)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit address space")
def test_memory_that_runs_out():
    with pytest.raises(LimitReached, match="memory"):
        read(b"\xff\xfe" + NOVEL * 4, name="a.txt", limits=Limits(memory_bytes=40_000_000))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import os; os.kill(os.getpid(), 11)", DamagedFile),
        ("import os; os.kill(os.getpid(), 9)", LimitReached),
        ("import os; os.abort()", DamagedFile),
        ("raise ValueError", DamagedFile),
        ("print('secret text')", DamagedFile),
        ("print('{\"result\": {}}')", DamagedFile),
        ('print(\'{"result": {"title": "secret"}}\')', DamagedFile),
        ("", DamagedFile),
        ("import time; time.sleep(60)", LimitReached),
        ("\nwhile True: pass", LimitReached),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_dies(workers, code, error):
    workers(code)
    with pytest.raises(error) as caught:
        read(NOVEL, name="a.txt", limits=Limits(seconds=1.0))
    assert type(caught.value) is error
    assert caught.value.advice
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(caught.value.__cause__)


def test_no_room_for_a_process(monkeypatch):
    def refuse(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(LimitReached, match="no room"):
        read(b"words", name="a.txt")


def test_reads_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read(b"words", name="a.txt").words == 1
    assert list(tmp_path.iterdir()) == []


def test_reads_at_the_same_time():
    words = []
    threads = [
        threading.Thread(target=lambda: words.append(read(NOVEL, name="a.txt").words))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words == [100_002] * 4


def test_the_worker_imports_little():
    code = (
        "import sys, components.sandbox.child_process, components.manuscripts.parse;"
        "print([name for name in ('streamlit', 'pandas', 'pypdf', 'chardet', 'httpx', 'ollama')"
        " if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=True)
    assert out.stdout.strip() == b"[]"


def test_fifty_megabytes_in_one_line():
    line = b"A novel without an end. "
    data = (line * (50_000_000 // len(line) + 1))[:50_000_000]
    with pytest.raises(LimitReached, match="characters"):
        read(data, name="txt_50MB_one_line.txt")


def test_sample():
    name, data = sample()
    one = read(data, name=name)
    assert (one.title.title(), len(one.chapters), one.warnings) == ("The Time Machine", 1, ())
    assert one.words == 3018


def hostile() -> list[dict[str, str]]:
    expected = SHARED / "hostile" / "expected.json"
    if not expected.is_file():
        return []
    return list(json.loads(expected.read_text())["files"].values())


def outcome_of(data: bytes, name: str) -> Manuscript | ManuscriptError:
    try:
        return read(data, name=name)
    except ManuscriptError as error:
        return error


@pytest.mark.shared
def test_there_are_hostile_files(shared):
    assert len(hostile()) > 50


@pytest.mark.shared
@pytest.mark.parametrize("case", hostile(), ids=lambda case: case["file"])
def test_hostile(shared, case, watch):
    name = case["file"]
    file = shared / "hostile" / name
    if not file.is_file():
        assert name == "txt_50MB_one_line.txt"  # made in a test of its own
        return
    outcome = case["outcome"]
    got = outcome_of(file.read_bytes(), name)
    assert watch.seen() == []  # no connection, no look-up, no file written, no program started
    if isinstance(got, ManuscriptError):
        assert str(got)
        assert got.advice
    if outcome == "read":
        assert isinstance(got, Manuscript)
        assert got.text.strip()
    elif outcome == "reject":
        assert isinstance(got, ManuscriptError)
        assert "failed" not in str(got)  # a crash of the worker
    elif outcome == "ask_password":
        assert type(got) is PasswordRequired
    else:
        assert outcome in ("read_partial_or_reject", "reject_or_read", "read_or_ask_password")
        assert isinstance(got, Manuscript | ManuscriptError)
        assert not (isinstance(got, ManuscriptError) and "failed" in str(got))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "password"),
    [("pdf_enc_r6-both-passwords.pdf", "foo"), ("pdf_enc_r6-both-passwords.pdf", "bar")],
)
def test_hostile_passwords(shared, name, password):
    data = (shared / "hostile" / name).read_bytes()
    assert read(data, name=name, password=password).text
    with pytest.raises(WrongPassword):
        read(data, name=name, password="wrong")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("txt_utf32le_bom.txt", "utf-32"),
        ("txt_fr_latin1.txt", "latin-1"),
        ("txt_fr_cp1252.txt", "cp1252"),
        ("txt_fr_cp850.txt", "cp850"),
        ("txt_ru_cp1251.txt", "cp1251"),
        ("txt_ja_shiftjis.txt", "shift_jis"),
        ("txt_ja_eucjp.txt", "euc_jp"),
        ("txt_zh_gb18030.txt", "gb18030"),
    ],
)
def test_hostile_encodings(shared, name, encoding):
    data = (shared / "hostile" / name).read_bytes()
    assert read(data, name=name).text.split() == data.decode(encoding).split()


@pytest.mark.shared
def test_hostile_details(shared):
    def one(name: str) -> Manuscript:
        return read((shared / "hostile" / name).read_bytes(), name=name)

    lines = one("txt_cr_only.txt")
    assert [chapter.heading for chapter in lines.chapters] == ["1", "2", "3"]
    hidden = one("txt_bidi_zero_width.txt")
    assert hidden.chapters[0].heading == "Chapter One"
    assert len(hidden.warnings) == 2
    assert "\x1b" not in one("txt_ansi_escapes.txt").text
    assert "\ufffd" not in one("txt_mixed_utf8_cp1252.txt").text
    assert len(one("txt_prompt_injection.txt").chapters) == 2
    assert len(one("txt_regex_trap.txt").chapters) <= 1
    assert "20,000 headings" in one("txt_20000_headings.txt").warnings[0]
    assert "&lt;b&gt;" in one("txt_html_inside.txt").text
    assert one("pdf_count_lies.pdf").page_count == 1


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["the-time-machine", "frankenstein", "le-tour-du-monde", "pride-and-prejudice"]
)
def test_corpus_pdf(shared, name):
    folder = shared / "corpus" / name
    truth = json.loads((folder / "truth.json").read_text())
    one = read((folder / "builds" / "book.pdf").read_bytes(), name="book.pdf")
    headed = [chapter for chapter in one.chapters if chapter.heading != "Front matter"]
    assert one.title == truth["title"]
    assert len(headed) == len(truth["chapters"])
    for chapter, true in zip(headed, truth["chapters"], strict=True):
        head = "".join(one.text[chapter.start : chapter.start + 800].split()).replace("-", "")
        first = "".join(true["first_words"].split()).replace("-", "")
        assert first[:25] in head
        assert abs(chapter.words - true["words"]) < 0.05 * true["words"] + 30


def test_a_manuscript_comes_back(workers):
    sent = manuscript(warnings=("Öne “warning”.",), text="héllo \u2028 𝔘")
    workers(f"import sys; sys.stdout.buffer.write({pack({'result': asdict(sent)})!r})")
    assert read(b"words", name="a.txt") == sent
