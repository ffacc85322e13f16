"""The command that `make run` starts."""

from __future__ import annotations

import socket

import pytest

from components.errors import SettingsError
from components.server.__main__ import _listen
from components.settings import Settings


@pytest.fixture
def taken() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_next_port_is_taken_when_the_usual_one_is_in_use(taken: int) -> None:
    settings = Settings.from_environment({})
    object.__setattr__(settings, "port", taken)
    with _listen(settings) as listener:
        address, port = listener.getsockname()
    assert address == "127.0.0.1"
    assert port > taken


def test_a_chosen_port_in_use_is_said(taken: int) -> None:
    settings = Settings.from_environment({"FIRST_READER_PORT": str(taken)})
    with pytest.raises(SettingsError, match="taken"):
        _listen(settings)
