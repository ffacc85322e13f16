"""The process that decodes: what goes in and out, and that it can die without harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from components.errors import (
    DamagedPicture,
    NotAPicture,
    PictureError,
    PictureTooLarge,
    TooManyPictures,
)
from components.pictures import PictureChange, PictureLimits, check_count, prepare
from components.sandbox import process
from components.sandbox.protocol import pack

from .making import bomb, halves, saved

pytestmark = pytest.mark.sandbox


def test_a_picture_comes_back_with_what_was_done() -> None:
    picture = prepare(saved(halves(2000, 1000), "WEBP"), name="cover ü.webp")
    assert picture.data.startswith(b"\xff\xd8\xff")
    assert (picture.name, picture.width, picture.height) == ("cover ü.webp", 1600, 800)
    assert (picture.original_width, picture.original_height) == (2000, 1000)
    assert picture.changes == (PictureChange.SMALLER,)


def test_an_error_comes_back_as_it_was() -> None:
    with pytest.raises(PictureTooLarge, match="20,000 × 5,000") as caught:
        prepare(bomb(20_000, 5_000), name="a.png")
    assert caught.value.advice == PictureTooLarge.default_advice


def test_no_picture_and_too_large_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "start", None)
    with pytest.raises(NotAPicture):
        prepare(b"words", name="a.png")
    with pytest.raises(PictureTooLarge, match="The file has 3 MB, more than the 2 MB"):
        prepare(
            b"\xff\xd8\xff" + bytes(3_000_000), name="a", limits=PictureLimits(file_bytes=2**21)
        )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit address space")
def test_memory_that_runs_out() -> None:
    with pytest.raises(PictureTooLarge, match="memory"):
        prepare(bomb(9_000, 8_000), name="a.png", limits=PictureLimits(memory_bytes=2**26))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import os; os.kill(os.getpid(), 11)", DamagedPicture),
        ("import os; os.kill(os.getpid(), 9)", PictureTooLarge),
        ("import os; os.abort()", DamagedPicture),
        ("raise ValueError", DamagedPicture),
        ("print('no answer')", DamagedPicture),
        ('print(\'{"result": {"changes": []}}\')', DamagedPicture),
        ("", DamagedPicture),
        ("import time; time.sleep(60)", PictureTooLarge),
        ("\nwhile True: pass", PictureTooLarge),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_dies(
    workers: Callable[[str], None], code: str, error: type[PictureError]
) -> None:
    workers(code)
    with pytest.raises(PictureError) as caught:
        prepare(saved(halves()), name="a.png", limits=PictureLimits(seconds=1.0))
    assert type(caught.value) is error
    assert caught.value.advice


def test_no_room_for_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(PictureTooLarge, match="no room"):
        prepare(saved(halves()), name="a.png")


def test_an_answer_that_is_no_jpeg_is_not_believed(workers: Callable[[str], None]) -> None:
    fields = {"name": "a", "width": 1, "height": 1, "original_width": 1, "original_height": 1}
    for data in (b"\xff\xd8\xff rest", b"<svg"):
        answer = pack({"result": {**fields, "changes": ["smaller"]}}, data)
        workers(f"import sys; sys.stdout.buffer.write({answer!r})")
        if data.startswith(b"\xff"):
            picture = prepare(saved(halves()), name="a.png")
            assert (picture.data, picture.changes) == (data, (PictureChange.SMALLER,))
        else:
            with pytest.raises(DamagedPicture):
                prepare(saved(halves()), name="a.png")


def test_the_count() -> None:
    check_count(8)
    with pytest.raises(TooManyPictures, match="9 pictures, and at most 8"):
        check_count(9)
