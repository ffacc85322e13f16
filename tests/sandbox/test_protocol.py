from __future__ import annotations

import io
import logging

import pytest

from components import errors
from components.errors import FirstReaderError, ManuscriptError, PictureError
from components.sandbox import protocol


def test_a_request_comes_back() -> None:
    header = {"name": "a\nb “é”.txt", "limits": {"pages": 3}}
    request = protocol.pack_request(header, b"\x00\xff\nrest")
    assert protocol.unpack_request(io.BytesIO(request)) == (header, b"\x00\xff\nrest")


def test_progress_is_told_from_the_answer() -> None:
    assert protocol.unpack_progress(protocol.pack_progress(3, 40)) == (3, 40)
    assert protocol.unpack_progress(b'{"error": {}}') is None
    assert protocol.unpack_progress(b"progress of something") is None


def test_a_result_comes_back() -> None:
    fields = {"text": "héllo \u2028 𝔘", "warnings": ["Öne “warning”."]}
    answer = protocol.pack_result(fields, b"\xff\n{}")
    assert protocol.unpack_answer(answer, errors=ManuscriptError) == (fields, b"\xff\n{}")


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, ManuscriptError | PictureError)
    ],
)
def test_an_error_comes_back_as_itself(kind: type[FirstReaderError]) -> None:
    packed = protocol.pack_error(kind("What happened.", advice="What to do."))
    with pytest.raises(kind, match="What happened") as caught:
        protocol.unpack_answer(packed, errors=FirstReaderError)
    assert type(caught.value) is kind
    assert caught.value.advice == "What to do."


@pytest.mark.parametrize(
    "answer",
    [b"", b"secret text", b"[]", b"{}", b'{"error": {"kind": "SystemExit"}}', b'{"result": 1}',
     b'{"result": "secret"}', b'{"error": {"kind": "NotAPicture"}}', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_answer_tells_no_text(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(protocol.BadAnswer) as caught:
        protocol.unpack_answer(answer, errors=ManuscriptError)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert "secret" not in caplog.text
