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


def test_it_listens_where_it_is_told() -> None:
    settings = Settings.from_environment(
        {
            "FIRST_READER_HOST": "0.0.0.0",
            "FIRST_READER_USER_HEADER": "X-User",
            "FIRST_READER_PROXY": "192.0.2.1",
        }
    )
    with _listen(settings) as listener:
        assert listener.getsockname()[0] == "0.0.0.0"
    object.__setattr__(settings, "host", "192.0.2.1")
    with pytest.raises(SettingsError, match="does not have the address"):
        _listen(settings)


def test_a_chosen_port_in_use_is_said(taken: int) -> None:
    settings = Settings.from_environment({"FIRST_READER_PORT": str(taken)})
    with pytest.raises(SettingsError, match="taken"):
        _listen(settings)
