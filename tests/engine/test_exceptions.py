"""Nothing foreign gets past the boundary."""

from __future__ import annotations

import inspect
import json
import ssl

import httpx
import ollama
import pytest

from components.engine.exceptions import mapped
from components.errors import (
    BadResponse,
    CloudModelRefused,
    ConnectionLost,
    ContextExceeded,
    EngineError,
    ModelNotFound,
    OllamaUnavailable,
    ServerError,
)

HOST = "http://127.0.0.1:11434"

#: What llama-server says, as Ollama passes it on.
EXCEEDED = (
    '{"error":"{\\"error\\":{\\"code\\":400,\\"message\\":\\"request (12810 tokens) exceeds the '
    'available context size (8192 tokens), try increasing it\\",'
    '\\"type\\":\\"exceed_context_size_error\\",\\"n_prompt_tokens\\":12810,\\"n_ctx\\":8192}}"}'
)


def crossed(error: Exception, *, model: str = "a:1b") -> EngineError:
    """Return what `error` is on our side."""
    with pytest.raises(EngineError) as raised, mapped(HOST, model=model):
        raise error
    assert raised.value.__cause__ is error
    assert str(raised.value)
    assert raised.value.advice
    return raised.value


def public_exceptions(module: object) -> list[type[Exception]]:
    return [
        value
        for name, value in vars(module).items()
        if not name.startswith("_") and inspect.isclass(value) and issubclass(value, Exception)
    ]


def made(kind: type[Exception]) -> Exception:
    """An instance of `kind`, whatever its constructor wants."""
    request = httpx.Request("GET", HOST)
    parameters = inspect.signature(kind).parameters
    values = {
        "message": "it broke",
        "request": request,
        "response": httpx.Response(500, request=request),
        "error": "it broke",
    }
    wanted = [
        name
        for name, parameter in parameters.items()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    ]
    return kind(**{name: values[name] for name in wanted})


#: Raised where cookies are read by name, which nothing here does.
UNUSED = {httpx.CookieConflict}

FOREIGN = [one for one in public_exceptions(httpx) if one not in UNUSED] + public_exceptions(ollama)


def test_the_walk_finds_what_there_is() -> None:
    assert {
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadError,
        httpx.ReadTimeout,
        httpx.RemoteProtocolError,
        httpx.HTTPStatusError,
        httpx.TooManyRedirects,
        httpx.DecodingError,
        httpx.InvalidURL,
        httpx.StreamClosed,
        httpx.StreamConsumed,
        ollama.RequestError,
        ollama.ResponseError,
    } <= set(FOREIGN)
    known = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL)
    assert all(issubclass(one, known) for one in FOREIGN if one.__module__.startswith("httpx"))


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_libraries_becomes_ours(kind: type[Exception]) -> None:
    crossed(made(kind))


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (httpx.ConnectError("refused"), OllamaUnavailable),
        (httpx.ConnectTimeout("slow"), OllamaUnavailable),
        (ConnectionError("client's own"), OllamaUnavailable),
        (ConnectionRefusedError(), OllamaUnavailable),
        (httpx.InvalidURL("no"), OllamaUnavailable),
        (httpx.UnsupportedProtocol("ftp"), OllamaUnavailable),
        (httpx.ReadError("gone"), ConnectionLost),
        (httpx.ReadTimeout("slow"), ConnectionLost),
        (httpx.RemoteProtocolError("cut"), ConnectionLost),
        (httpx.StreamClosed(), ConnectionLost),
        (json.JSONDecodeError("no", "x", 0), BadResponse),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), BadResponse),
        (TypeError("no object"), BadResponse),
        (AttributeError("get"), BadResponse),
        (KeyError("model"), BadResponse),
        (RecursionError("deep"), BadResponse),
        (OverflowError("1e999"), BadResponse),
        (ZeroDivisionError(), BadResponse),
        (IndexError(), BadResponse),
        (ssl.SSLError("cut"), ConnectionLost),
        (ollama.RequestError("no"), BadResponse),
    ],
    ids=lambda value: value.__name__ if inspect.isclass(value) else type(value).__name__,
)
def test_each_to_what_it_means(error: Exception, ours: type[EngineError]) -> None:
    assert type(crossed(error)) is ours


def test_ours_pass() -> None:
    error = ServerError("it broke", status_code=500)
    with pytest.raises(ServerError) as raised, mapped(HOST):
        raise error
    assert raised.value is error


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_program_passes(kind: type[BaseException]) -> None:
    with pytest.raises(kind), mapped(HOST):
        raise kind


def test_no_message_holds_text_of_the_manuscript() -> None:
    secret = "It was a dark and stormy night"
    for error in (
        ValueError(secret),
        KeyError(secret),
        httpx.ReadError(secret),
        httpx.ConnectError(secret),
        json.JSONDecodeError("no", secret, 0),
    ):
        ours = crossed(error)
        assert secret not in str(ours) + ours.advice


class TestTooLong:
    def test_exact_figures_from_the_servers_nested_json(self) -> None:
        error = crossed(ollama.ResponseError(EXCEEDED, 400))
        assert isinstance(error, ContextExceeded)
        assert (error.needed, error.available) == (12810, 8192)
        assert "needs 12,810 of 8,192 tokens" in str(error)

    @pytest.mark.parametrize("layers", [0, 1, 3])
    def test_at_any_depth(self, layers: int) -> None:
        inner: object = json.loads(json.loads(EXCEEDED)["error"])["error"]
        for _ in range(layers):
            inner = {"error": json.dumps({"error": inner})}
        error = crossed(ollama.ResponseError(json.dumps({"error": inner}), 400))
        assert isinstance(error, ContextExceeded)
        assert (error.needed, error.available) == (12810, 8192)

    @pytest.mark.parametrize(
        "figures",
        [
            {},
            {"n_prompt_tokens": 12810},
            {"n_prompt_tokens": None, "n_ctx": 8192},
            {"n_prompt_tokens": "many", "n_ctx": 8192},
        ],
    )
    def test_without_figures_it_is_an_error_of_the_server(self, figures: dict[str, object]) -> None:
        inner = {"type": "exceed_context_size_error", "message": "too long", **figures}
        error = crossed(ollama.ResponseError(json.dumps({"error": inner}), 400))
        assert isinstance(error, ServerError)
        assert "too long" in str(error)


class TestErrorsOfTheServer:
    def test_an_unknown_model(self) -> None:
        error = crossed(ollama.ResponseError('{"error":"model \'a:1b\' not found"}', 404))
        assert isinstance(error, ModelNotFound)
        assert "a:1b" in str(error)

    def test_an_address_that_is_not_ollamas(self) -> None:
        error = crossed(ollama.ResponseError("<h1>Not found</h1>", 404), model="")
        assert isinstance(error, BadResponse)

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_redirect(self, status: int) -> None:
        assert isinstance(crossed(ollama.ResponseError("", status)), BadResponse)

    def test_a_cloud_model_where_the_cloud_is_off(self) -> None:
        error = crossed(ollama.ResponseError('{"error":"cloud features are disabled"}', 403))
        assert isinstance(error, CloudModelRefused)

    @pytest.mark.parametrize(
        "said",
        [
            "model requires more system memory (9.4 GiB) than is available (3.1 GiB)",
            "llama runner process has terminated: cudaMalloc failed: out of memory",
            "llama runner process has terminated: signal: killed",
            "model failed to load, this may be due to resource limitations or an internal error",
            "model runner has unexpectedly stopped, this may be due to resource limitations",
        ],
    )
    @pytest.mark.parametrize("status", [500, -1])
    def test_no_memory(self, said: str, status: int) -> None:
        error = crossed(ollama.ResponseError(json.dumps({"error": said}), status))
        assert isinstance(error, ServerError)
        assert "enough memory" in str(error)
        assert said in str(error)
        assert "smaller model" in error.advice

    def test_a_fault_of_its_own_is_no_want_of_memory(self) -> None:
        said = "runtime error: invalid memory address or nil pointer dereference"
        assert "enough memory" not in str(crossed(ollama.ResponseError(said, 500)))

    @pytest.mark.parametrize("status", [400, 403, 500, 503])
    def test_any_other(self, status: int) -> None:
        error = crossed(ollama.ResponseError('{"error":"the runner\\n died"}', status))
        assert isinstance(error, ServerError)
        assert error.status_code == status
        assert str(error).endswith("the runner died")

    def test_in_mid_stream_there_is_no_status(self) -> None:
        error = crossed(ollama.ResponseError("the runner died"))
        assert isinstance(error, ServerError)
        assert error.status_code is None

    @pytest.mark.parametrize("said", ["", "{}", '{"error": ""}', '{"error": null}', '"x"', "[]"])
    def test_that_says_nothing_in_particular(self, said: str) -> None:
        with pytest.raises(EngineError) as raised, mapped(HOST):
            raise ollama.ResponseError(said, 500)
        assert not str(raised.value).endswith(": ")

    def test_a_long_one_is_cut(self) -> None:
        assert len(str(crossed(ollama.ResponseError("x" * 10_000, 500)))) < 400
