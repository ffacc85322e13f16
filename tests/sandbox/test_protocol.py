from __future__ import annotations

import json
import logging

import pytest

from components import errors
from components.errors import FirstReaderError, ManuscriptError, PictureError
from components.sandbox import WorkerFailed, protocol


def unpacked(answer: bytes) -> tuple[dict[str, object], bytes]:
    return protocol.unpack(answer, into=lambda *result: result, errors=ManuscriptError)


def test_a_request_comes_back() -> None:
    header = {"name": "a\nb “é” \udcff.txt", "limits": {"pages": 3}}
    line, _, data = protocol.pack(header, b"\x00\xff\nrest").partition(b"\n")
    assert (json.loads(line), data) == (header, b"\x00\xff\nrest")


def test_progress_is_told_from_the_answer() -> None:
    progress = protocol.PROGRESS.fullmatch(b"progress 3 40\n")
    assert progress is not None
    assert progress.groups() == (b"3", b"40")
    for line in (b'{"error": {}}', b"progress of something\n", b"progress 3 40"):
        assert protocol.PROGRESS.fullmatch(line) is None


def test_a_result_comes_back() -> None:
    fields = {"text": "héllo \u2028 𝔘", "warnings": ["Öne “warning”."]}
    assert unpacked(protocol.pack({"result": fields}, b"\xff\n{}")) == (fields, b"\xff\n{}")


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
        protocol.unpack(packed, into=dict, errors=FirstReaderError)
    assert type(caught.value) is kind
    assert caught.value.advice == "What to do."


@pytest.mark.parametrize(
    "answer",
    [b"", b"secret text", b"[]", b"{}", b'"result"', b'{"error": {"kind": "SystemExit"}}',
     b'{"result": 1}', b'{"result": "secret"}', b'{"error": {"kind": "NotAPicture"}}',
     b'{"error": {"kind": "NotAPicture", "message": "secret", "advice": ""}}', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_answer_tells_no_text(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(WorkerFailed) as caught:
        unpacked(answer)
    assert caught.value.reason == "answer"
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None
    assert "secret" not in caplog.text


def test_a_result_that_cannot_be_used_is_no_answer() -> None:
    def fails(fields: dict[str, object], data: bytes) -> None:
        raise KeyError(fields["secret"])

    with pytest.raises(WorkerFailed) as caught:
        protocol.unpack(b'{"result": {}}', into=fails, errors=ManuscriptError)
    assert caught.value.__context__ is None
