from __future__ import annotations

from typing import Any

import pytest

from components.engine.model import Loaded, Model, read_models
from components.errors import BadResponse, ModelCannot

#: As Ollama 0.33 answers `/api/tags`.
TAG: dict[str, Any] = {
    "name": "smollm2:135m",
    "model": "smollm2:135m",
    "modified_at": "2026-01-01T00:00:00Z",
    "size": 98362745,
    "digest": "765525e6017a",
    "details": {
        "format": "gguf",
        "family": "llama",
        "families": ["llama"],
        "parameter_size": "134.52M",
        "quantization_level": "Q4_1",
        "context_length": 8192,
        "embedding_length": 576,
    },
    "capabilities": ["completion"],
}

#: As servers before 0.30 do.
OLD_TAG = {
    "name": "old:7b",
    "digest": "0ld",
    "size": 1,
    "details": {"family": "llama", "parameter_size": "7B", "quantization_level": "Q4_0"},
}


def one(**changes: Any) -> Model:
    return read_models({"models": [TAG | changes]}, {})[0]


def test_all_that_the_server_says() -> None:
    assert one() == Model(
        name="smollm2:135m",
        digest="765525e6017a",
        size=98362745,
        family="llama",
        parameter_size="134.52M",
        quantization_level="Q4_1",
        context_length=8192,
        capabilities=frozenset({"completion"}),
        remote_host=None,
        loaded=None,
    )


def test_models_come_by_name() -> None:
    names = [m.name for m in read_models({"models": [TAG, OLD_TAG, TAG | {"name": "a"}]}, {})]
    assert names == ["a", "old:7b", "smollm2:135m"]


@pytest.mark.parametrize("tags", [{}, {"models": None}, {"models": []}])
def test_a_server_without_models(tags: dict[str, Any]) -> None:
    assert read_models(tags, {}) == []


def test_what_is_loaded_is_joined_by_name() -> None:
    ps = {
        "models": [{"name": "smollm2:135m", "context_length": 4096, "size": 5, "size_vram": 3}],
    }
    loaded, other = read_models({"models": [TAG, TAG | {"name": "z"}]}, ps)
    assert loaded.loaded == Loaded(context_length=4096, size=5, size_vram=3)
    assert other.loaded is None


def test_an_old_server_does_not_tell_the_loaded_context() -> None:
    (model,) = read_models({"models": [OLD_TAG]}, {"models": [{"name": "old:7b", "size": 5}]})
    assert model.loaded == Loaded(context_length=0, size=5, size_vram=0)


class TestCloud:
    def test_remote_host_makes_it_whatever_the_name(self) -> None:
        model = one(name="harmless:7b", remote_host="https://ollama.com:443")
        assert model.is_cloud
        assert model.remote_host == "https://ollama.com:443"

    @pytest.mark.parametrize("name", ["gpt-oss:120b-cloud", "kimi:cloud"])
    def test_the_name_is_a_hint(self, name: str) -> None:
        assert one(name=name).is_cloud

    @pytest.mark.parametrize("name", ["cloudy:7b", "cloud", "nuage-cloud:7b", "smollm2:135m"])
    def test_a_name_with_cloud_in_it_is_not(self, name: str) -> None:
        assert not one(name=name).is_cloud

    @pytest.mark.parametrize("host", ["", None])
    def test_an_empty_remote_host_is_none(self, host: str | None) -> None:
        assert not one(remote_host=host).is_cloud

    def test_show_may_tell_it_too(self) -> None:
        assert one().with_show({"remote_host": "https://ollama.com:443"}).is_cloud

    def test_show_does_not_take_it_back(self) -> None:
        assert one(remote_host="https://ollama.com:443").with_show({}).is_cloud


class TestCanWrite:
    def test_completion_does(self) -> None:
        assert one(capabilities=["completion", "tools"]).can("completion")

    def test_embedding_alone_does_not(self) -> None:
        assert not one(capabilities=["embedding"]).can("completion")

    def test_a_server_that_does_not_say_is_believed_to(self) -> None:
        assert read_models({"models": [OLD_TAG]}, {})[0].can("completion")

    def test_what_it_lacks_is_an_error_that_names_the_model(self) -> None:
        one().require("completion")
        for lacking in ("vision", "thinking", "of another day"):
            with pytest.raises(ModelCannot, match=r"smollm2:135m cannot") as caught:
                one().require(lacking)
            assert caught.value.advice
        with pytest.raises(ModelCannot) as caught:
            one().require("vision", advice="Choose eyes:4b.")
        assert caught.value.advice == "Choose eyes:4b."


class TestShown:
    def test_an_old_servers_limit_comes_from_show(self) -> None:
        (model,) = read_models({"models": [OLD_TAG]}, {})
        assert model.context_length is None
        shown = model.with_show(
            {
                "model_info": {"general.architecture": "llama", "llama.context_length": 4096},
                "capabilities": ["completion"],
            }
        )
        assert shown.context_length == 4096
        assert shown.capabilities == {"completion"}
        assert shown.name == model.name

    @pytest.mark.parametrize("show", [{}, {"model_info": None}, {"model_info": {}}])
    def test_or_stays_unknown(self, show: dict[str, Any]) -> None:
        assert read_models({"models": [OLD_TAG]}, {})[0].with_show(show).context_length is None

    def test_a_limit_that_is_known_is_not_overwritten(self) -> None:
        info = {"general.architecture": "llama", "llama.context_length": 1}
        assert one().with_show({"model_info": info}) == one()

    def test_its_capabilities_win(self) -> None:
        assert one().with_show({"capabilities": ["embedding"]}).capabilities == {"embedding"}


@pytest.mark.parametrize(
    ("tags", "ps"),
    [
        ({"models": 5}, {}),
        ({"models": ["a"]}, {}),
        ({"models": [{}]}, {}),
        ({"models": [TAG | {"size": "large"}]}, {}),
        ({"models": [TAG | {"details": "none"}]}, {}),
        ({"models": [TAG | {"capabilities": 1}]}, {}),
        ({"models": [TAG, TAG | {"name": 5}]}, {}),
        ({"models": [TAG | {"name": []}]}, {}),
        ({"models": [TAG | {"name": 5}]}, {}),
        ({"models": [TAG | {"name": "half a letter \ud800"}]}, {}),
        ({"models": [TAG | {"size": float("inf")}]}, {}),
        ({"models": [TAG | {"size": float("nan")}]}, {}),
        ({"models": [TAG | {"capabilities": [5]}]}, {}),
        ({"models": [TAG | {"remote_host": 5}]}, {}),
        ({"models": [TAG | {"details": {"family": 5}}]}, {}),
        ({"models": [TAG | {"details": {"context_length": float("inf")}}]}, {}),
        ({"models": []}, {"models": [{"name": "a", "size_vram": float("inf")}]}),
        ({"models": []}, {"models": [{}]}),
        ({"models": []}, {"models": 1}),
        ({"models": []}, {"models": [{"name": "a", "size": [1]}]}),
    ],
)
def test_what_is_no_list_of_models_is_a_bad_response(
    tags: dict[str, Any], ps: dict[str, Any]
) -> None:
    with pytest.raises(BadResponse):
        read_models(tags, ps)
