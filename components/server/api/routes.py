"""The table of operations, and the routes that it makes: who may ask what, by which method."""

from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus

from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Message, Receive, Scope, Send

from components.server.api.openapi import Operation, document
from components.server.api.operations import Operations
from components.server.api.problem_details import Refused, problem_response
from components.settings import Settings

OPERATIONS = (
    Operation(
        "POST",
        "/analyze",
        "analyze",
        "Read a manuscript and queue the question to it. A text that is too long for the model is "
        "never cut: the analysis ends with the error ContextExceeded, which counts the tokens.",
        {202: "Job"},
        Operations.analyze,
        has_form=True,
        refuses=(400, 408, 413, 415, 422, 502, 507),
    ),
    Operation(
        "GET",
        "/status/{job_id}",
        "status",
        "Say how an analysis is, with its result once it has ended.",
        {200: "Job"},
        Operations.status,
        refuses=(404,),
    ),
    Operation(
        "GET",
        "/jobs/{job_id}/events",
        "events",
        "Send what happens in an analysis until it ends: stages, text, figures. 204 says that it "
        "has ended and that nothing is left.",
        {200: "Events", 204: ""},
        Operations.events,
        resumes=True,
        refuses=(404, 422),
    ),
    Operation(
        "DELETE",
        "/jobs/{job_id}",
        "stop",
        "Stop an analysis; what was written is kept. 200 says that it had ended.",
        {200: "Job", 202: "Job"},
        Operations.stop,
        refuses=(404,),
    ),
    Operation(
        "GET",
        "/manuscripts",
        "manuscripts",
        "List the manuscripts in the library, newest first.",
        {200: "Manuscripts"},
        Operations.manuscripts,
    ),
    Operation(
        "GET",
        "/models",
        "models",
        "List the models of all Ollama servers. A browser that asks for HTML without a token gets "
        "the page of that name.",
        {200: "Models"},
        Operations.models,
        refuses=(502,),
    ),
    Operation("GET", "/openapi.json", "openapi", "Return this document.", {200: "Document"}),
)

#: Seconds, and bytes that it may send meanwhile, in which a client can read that it was refused.
_HEARD_SECONDS, _HEARD_BYTES = 2.0, 16 * 1024 * 1024

#: Paths at which Streamlit has a page too.
_PAGES = {"/models"}


def api_routes(settings: Settings) -> list[BaseRoute]:
    """Return the routes of the API, and of what below its paths there is not."""
    operations = Operations(settings)
    by_path: dict[str, list[Operation]] = defaultdict(list)
    for operation in OPERATIONS:
        by_path[operation.path].append(operation)
    routes: list[BaseRoute] = [
        (_BesidePage if path in _PAGES else Route)(path, _Endpoint(operations, at_path))
        for path, at_path in by_path.items()
    ]
    below = sorted({path.split("/")[1] for path in by_path} - {"models"})
    return routes + [Route(f"/{name}/{{rest:path}}", _Endpoint(operations, ())) for name in below]


class _BesidePage(Route):
    """A path that is a page's too, where a browser asks for HTML without a token."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        headers = Headers(scope=scope)
        if "authorization" not in headers and "text/html" in headers.get("accept", ""):
            return Match.NONE, {}
        return super().matches(scope)


class _Endpoint:
    """ASGI app of one path; who has no token is refused before the body is read."""

    def __init__(self, operations: Operations, at_path: Sequence[Operation]) -> None:
        self._operations = operations
        self._by_method = {operation.method: operation for operation in at_path}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - a program is told of each as a problem
            response = problem_response(error)
            if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                response.headers["Content-Encoding"] = "identity"  # Gzip would keep back its end.
                send = _until_heard(receive, send)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        # A page can send neither the token nor a foreign Origin; this is for what has no Origin.
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Refused(403, "Not from there.")
        operation = self._by_method.get(request.method)
        if operation is not None and operation.handle is None:
            return JSONResponse(document(OPERATIONS))
        asker = await self._operations.asker(request)
        if not self._by_method:
            raise Refused(404, "There is nothing under this address.")
        if operation is None or operation.handle is None:
            allowed = ", ".join(self._by_method)
            raise Refused(405, f"This address takes {allowed}.", headers={"Allow": allowed})
        response = await operation.handle(self._operations, request, asker)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _until_heard(receive: Receive, send: Send) -> Send:
    """Return what sends an answer, and then drops what still comes, for a moment.

    A client whose connection ends while it sends has an error of the network, and no answer.
    """

    async def send_and_drop(message: Message) -> None:
        if message["type"] == "http.response.body":
            await send({**message, "more_body": True})
            left = _HEARD_BYTES
            with move_on_after(_HEARD_SECONDS):
                while left > 0 and (part := await receive()).get("more_body"):
                    left -= len(part["body"])
            message = {"type": "http.response.body"}
        await send(message)

    return send_and_drop
