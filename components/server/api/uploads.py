"""The form of an analysis, read as it comes and never beyond its limits, in memory alone."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from components.manuscripts import DEFAULT_LIMITS
from components.server.api.problem_details import Refused

#: Bytes of one field of text: a prompt, or options with a schema.
FIELD_BYTES = 256 * 1024

#: Bytes of a whole form: a manuscript, as large as pages take it, and what stands around it.
FORM_BYTES = DEFAULT_LIMITS.file_bytes + 1024 * 1024

#: Seconds in which it must have come.
_SECONDS = 600.0

TEXTS = ("prompt", "lens", "model", "scope", "options")


@dataclass(frozen=True, slots=True)
class Form:
    """What an analysis is asked with; `fields` are of TEXTS, those that were sent."""

    fields: dict[str, str]
    name: str
    data: bytes

    def options(self) -> dict[str, Any]:
        """Return the options of the form. Raises: Refused, where they are no JSON object."""
        try:
            value = json.loads(self.fields.get("options") or "{}")
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Refused(422, "The field options is no JSON object.")
        return value


async def read_form(request: Request) -> Form:
    """Return the form of a request. Raises: Refused."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "multipart/form-data":
        raise Refused(415, "This is no form.", advice="Send multipart/form-data, as curl -F does.")
    if int(request.headers.get("content-length", "0")) > FORM_BYTES:
        raise _too_large()
    parser = MultiPartParser(
        request.headers,
        _limited(request),
        max_files=1,
        max_fields=len(TEXTS),
        max_part_size=FIELD_BYTES,
    )
    parser.spool_max_size = FORM_BYTES  # Manuscripts go into no file but the store.
    try:
        with anyio.fail_after(_SECONDS):
            form = await parser.parse()
    except MultiPartException as error:
        raise Refused(400, f"The form cannot be read. {error.message}") from error
    except TimeoutError as error:
        raise Refused(408, "The form did not come in time.") from error
    novel, fields = form.get("novel"), [item for item in form.multi_items() if item[0] != "novel"]
    if not isinstance(novel, UploadFile):
        raise Refused(422, "There is no manuscript.", advice="Send its file in the field novel.")
    texts = {name: value for name, value in fields if name in TEXTS and isinstance(value, str)}
    if len(texts) < len(fields):
        raise Refused(
            422,
            "The form has a field that is not known, or one twice.",
            advice=f"The fields are novel, a file, and {', '.join(TEXTS)}.",
        )
    return Form(texts, novel.filename or "", await novel.read())


def _too_large() -> Refused:
    most = f"{DEFAULT_LIMITS.file_bytes / 1e6:,.0f} MB"
    return Refused(413, f"The form is larger than the {most} that are read.")


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes. Raises: Refused, as soon as it is too large."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > FORM_BYTES:
            raise _too_large()
        yield chunk
