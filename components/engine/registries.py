"""The registries that Ollama fetches models from, and what is wrong with one when a pull ends.

Ollama sends those words as the only thing that tells one failure from another; they are those of
its `server/images.go` and `server/download.go`, and of Go's library below them.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from components.errors import PullFailed, PullLost, ServerError, UnknownModel

_KEPT = "then go on: what was fetched is kept."

#: HTTP statuses as Ollama quotes them: "pull model manifest: 412: ...".
_STATUS = re.compile(r"(?:^|: )([45]\d\d):")


def is_on_this_computer(model: str) -> bool:
    """Whether `model` names a registry on the loopback, the only kind that needs no encryption.

    Only host, namespace and name together name a registry: the first part of "localhost/whale" is
    a namespace of the vendor's, which then must not be asked without encryption.
    """
    parts = model.removeprefix("http://").split("/")
    if len(parts) != 3 or not all(parts):
        return False
    name = parts[0].partition(":")[0]
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def explained(error: ServerError, model: str) -> PullFailed:
    """Say in an editor's words why the pull of `model` ended."""
    said = str(error).lower()
    if "manifest: file does not exist" in said or "invalid model name" in said:
        return UnknownModel(f"The registry has no model {model}.")
    if "no space left" in said or "disk full" in said or "not enough space" in said:
        return PullLost(
            "The disk of the Ollama server is full.",
            advice="Make room, for example by deleting a model, then go on. What was complete is "
            "kept; what did not fit is fetched again.",
        )
    if "digest mismatch" in said:
        return PullLost(
            "What came from the registry is damaged: it has not the checksum that was promised.",
            advice="Go on: the damaged part was thrown away and is fetched again. If it happens "
            "again, the fault is in the registry.",
        )
    found = (failed for words, failed in _FAILURES if any(word in said for word in words))
    if (failed := next(found, None)) is not None:
        return PullFailed(failed[0], advice=failed[1])
    if status := _STATUS.search(said.removeprefix("ollama reports an error: ")):
        return _refused(int(status[1]), model)
    if said.removeprefix("ollama reports an error: ") in {"eof", "unexpected eof"}:
        return PullFailed(
            "Ollama cannot read what it has kept of an earlier try.",
            advice="Delete the files with “partial” in their names from the folder blobs of "
            "Ollama’s models, then get the model again.",
        )
    return PullFailed(f"The pull broke off. {error}")


#: What Ollama says, what that means, and what to do.
_FAILURES: tuple[tuple[tuple[str, ...], tuple[str, str]], ...] = (
    (
        ("http response to https client", "insecure protocol"),
        (
            "That registry does not encrypt what it sends.",
            "Choose another: without encryption models are fetched from this computer only.",
        ),
    ),
    (
        ("x509", "tls:"),
        (
            "The certificate of that registry is not to be trusted.",
            "Choose another registry, or ask those who run it.",
        ),
    ),
    (
        ("unauthorized", "access denied", "realm host"),
        (
            "The registry does not give this model to everybody.",
            "Sign in to it with the Ollama of that server, or choose another model.",
        ),
    ),
    (
        ("file does not exist",),
        (
            "The registry lacks a part of this model.",
            "Try again later, or choose another model; what was fetched is kept.",
        ),
    ),
    (
        ("max retries exceeded",),
        (
            "The connection to the model registry breaks again and again.",
            f"Check the server’s network, {_KEPT}",
        ),
    ),
    (
        ("no such host", "dial tcp", "timeout", "unreachable", "deadline exceeded"),
        (
            "The Ollama server cannot reach the model registry.",
            f"Check its network, {_KEPT}",
        ),
    ),
    (
        ("context canceled",),
        ("The pull was ended at the Ollama server.", "Go on: what was fetched is kept."),
    ),
)


def _refused(status: int, model: str) -> PullFailed:
    if status == 412:
        return PullFailed(
            f"{model} needs a newer Ollama than this server’s.",
            advice="Bring Ollama up to date, then get the model again.",
        )
    if status in {401, 403}:
        return PullFailed(
            f"The registry does not give {model} to everybody (HTTP status {status}).",
            advice="Sign in to it with the Ollama of that server, or choose another model.",
        )
    return PullFailed(
        f"The model registry reports an error (HTTP status {status}).",
        advice="Try again later: what was fetched is kept.",
    )
