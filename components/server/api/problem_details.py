"""Errors as RFC 9457 has them: problem details, with our error's name and advice added."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from components import errors
from components.engine import described
from components.errors import ContextExceeded, FirstReaderError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

#: The status of each error, the nearest class counts. 422: what was sent can be understood and not
#: be done; 502 and 503: Ollama's fault, and whether trying again may help.
_STATUSES: Mapping[type[FirstReaderError], int] = {
    errors.SettingsError: 422,
    errors.ManuscriptError: 422,
    errors.UnsupportedType: 415,
    errors.LimitReached: 413,
    errors.LensError: 422,
    errors.EngineError: 502,
    errors.OllamaUnavailable: 503,
    errors.SetupFailed: 503,
    errors.ServerBusy: 503,
    errors.ModelNotFound: 422,
    errors.ModelCannot: 422,
    errors.CloudModelRefused: 422,
    errors.ContextExceeded: 422,
    errors.StoreError: 503,
    errors.StoreFull: 507,
    errors.JobError: 409,
    errors.UnknownAnalysis: 404,
    errors.UnknownManuscript: 404,
}


class Refused(FirstReaderError):
    """A request that is refused for what it is; `headers` go with the answer."""

    def __init__(
        self, status: int, message: str, *, advice: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        super().__init__(message, advice=advice)
        self.status, self.headers = status, headers


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, Refused):
        return error.status
    known = (_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    return next(known, 500)


def problem(error: Exception) -> dict[str, Any]:
    """Return an error as problem details; nothing is said of one that is not ours."""
    status = status_of(error)
    fields: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if not isinstance(error, FirstReaderError):
        return fields | {"detail": "Something went wrong in First Reader."}
    fields |= {"detail": str(error), "advice": error.advice, "kind": type(error).__name__}
    if isinstance(error, ContextExceeded):
        fields |= {"needed": error.needed, "available": error.available}
    return fields


def problem_response(error: Exception) -> JSONResponse:
    """Return the answer to a request that failed with `error`; log one that is not ours."""
    # Of a body that was not read the rest must not be taken for another request.
    headers = {"Cache-Control": "no-store", "Connection": "close"}
    if isinstance(error, Refused):
        headers |= error.headers
    elif not isinstance(error, FirstReaderError):
        _log.error("a request to the API failed: %s", described(error))
    return JSONResponse(problem(error), status_of(error), headers, media_type=MEDIA_TYPE)
