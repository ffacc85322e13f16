"""A scripted registry of models: what Ollama pulls from, on the loopback and told what to do.

It speaks the part of the protocol that Ollama uses: a manifest by name and tag, HEAD of a blob, a
redirect to where the blob lies, and the blob itself in ranges. Blobs lie under another name of this
computer, as those of the vendor's registry lie on another host. A transfer can be held at a byte
until it is let go, and cut off at a byte; `fetches` tells what was asked for and what was sent.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import select
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.waiting import LONG

MEGABYTE = 1_000_000


_MODEL = "application/vnd.ollama.image.model"
_PROJECTOR = "application/vnd.ollama.image.projector"


def weights(size: int, *, seed: int) -> bytes:
    """Return a GGUF file's head, as far as Ollama lists it by, and noise: `size` bytes in all."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 2)
    head += text("general.architecture") + struct.pack("<I", 8) + text("llama")
    head += text("llama.context_length") + struct.pack("<II", 4, 4096)
    return head + random.Random(seed).randbytes(size - len(head))


@dataclass(slots=True)
class Fetch:
    """A range of a blob that was asked for; `sent` is how many bytes of it went out."""

    digest: str
    start: int
    stop: int
    sent: int = 0


@dataclass(slots=True)
class _Hold:
    """A byte of a blob beyond which nothing is sent; the end of `wake` is that it is let go."""

    at: int
    reached: threading.Event = field(default_factory=threading.Event)
    ends: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)


class Registry:
    """The models of a registry, and how it behaves; for many threads.

    `gone` is set when a client has hung up in the middle of a blob.
    """

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.elsewhere = f"http://localhost:{port}"
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.fetches: list[Fetch] = []
        self.gone = threading.Event()
        self._lock = threading.Lock()
        self._holds: dict[str, _Hold] = {}
        self._all_holds: list[_Hold] = []
        self._cuts: dict[str, list[int]] = {}
        self._refusals: dict[str, int] = {}

    def name(self, model: str = "whale:7b") -> str:
        """Return what Ollama calls `model` of this registry."""
        return f"{self.host}/library/{model}"

    def add(self, layers: Sequence[bytes], model: str = "whale:7b") -> list[str]:
        """Have `model`, weights first; return the digests of its layers, as Ollama fetches them."""
        config = {"model_format": "gguf", "model_family": "llama", "model_type": "7B"}
        described = [self._described(one, _PROJECTOR) for one in layers]
        described[0]["mediaType"] = _MODEL
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": self._described(
                json.dumps(config | {"of": model, "first": described[0]["digest"]}).encode(),
                "application/vnd.docker.container.image.v1+json",
            ),
            "layers": described,
        }
        name, tag = model.split(":")
        self.manifests[f"/v2/library/{name}/manifests/{tag}"] = json.dumps(manifest).encode()
        return [str(one["digest"]) for one in described]

    def spoil(self, digest: str) -> bytes:
        """Serve other bytes for `digest`; return the right ones."""
        right = self.blobs[digest]
        self.blobs[digest] = right[:-1] + bytes([right[-1] ^ 1])
        return right

    def refuse(self, what: str, status: int) -> None:
        """Answer with `status` where `what` is asked for: a digest, or "manifests"; 0 ends that."""
        with self._lock:
            self._refusals[what] = status

    def cut(self, digest: str, *at: int) -> None:
        """Break the connection at these bytes of a blob, each once."""
        with self._lock:
            self._cuts[digest] = sorted(at)

    def hold(self, digest: str, at: int) -> None:
        """Send nothing of a blob from the byte `at` on, until it is let go."""
        with self._lock:
            self._holds[digest] = hold = _Hold(at)
            self._all_holds.append(hold)
            self.gone.clear()

    def wait_held(self, digest: str) -> None:
        """Wait until a transfer has come to where it is held."""
        assert self._holds[digest].reached.wait(LONG), "the transfer never came there"

    def let_go(self, digest: str | None = None) -> None:
        """End the hold of a blob, or all holds."""
        with self._lock:
            ended = list(self._holds) if digest is None else [digest]
            holds = [self._holds.pop(one) for one in ended]
        for hold in holds:
            hold.ends[0].close()

    def close(self) -> None:
        """Close what is left, once nothing is transferred any more."""
        for hold in self._all_holds:
            for end in hold.ends:
                end.close()

    def sent(self, digest: str) -> int:
        """Return how many bytes of a blob went out, in all its transfers."""
        return sum(one.sent for one in self.fetches if one.digest == digest)

    def _described(self, blob: bytes, kind: str) -> dict[str, str | int]:
        digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
        self.blobs[digest] = blob
        return {"mediaType": kind, "digest": digest, "size": len(blob)}

    def _refusal(self, path: str) -> int:
        with self._lock:
            return next((status for what, status in self._refusals.items() if what in path), 0)

    def _next_stop(self, digest: str, at: int, stop: int) -> tuple[int, _Hold | None, bool]:
        """Return up to where may be sent, and what is there: a hold, or a cut."""
        with self._lock:
            hold = self._holds.get(digest)
            cut = next((one for one in self._cuts.get(digest, []) if at <= one < stop), None)
            if cut is not None and (hold is None or cut < hold.at):
                self._cuts[digest].remove(cut)
                return cut, None, True
            if hold is not None and hold.at < stop:
                return max(at, hold.at), hold, False
        return stop, None, False


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    registry: Registry

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_HEAD(self) -> None:
        blob = self.registry.blobs.get(self._digest())
        refused = self.registry._refusal(self.path)
        if refused or blob is None:
            self._answer(refused or 404)
        else:
            self._answer(200, length=len(blob))

    def do_GET(self) -> None:
        refused = self.registry._refusal(self.path)
        if refused:
            self._answer(refused, b'{"errors":[{"code":"DENIED"}]}')
        elif self.path in self.registry.manifests:
            self._answer(200, self.registry.manifests[self.path])
        elif self._digest() not in self.registry.blobs:
            self._answer(404)
        elif self.path.startswith("/v2/"):
            self._answer(307, location=f"{self.registry.elsewhere}/blobs/{self._digest()}")
        else:
            self._transfer(self._digest())

    def _digest(self) -> str:
        return self.path.rpartition("/")[2]

    def _answer(
        self, status: int, body: bytes = b"", *, length: int | None = None, location: str = ""
    ) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _transfer(self, digest: str) -> None:
        blob = self.registry.blobs[digest]
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        assert asked is not None, "Ollama always asks for a range"
        at, stop = int(asked[1]), int(asked[2]) + 1
        fetch = Fetch(digest, at, stop)
        self.registry.fetches.append(fetch)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {at}-{stop - 1}/{len(blob)}")
        self.send_header("Content-Length", str(stop - at))
        self.end_headers()
        try:
            while at < stop:
                until, hold, cut = self.registry._next_stop(digest, at, stop)
                self.wfile.write(blob[at:until])
                fetch.sent += until - at
                at = until
                if cut or (hold is not None and not self._held(hold)):
                    self.close_connection = True
                    return
        except ConnectionError:
            self.registry.gone.set()
            self.close_connection = True

    def _held(self, hold: _Hold) -> bool:
        """Wait until let go; return False where the client hung up before."""
        hold.reached.set()
        ready, _, _ = select.select([self.connection, hold.ends[1]], [], [])
        if hold.ends[1] in ready:
            return True
        self.registry.gone.set()
        return False


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, handler: type[_Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Serve a connection, and keep it in mind."""
        self._connections.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """End the connections, which clients keep open for a next request."""
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Leave a client that hung up between two requests alone."""


@contextmanager
def serving_models() -> Iterator[Registry]:
    """Run a registry on a free port of the loopback while inside."""
    with _Server(_Handler) as server:
        registry = Registry(server.server_address[1])
        server.RequestHandlerClass = type("_Own", (_Handler,), {"registry": registry})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield registry
        finally:
            registry.let_go()
            with suppress(OSError):
                server.shutdown()
            thread.join(LONG)
            server.hang_up()
            server.server_close()  # After the last transfer.
            registry.close()
