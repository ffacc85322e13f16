from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from platformdirs import user_data_path

from components import settings
from components.errors import SettingsError
from components.settings import DEFAULT_PORT, PROJECT, Settings


def given(**environ: str) -> Settings:
    return Settings.from_environment(environ)


def test_nothing_has_to_be_set() -> None:
    assert given() == Settings(
        ollama_host=None,
        ollama_folder=PROJECT / ".ollama",
        first_model="default",
        allow_cloud=False,
        port=DEFAULT_PORT,
        port_is_chosen=False,
        trusted_hosts=("127.0.0.1", "localhost"),
        data_folder=user_data_path("first-reader", appauthor=False),
        database=None,
        hosts=(),
        parallel=1,
        user_header=None,
        proxy="127.0.0.1",
        host="127.0.0.1",
    )


def test_the_project_is_where_the_app_is() -> None:
    assert (PROJECT / "streamlit_app.py").is_file()


def test_the_processs_own_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_READER_PORT", "9000")
    assert Settings.from_environment().port == 9000


class TestHost:
    def test_is_taken_as_it_is(self) -> None:
        assert given(OLLAMA_HOST=" 10.0.0.5:11434 ").ollama_host == "10.0.0.5:11434"

    @pytest.mark.parametrize("value", ["", "  "])
    def test_empty_is_unset(self, value: str) -> None:
        assert given(OLLAMA_HOST=value).ollama_host is None


class TestFolder:
    def test_is_taken(self) -> None:
        assert given(FIRST_READER_OLLAMA_DIR="/var/x").ollama_folder == Path("/var/x")

    def test_the_first_model_may_be_the_small_one(self) -> None:
        assert given(FIRST_READER_FIRST_MODEL="Small").first_model == "small"
        with pytest.raises(SettingsError, match="FIRST_READER_FIRST_MODEL"):
            given(FIRST_READER_FIRST_MODEL="huge")

    def test_home_is_known(self) -> None:
        assert given(FIRST_READER_OLLAMA_DIR="~/x").ollama_folder == Path.home() / "x"

    def test_nobodys_home_is_not(self) -> None:
        with pytest.raises(SettingsError, match="FIRST_READER_OLLAMA_DIR"):
            given(FIRST_READER_OLLAMA_DIR="~nobody-of-this-name/x")

    def test_an_installed_copy_writes_nothing_beside_itself(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "IS_CHECKOUT", False)
        assert given().ollama_folder == given().data_folder / "ollama"


class TestCloud:
    @pytest.mark.parametrize("value", ["1", "true", "YES", " on "])
    def test_on(self, value: str) -> None:
        assert given(FIRST_READER_ALLOW_CLOUD=value).allow_cloud

    @pytest.mark.parametrize("value", ["", "0", "false", "No", "off"])
    def test_off(self, value: str) -> None:
        assert not given(FIRST_READER_ALLOW_CLOUD=value).allow_cloud

    @pytest.mark.parametrize("value", ["maybe", "2", "-1", "ja"])
    def test_neither(self, value: str) -> None:
        with pytest.raises(SettingsError, match="FIRST_READER_ALLOW_CLOUD") as raised:
            given(FIRST_READER_ALLOW_CLOUD=value)
        assert raised.value.advice


class TestPort:
    @pytest.mark.parametrize(("value", "port"), [("1", 1), ("65535", 65535), (" 8080 ", 8080)])
    def test_is_taken(self, value: str, port: int) -> None:
        chosen = given(FIRST_READER_PORT=value)
        assert chosen.port == port
        assert chosen.port_is_chosen

    @pytest.mark.parametrize(
        "value", ["0", "65536", "-1", "80a", "8_080", "8080.0", "²", "9" * 5000]
    )
    def test_is_refused(self, value: str) -> None:
        with pytest.raises(SettingsError, match="FIRST_READER_PORT") as raised:
            given(FIRST_READER_PORT=value)
        assert raised.value.advice

    def test_empty_is_the_usual_one(self) -> None:
        chosen = given(FIRST_READER_PORT=" ")
        assert chosen.port == DEFAULT_PORT
        assert not chosen.port_is_chosen


class TestTrustedHosts:
    def test_come_after_this_computers_own(self) -> None:
        hosts = given(FIRST_READER_TRUSTED_HOSTS="reader.example, 10.0.0.5 ,,").trusted_hosts
        assert hosts == ("127.0.0.1", "localhost", "reader.example", "10.0.0.5")


class TestStore:
    def test_the_folder_is_the_users_own(self) -> None:
        assert given().data_folder.is_relative_to(Path.home())
        assert given(FIRST_READER_DATA_DIR="~/x").data_folder == Path.home() / "x"

    def test_nobodys_home_is_named(self) -> None:
        with pytest.raises(SettingsError, match="FIRST_READER_DATA_DIR"):
            given(FIRST_READER_DATA_DIR="~nobody-of-this-name/x")

    def test_postgres_by_its_address(self) -> None:
        chosen = given(FIRST_READER_DATABASE=" postgresql://a@b/c ")
        assert chosen.database == "postgresql://a@b/c"
        assert given().database is None


class TestHosts:
    def test_each_has_its_slots(self) -> None:
        hosts = given(FIRST_READER_OLLAMA_HOSTS="http://one:11434=4, two , ").hosts
        assert hosts == (("http://one:11434", 4), ("two", 1))

    @pytest.mark.parametrize("slots", ["0", "-1", "65", "many", "1.5"])
    def test_slots_that_cannot_be(self, slots: str) -> None:
        with pytest.raises(SettingsError, match="FIRST_READER_OLLAMA_HOSTS"):
            given(FIRST_READER_OLLAMA_HOSTS=f"http://one={slots}")
        with pytest.raises(SettingsError, match="FIRST_READER_PARALLEL"):
            given(FIRST_READER_PARALLEL=slots)

    def test_how_many_the_only_one_runs(self) -> None:
        assert given(FIRST_READER_PARALLEL="3").parallel == 3


class TestUsers:
    def test_a_header_and_whom_to_believe(self) -> None:
        chosen = given(FIRST_READER_USER_HEADER="X-User", FIRST_READER_PROXY="10.0.0.1")
        assert (chosen.user_header, chosen.proxy) == ("x-user", "10.0.0.1")


class TestListening:
    BEHIND: ClassVar = {"FIRST_READER_USER_HEADER": "X-User", "FIRST_READER_PROXY": "10.0.0.1"}

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
    def test_the_loopback_is_left_only_behind_a_proxy_that_names_the_user(self, host: str) -> None:
        assert given(FIRST_READER_HOST=host, **self.BEHIND).host == host
        for missing in self.BEHIND:
            with pytest.raises(SettingsError, match="log-in"):
                given(FIRST_READER_HOST=host, **self.BEHIND | {missing: ""})

    def test_the_loopback_needs_none(self) -> None:
        assert given(FIRST_READER_HOST="::1").host == "::1"

    def test_a_name_is_no_address(self) -> None:
        with pytest.raises(SettingsError, match="IP address"):
            given(FIRST_READER_HOST="reader.example", **self.BEHIND)
