from __future__ import annotations

import io
import logging

import pytest

from components import errors
from components.errors import DamagedFile, ManuscriptError
from components.manuscripts import Limits, wire

from .test_manuscript import manuscript


def test_a_request_comes_back():
    limits = Limits(pages=3)
    header = wire.pack_request(name="a\nb “é”.txt", password="p\n", limits=limits, ocr=True)
    assert header.count(b"\n") == 1
    request = wire.unpack_request(io.BytesIO(header + b"\x00\xff\nrest"))
    assert request == wire.Request(b"\x00\xff\nrest", "a\nb “é”.txt", "p\n", limits, ocr=True)


def test_progress_is_told_from_the_answer():
    assert wire.unpack_progress(wire.pack_progress(3, 40)) == (3, 40)
    assert wire.unpack_progress(b'{"error": {}}') is None
    assert wire.unpack_progress(b"pages of something") is None


def test_a_manuscript_comes_back():
    one = manuscript(warnings=("Öne “warning”.",), text="héllo \u2028 𝔘")
    assert wire.unpack_answer(wire.pack_manuscript(one)) == one


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, ManuscriptError)
    ],
)
def test_an_error_comes_back_as_itself(kind):
    with pytest.raises(kind, match="What happened") as caught:
        wire.unpack_answer(wire.pack_error(kind("What happened.", advice="What to do.")))
    assert type(caught.value) is kind
    assert caught.value.advice == "What to do."


@pytest.mark.parametrize(
    "answer",
    [b"", b"secret text", b"[]", b"{}", b'{"error": {"kind": "SystemExit"}}', b'{"manuscript": 1}',
     b'{"manuscript": {"title": "secret"}}', b"\xff\xfe"],
)  # fmt: skip
def test_no_answer_is_damage_and_tells_no_text(answer, caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(DamagedFile) as caught:
        wire.unpack_answer(answer)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert "secret" not in caplog.text
