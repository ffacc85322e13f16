"""The token of each user: made once, readable to the app's account alone, replaced at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.application import ApiToken
from components.errors import SettingsError
from components.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"FIRST_READER_DATA_DIR": str(tmp_path / "data")})


def test_a_token_stays_until_a_new_one_is_made(settings: Settings) -> None:
    token = ApiToken(settings)
    assert not token.is_value("")
    value = token.value()
    assert len(value) > 40
    assert ApiToken(settings).value() == value
    assert token.is_value(value)
    new = token.renew()
    assert new != value
    assert token.is_value(new)
    assert not token.is_value(value)


def test_each_user_has_one(settings: Settings) -> None:
    users = ("", "anna", "Anna", "../anna", "a" * 5000)
    assert len({ApiToken(settings, user).value() for user in users}) == len(users)
    folder = settings.data_folder / "api-tokens"
    assert len(list(folder.iterdir())) == len(users)
    assert not ApiToken(settings, "anna").is_value(ApiToken(settings).value())


def test_nobody_else_can_read_it(settings: Settings) -> None:
    token = ApiToken(settings)
    token.value()
    assert token.path.stat().st_mode & 0o777 == 0o600
    assert token.path.parent.stat().st_mode & 0o777 == 0o700
    assert settings.data_folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damaged", [b"", b"short", b"\xff" * 43, b"x" * 44])
def test_a_damaged_file_opens_nothing_and_is_made_anew(settings: Settings, damaged: bytes) -> None:
    token = ApiToken(settings)
    token.value()
    token.path.write_bytes(damaged)
    assert not token.is_value(damaged.decode("latin-1"))
    assert token.is_value(token.value())


def test_what_cannot_be_written_is_said(settings: Settings) -> None:
    settings.data_folder.write_text("a file")
    with pytest.raises(SettingsError, match="could not be kept"):
        ApiToken(settings).value()
