"""The models of a scripted Ollama: listed, shown, loaded, deleted, varied as by the real one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

#: The model that every scripted server has unless told otherwise, with a context of so many tokens.
MODEL, CONTEXT = "scripted:1b", 8192

Answer = tuple[int, dict[str, Any]]


class ScriptedModels:
    """What the server has; `loaded` is what it has in memory, `shown` what /api/show adds.

    `names` may give to each name what `add` takes of it; else all models are alike.
    """

    def __init__(
        self,
        names: Sequence[str] | Mapping[str, Mapping[str, Any]] = (MODEL,),
        *,
        context: int = CONTEXT,
        remote_host: str = "",
        capabilities: Sequence[str] = (),
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        self.models: dict[str, dict[str, Any]] = {}
        self.loaded: dict[str, Any] = {}
        self.shown = dict(shown or {})
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
            "context_length": self._context,
            "size": 1_500_000,
            "size_vram": 0,
            "expires_at": "2030-01-01T00:00:00Z",
        }
