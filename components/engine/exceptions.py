"""Exceptions of httpx and of the official client become ours here, and nowhere else.

`mapped` is put around every single step, the iteration of a stream included: a streaming call of
the client raises raw `httpx.ConnectError`, and only when iterated; errors in mid-stream come as
`ResponseError` with status -1; a line that is not JSON as `ValueError` or `AttributeError`.
"""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import httpx
import ollama

from components import errors

#: What reading values out of untrusted JSON may raise: a number in place of a name, a size of
#: 1e999, lists nested without end.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)

#: What Ollama says of a model that the system has ended, and of one that does not load or has gone
#: without a word: for want of memory, mostly.
_PERHAPS_NO_MEMORY = ("signal: killed", "resource limitations")


@contextmanager
def mapped(host: str, *, model: str = "") -> Iterator[None]:
    """Turn foreign exceptions inside the block into EngineErrors that name `host` and `model`.

    Raises: OllamaUnavailable, ConnectionLost, BadResponse, ModelNotFound, CloudModelRefused,
    ContextExceeded, ServerError.
    """
    try:
        yield
    except ollama.ResponseError as error:
        raise _from_response(error, host, model) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
        raise errors.OllamaUnavailable(f"Ollama does not answer at {host}.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise errors.OllamaUnavailable(f"{host} is not an address of an Ollama server.") from error
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise errors.ConnectionLost(f"The connection to Ollama at {host} broke.") from error
    except (*UNREADABLE, ollama.RequestError) as error:
        # The client reads each line as JSON and asks it for its fields.
        raise errors.BadResponse(f"What came from {host} is not what Ollama sends.") from error


def _from_response(error: ollama.ResponseError, host: str, model: str) -> errors.EngineError:
    status = error.status_code if error.status_code > 0 else None
    details = _innermost(error.error)
    if isinstance(details, dict):
        needed, available = details.get("n_prompt_tokens"), details.get("n_ctx")
        exceeded = details.get("type") == "exceed_context_size_error"
        if exceeded and isinstance(needed, int) and isinstance(available, int):
            return errors.ContextExceeded(needed, available)
        details = details.get("message") or details
    reason = " ".join(str(details or "").split())[:300] or f"HTTP status {status}, and no reason"
    if status == httpx.codes.NOT_FOUND and model:
        return errors.ModelNotFound(f"Ollama does not have the model {model}.")
    if status is not None and (status == httpx.codes.NOT_FOUND or 300 <= status < 400):
        return errors.BadResponse(f"What answers at {host} is not Ollama (HTTP status {status}).")
    if status == httpx.codes.FORBIDDEN and "cloud" in reason.lower():
        return errors.CloudModelRefused(f"{model} runs in the cloud, and this server refuses that.")
    said = reason.lower().replace("memory address", "")  # A fault of Ollama's own.
    if "memory" in said or any(sign in said for sign in _PERHAPS_NO_MEMORY):
        has = "has not" if "memory" in said else "probably has not"
        return errors.ServerError(
            f"Ollama {has} enough memory for {model or 'this model'}: {reason}",
            status_code=status,
            advice="Choose a smaller model or a shorter text, or close other programs.",
        )
    return errors.ServerError(f"Ollama reports an error: {reason}", status_code=status)


def _innermost(value: Any) -> Any:
    """Unwrap what Ollama wraps: JSON in a string in `error` in JSON, to any depth."""
    while True:
        if isinstance(value, str):
            try:
                inner = json.loads(value)
            except (ValueError, RecursionError):
                return value
            if not isinstance(inner, dict):
                return value
            value = inner
        elif isinstance(value, dict) and "error" in value:
            value = value["error"]
        else:
            return value


def described(error: BaseException) -> str:
    """Return what may be logged of `error`: our own message, else its type and where it was raised.

    The message of a foreign exception may hold text of a manuscript.
    """
    if isinstance(error, errors.FirstReaderError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{where}"
