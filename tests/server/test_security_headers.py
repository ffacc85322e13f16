"""The headers of every answer, and the doors that stay closed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from components.server import create_app
from components.server.security_headers import content_security_policy, streamlit_index
from components.settings import PROJECT, Settings


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(Settings.from_environment({}))


def get(app: Any, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app._build_starlette_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_the_policy_lets_through_the_inline_script_of_this_version() -> None:
    page = b"<html><script>one()</script><script src='x'></script></html>"
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert f"'sha256-{digest}'" in content_security_policy(page)
    assert content_security_policy(streamlit_index()).count("sha256-") == 1


def test_the_policy_names_no_other_host() -> None:
    policy = content_security_policy(streamlit_index())
    assert "http" not in policy
    assert "*" not in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "script-src 'self' blob:" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]


def test_every_answer_carries_the_headers(app: Any) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/metrics"):
        headers = get(app, path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_page_is_whole_with_a_style_for_the_first_paint(app: Any) -> None:
    answer = get(app, "/")
    assert "stSkeleton" in answer.text.split("</head>")[0]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert re.sub(r"<style>.*?</style></head>", "</head>", answer.text).encode() == (
        streamlit_index()
    )


def test_a_foreign_host_is_refused(app: Any) -> None:
    assert get(app, "/", host="evil.example").status_code == 400
    assert get(app, "/", host="127.0.0.1:8501").status_code == 200


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact"])
def test_doors_that_nobody_needs_are_closed(app: Any, path: str) -> None:
    assert get(app, path).status_code == 404


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("/book?report=r1", "./?report=r1"),
        ("/glance?manuscript=m1", "./manuscript?view=glance&manuscript=m1"),
        ("/glance", "./manuscript?view=glance"),
        ("/chat?chat=c1", "./ask?chat=c1"),
    ],
)
def test_earlier_addresses_lead_to_where_the_pages_are_now(
    app: Any, earlier: str, now: str
) -> None:
    answer = get(app, earlier)
    assert (answer.status_code, answer.headers["location"]) == (308, now)


def test_streamlits_settings_hold_in_any_folder(tmp_path: Path) -> None:
    """An installed copy has no `.streamlit` beside it, and may be started anywhere."""
    (tmp_path / "streamlit_app.py").touch()
    code = (
        "import sys; from pathlib import Path; from streamlit import config;"
        "from components.server import app; from components.settings import Settings;"
        "app.PROJECT = Path(sys.argv[1]); app.create_app(Settings.from_environment({}));"
        "names = ('browser.gatherUsageStats', 'server.address', 'theme.light.primaryColor');"
        "print([config.get_option(name) for name in names])"
    )
    environ = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[False, '127.0.0.1', '#8a3324']"
