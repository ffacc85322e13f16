"""What each operation does, by way of what a script does (`components.scripting`)."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.application import ApiToken, Application, application, user_of
from components.errors import FirstReaderError, UnknownAnalysis
from components.manuscripts import read
from components.scripting.analyze import about, checked_options, models, result, to_ask
from components.scripting.book import chapters_of
from components.server.api.event_stream import Streams, first_wanted, status_word
from components.server.api.problem_details import Refused, problem
from components.server.api.uploads import Form, read_form
from components.settings import Settings
from components.store import Analysis, State, UserStore

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

#: Manuscripts that are taken and read at once: each takes its bytes twice, and a process.
_UPLOADS = 2

#: Threads for all the rest: few, so that pages are served meanwhile.
_THREADS = 8

#: Seconds for Ollama to be found, where the server has just started.
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, with a good token, and the app and shelf that answer."""

    app: Application
    shelf: UserStore


class Operations:
    """The operations of one server; each takes a request and who sent it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._streams = Streams()
        self._uploads = CapacityLimiter(_UPLOADS)
        self._threads = CapacityLimiter(_THREADS)

    async def asker(self, request: Request) -> Asker:
        """Return who asks. Raises: Refused, before anything of the body is read; StoreError."""
        try:
            user = user_of(self._settings, request.headers)
        except FirstReaderError as error:
            raise _unknown(str(error), error.advice) from error
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise _unknown("There is no token.", "Settings shows it: Authorization: Bearer ...")
        if not await self._in_thread(ApiToken(self._settings, user).is_value, given.strip()):
            raise _unknown("This is not the token.", "Settings shows the one that holds now.")
        try:
            app = await self._in_thread(application)
        except FirstReaderError as error:
            raise Refused(503, str(error), advice=error.advice) from error
        return Asker(app, app.shelf(user))

    async def analyze(self, request: Request, asker: Asker) -> Response:
        """Read a manuscript and queue the question to it."""
        async with self._uploads:
            form = await read_form(request)
            analysis = await self._in_thread(_submit, asker, form)
        headers = {"Location": f"/status/{analysis.id}"}
        return JSONResponse(_job(asker, analysis), 202, headers)

    async def status(self, request: Request, asker: Asker) -> Response:
        """Say how an analysis is, with its result once it has ended."""
        return JSONResponse(await self._in_thread(lambda: _job(asker, _analysis(request, asker))))

    async def events(self, request: Request, asker: Asker) -> Response:
        """Send what happens in an analysis."""
        after = first_wanted(request)
        return await self._streams.response(asker.app, lambda: _analysis(request, asker), after)

    async def stop(self, request: Request, asker: Asker) -> Response:
        """Stop an analysis."""

        def stop() -> Response:
            analysis = _analysis(request, asker)
            if analysis.state.has_ended:
                return JSONResponse(_job(asker, analysis))
            asker.app.jobs.stop(asker.shelf, analysis.id)
            return JSONResponse(_job(asker, _analysis(request, asker)), 202)

        return await self._in_thread(stop)

    async def manuscripts(self, request: Request, asker: Asker) -> Response:  # noqa: ARG002
        """List the manuscripts."""
        kept = await self._in_thread(asker.shelf.manuscripts.all)
        rows = [asdict(one) | {"created": one.created.isoformat()} for one in kept]
        return JSONResponse({"manuscripts": rows})

    async def models(self, request: Request, asker: Asker) -> Response:  # noqa: ARG002
        """List the models."""

        def listed() -> list[dict[str, Any]]:
            asker.app.wait_connected(_CONNECT_SECONDS)
            return models(asker.app)

        return JSONResponse({"models": await self._in_thread(listed)})

    async def _in_thread(self, call: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(call, *arguments, limiter=self._threads)


def _unknown(message: str, advice: str) -> Refused:
    headers = {"WWW-Authenticate": 'Bearer realm="First Reader"'}
    return Refused(401, message, advice=advice, headers=headers)


def _submit(asker: Asker, form: Form) -> Analysis:
    """Queue the question of a form. Raises: FirstReaderError."""
    fields, owner = form.fields, asker.shelf.owner
    asked = to_ask(fields.get("prompt"), fields.get("lens"), owner)
    options, scope = checked_options(form.options()), fields.get("scope", "all").strip()
    chapters = () if scope == "all" else chapters_of(scope)
    if scope != "all" and not chapters:
        raise Refused(422, "The scope names no chapter.", advice="Write all or, say, 1-3,7.")
    asker.app.wait_connected(_CONNECT_SECONDS)
    asker.app.host()  # Before the file is read.
    manuscript = read(form.data, name=form.name)
    model = fields.get("model")
    question = about(asker.app, manuscript, model, asked, options, chapters=chapters, owner=owner)
    return asker.app.jobs.submit(asker.shelf, question)


def _analysis(request: Request, asker: Asker) -> Analysis:
    """Return the analysis that the address names. Raises: UnknownAnalysis."""
    job_id = request.path_params["job_id"]
    if not _ID.fullmatch(job_id):
        raise UnknownAnalysis("There is no analysis under this address.")
    return asker.shelf.analyses.get(job_id)


def _job(asker: Asker, analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as it is now; with what was written of it once it has ended."""
    state, ended, error = analysis.state, None, None
    if state.has_ended:
        outcome = asker.app.store.journal.outcome(analysis.call_id)
        ended = result(analysis, outcome)
        if outcome.error is not None:
            error = problem(outcome.error)
        elif state is not State.DONE:
            error = _CUT[state]
    return {
        "jobId": analysis.id,
        "status": status_word(state),
        "state": state.value,
        "attempt": analysis.attempt,
        "model": analysis.question.model,
        "manuscript": analysis.question.manuscript_id,
        "scope": analysis.question.scope,
        "created": analysis.created.isoformat(),
        "result": ended,
        "error": error,
    }


#: Why an analysis is not done where nothing has failed.
_CUT = {
    state: {"type": "about:blank", "title": title, "detail": f"{said} What was written is kept."}
    for state, title, said in (
        (State.STOPPED, "Stopped", "The analysis was stopped."),
        (State.INTERRUPTED, "Interrupted", "The analysis was interrupted too often."),
    )
}
