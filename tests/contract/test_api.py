"""The HTTP API against a real Ollama: Ollama's own figures come through to a program."""

from __future__ import annotations

from pathlib import Path

from components.engine.private.pins import MODEL
from tests.browser.app_process import serving
from tests.contract.test_seed import FIELDS
from tests.server.api.asking import client, polled, submitted, token_in


def test_a_program_gets_ollamas_fields(small_model_url: str, tmp_path: Path) -> None:
    with (
        serving(small_model_url, FIRST_READER_DATA_DIR=str(tmp_path)) as address,
        client(address, token_in(tmp_path)) as asking,
    ):
        options = '{"temperature": 0, "seed": 1, "num_predict": 8}'
        job = polled(asking, submitted(asking, model=MODEL, prompt="Who?", options=options))
    assert job["status"] == "completed"
    result = job["result"]
    assert [name for name in FIELDS if result.get(name) is None] == []
    assert result["model"] == MODEL
    assert result["eval_count"] <= 8
