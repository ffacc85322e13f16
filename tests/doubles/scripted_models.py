"""The models of a scripted Ollama: listed, shown, loaded, deleted, varied as by the real one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

#: The model that every scripted server has unless told otherwise, with a context of so many tokens.
MODEL, CONTEXT = "scripted:1b", 8192

#: The context that Ollama loads a model with where none is asked for, in tokens.
DEFAULT_CONTEXT = 4096

Answer = tuple[int, dict[str, Any]]


class ScriptedModels:
    """What the server has; `loaded` is what it has in memory, `shown` what /api/show adds.

    `launches` are model and context of each time that the real one would have loaded a model, for
    another `num_ctx` or `shift` than before. With `keeps` it has it in memory, and says so, from
    then on. `names` may give to each name what `add` takes of it; else all models are alike.
    """

    def __init__(
        self,
        names: Sequence[str] | Mapping[str, Mapping[str, Any]] = (MODEL,),
        *,
        context: int = CONTEXT,
        remote_host: str = "",
        capabilities: Sequence[str] = (),
        shown: Mapping[str, Any] | None = None,
        keeps: bool = False,
    ) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.loaded: dict[str, Any] = {}
        self.shown = dict(shown or {})
        self.launches: list[tuple[str, int]] = []
        self._launched: dict[str, tuple[int, bool]] = {}
        self._keeps = keeps
        self._context = context
        self._capabilities = list(capabilities)
        own = names if isinstance(names, Mapping) else {}
        for name in names:
            self.add(name, **{"remote_host": remote_host, **own.get(name, {})})

    def add(
        self,
        name: str,
        *,
        remote_host: str = "",
        parent_model: str = "",
        size: int = 1_000_000,
        parameter_size: str = "1B",
        context: int | None = None,
        capabilities: Sequence[str] | None = None,
    ) -> None:
        """Have one more model, of `size` bytes."""
        digest = "0" * 64 if name == MODEL else hashlib.sha256(name.encode()).hexdigest()
        model: dict[str, Any] = {
            "name": name,
            "digest": digest,
            "size": size,
            "details": {
                "family": "llama",
                "parameter_size": parameter_size,
                "quantization_level": "Q4_0",
                "context_length": context or self._context,
                "parent_model": parent_model,
            },
        }
        if remote_host:
            model["remote_host"] = remote_host
        can = self._capabilities if capabilities is None else list(capabilities)
        if can:
            model["capabilities"] = can
        self.models[name] = model

    def launch(self, body: Mapping[str, Any]) -> None:
        """Load the model that a chat names, as far as the one in memory is not made for it."""
        name = str(body.get("model", MODEL))
        num_ctx = body.get("options", {}).get("num_ctx", DEFAULT_CONTEXT)
        made_for = (num_ctx, body.get("shift", True))
        if self._launched.get(name) != made_for:
            self._launched[name] = made_for
            self.launches.append((name, num_ctx))
        if self._keeps:
            self.loaded[name] = body.get("keep_alive", self.loaded.get(name, "5m"))

    def unload(self, name: str) -> None:
        """Take a model from memory."""
        self.loaded.pop(name, None)
        self._launched.pop(name, None)

    def answer(self, request: str, body: Mapping[str, Any]) -> Answer | None:
        """Return status and body of what `request` gets; None for what is not about models."""
        name = str(body.get("model") or "")
        known = self.models.get(name) or self.models.get(f"{name}:latest")
        match request:
            case "GET /api/tags":
                return 200, {"models": list(self.models.values())}
            case "GET /api/ps":
                loaded = [self._running(one) for one in self.loaded if one in self.models]
                return 200, {"models": loaded}
            case "POST /api/create":
                self.add(name, parent_model=str(body.get("from") or ""))
                return 200, {"status": "success"}
            case "POST /api/show" | "DELETE /api/delete" if known is None:
                return 404, {"error": f"model '{name}' not found"}
            case "POST /api/show":
                can = known.get("capabilities", ())  # type: ignore[union-attr]
                return 200, {"details": {}, "capabilities": list(can), **self.shown}
            case "DELETE /api/delete":
                del self.models[known["name"]]  # type: ignore[index]
                return 200, {}
            case _:
                return None

    def _running(self, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "context_length": self._launched[name][0] if self._keeps else self._context,
            "size": 1_500_000,
            "size_vram": 0,
            "expires_at": "2030-01-01T00:00:00Z",
        }
